"""Pictures of the pages, of ``docs/pages.md`` and any others to be looked at: a desk in light, a phone in dark.

python -m tests.browser.pictures                          # of every page, into docs/images/pages
python -m tests.browser.pictures --out DIR [NAME ...]     # of those whose name begins so, down to their end
"""

import argparse
from base64 import b64decode
from pathlib import Path

from tests.browser.chromium import DESK, PHONE, Chromium, installed
from tests.browser.sights import sights
from tests.browser.staged import Staged

TARGET = Path(__file__).parents[2] / "docs" / "images" / "pages"
LOOKS = ((DESK, "light"), (PHONE, "dark"))
MOST = 6_000_000  # bytes of all that are kept
QUALITY = 45  # of WebP: letters stay legible, and a picture has 20 to 60 kB
LONGEST = 3000  # pixels of a page that is looked at down to its end


def main():
    asked = _asked()
    asked.out.mkdir(parents=True, exist_ok=True)
    old = set(asked.out.glob("*.webp")) if asked.out == TARGET else set()
    with Staged() as house, Chromium(installed()) as chromium:
        wanted = [one for one in sights(house)[0] if one.name.startswith(tuple(asked.names) or "")]
        taken = {path for size, theme in LOOKS for path in _taken(chromium, house, wanted, (asked, size, theme))}
    for one in old - taken if not asked.names else ():
        one.unlink()
    print(f"{len(taken)} pictures, {sum(one.stat().st_size for one in taken) // 1000} kB, in {asked.out}")  # noqa: T201
    if asked.out == TARGET and sum(one.stat().st_size for one in TARGET.iterdir()) > MOST:
        raise SystemExit(f"They have more than {MOST // 1000} kB.")


def _asked():
    parser = argparse.ArgumentParser(description="Take pictures of the pages.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=Path, default=TARGET)
    return parser.parse_args()


def _taken(chromium, house, wanted, how):
    """The files of all wanted pages that are pages, at one width."""
    asked, size, theme = how
    for who in sorted({one.who for one in wanted}):
        with chromium.window(house, who, size=size, color_scheme=theme) as window:
            for one in (one for one in wanted if one.who == who):
                if _is_page(window, one.path):
                    window.go(one.path)
                    target = asked.out / f"{one.name.replace('~', '-')}-{size[0]}.webp"
                    target.write_bytes(_shot(window.page, size, to_its_end=asked.out != TARGET))
                    yield target


def _is_page(window, path):
    answer = window.context.request.get(path, max_redirects=0, headers={"accept": "text/html"})
    return answer.status != 303 and answer.headers.get("content-type", "").startswith("text/html")


def _shot(page, size, *, to_its_end):
    """What is seen at first, without the emptiness below a short page."""
    wide, high = size
    end = page.evaluate(
        "() => Math.ceil(Math.max(...[...document.body.children].map(o => o.getBoundingClientRect().bottom)))"
    )
    clip = {"x": 0, "y": 0, "width": wide, "height": min(max(end, 200), LONGEST if to_its_end else high), "scale": 1}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": to_its_end}
    return b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)["data"])


if __name__ == "__main__":
    main()
