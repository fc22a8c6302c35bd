"""`liveline switch` that kills itself after it has stopped the old generation, before the new one is live.

python killed_switch.py NAME
"""

import os
import signal
import sys

from streams.cli import main
from streams.generations import switch


def kill(*_: object) -> dict[int, int]:
    """Die as by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


if __name__ == "__main__":
    switch.entries_from = kill
    main(["switch", *sys.argv[1:]])
