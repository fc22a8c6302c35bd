"""A generation's name on the command line."""

import click

from streams.generations.name import GenerationNameError, read_name


def generation_name(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return a name that can be a generation's beside the first; raises `click.BadParameter`."""
    if value is None:
        return None
    try:
        return read_name(value)
    except GenerationNameError as error:
        raise click.BadParameter(str(error)) from None
