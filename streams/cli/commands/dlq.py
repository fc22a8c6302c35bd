"""`liveline dlq`: what could not be processed, looked at, given back or discarded."""

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import click
import orjson

from schemas.dead_letter import Stage
from streams.bootstrap.process import start
from streams.cli.interrupt import INTERRUPTED, Interrupt
from streams.cli.output.errors import Failures
from streams.cli.real_kafka import real_kafka
from streams.cli.times import period_of, timezone_option
from streams.generations.control import live_names
from streams.replay.letter import Letter, LetterIdError, Place, letter_dict, read_id, shown, write_id
from streams.replay.letter_filter import LetterFilter
from streams.replay.letter_state import State
from streams.replay.letters import CutLetterError, DeadLetters, letter_of, need_whole
from streams.runtime.kafka.transactions import Transactions

Command = TypeVar("Command", bound=Callable[..., Any])
_MANY: Final = 100


def _filters(command: Command) -> Command:
    """Add the filters; the command gets them as `wanted`."""

    def gathered(**given: Any) -> Any:
        now, zone = datetime.now(UTC), given.pop("timezone")
        begins, ends = period_of(given.pop("from"), given.pop("to"), now, zone)
        state = State(given.pop("state"))
        told = {name: given.pop(name) for name in ("stage", "sources", "coverages", "error")}
        return command(wanted=LetterFilter(**told, begins=begins, ends=ends, state=state), **given)

    wrapped: Any = gathered
    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__click_params__ = list(getattr(command, "__click_params__", []))
    for option in (
        timezone_option,
        click.option("--state", type=click.Choice(list(map(str, State))), default="waiting", show_default=True),
        click.option("--to", metavar="TIME", help="Failed before."),
        click.option("--from", metavar="TIME", help="Failed then or later: RFC 3339, a date, -2h, 'yesterday 14:00'."),
        click.option("--error", metavar="TEXT", help="Whose error has this text in it."),
        click.option("--coverage", "coverages", metavar="ID", multiple=True),
        click.option("--source", "sources", metavar="ID", multiple=True),
        click.option("--stage", type=click.Choice(list(map(str, Stage)))),
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


def _id(_: click.Context, __: click.Parameter, value: Any) -> Any:
    try:
        return tuple(map(read_id, value)) if isinstance(value, tuple) else read_id(value)
    except LetterIdError as error:
        raise click.BadParameter(str(error)) from None


def _changes(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    changes = {}
    for given in value:
        name, equals, text = given.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"{given!r} changes no header; expected NAME=VALUE")
        changes[name] = text
    return changes


@click.group()
def dlq() -> None:
    """Dead letters: documents, or parts of them, that could not be processed."""


@dlq.command(name="list", epilog="Example:  liveline dlq list --source evening-post --count-by error")
@_filters
@click.option("--count-by", type=click.Choice(["error", "source", "stage"]), help="Count instead of listing.")
def list_letters(wanted: LetterFilter, count_by: str | None) -> None:
    """List letters by the time at which they failed, a line of JSON each; a table on a terminal."""
    letters = _letters()
    terminal = sys.stdout.isatty()
    if count_by:
        counts = Counter(str(getattr(letter, count_by)) for letter in _find(letters, wanted))
        for value, count in counts.most_common():
            click.echo(f"{count:>7,}  {value}" if terminal else orjson.dumps({count_by: value, "count": count}))
        return
    if terminal:
        click.echo(f"{'id':<12} {'failed at':<19}  {'stage':<11} {'source':<20} error")
    for letter in _find(letters, wanted):
        click.echo(_row(letter) if terminal else orjson.dumps(_dict(letters, letter)))


@dlq.command(epilog="Example:  liveline dlq show 0-17 --body > page.html")
@click.argument("letter", metavar="ID", callback=_id)
@click.option("--body", "body_alone", is_flag=True, help="The bytes alone, as they came.")
def show(letter: Place, *, body_alone: bool) -> None:
    """Print a letter with its headers and its body."""
    letters = _letters()
    message = letters.messages([letter]).get(letter)
    if message is None:
        raise click.ClickException(f"{write_id(letter)}: there is no such letter")
    if body_alone:
        sys.stdout.buffer.write(message.value() or b"")
        return
    click.echo(orjson.dumps({**_dict(letters, letter_of(message)), **shown(message)}))


_IDS = click.argument("ids", metavar="[ID]...", nargs=-1, callback=_id)
_DRY = click.option("--dry-run", is_flag=True, help="Count, and change nothing.")
_YES = click.option("--yes", is_flag=True, help=f"More than {_MANY} at once, too.")
_AGAIN = click.option("--again", is_flag=True, help="Also what was retried or discarded before.")


@dlq.command(epilog="Example:  liveline dlq retry --error 'unknown format' --set liveline-format=ninjs")
@_filters
@_IDS
@click.option("--set", "changes", metavar="NAME=VALUE", multiple=True, callback=_changes, help="Change a header.")
@_AGAIN
@_DRY
@_YES
@click.pass_context
def retry(ctx: click.Context, /, changes: dict[str, str], **given: Any) -> None:
    """Put documents back on liveline.raw with their own headers, in the order of their origins; each once.

    An empty VALUE removes a header. What fails again is a letter that names the first one.
    """
    ctx.exit(
        _change(State.RETRIED, lambda letters, chosen, out: letters.retry(chosen, changes, out), whole=True, **given)
    )


@dlq.command(epilog="Example:  liveline dlq discard --stage parse --source evening-post --to -7d")
@_filters
@_IDS
@_AGAIN
@_DRY
@_YES
@click.pass_context
def discard(ctx: click.Context, /, **given: Any) -> None:
    """Note that letters are not to be processed any more; they stay readable until retention takes them."""
    ctx.exit(_change(State.DISCARDED, lambda letters, chosen, out: letters.discard(chosen, out), **given))


def _change(
    state: State,
    change: Callable[[DeadLetters, list[Letter], Transactions], Iterator[Letter]],
    *,
    wanted: LetterFilter,
    ids: tuple[Place, ...],
    again: bool,
    dry_run: bool,
    yes: bool,
    whole: bool = False,
) -> int:
    if ids and wanted.any:
        raise click.UsageError("expected ids or filters, not both")
    if not (ids or wanted.any or wanted.state is not State.WAITING or dry_run or yes):
        raise click.UsageError("expected ids or a filter; --yes if you mean all that wait")
    if wanted.state is not State.WAITING and not again:
        raise click.UsageError(f"--state {wanted.state}: these are done with; give --again if you mean it")
    settings = start()
    connection = real_kafka(settings, "liveline dlq")
    names = live_names(connection, settings.topic_prefix)
    interrupt, failures, done = Interrupt(), Failures(), 0
    interrupt.listen()
    if dry_run:
        letters = DeadLetters(connection, names, interrupt)
        count = len(_chosen(letters, wanted, ids, failures, again=again, whole=whole))
        click.echo(orjson.dumps({"dry_run": True, "letters": count}))
        return failures.exit_code
    # 1. Whoever else gives letters back under this name is fenced: what it has committed shows in the states that are
    #    read next, and it can commit nothing more. So no letter is given back twice, over kills and machines.
    with Transactions(connection, "dlq", own_id=settings.topic_prefix) as transactions:
        # 2. What is there, and what became of it.
        letters = DeadLetters(connection, names, interrupt)
        chosen = _chosen(letters, wanted, ids, failures, again=again, whole=whole)
        if len(chosen) > _MANY and not yes:
            raise click.UsageError(f"these are {len(chosen):,} letters; give --yes for more than {_MANY}")
        # 3. Document and state in one transaction.
        for _ in change(letters, chosen, transactions):
            done += 1
    click.echo(orjson.dumps({str(state): done}))
    return INTERRUPTED if interrupt() else failures.exit_code


def _chosen(
    letters: DeadLetters, wanted: LetterFilter, ids: tuple[Place, ...], failures: Failures, *, again: bool, whole: bool
) -> list[Letter]:
    """Return the letters to change; those that can't be changed are reported."""
    if ids:
        by_place = {place: letter_of(message) for place, message in letters.messages(ids).items()}
        found = []
        for place in dict.fromkeys(ids):
            if place not in by_place:
                failures.add(write_id(place), "there is no such letter")
            elif (state := letters.states.state(by_place[place])) is not State.WAITING and not again:
                failures.add(write_id(place), f"is {state} already; give --again if you mean it")
            else:
                found.append(by_place[place])
    else:
        found = list(_find(letters, wanted))
    if not whole:
        return found
    complete = []
    for letter in found:
        try:
            need_whole(letter)
        except CutLetterError as error:
            failures.add(*str(error).split(": ", 1))
        else:
            complete.append(letter)
    return complete


def _find(letters: DeadLetters, wanted: LetterFilter) -> Iterator[Letter]:
    """Yield the letters that fit, by the time at which they failed."""
    for letter in letters.all(wanted.begins, wanted.ends):
        if wanted.fits(letter, letters.states.state(letter)):
            yield letter


def _letters() -> DeadLetters:
    settings = start()
    connection = real_kafka(settings, "liveline dlq")
    return DeadLetters(connection, live_names(connection, settings.topic_prefix))


def _dict(letters: DeadLetters, letter: Letter) -> dict[str, Any]:
    return letter_dict(letter, letters.states.state(letter), letters.states.tries(letter))


def _row(letter: Letter) -> str:
    row = f"{write_id(letter.place):<12} {letter.failed_at:%Y-%m-%d %H:%M:%S}  {letter.stage:<11} {letter.source:<20} "
    return (row + " ".join(letter.error.split()))[: shutil.get_terminal_size().columns]
