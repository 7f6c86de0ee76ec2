"""Pictures of the pages, for looking at them and for ``docs/pages.md``.

python -m tests.browser.pictures                          # the chosen ones, into docs/images/pages
python -m tests.browser.pictures --out DIR [NAME ...]     # all whose name begins so, at every width, light and dark
"""

import argparse
from pathlib import Path

from tests.browser.chromium import Chromium, installed
from tests.browser.sights import sights
from tests.browser.staged import Staged

TARGET = Path(__file__).parents[2] / "docs" / "images" / "pages"
MOST = 150_000  # bytes of a picture that is kept
SIZES = {1280: 900, 390: 844}
CHOSEN = (
    "deadlines", "deadlines~month", "deadlines-one", "agreements", "agreements-one", "agreements-one-terms",
    "agreements-one-what-if~asked", "agreements-one-amend", "verify", "import-one-check", "subscribe",
    "counterparties-one",
)  # fmt: skip
DARK = ("deadlines", "deadlines-one", "agreements-one")


def main():
    asked = _asked()
    asked.out.mkdir(parents=True, exist_ok=True)
    with Staged() as house, Chromium(installed()) as chromium:
        wanted = [one for one in sights(house)[0] if _is_wanted(one, asked)]
        for wide, high in SIZES.items():
            for theme in ("light", "dark"):
                _take(chromium, house, [one for one in wanted if _fits(one, theme, asked)], (asked, wide, high, theme))


def _asked():
    parser = argparse.ArgumentParser(description="Take pictures of the pages.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=Path, default=TARGET)
    return parser.parse_args()


def _is_wanted(sight, asked):
    return sight.name.startswith(tuple(asked.names)) if asked.names else asked.out != TARGET or sight.name in CHOSEN


def _fits(sight, theme, asked):
    return theme == "light" or (asked.out == TARGET and sight.name in DARK) or bool(asked.names)


def _take(chromium, house, wanted, how):
    asked, wide, high, theme = how
    for who in sorted({one.who for one in wanted}):
        with chromium.window(house, who, size=(wide, high), color_scheme=theme) as window:
            for one in (one for one in wanted if one.who == who):
                answer = window.context.request.get(one.path, max_redirects=0, headers={"accept": "text/html"})
                if answer.status == 303 or not answer.headers.get("content-type", "").startswith("text/html"):
                    continue
                window.go(one.path)
                ending = "" if theme == "light" else "-dark"
                _shoot(window.page, asked.out / f"{one.name.replace('~', '-')}-{wide}{ending}.png", wide, high)


def _shoot(page, target, wide, high):
    """What is seen at first, and less of it where that weighs too much."""
    while True:
        page.screenshot(path=target, clip={"x": 0, "y": 0, "width": wide, "height": high})
        if target.stat().st_size <= MOST:
            return
        high = high * 9 // 10


if __name__ == "__main__":
    main()
