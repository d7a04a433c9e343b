"""`opendome ...` and `python -m opendome ...`."""

import sys


def main() -> int:
    """Run the command line; the exit code."""
    try:
        from opendome.cli import main as run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
