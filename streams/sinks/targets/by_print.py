"""`print:`: a line an alert on the terminal, for the demo and for trying out."""

import sys
from dataclasses import dataclass

from streams.sinks.message import Message
from streams.sinks.targets.target import SendError


@dataclass(frozen=True, slots=True)
class PrintTarget:
    """Prints on standard error, or on standard output."""

    sink: str
    stream: str

    def send(self, message: Message) -> None:
        """Print a message."""
        out = sys.stdout if self.stream == "stdout" else sys.stderr
        try:
            out.write("".join(f"  {self.sink} ▸ {line}\n" for line in message.lines))
            out.flush()
        except (OSError, ValueError) as error:  # a pipe that was closed
            raise SendError(f"{self.stream} takes nothing: {error}") from error
