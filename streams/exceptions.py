"""The errors that are part of Liveline's interface; each message says what was found and what was expected."""


class LivelineError(Exception):
    """Something that a person can put right; its message says how."""


class SettingsError(LivelineError):
    """A setting or `liveline.yaml` is wrong."""


class ParseError(LivelineError):
    """A document or one of its posts can't be read; it becomes a dead letter."""


class OutOfTimeError(ParseError):
    """A document took more processor time than it may."""


class BrokerError(LivelineError):
    """The broker or its topics are not as Liveline needs them."""


class NewerMemoryError(LivelineError):
    """The memory was written by a newer Liveline than this one; going on would lose what it knows."""
