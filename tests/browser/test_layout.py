"""How pages are laid out: nothing is wider than the window, and what belongs below one another stands so."""

from dataclasses import replace

import pytest

from engine import operations as ops
from tests.browser.looking import wider

LONG = "W" * 300


@pytest.mark.browser
def test_a_title_of_one_long_word_makes_no_page_wider(chromium, house):
    with house.site.work("mei") as work:
        ops.amend(work, replace(work.agreements.find("SVC-012"), title=LONG, tags=("critical",)), because="a name")
    about, due = house.agreement("SVC-012"), house.deadline("SVC-012", "notice")
    parts = [f"/agreements/{about}{part}" for part in ("", "/terms", "/messages", "/amend", "/what-if")]
    paths = [
        "/deadlines",
        "/agreements",
        "/exit-plans",
        f"/deadlines/{due}",
        f"/audits/{about}",
        f"/search?q={LONG}",
        *parts,
    ]
    with chromium.window(house, "mei") as window:
        assert {path: found for path in paths if (window.go(path), found := wider(window))[1]} == {}


@pytest.mark.browser
def test_a_title_of_one_long_word_makes_no_table_wider_than_a_desk(chromium, house):
    with house.site.work("mei") as work:
        ops.amend(work, replace(work.agreements.find("SVC-012"), title=LONG, counterparty=LONG), because="a name")
    messages = f"/agreements/{house.agreement('SVC-012')}/messages"
    for who, paths in (("mei", ("/deadlines", "/agreements", "/audits", messages)), ("henrik", ("/admin/log",))):
        with chromium.window(house, who) as window:
            assert {path: found for path in paths if (window.go(path), found := overflowing(window))[1]} == {}


def overflowing(window):
    """What has to be scrolled sideways at a desk."""
    return window.page.locator("html, main .scroll").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML.slice(0, 80))"
    )


@pytest.mark.browser
def test_no_cell_of_a_table_spills_into_the_next(chromium, lived_in):
    spilling = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    with chromium.window(lived_in, "mei") as window:
        for path in ("/exit-plans", "/agreements", "/audits", "/playbooks", "/checklists", "/reports", "/import"):
            window.go(path)
            assert (path, window.page.locator("main td").evaluate_all(spilling)) == (path, [])


@pytest.mark.browser
def test_days_stand_below_one_another_where_only_some_rows_can_be_answered(chromium, lived_in):
    with chromium.window(lived_in, "amara") as window:
        window.go("/deadlines")
        rows = window.page.locator(".dl-group .dl").all()
        lefts = {(one.locator("> input").count(), one.locator(".dl-day").bounding_box()["x"]) for one in rows}
    assert sorted(with_box for with_box, _ in lefts) == [0, 1]
    assert len({left for _, left in lefts}) == 1


@pytest.mark.browser
def test_what_is_printed_of_a_deadline_has_its_reasons_and_no_form(chromium, lived_in):
    with chromium.window(lived_in, "mei") as window:
        window.go(f"/deadlines/{lived_in.deadline('MSA-033', 'notice')}")
        window.page.emulate_media(media="print")
        heads = [one.inner_text() for one in window.page.locator("main h2").all() if one.is_visible()]
    assert heads == ["Why this date?", "Who is asked, and when", "History"]


@pytest.mark.browser
@pytest.mark.parametrize("wide", [718, 1047])
def test_no_column_is_cut_where_a_list_is_printed_on_a4(chromium, lived_in, wide):
    paths = ("/reports", "/agreements", "/exit-plans", "/audits", "/deadlines", "/deadlines?show=load", "/forecast")
    with chromium.window(lived_in, "mei", size=(wide, 1000)) as window:
        window.page.emulate_media(media="print")
        assert {path: found for path in paths if (window.go(path), found := overflowing(window))[1]} == {}


@pytest.mark.browser
def test_what_stands_beside_one_another_at_a_desk_does_so_on_a4_upright(chromium, lived_in):
    with chromium.window(lived_in, "mei", size=(718, 1000)) as window:
        window.page.emulate_media(media="print")
        window.go("/agreements")
        assert window.page.locator("main thead").is_visible()
        window.go("/deadlines")
        row = window.page.locator(".dl").first.locator(":is(.dl-day, .dl-what, .dl-who)")
        boxes = [one.bounding_box() for one in row.all()]
    assert len({box["y"] for box in boxes}) == 1
    assert [box["width"] > 100 for box in boxes] == [True] * 3


@pytest.mark.browser
def test_a_legend_keeps_its_colours_where_the_house_of_the_reader_chooses_all_others(chromium, lived_in):
    with chromium.window(lived_in, "mei", forced_colors="active") as window:
        window.go("/deadlines")
        marks = window.page.locator(".legend i").evaluate_all("all => all.map(one => getComputedStyle(one).background)")
    assert len(set(marks)) == 4
