"""`python -m ringback` is the command `ringback`."""

import os
import sys

from ringback._binary import find_binary
from ringback._errors import BinaryError


def main() -> None:
    """Becomes the program."""
    try:
        binary = find_binary()
    except BinaryError as error:
        sys.exit(f"ringback: {error}")
    os.execv(binary, [binary, *sys.argv[1:]])


if __name__ == "__main__":
    main()
