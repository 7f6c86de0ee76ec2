"""How heavy the first page is, and what it takes along (INTERFACE.md A2)."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import web

CSS = Path(web.__file__).parent / "static" / "style.css"


def test_fifty_deadlines_weigh_little(chromium, lived_in):
    with chromium.window(lived_in, "mei") as window:
        came = {}
        window.page.on("response", lambda answer: came.setdefault(urlsplit(answer.url).path, answer))
        window.go("/deadlines")
        assert window.page.locator("[data-row]").count() == 50
        bodies = {path: answer.body() for path, answer in came.items() if answer.status == 200}
    assert "/deadlines" in bodies
    assert any(path.endswith("style.css") for path in bodies)
    assert len(bodies["/deadlines"]) < 120_000
    assert sum(len(gzip.compress(body, 6)) for body in bodies.values()) < 60_000


def test_the_stylesheet_of_all_pages_is_small():
    assert CSS.stat().st_size <= 25_000


MOVING = "one => parseFloat(getComputedStyle(one).transitionDuration) > 0"
SEEN = "one => one.checkVisibility()"


def test_nothing_moves_for_those_who_want_it_still_and_print_has_no_buttons(chromium, lived_in):
    with chromium.window(lived_in, "mei") as window:
        window.go("/deadlines")
        assert window.page.evaluate(f"() => [...document.querySelectorAll('*')].filter({MOVING}).length") == 0
        buttons = f"() => [...document.querySelectorAll('button, .nav, .search')].filter({SEEN}).length"
        assert window.page.evaluate(buttons) > 50
        window.page.emulate_media(media="print")
        assert window.page.evaluate(buttons) == 0
