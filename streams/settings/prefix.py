"""What the names of our environment variables begin with."""

from typing import Final

PREFIX: Final = "LIVELINE_"
