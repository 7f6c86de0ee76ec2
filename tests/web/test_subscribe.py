"""``/subscribe``: a feed in three clicks, its address once, and nobody else's feeds (CALENDAR.md section 6)."""

import re
from dataclasses import replace

import pytest

from tests.support.ics_lint import lint
from tests.support.site import BASE, Site, text_of
from web.feeds.reading import PLAIN_HTTP, UNREACHED, warnings, ways

ADDRESS = re.compile(rf"{BASE}/feeds/[A-Za-z0-9_-]{{43}}\.ics")
GIVEN = {
    "name": "Ours", "search": "", "detail": "full", "reminders": "none", "reminder_days": "30, 7",
    "months_ahead": "24", "colour": "teal",
}  # fmt: skip


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def henrik(site):
    return site.as_("henrik")


@pytest.fixture(scope="module")
def olga(site):
    with site.look() as work:
        there = [one for one in work.people.all() if not one.is_disabled and one.role.value != "admin"]
    return site.as_(there[0].email)


def made(browser, **said):
    answer = browser.post("/subscribe", on="/subscribe", **GIVEN | said)
    assert answer.status_code == 200, text_of(answer)
    return ADDRESS.search(answer.text)[0], answer


def mine(site, browser):
    with site.look() as work:
        person = {one.label: one for one in work.people.all()}
        name = re.search(r'aria-label="([^"]+): your pages"', browser.get("/subscribe").text)[1]
        return [feed for feed, _ in work.feeds.listed(person[name].id)]


def test_from_a_list_it_takes_one_page_and_one_button(henrik):
    page = henrik.get("/subscribe?q=tag:critical")
    assert 'value="tag:critical"' in page.text
    assert 'value="Deadlines: tag:critical"' in page.text
    answer = henrik.post("/subscribe", on="/subscribe?q=tag:critical", **GIVEN | {"search": "tag:critical"})
    assert re.search(
        r'<a class="button primary" href="webcal://longstop\.example/feeds/[^"]{43}\.ics">Open', answer.text
    )


def test_the_address_is_shown_once_and_kept_by_nobody_on_the_way(site, henrik):
    address, answer = made(henrik, todo="on")
    links = ways(address)
    for link in links:
        assert link.replace("&", "&amp;") in answer.text
    assert f"{address.removesuffix('.ics')}/todo.ics" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "Whoever has it can read it." in text_of(answer)
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in henrik.get("/subscribe").text
    assert [feed.todo for feed in mine(site, henrik)].count(True) == 1


def test_links_lead_into_programs():
    assert ways("https://a.example/feeds/x.ics") == (
        "https://a.example/feeds/x.ics",
        "webcal://a.example/feeds/x.ics",
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fa.example%2Ffeeds%2Fx.ics",
        "https://outlook.office.com/calendar/0/addfromweb?url=https%3A%2F%2Fa.example%2Ffeeds%2Fx.ics",
    )


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        ("https://longstop.example.com", ()),
        ("http://longstop.example.com", (PLAIN_HTTP,)),
        ("http://localhost:8080", (UNREACHED, PLAIN_HTTP)),
        ("https://127.0.0.1", (UNREACHED,)),
        ("https://10.1.2.3", (UNREACHED,)),
        ("https://[::1]", (UNREACHED,)),
        ("https://longstop.local", (UNREACHED,)),
        ("https://intranet", (UNREACHED,)),
        ("https://93.184.216.34", ()),
    ],
)
def test_who_cannot_be_reached_is_said_before_anybody_subscribes(base_url, told):
    assert warnings(base_url) == told


def test_three_entries_read_as_the_calendar_will(site, henrik):
    shown = text_of(henrik.get("/subscribe?q=kind:notice")).partition("As it will read")[2].partition("Show it")[0]
    assert shown.count("Last safe day: send") == 3
    before = len(mine(site, henrik))
    answer = henrik.post("/subscribe/preview", on="/subscribe", **GIVEN | {"detail": "busy", "search": "kind:notice"})
    busy = text_of(answer).partition("As it will read")[2].partition("Show it")[0]
    assert (answer.status_code, busy.split().count("Deadline")) == (200, 3)
    assert "Last safe day" not in busy
    assert len(mine(site, henrik)) == before


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "A feed needs a name."),
        ("search", "colour:red", "There is no search word"),
        ("search", "is:snoozed", "A feed does not know what is snoozed."),
        ("months_ahead", "2", "cannot look 2 months ahead"),
        ("months_ahead", "many", "That is no whole number."),
        ("reminder_days", "0", "cannot remind 0 days before"),
        ("reminder_days", "1,2,3,4,5,6", "cannot remind"),
        ("colour", "red", "is no colour of feeds"),
        ("detail", "everything", "There is no detail"),
        ("expires_on", "2020-01-01", "is over"),
        ("expires_on", "soon", "That is no day."),
    ],
)
def test_a_form_that_cannot_be_comes_back_as_it_was_filled_in(site, henrik, field, value, sentence):
    before = len(mine(site, henrik))
    answer = henrik.post("/subscribe", on="/subscribe", **GIVEN | {"name": "Kept as typed", field: value})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert f'id="{field}"' in answer.text
    if field != "name":
        assert 'value="Kept as typed"' in answer.text
    assert len(mine(site, henrik)) == before


def test_a_list_of_my_feeds_says_what_is_in_them_and_who_reads_them(henrik):
    made(henrik, name="Notices", search="kind:notice")
    page = text_of(henrik.get("/subscribe"))
    row = page.partition("Notices since")[2]
    assert re.match(r" \w{3} 23 Nov 2026, 09:30 CET kind:notice Full \d+ never", row)
    assert "Not read for 30 days" not in row.partition("A new feed")[0]


def test_a_feed_can_be_copied_downloaded_rotated_and_revoked(site, henrik):
    old, _ = made(henrik, name="Mine", search="kind:notice", detail="redacted")
    feed = next(one for one in mine(site, henrik) if one.name == "Mine")
    copy = henrik.get(f"/subscribe?copy={feed.id}").text
    assert 'value="Mine (copy)"' in copy
    assert '<option value="redacted" selected>' in copy
    file = henrik.get(f"/subscribe/{feed.id}.ics")
    assert lint(file.content, base_url=BASE) == []
    assert file.headers["content-disposition"] == 'attachment; filename="longstop.ics"'
    new = ADDRESS.search(henrik.post(f"/subscribe/{feed.id}/rotate", on="/subscribe").text)[0]
    assert new != old
    page = henrik.followed(henrik.post(f"/subscribe/{feed.id}/revoke", on="/subscribe"))
    assert "Mine has ended." in text_of(page)
    assert feed not in mine(site, henrik)


def test_nobody_touches_the_feed_of_somebody_else_but_an_admin_who_ends_it(site, henrik, olga):
    made(olga, name="Hers")
    hers = next(one for one in mine(site, olga) if one.name == "Hers")
    made(henrik, name="His")
    his = next(one for one in mine(site, henrik) if one.name == "His")
    for path in (f"/subscribe/{his.id}.ics", f"/subscribe?copy={his.id}"):
        assert olga.get(path).status_code == 404
    assert olga.post(f"/subscribe/{his.id}/rotate", on="/subscribe").status_code == 404
    assert olga.post(f"/subscribe/{his.id}/revoke", on="/subscribe").status_code == 403
    assert henrik.get(f"/subscribe/{hers.id}.ics").status_code == 404
    assert henrik.post(f"/subscribe/{hers.id}/rotate", on="/subscribe").status_code == 404
    assert "Hers" in text_of(henrik.get("/subscribe/all"))
    assert olga.get("/subscribe/all").status_code == 403
    assert olga.post("/subscribe/all/revoke", on="/subscribe").status_code == 403
    assert henrik.post(f"/subscribe/{hers.id}/revoke", on="/subscribe/all", all="on").status_code == 303
    assert hers not in mine(site, olga)


def test_an_admin_ends_all_feeds_at_once(site, henrik, olga):
    made(olga)
    made(henrik)
    page = henrik.followed(henrik.post("/subscribe/all/revoke", on="/subscribe/all"))
    assert re.search(r"\d+ feeds have ended\.", text_of(page))
    assert mine(site, olga) == mine(site, henrik) == []
    assert "Most people start with My deadlines, next 12 months." in text_of(henrik.get("/subscribe"))
    assert 'name="months_ahead" type="number" value="12"' in henrik.get("/subscribe?months=12").text


def test_looking_makes_nothing_and_a_form_of_another_site_neither(site, henrik):
    before = mine(site, henrik)
    for path in ("/subscribe", "/subscribe/all"):
        assert henrik.get(path).status_code == henrik.head(path).status_code == 200
    answer = henrik.post("/subscribe", on="/subscribe", headers={"sec-fetch-site": "cross-site"}, **GIVEN)
    assert answer.status_code == 403
    assert site.anybody().get("/subscribe").status_code == 303
    assert mine(site, henrik) == before


def test_a_feed_speaks_only_of_the_channels_that_are_there(site, henrik):
    told = "A feed is for planning. Longstop reminds you by mail."
    assert told in text_of(henrik.get("/subscribe"))
    house = replace(site.monitor.house, channels=("slack", "email"))
    other = Site(monitor=replace(site.monitor, house=house))
    other.monitor = site.monitor
    assert told.replace("mail", "Slack and mail") in text_of(other.as_("henrik").get("/subscribe"))
    other.close()
