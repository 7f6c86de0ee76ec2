"""The frame of all pages: where one can go, what is said of the house, and that it is read by everybody."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from engine.access import setup
from engine.incidents import close_incident, open_incident
from tests.support.site import Site, text_of


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False, intervals={"deliver": timedelta(seconds=30)})
    yield made
    made.close()


def ran(site, *, ago):
    with site.work() as work:
        at = work.now - timedelta(seconds=ago)
        work.keeping.note_run({"job": "deliver", "at": at, "took_ms": 1, "did": 0, "error": ""})


def banners(answer):
    return [part.partition("</p>")[0] for part in answer.text.split('<p class="banner ')[1:]]


def test_the_first_page_is_what_needs_me(site):
    assert site.as_("olga").get("/").headers["location"] == "/deadlines"


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("amara", ["Deadlines", "Agreements", "Audits", "Exit plans", "Playbooks", "Reports"]),
        ("henrik", ["Deadlines", "Agreements", "Audits", "Exit plans", "Playbooks", "Reports", "Admin"]),
    ],
)
def test_everybody_is_shown_where_they_may_go(site, name, places):
    page = site.as_(name).get("/me").text
    nav = page.partition('<nav class="nav"')[2].partition("</nav>")[0]
    assert [part.partition("<")[0] for part in nav.split('">')[1:] if part.partition("<")[0].strip()] == places
    assert ("/silences" in page) is (name == "henrik")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/verify", "Deadlines"),
        ("/counterparties", "Agreements"),
        ("/assets/new", "Agreements"),
        ("/checklists", "Playbooks"),
        ("/gaps", "Reports"),
        ("/evidence", "Reports"),
        ("/me", ""),
    ],
)
def test_the_frame_says_below_which_entry_a_page_stands(site, path, place):
    nav = site.as_("henrik").get(path).text.partition('<nav class="nav"')[2].partition("</nav>")[0]
    assert nav.partition(' aria-current="page">')[2].partition("<")[0] == place


@pytest.mark.parametrize("path", ["/agreements", "/counterparties", "/assets"])
def test_the_pages_of_the_register_lead_to_one_another(site, path):
    tabs = site.as_("amara").get(path).text.partition('aria-label="Register"')[2].partition("</nav>")[0]
    assert [part.partition('"')[0] for part in tabs.split('href="')[1:]] == [
        "/agreements",
        "/counterparties",
        "/assets",
    ]
    assert f'href="{path}" aria-current="page"' in tabs


def test_everybody_hears_that_messages_are_paused(site):
    ran(site, ago=59)
    assert banners(site.as_("amara").get("/me")) == []
    ran(site, ago=61)
    (said,) = banners(site.as_("amara").get("/me"))
    assert "Messages are paused since Mon 23 Nov 2026, 08:28 GMT. Tell your operator." in said
    assert said.startswith("bad")
    ran(site, ago=0)


def test_everybody_hears_that_slack_is_down_until_it_is_not(site):
    with site.work() as work:
        open_incident(work, kind="channel_refused", subject="slack", text="Slack does not take messages.")
    assert "Slack is down: e-mail is used instead." in text_of(site.as_("amara").get("/me"))
    with site.work() as work:
        close_incident(work, kind="channel_refused", subject="slack", because="it takes messages again")
    assert "Slack is down" not in text_of(site.as_("amara").get("/me"))


def test_the_shadow_mode_is_said_before_anybody_signs_in(site):
    site.app.state.site = replace(
        site.pages, monitor=replace(site.monitor, house=replace(site.monitor.house, shadow_mode=True)), is_demo=True
    )
    try:
        told = text_of(site.anybody().get("/login"))
    finally:
        site.app.state.site = site.pages
    assert "Shadow mode: everything is composed and logged, nothing leaves." in told
    assert "Demo: everything here is invented" in told


def test_an_admin_is_reminded_of_the_first_run_and_nobody_else(site):
    with site.work() as work:
        setup.begin_steps(work)
    assert "The first run is not finished. Go on" in text_of(site.as_("henrik").get("/me"))
    assert "The first run" not in text_of(site.as_("amara").get("/me"))
    with site.work() as work:
        for step in setup.STEPS:
            setup.pass_step(work, step)
    assert "The first run" not in text_of(site.as_("henrik").get("/me"))


@pytest.mark.parametrize("path", ["/login", "/me", "/nowhere", "/silences"])
def test_a_page_can_be_read_without_eyes_and_without_a_mouse(site, path):
    text = site.as_("henrik").get(path).text if path != "/login" else site.anybody().get(path).text
    assert '<html lang="en"' in text
    assert text.count("<h1") == 1
    assert '<a class="skip" href="#main">' in text
    ids = [part.partition('"')[0] for part in text.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    labelled = {part.partition('"')[0] for part in text.split('<label for="')[1:]}
    assert labelled <= set(ids)


def test_what_is_said_once_is_for_the_session_in_which_it_was_done(site):
    olga, jonas = site.as_("olga"), site.as_("jonas")
    answer = olga.post("/me/looks", theme="system", with_keys="on")
    jonas.http.cookies.set("longstop_said", answer.cookies["longstop_said"])
    assert "Your pages look as you like them." not in text_of(jonas.get("/me"))
    assert "Your pages look as you like them." in text_of(olga.followed(answer))


def test_a_silence_is_set_shown_and_ended_by_legal(site):
    mei = site.as_("mei")
    said = {"search": "kind:notice", "mode": "hold", "until": "2026-12-01", "reason": "The merger is being signed"}
    assert "kind:notice Hold Wed 2 Dec 2026, 08:30 CET" in text_of(mei.followed(mei.post("/silences", **said)))
    with site.look() as work:
        (one,) = work.silences.open()
    assert one.author_id == site.people["Mei"]
    assert site.as_("olga").post(f"/silences/{one.id}/end").status_code == 403
    assert "Over" in text_of(mei.followed(mei.post(f"/silences/{one.id}/end")))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "A silence needs a reason."),
        ({"until": "2027-12-01"}, "cannot hold until"),
        ({"until": ""}, "A silence needs its last day."),
        ({"search": "is:nonsense"}, "is:nonsense"),
    ],
)
def test_a_silence_that_cannot_be_is_refused_and_nothing_typed_is_lost(site, wrong, said):
    mei = site.as_("mei")
    given = {"search": "kind:notice", "mode": "drop", "until": "2026-12-01", "reason": "Because"} | wrong
    answer = mei.post("/silences", **given)
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert f'value="{given["reason"]}"' in answer.text


def test_who_goes_away_with_half_a_body_is_no_failure_of_ours(site):
    said = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    answered = []
    form = [(b"sec-fetch-site", b"same-origin"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {
        "type": "http", "method": "POST", "path": "/login", "query_string": b"", "headers": form,
        "client": ("192.0.2.7", 4711), "server": ("longstop.example", 443), "scheme": "https", "http_version": "1.1",
    }  # fmt: skip

    async def heard():
        return said.pop(0)

    async def answer(message):
        answered.append(message)

    with capture_logs() as logs:
        asyncio.run(site.app(scope, heard, answer))
    assert (answered, [one["event"] for one in logs]) == ([], [])
