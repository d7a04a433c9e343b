"""`opendome ...` and `python -m opendome ...`."""

import os
import sys


def main() -> int:
    """Run the command line; the exit code."""
    try:
        from opendome.cli import main as run
        from opendome.cli.talk import PIPE_CLOSED

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    if code == PIPE_CLOSED:  # what is left in the buffer has nowhere to go, and must not be complained about at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


if __name__ == "__main__":
    sys.exit(main())
