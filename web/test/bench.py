"""Time globe and map, alone and two of them side by side, on 8,000 satellites and 200 tracks; take pictures of them.

    python web/test/bench.py OUT [--seconds 8]

Needs the packages of web/ (`npm ci`), Playwright and a Chromium. Prints median frames per second and the first frame.
"""

import argparse
import functools
import http.server
import statistics
import subprocess
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

WEB = Path(__file__).parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking"]
QUALITY = "() => document.querySelector('.globe')?.dataset.quality"
PICTURES = {
    "globe-dark": "view=globe", "globe-light": "view=globe&theme=light", "map-dark": "view=map",
    "map-light": "view=map&theme=light&cam=-150,50,4", "globe-few": "view=globe&size=few&cam=-110,40,1.8&t=1500&sel=0",
    "globe-near": "view=globe&size=few&cam=-74,41,1.15&t=1850",
    "map-few": "view=map&size=few&cam=-110,40,1.8&t=1500&sel=0", "globe-two": "view=globe&two",
}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    built = args.out.resolve() / "page"
    subprocess.run(["npx", "vite", "build", "--config", "test/bench.config.ts", "--outDir", str(built),
                    "--emptyOutDir"], cwd=WEB, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(built)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=args.chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("console", lambda message: print("console:", message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: print("error:", error))

        def opened(query: str) -> None:
            page.goto(f"http://127.0.0.1:{server.server_port}/test/bench.html?{query}")
            page.wait_for_function("() => window.viewer?.ready")

        for view in ("globe", "map", "globe&two", "map&two"):
            opened(f"view={view}&t=700")
            first_ms = page.evaluate("() => viewer.first_ms")
            frames_ms = page.evaluate("(seconds) => viewer.play(seconds)", args.seconds)
            work_ms = page.evaluate("() => viewer.work()")
            print(f"{view}: first frame {first_ms:.0f} ms, median {1000 / statistics.median(frames_ms):.1f} frames/s, "
                  f"script {statistics.median(work_ms):.1f} ms a frame, "
                  f"quality {page.evaluate(QUALITY)}")
        for name, query in PICTURES.items():
            opened(query)
            page.wait_for_timeout(500)
            page.screenshot(path=args.out / f"{name}.png")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
