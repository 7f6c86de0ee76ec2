"""T9: the first page of the deadlines (fifty rows, tiles, timeline) at 10,000 agreements against 100."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import registers, templates
from bench.harness import Figure, Target, scaled, seconds
from engine.access.entering import begin
from jobs import catalogue
from web.app import make_app
from web.frame.sessions import SESSION
from web.frame.site import Site
from web.health import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

SMALL: Final = 100
LARGE: Final = 10_000
ROWS: Final = 50
PAGES: Final = 10  # shown one after the other; what is told is the time of one
_READER: Final = "owner0@example.com"


def _seconds_a_page(agreements: int) -> float:
    path = templates.made(f"listed-{agreements}", lambda draft: _filled(draft, agreements))
    with templates.copied(path) as register, _browser(register) as browser:
        _show(browser, 1)
        return seconds(lambda: _show(browser, PAGES)) / PAGES


def _filled(path: Path, agreements: int) -> None:
    with templates.opened(path) as monitor:
        registers.fill(monitor, agreements)
        catalogue.look(monitor)


@contextmanager
def _browser(path: Path) -> Iterator[TestClient]:
    """Somebody who is signed in, before the real application."""
    from starlette.testclient import TestClient

    with templates.opened(path) as monitor:
        site = Site(monitor=monitor, key="k" * 48, data_dir=path.parent)
        watched = Watched(monitor=monitor, is_current=lambda: True, intervals={}, data_dir=path.parent)
        browser = TestClient(make_app(watched, site=site))
        with monitor.work() as work:
            entered = begin(work, work.people.by_email(_READER), via="password", days=1)
        browser.cookies.set(SESSION, entered.token)
        yield browser


def _show(browser: TestClient, times: int) -> None:
    for _ in range(times):
        answer = browser.get("/deadlines")
        assert answer.text.count("data-row") == ROWS, "that is not the page"


FIGURES = (
    Figure(
        name="T9",
        what="the first page of the deadlines at 10,000 agreements, against 100",
        unit="s",
        target=Target("<=", 2),
        ours=lambda: _seconds_a_page(scaled(LARGE)),
        theirs=lambda: _seconds_a_page(SMALL),
    ),
)
