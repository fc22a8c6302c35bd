"""What ends a command with one line."""


class Failure(Exception):  # noqa: N818  (it is a line for a person, with an exit code)
    """Something that a person can put right."""

    code = 1


class Missing(Failure):
    """This machine can't run a broker: no Java, no Maven, or no way to the jars."""

    code = 3
