"""The list of deadlines: what it shows to whom, what can be done from it, and how heavy it is."""

import csv
import gzip
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import web
from engine import operations as ops
from store.queries import DeadlineFilter, Queries
from store.queries.deadlines import Load
from tests.support.site import Site, text_of
from tests.support.statements import asked_for, statements
from web.deadlines.pictures import load_table
from web.frame.assets import asset_path

ROW = re.compile(r'<li class="dl (\w+)" data-row>.*?href="/deadlines/([a-z0-9]{12})" data-key="o"', re.DOTALL)
CANARY = "Zephyrine"


@pytest.fixture(scope="module")
def site():
    """The demo's register; one agreement more is Priya's secret, and one counterparty has a formula for a name."""
    built = Site()
    with built.work() as work:
        hidden, formula = work.agreements.find("NDA-014"), work.agreements.find("OTH-005")
        ops.amend(
            work,
            replace(hidden, title=f"{CANARY} plan", restricted_to=("priya@hallingdal.example",), owner_id=None),
            because="a secret",
        )
        ops.amend(work, replace(formula, counterparty="=HYPERLINK(1)"), because="a name")
    built.world.tick()
    yield built
    built.close()


@pytest.fixture(scope="module")
def henrik(site):
    return site.as_("henrik")


def rows(answer):
    assert answer.status_code == 200, text_of(answer)
    return [one for _, one in ROW.findall(answer.text)]


def every(browser, query=""):
    """All deadlines of a list, page by page."""
    found, path = [], f"/deadlines?{query}"
    while path:
        answer = browser.get(path)
        found += rows(answer)
        following = re.search(r'href="([^"]+)" rel="next">More', answer.text)
        path = following[1].replace("&amp;", "&") if following else None
    return found


def tiles(answer):
    found = re.findall(r'<a class="tile[^"]*" href="([^"]+)"[^>]*><strong>([\d,+]+)</strong><span>([^<]+)', answer.text)
    return {name: (int(number), href.replace("&amp;", "&")) for href, number, name in found}


@pytest.mark.parametrize(("name", "takes_proof"), [("mei", True), ("sofia", True), ("jonas", False), ("amara", False)])
def test_the_first_page_leads_to_what_each_role_asks_first(site, name, takes_proof):
    browser = site.as_(name)
    asks = browser.get("/deadlines").text.partition('<p class="asks')[2].partition("</p>")[0]
    found = [part.partition('"')[0] for part in asks.split('href="')[1:]]
    assert ("/evidence" in found) is takes_proof
    assert len(found) > 4
    assert {browser.get(path).status_code for path in found} == {200}


@pytest.mark.parametrize(("name", "may_answer"), [("mei", True), ("sofia", False)])
def test_only_who_may_answer_is_asked_to_choose(site, name, may_answer):
    page = site.as_(name).get("/deadlines").text
    assert ("Answer together" in page) is may_answer
    assert ('type="checkbox"' in page) is may_answer


def test_each_tile_counts_what_its_address_lists(henrik):
    shown = tiles(henrik.get("/deadlines"))
    assert list(shown) == [
        "Overdue", "Next 14 days", "Next 30 days", "Next 90 days", "Without owner", "Not verified",
    ]  # fmt: skip
    counted = {name: len(every(henrik, href.partition("?")[2])) for name, (_, href) in shown.items()}
    assert counted == {name: number for name, (number, _) in shown.items()}
    assert counted["Overdue"] > 0 < counted["Without owner"]


@pytest.mark.parametrize(
    ("query", "says_so"), [("", False), ("within=14", False), ("q=is:unverified", False), ("q=kind:notice", True)]
)
def test_beside_a_search_it_is_said_that_the_tiles_count_all(henrik, query, says_so):
    searched, usual = (henrik.get(f"/deadlines?{words}") for words in (query, ""))
    assert ("The tiles count all deadlines, whatever is searched." in text_of(searched)) is says_so
    assert [number for number, _ in tiles(searched).values()] == [number for number, _ in tiles(usual).values()]


def test_pages_follow_one_another_without_gap_or_repetition(henrik):
    found = every(henrik)
    assert len(found) == len(set(found)) > 100


def test_groups_come_in_the_order_of_time(henrik):
    titles = re.findall(r"<h2[^>]*>([\w ]+?) <span", henrik.get("/deadlines").text)
    assert titles[:4] == ["Overdue", "This week", "Next two weeks", "Dec 2026"]


def test_a_group_that_goes_on_beyond_its_page_says_so_in_its_number(henrik):
    def numbers(page):
        return re.findall(r'<h2[^>]*>[\w ]+? <span class="quiet">([^<]*)</span>', page.text)

    first = henrik.get("/deadlines")
    following = henrik.get(unescape(re.search(r'href="(/deadlines[^"]*cursor=[^"]*)"[^>]*>More<', first.text)[1]))
    of_first, of_following = numbers(first), numbers(following)
    assert [one for one in of_first if not one.isdigit()] == [of_first[-1]]
    assert (of_first[-1][-1], of_following[0].partition(" ")[2].rstrip("+")) == ("+", "more")
    assert sum(int(re.match(r"\d+", one)[0]) for one in of_first) == len(rows(first)) == 50


def test_the_timeline_has_the_agreements_in_the_order_of_the_list(site, henrik):
    page = henrik.get("/deadlines")
    with site.look() as work:
        found = [Queries.of(work).milestone(one) for one in rows(page)]
        told = [(row.milestone.safe_on, row.agreement.reference, row.milestone.key.kind) for row in found]
        lanes = list(dict.fromkeys(f"{one.counterparty}: {one.title}" for _, one in found if one.title))
    assert told == sorted(told)
    drawn = page.text.partition('class="tl-box"')[2].partition("</section>")[0]
    assert [one for one in map(unescape, re.findall(r">([^<>]+: [^<>]+)<", drawn)) if one in lanes] == lanes


def test_mine_shows_what_i_answer_for(site):
    olga = site.as_("olga")
    mine = set(every(olga, "mine=1"))
    assert mine == set(every(olga, "q=owner:olga"))
    assert mine < set(every(olga))


@pytest.mark.parametrize("name", ["amara", "olga"])
def test_what_was_asked_of_me_is_what_i_was_told_and_others_answer_for(site, name):
    with site.look() as work:
        me = work.people.get(site.people[name.capitalize()])
        meant = {
            row.milestone.id
            for row in Queries.of(work, person=me).deadlines(DeadlineFilter(), date(2026, 11, 23))
            if me.id != (row.milestone.owner_id or row.agreement.owner_id)
            and any(one.recipient_id == me.id for one in work.deliveries.of_milestone(row.milestone.id))
        }
    assert meant
    assert set(every(site.as_(name), "told=1")) == meant


def test_who_answers_for_nothing_is_led_to_what_they_were_asked_about(site):
    amara = site.as_("amara")
    empty = amara.get("/deadlines?mine=1")
    asked = every(amara, "told=1")
    assert f"You answer for no deadline. You were asked about {len(asked)} that others answer for." in text_of(empty)
    assert 'href="/deadlines?told=1">Asked of me</a> <a class="button"' in empty.text
    assert tiles(amara.get("/deadlines?told=1"))["Overdue"][0] == len(every(amara, "told=1&within=overdue"))
    assert "You were asked" not in text_of(amara.get("/deadlines?mine=1&q=nosuchthing"))


def test_who_was_asked_about_nothing_hears_what_there_is(henrik):
    said = text_of(henrik.get("/deadlines?mine=1"))
    assert "You answer for no deadline, and were asked about no other; " in said
    assert "Asked of me" not in said.partition("You answer for")[2]


def test_an_unknown_word_is_said_at_its_field_and_the_tiles_stay(henrik):
    answer = henrik.get("/deadlines?q=foo:bar")
    assert answer.status_code == 422
    assert "There is no search word" in text_of(answer)
    assert 'value="foo:bar"' in answer.text
    assert len(tiles(answer)) == 6


def test_a_list_narrowed_to_nothing_says_what_there_is(henrik):
    answer = henrik.get("/deadlines?q=nosuchthing")
    shown = tiles(answer)
    ahead = shown["Overdue"][0] + shown["Next 90 days"][0]
    assert f"Nothing matches; {ahead} are overdue or in the next 90 days." in text_of(answer)


def test_an_empty_register_says_how_to_begin():
    empty = Site(filled=False)
    try:
        answer = empty.as_("henrik").get("/deadlines")
        assert "Nothing is watched yet. Import Add one or look at the demo" in text_of(answer)
    finally:
        empty.close()


def test_a_place_that_no_list_gave_out_is_refused(henrik):
    answer = henrik.get("/deadlines?cursor=xyz")
    assert "This place in the list is not known." in text_of(answer)


def test_the_load_of_somebody_who_has_left_is_nobodys(site):
    monday = date(2026, 11, 23)
    with site.look() as work:
        table = load_table(work, (Load(site.people["Lars"], monday, 2), Load(None, monday, 1)), monday)
    assert [(row.name, row.search, row.total) for row in table.rows] == [("Nobody", "owner:nobody", 3)]


@pytest.mark.parametrize(
    "query", ["", "show=month", "show=load", "q=tag:critical&show=load", "span=24&every=1", "ended=1"]
)
def test_every_face_of_the_list_is_shown_and_head_is_get(henrik, query):
    answer = henrik.get(f"/deadlines?{query}")
    assert answer.status_code == 200
    assert henrik.head(f"/deadlines?{query}").status_code == 200


def test_a_month_shows_each_deadline_on_its_day(henrik):
    month = henrik.get("/deadlines?show=month&month=2026-11").text
    cell = re.search(r'<time datetime="2026-11-26">.*?</td>', month, re.DOTALL)[0]
    listed = set(re.findall(r'/deadlines/([a-z0-9]{12})"', cell))
    day = re.findall(
        r'datetime="2026-11-26">.*?/deadlines/([a-z0-9]{12})" data-key="o"', henrik.get("/deadlines").text, re.DOTALL
    )
    assert listed
    assert day[0] in listed


def test_notices_that_must_leave_in_a_month_are_one_click_away_with_those_that_are_late(site, henrik):
    link = re.search(r'href="(/deadlines[^"]*)">notices due in 30 days', henrik.get("/deadlines").text)[1]
    shown = set(every(henrik, unescape(link).partition("?")[2]))
    with site.look() as work:
        rows = [row for one in work.agreements.all() for row in work.milestones.of(one.id)]
        last_on = work.now.date() + timedelta(days=30)
    meant = {one.id for one in rows if one.is_live and one.key.kind == "notice" and one.safe_on <= last_on}
    assert shown == {one for one in meant if one in set(every(henrik))}
    assert shown


def test_a_month_says_as_the_list_does_that_it_is_too_late(henrik):
    listed = dict(re.findall(r'/deadlines/([a-z0-9]{12})" data-key="o">([^<]*)<', henrik.get("/deadlines").text))
    month = henrik.get("/deadlines?show=month&month=2026-11").text
    told = dict(re.findall(r'/deadlines/([a-z0-9]{12})"><b>[^<]*</b> ([^<]*)</a>', month))
    late = {one: what for one, what in told.items() if what.startswith("Too late to ")}
    assert late == {one: listed[one] for one in late}
    assert late


def test_what_is_restricted_to_others_leaks_nowhere(site, henrik):
    priya = site.as_("priya")
    with site.look() as work:
        secret = work.agreements.find("NDA-014")
        mine = [row for row in work.milestones.of(secret.id) if row.is_live and row.is_deadline]
    assert CANARY in priya.get(f"/deadlines?q={CANARY}").text
    assert {row.id for row in mine} <= set(every(priya))
    for path in (
        "/deadlines", f"/deadlines?q={CANARY}", "/deadlines?show=month", "/deadlines?show=load", "/deadlines?every=1",
        "/deadlines/export.csv", "/verify", f"/search?q={CANARY[:6]}", f"/deadlines/{mine[0].id}",
    ):  # fmt: skip
        assert CANARY not in henrik.get(path).text.replace(f"q={CANARY}", "").replace(f'value="{CANARY}', ""), path
    assert henrik.get(f"/deadlines/{mine[0].id}").status_code == 404
    assert henrik.post(f"/deadlines/{mine[0].id}/ack").status_code == 404
    seen, unseen = tiles(priya.get("/deadlines")), tiles(henrik.get("/deadlines"))
    assert seen["Not verified"][0] - unseen["Not verified"][0] == len(mine)
    assert seen["Without owner"][0] - unseen["Without owner"][0] == len(mine)


def test_what_has_ended_is_one_click_away_and_is_not_called_overdue():
    built = Site()
    with built.work() as work:
        rows_there = work.milestones.of(work.agreements.find("DPA-006").id)
        waived = next(one.id for one in rows_there if one.is_live and one.safe_on < date(2026, 11, 23))
        ops.waive(work, waived, because="they agreed")
    sofia = built.as_("sofia")
    path = re.search(r'<a href="([^"]*)">what has ended</a>', sofia.get("/deadlines").text)[1]
    page = sofia.get(path).text
    built.close()
    groups = dict(re.findall(r"<h2[^>]*>([\w ]+?) <span(.*?)</ul></section>", page, re.DOTALL))
    assert waived in groups["Ended"]
    assert waived not in groups["Overdue"]
    assert '<input type="hidden" name="ended" value="1">' in page
    assert "Only what is open" in page


def test_looking_changes_nothing(site, henrik):
    with site.look() as work:
        before = work.log.head()
    for path in (
        "/deadlines",
        "/deadlines?show=month",
        "/deadlines/bulk",
        "/verify",
        "/search?q=acme",
        f"/deadlines/{rows(henrik.get('/deadlines'))[0]}",
    ):
        henrik.get(path)
    with site.look() as work:
        assert work.log.head() == before


def test_fifty_rows_and_all_files_are_light(henrik):
    answer = henrik.get("/deadlines")
    assert len(rows(answer)) == 50
    assert len(answer.text.encode()) < 120_000
    static = Path(web.__file__).parent / "static"
    files = [static / name for name in ("style.css", "htmx.js", "once.js", "keys.js", "icon.svg")]
    packed = sum(len(gzip.compress(one.read_bytes())) for one in files) + len(gzip.compress(answer.text.encode()))
    assert packed < 60_000
    assert len((static / "style.css").read_bytes()) <= 25_000
    used = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text))
    assert used == {asset_path(one.name) for one in files}


def test_names_of_buttons_are_unique(henrik):
    page = henrik.get("/deadlines").text
    names = re.findall(r'<(?:button|summary)[^>]*aria-label="([^"]+)"', page)
    doubled = {one for one in names if names.count(one) > 1}
    assert len(names) > 100
    assert len(doubled) * 10 < len(names), doubled  # the same duty twice in one agreement differs by its day alone


def test_files_hold_the_list_and_guard_against_formulas(henrik):
    table = list(csv.DictReader(io.StringIO(henrik.get("/deadlines/export.csv").content.decode("utf-8-sig"))))
    assert [one["id"] for one in table] == sorted((one["id"] for one in table), key=[one["id"] for one in table].index)
    assert {one["id"] for one in table} == set(every(henrik))
    assert "'=HYPERLINK(1)" in {one["counterparty"] for one in table}
    assert not [one for row in table for one in row.values() if one[:1] in set("=+@")]
    book = CalamineWorkbook.from_filelike(io.BytesIO(henrik.get("/deadlines/export.xlsx").content))
    sheet = book.get_sheet_by_name("deadlines").to_python()
    assert sheet[0] == list(table[0])
    assert [row[-1] for row in sheet[1:]] == [one["id"] for one in table]
    assert "'=HYPERLINK(1)" in {row[1] for row in sheet[1:]}


def test_a_file_holds_what_is_narrowed(henrik):
    answer = henrik.get("/deadlines/export.csv?within=30&q=kind:notice")
    assert answer.headers["content-disposition"] == 'attachment; filename="deadlines-2026-11-23.csv"'
    kinds = {one["kind"] for one in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert kinds == {"notice"}


def test_a_view_is_kept_for_its_owner_alone_and_dropped(site, henrik):
    answer = henrik.post("/deadlines/views", name="Critical <b>", q="tag:critical", within="90", span="24")
    page = henrik.followed(answer)
    assert "/deadlines?q=tag%3Acritical&amp;within=90&amp;span=24" in page.text
    assert "Critical &lt;b&gt;" in page.text
    assert "Critical &lt;b&gt;" not in site.as_("olga").get("/deadlines").text
    view = re.search(r"/deadlines/views/(\w+)/drop", page.text)[1]
    site.as_("olga").post(f"/deadlines/views/{view}/drop")
    assert "Critical &lt;b&gt;" in henrik.get("/deadlines").text
    henrik.post(f"/deadlines/views/{view}/drop")
    assert "Critical &lt;b&gt;" not in henrik.get("/deadlines").text


def test_a_preview_of_several_keeps_nothing_and_doing_it_does(site, henrik):
    chosen = every(henrik, "within=30&q=kind:notice")[:2]
    preview = henrik.post("/deadlines/bulk", id=chosen, operation="verify")
    assert "Do it for 2" in text_of(preview)
    with site.look() as work:
        assert [work.milestones.get(one).verified for one in chosen] == [None, None]
    page = henrik.followed(
        henrik.post("/deadlines/bulk/do", id=chosen, operation="verify", back="/deadlines?within=30")
    )
    assert "2 deadlines verified." in text_of(page)
    with site.look() as work:
        assert [work.milestones.get(one).verified.by for one in chosen] == ["henrik@hallingdal.example"] * 2


def test_what_one_refuses_stops_no_other(site, henrik):
    overdue, ahead = every(henrik, "within=overdue")[0], every(henrik, "within=90&q=kind:notice")[-1]
    said = {"id": [overdue, ahead], "operation": "snooze", "until": "2026-11-30"}
    assert "Do it for 1" in text_of(henrik.post("/deadlines/bulk", **said))
    page = henrik.followed(henrik.post("/deadlines/bulk/do", **said))
    assert "1 deadline snoozed. 1 refused." in text_of(page)
    with site.look() as work:
        title = work.agreements.get(work.milestones.get(overdue).key.holder).title
    assert title in text_of(page).partition("1 refused.")[2]
    with site.look() as work:
        assert work.milestones.get(ahead).state.value == "snoozed"
        assert work.milestones.get(overdue).state.value != "snoozed"


def test_a_button_of_an_older_list_changes_nothing_where_somebody_was_quicker(site, henrik):
    path = "/deadlines?within=90&q=kind:notice"
    buttons = dict(re.findall(r'formaction="/deadlines/(\w+)/(snooze[^"]+)"', henrik.get(path).text))
    one, button = list(buttons.items())[-2]
    site.as_("mei").post(f"/deadlines/{one}/decide", choice="stop-renewal")
    answer = henrik.post(f"/deadlines/{one}/{unescape(button)}", back=path)
    assert answer.status_code == 409
    assert "Somebody has answered since you opened this page." in text_of(answer)
    assert "Decided by mei@hallingdal.example" in text_of(answer)
    with site.look() as work:
        assert work.milestones.get(one).snoozed is None
    fresh = dict(re.findall(r'formaction="/deadlines/(\w+)/(snooze[^"]+)"', henrik.get(path).text))[one]
    assert henrik.post(f"/deadlines/{one}/{unescape(fresh)}", back=path).status_code == 303


def test_of_several_those_that_somebody_else_has_answered_meanwhile_are_left_and_named(site, henrik):
    chosen = every(henrik, "within=90&q=kind:notice")[-4:-2]
    preview = henrik.post("/deadlines/bulk", id=chosen, operation="snooze", until="2026-11-26")
    assert "Do it for 2" in text_of(preview)
    shown = dict(re.findall(r'name="((?:revision|stood)-\w+)" value="([^"]*)"', preview.text))
    site.as_("mei").post(f"/deadlines/{chosen[0]}/ack")
    said = {"id": chosen, "operation": "snooze", "until": "2026-11-26"} | shown
    again = henrik.post("/deadlines/bulk", **said)
    assert "Somebody has answered since you opened this page. Acknowledged by mei@" in text_of(again)
    page = text_of(henrik.followed(henrik.post("/deadlines/bulk/do", **said)))
    assert "1 deadline snoozed. 1 refused." in page
    assert "Somebody has answered since you opened this page. Acknowledged by mei@" in page
    with site.look() as work:
        assert [work.milestones.get(one).state.value for one in chosen] == ["acknowledged", "snoozed"]


def test_several_without_a_day_are_told_at_the_field(henrik):
    answer = henrik.post("/deadlines/bulk", id=rows(henrik.get("/deadlines"))[:2], operation="snooze")
    assert answer.status_code == 422
    assert re.search(r'id="until"[^>]*aria-invalid="true"', answer.text)


def test_choosing_nothing_says_what_to_do(henrik):
    assert "Nothing was chosen." in text_of(
        henrik.followed(henrik.post("/deadlines/bulk", back="/deadlines?within=30"))
    )


def test_where_there_is_no_date_none_is_called_verified():
    empty = Site(filled=False)
    page = text_of(empty.as_("henrik").get("/verify"))
    empty.close()
    assert ("There is no date yet: add an agreement, or import the register." in page, "verified." in page) == (
        True,
        False,
    )


def test_what_was_assumed_is_verified_first(site, henrik):
    page = henrik.get("/verify")
    ids = re.findall(r'<article.*?href="/deadlines/([a-z0-9]{12})" data-key="o"', page.text, re.DOTALL)
    with site.look() as work:
        found = [
            (bool(work.agreements.get(row.key.holder).assumed), row.safe_on) for row in map(work.milestones.get, ids)
        ]
    assert found == sorted(found, key=lambda one: (not one[0], one[1]))
    assert len(ids) == 20
    after = henrik.followed(henrik.post(f"/deadlines/{ids[0]}/verify", back="/verify"))
    assert ids[0] not in after.text


def test_all_that_is_to_be_verified_can_be_paged_through(henrik):
    seen, address = [], "/verify"
    while address:
        page = henrik.get(address).text
        seen += re.findall(r'<article.*?href="/deadlines/([a-z0-9]{12})" data-key="o"', page, re.DOTALL)
        further = re.search(r'href="(/verify[^"]*)" rel="next"', page)
        address = further and further[1].replace("&amp;", "&")
        shown = re.search(r"\d+ to (\d+) of (\d+)", page)
    assert len(set(seen)) == len(seen) == int(shown[1]) == int(shown[2]) > 20
    assert henrik.get("/verify?skip=-1").status_code == 422
    assert henrik.get("/verify?after=stated.nonsense").status_code == 422


def test_a_later_page_of_what_is_to_be_verified_reads_no_earlier_one(site, henrik):
    first = henrik.get("/verify").text
    ids = set(re.findall(r'href="/deadlines/([a-z0-9]{12})" data-key="o"', first))
    following = re.search(r'href="(/verify[^"]*)" rel="next"', first)[1].replace("&amp;", "&")
    with statements(site.monitor.database) as asked:
        henrik.get(following)
    assert len(ids) == 20
    assert ids & asked_for(asked, "milestones.id IN") == set()


def test_search_finds_agreements_counterparties_and_deadlines(henrik):
    said = text_of(henrik.get("/search?q=nimbus"))
    for part in (
        "Agreements",
        "Nimbus data processing",
        "Counterparties",
        "Nimbus Cloud Ltd",
        "All deadlines that match",
    ):
        assert part in said
    assert "Nothing matches “zzzz”." in text_of(henrik.get("/search?q=zzzz"))
    assert henrik.get("/search?q=is:odd").status_code == 422
