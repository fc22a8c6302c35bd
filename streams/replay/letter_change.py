"""One dead letter given back or discarded, for a gateway; `liveline dlq` does many."""

from collections.abc import Mapping
from typing import Any

from streams.exceptions import LivelineError
from streams.replay.letter import Place, letter_dict, shown, write_id
from streams.replay.letter_state import State
from streams.replay.letters import DeadLetters, letter_of, need_whole
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.transactions import Transactions
from streams.runtime.kafka.watermarks import watermarks_of
from streams.topology import Names


class UnknownLetterError(LivelineError):
    """There is no letter of this id, or none any more."""


class LetterDoneError(LivelineError):
    """The letter was retried or discarded before."""


def show_letter(connection: KafkaConnection, names: Names, place: Place) -> dict[str, Any]:
    """Return a letter as `liveline dlq show` prints it; raises `UnknownLetterError`."""
    letters = DeadLetters(connection, names, bounds=watermarks_of)
    message = letters.messages([place]).get(place)
    if message is None:
        raise _unknown(place)
    letter = letter_of(message)
    return {**letter_dict(letter, letters.states.state(letter), letters.states.tries(letter)), **shown(message)}


def change_letter(
    connection: KafkaConnection, names: Names, place: Place, state: State, changes: Mapping[str, str], *, again: bool
) -> dict[str, Any]:
    """Give a letter's document back with changed headers, or discard it; returns the letter as it is listed then.

    Raises `UnknownLetterError`; `LetterDoneError` for a second time without `again`; `CutLetterError`.
    """
    # The same name as `liveline dlq`: whoever else is at it is fenced, and what it has committed is read next.
    with Transactions(connection, "dlq", own_id=names.prefix) as transactions:
        letters = DeadLetters(connection, names, bounds=watermarks_of)
        message = letters.messages([place]).get(place)
        if message is None:
            raise _unknown(place)
        letter = letter_of(message)
        before = letters.states.state(letter)
        if before is not State.WAITING and not again:
            raise LetterDoneError(f"{write_id(place)} is {before} already; again=true if you mean it")
        if state is State.RETRIED:
            need_whole(letter)
            done = letters.retry([letter], changes, transactions)
        else:
            done = letters.discard([letter], transactions)
        for _ in done:
            continue
        return letter_dict(letter, letters.states.state(letter), letters.states.tries(letter))


def _unknown(place: Place) -> UnknownLetterError:
    return UnknownLetterError(f"no dead letter {write_id(place)}; retention may have taken it")
