"""What hashing costs in Chromium, whether the page stays awake, and how near its hashes are to Python's.

    python bench/browser.py [FOLDER]... [--photos N]      # photos for the distances: see photos.py
    python bench/browser.py --tiny

Serves the static site, and chooses files on its picture page as a person does. Milliseconds are from choosing a file to
seeing its hash, and those of its edits; "blocked" are tasks of the page's own thread that took over 50 ms meanwhile.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hostile import photo
from pdq import machine
from photos import installed, photos
from playwright.sync_api import sync_playwright

from takeback import media, packs, pixels, signals, site

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
SIZES = {"1 MP": (1154, 866), "12 MP": (4000, 3000)}
WATCH = """() => {
  globalThis.blocked = [];
  new PerformanceObserver((all) => globalThis.blocked.push(...all.getEntries().map((one) => one.duration)))
    .observe({ type: "longtask" });
  globalThis.begun = 0;
  addEventListener("change", () => (globalThis.begun = performance.now()), true);
}"""
DONE = """(count) => new Promise((tell) => {
  let first = 0;
  const look = () => {
    if (document.querySelector(".picture .hex")) first ||= performance.now() - globalThis.begun;
    const all = document.querySelectorAll(".picture .fold").length >= count;
    if (all) tell([first, performance.now() - globalThis.begun]);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
})"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves, and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def served(folder: str) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hash.html"
        server.shutdown()


def chosen(page: Page, address: str, files: list[Path]) -> tuple[list[float], list[float], list[str]]:
    """Milliseconds until the first hash is there, and until all are; the page's own long tasks, and the hashes."""
    with page.expect_response("**/kernel*.wasm"):
        page.goto(address)
    for answer in ("No, only adults, and they look it", "No"):
        page.get_by_role("button", name=answer, exact=True).click()
    page.evaluate(WATCH)
    page.locator("input[type=file]").set_input_files(files)
    took = page.evaluate(DONE, len(files))
    page.wait_for_timeout(100)
    values = page.evaluate(
        "[...document.querySelectorAll('.picture')].map((one) => one.querySelector('.hex').textContent)"
    )
    return took, page.evaluate("globalThis.blocked"), values


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tiny", action="store_true")
    wanted = parser.parse_args()
    sizes = {"tiny": (120, 90)} if wanted.tiny else SIZES
    print(machine())
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site.write(Path(folder, "site"), packs.load(), date(2026, 11, 24))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with served(str(Path(folder, "site"))) as address:
            page = browser.new_page()
            for name, size in sizes.items():
                file = Path(folder, "one.jpg")
                photo().resize(size).save(file, quality=90)
                looks = [chosen(page, address, [file]) for _ in range(1 if wanted.tiny else wanted.rounds)]
                own, times = ([one[0][which] for one in looks] for which in (0, 1))
                blocked = [round(task) for one in looks for task in one[1]]
                print(f"{name}: {statistics.median(own):.0f} ms ({min(own):.0f} to {max(own):.0f})", end="")
                print(
                    f", with all edits {statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f})", end=""
                )
                print(f"; blocked: {blocked or 'never'}")
            agree(page, address, Path(folder), wanted)
        browser.close()


def agree(page: Page, address: str, folder: Path, wanted: argparse.Namespace) -> None:
    """How many bits the browser's hash of a file is from Python's, quality 80 and above."""
    if wanted.tiny:
        images = [photo(96, 128, 3)]
    else:
        images = [image for _, image in photos([*wanted.folders, *installed()], 1600)][: wanted.photos]
    apart: Counter[int] = Counter()
    for ending, options in (("jpg", {"quality": 85}), ("webp", {"quality": 85}), ("png", {})):
        files = []
        for number, image in enumerate(images):
            files.append(folder / f"{number}.{ending}")
            image.save(files[-1], **options)
        _, _, theirs = chosen(page, address, files)
        for file, value in zip(files, theirs, strict=True):
            (ours,) = media.hashed([pixels.picture(file.read_bytes())]).signals
            if (ours.quality or 0) >= 80:
                apart[signals.distance(ours.value, value)] += 1
    print(f"browser and Python, {sum(apart.values())} files of quality 80 and above; bits apart: how many files")
    print("  " + ", ".join(f"{bits}: {count}" for bits, count in sorted(apart.items())))


if __name__ == "__main__":
    main()
