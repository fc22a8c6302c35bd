"""Whether tests that have a short and a long form take the long one: `make long` sets `LIVELINE_LONG=1`."""

import os

LONG = os.environ.get("LIVELINE_LONG") == "1"
