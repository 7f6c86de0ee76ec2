"""Take pictures of the demo's pages with a Chromium without a screen: ``make screenshots`` (docs/images, 1280, light).

Looking at other pages, narrower or dark::

    .ci/screenshots.py --out DIR --wide 390 --dark /deadlines /demo/slack
    .ci/screenshots.py --at http://127.0.0.1:8080 --out DIR /demo/clock     # of a demo that is running

The demo is filled as of a fixed day, so that a picture changes only where a page does.
"""

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TARGET = Path(__file__).parents[1] / "docs" / "images"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
TODAY = "2026-11-23"
WHO = "Olga Brandt"
MOST = 200_000  # bytes of a picture
HEIGHT = 900
#: Name of a picture -> the page, and what is clicked there, by its name, before it is taken.
PICTURES = {
    "deadlines": ("/deadlines", ()),
    "deadline": ("/deadlines", ("Send non-renewal notice",)),
    "slack": ("/demo/slack", ()),
}


def main() -> None:
    asked = _asked()
    asked.out.mkdir(parents=True, exist_ok=True)
    wanted = {_named(path): (path, ()) for path in asked.paths} or PICTURES
    with _demo(asked.at) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium())
        page = browser.new_page(
            base_url=address,
            viewport={"width": asked.wide, "height": HEIGHT},
            color_scheme="dark" if asked.dark else "light",
            reduced_motion="reduce",
        )
        _sign_in(page, asked.who)
        for name, (path, clicks) in wanted.items():
            _take(page, asked, asked.out / f"{name}.png", path, clicks)
        browser.close()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take pictures of the demo's pages.")
    parser.add_argument("paths", nargs="*", help="pages; without any those of the README")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--wide", type=int, default=1280)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--whole", action="store_true", help="the page down to its end")
    parser.add_argument("--who", default=WHO)
    parser.add_argument("--at", default="", help="address of a demo that is running")
    return parser.parse_args()


@contextmanager
def _demo(address: str) -> Iterator[str]:
    """A demo that is served, and its address."""
    if address:
        yield address
        return
    with tempfile.TemporaryDirectory(prefix="longstop-pictures-") as folder:
        longstop = str(Path(sys.executable).with_name("longstop"))
        command = [longstop, "demo", "--data-dir", folder, "--today", TODAY, "--port", "0"]
        served = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            yield next(found[1] for line in served.stdout if (found := re.search(r"Open (http\S+)/demo", line)))
        finally:
            served.send_signal(signal.SIGTERM)
            served.wait(30)


def _chromium() -> str:
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        sys.exit("No Chromium was found (Debian: apt-get install chromium).")
    return found


def _sign_in(page: Page, who: str) -> None:
    page.goto("/demo")
    page.get_by_role("button", name=f"Be {who}").click()
    page.wait_for_load_state()


def _take(page: Page, asked: argparse.Namespace, target: Path, path: str, clicks: tuple[str, ...]) -> None:
    page.goto(path)
    for name in clicks:
        page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target, full_page=asked.whole)
    size = target.stat().st_size
    print(f"{target.name}: {size // 1000} kB")
    if target.parent == TARGET and size > MOST:
        sys.exit(f"{target.name} has more than {MOST // 1000} kB.")


def _named(path: str) -> str:
    return re.sub(r"\W+", "-", path).strip("-") or "home"


if __name__ == "__main__":
    main()
