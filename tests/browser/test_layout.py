"""How pages are laid out: nothing is wider than the window, and what belongs below one another stands so."""

from dataclasses import replace

import pytest

from engine import operations as ops
from tests.browser.looking import wider

LONG = "W" * 300


@pytest.mark.browser
def test_a_title_of_one_long_word_makes_no_page_wider(chromium, house):
    with house.site.work("mei") as work:
        ops.amend(work, replace(work.agreements.find("SVC-012"), title=LONG), because="a name")
    about, due = house.agreement("SVC-012"), house.deadline("SVC-012", "notice")
    parts = [f"/agreements/{about}{part}" for part in ("", "/terms", "/messages", "/amend", "/what-if")]
    paths = ["/deadlines", "/agreements", f"/deadlines/{due}", f"/audits/{about}", f"/search?q={LONG}", *parts]
    with chromium.window(house, "mei") as window:
        assert {path: found for path in paths if (window.go(path), found := wider(window))[1]} == {}


@pytest.mark.browser
def test_days_stand_below_one_another_where_only_some_rows_can_be_answered(chromium, lived_in):
    with chromium.window(lived_in, "amara") as window:
        window.go("/deadlines")
        rows = window.page.locator(".dl-group .dl").all()
        lefts = {(one.locator("> input").count(), one.locator(".dl-day").bounding_box()["x"]) for one in rows}
    assert sorted(with_box for with_box, _ in lefts) == [0, 1]
    assert len({left for _, left in lefts}) == 1
