"""Pictures of the page for README.md and docs/guide/viewer.md: `python docs/make_pictures.py [NAME]`.

Runs the studies, writes the briefing of each as `opendome report` does, and takes what a link into it shows. Needs
Playwright and Chromium (at /usr/bin/chromium, or where OPENDOME_CHROMIUM says), and the built page. Runs take a minute
or two.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

import opendome

IMAGES = Path(__file__).parent / "images"
CHROMIUM = os.environ.get("OPENDOME_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
BYTES_MAX = 300_000


class Picture(NamedTuple):
    """A study, and the link that is shown of it."""

    scenario: str
    runs: int
    link: str


PICTURES = {
    "page-gulf": Picture("gulf-2026", 200, "run=0&raid=night-1&t=22973&view=globe&theme=dark&cam=53.2,27.2,1.32"
                         "&off=fields,beliefs"),
    "page-homeland": Picture("homeland-2028", 20, "run=0&t=1090&view=globe&theme=light&cam=-165,58,3.3"
                             "&off=fields,fans"),
}
"""Files in docs/images. Seed 7, as in README.md."""


def take(picture: Picture, briefing: Path, out: Path) -> None:
    """The page inside a briefing as the link shows it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page.goto(f"{briefing.resolve().as_uri()}#{picture.link}")
        page.wait_for_function("() => window.__page !== undefined && window.__page.ready", timeout=300_000)
        page.wait_for_timeout(2000)
        page.screenshot(path=out)
        browser.close()
    print(f"{out}: {out.stat().st_size / 1000:.0f} kB")
    if out.stat().st_size > BYTES_MAX:
        raise SystemExit(f"larger than {BYTES_MAX / 1000:.0f} kB")


def main() -> None:
    for name in sys.argv[1:] or PICTURES:
        picture = PICTURES[name]
        with tempfile.TemporaryDirectory() as folder:
            found = opendome.run(opendome.load(picture.scenario), runs=picture.runs, seed=7)
            take(picture, opendome.write_report(found, Path(folder) / "briefing.html"), IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
