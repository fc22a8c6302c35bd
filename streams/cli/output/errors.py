"""How a person is told what went wrong: a line that says what to do, never a traceback for a mistake of theirs."""

import click

DONE, SOME_FAILED, WRONG_USE = 0, 1, 2


def tell(message: str) -> None:
    """Write to stderr, each line with the program's name."""
    for line in message.splitlines():
        click.echo(f"liveline: {line}", err=True)


def readable(text: str) -> str:
    """Return a text that a terminal can be given: a file's name may be any bytes."""
    return text.encode(errors="backslashreplace").decode()


class Failures:
    """The inputs that failed: each told at once, and counted for the exit code."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, place: str, error: str) -> None:
        """Name the input and what is wrong with it."""
        self.count += 1
        tell(readable(f"{place}: {error}"))

    def add_bug(self, place: str, error: Exception) -> None:
        """Name the input that met an exception of Liveline's own; the others are still to be read."""
        self.add(place, f"{type(error).__name__} in Liveline, not your input: {error}")

    @property
    def exit_code(self) -> int:
        """What the process ends with."""
        return SOME_FAILED if self.count else DONE
