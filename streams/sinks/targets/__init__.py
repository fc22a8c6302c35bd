"""Where a sink sends to: `print:` or whatever Apprise knows; a file a kind."""

from streams.sinks.targets.address import AddressError, target_of
from streams.sinks.targets.target import SendError, Target

__all__ = ["AddressError", "SendError", "Target", "target_of"]
