"""Put the output of a real run between the `<!-- output -->` marks of README.md."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
COMMAND = ("opendome", "run", "gulf-2026", "--runs", "200", "--seed", "7")
BLOCK = re.compile(r"(<!-- output -->\n).*?(<!-- /output -->)", re.DOTALL)


def replaced(text: str, output: str) -> str:
    """The text with the block between the marks replaced by the command and its output."""
    block = f"```text\n$ {' '.join(COMMAND)}\n{output.rstrip()}\n```\n"
    text, count = BLOCK.subn(lambda found: found[1] + block + found[2], text)
    if count != 1:
        raise SystemExit(f"{README}: needs the marks <!-- output --> and <!-- /output -->, once")
    return text


def main() -> None:
    """Run the command and rewrite README.md."""
    done = subprocess.run([sys.executable, "-m", *COMMAND], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    README.write_text(replaced(README.read_text(encoding="utf-8"), done.stdout), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
