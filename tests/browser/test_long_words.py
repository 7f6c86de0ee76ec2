"""What somebody wrote without a space makes no page wider than the window."""

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
