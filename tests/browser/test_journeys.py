"""What people come for, by as few clicks as INTERFACE.md A1 allows, in a real browser."""

import base64
import re
from datetime import timedelta
from email import message_from_bytes


def test_why_a_date_is_what_it_is_takes_two_clicks(chromium, lived_in):
    with chromium.window(lived_in, "olga") as window:
        window.go("/me")
        window.click("link", "Deadlines", exact=True)
        window.click("link", "explain")
        assert window.clicks == 2
        steps = window.page.locator("#why .steps li")
        assert steps.count() >= 1
        assert steps.locator("xpath=self::*[contains(@class, 'safe')]").count() == 1
        shown = window.page.locator(".dl-lead .big time").get_attribute("datetime")
        assert window.page.locator("#why .steps .safe time").get_attribute("datetime") == shown


def test_a_mail_is_acknowledged_by_two_clicks(chromium, house):
    mail = next_mail(house, to="priya")
    with chromium.window(house) as window:
        window.page.set_content(mail)
        before = acknowledged(house)
        window.click("link", "Acknowledge")
        assert acknowledged(house) == before, "a mail's link only shows"
        window.click("button", "Acknowledge")
        assert window.clicks == 2
        assert len(acknowledged(house) - before) == 1
        assert "still open" in window.text, "an acknowledgement is no outcome"


def test_a_calendar_is_subscribed_to_by_three_clicks(chromium, house):
    with chromium.window(house, "olga") as window:
        window.go("/deadlines")
        window.page.locator("summary", has_text="Export").click()
        window.page.get_by_role("link", name="Subscribe to this view").click()
        window.click("button", "Create", exact=True)
        assert re.search(r"/feeds/\S+\.ics", window.text)
        assert window.complaints == []


def test_a_decision_says_what_follows_from_it(chromium, house):
    about = house.deadline("SVC-012", "notice")
    with chromium.window(house, "mei") as window:
        window.go(f"/deadlines/{about}")
        window.page.locator("summary", has_text="Decide").click()
        window.page.locator("select[name='choice']").select_option("stop-renewal")
        window.page.locator("form[action$='/decide'] button").click()
        window.page.wait_for_load_state("load")
        said = window.page.locator("#said").inner_text()
        assert "notice" in said.lower(), said
    row = house.row(about)
    assert (row.is_live, row.decision.choice) == (True, "stop-renewal"), (
        "a decision is no outcome: notice is still to be given"
    )


def test_a_second_click_sends_nothing_while_the_answer_to_the_first_is_awaited(chromium, house):
    with chromium.window(house, "mei") as window:
        window.go(f"/deadlines/{house.deadline('MSA-033', 'notice')}")
        sent = []
        window.page.route(re.compile(r"/ack\b"), lambda route: sent.append(route))  # noqa: PLW0108 - Playwright counts its parameters
        window.find("button", "Acknowledge").evaluate("one => { one.click(); setTimeout(() => one.click(), 50); }")
        window.page.wait_for_timeout(400)
        assert len(sent) == 1
        sent[0].continue_()
        window.page.wait_for_selector("#said .said")
        told = window.page.locator("#said").inner_text()
    assert ("already" in told, "still open" in told) == (False, True)


def test_an_option_that_was_missed_says_so_and_is_left_to_lapse(chromium, house):
    about = house.deadline("LIC-041", "option")
    now = house.site.world.clock.now()
    house.site.world.clock.travel_to(now + timedelta(days=14))
    with chromium.window(house, "mei") as window:
        window.go("/deadlines?within=overdue&q=kind:option")
        listed = window.page.locator("[data-row]", has=window.page.locator(f"a[href$='{about}']")).inner_text()
        assert "Too late to send notice to renew: ask them to agree, or it ends with" in listed
        window.page.locator(f"a[href$='{about}']").first.click()
        window.page.wait_for_load_state("load")
        assert window.find("heading").inner_text().startswith("It is too late to send notice to renew to Vektor CAD AG")
        window.page.locator("summary", has_text="Decide").click()
        window.page.locator("select[name='choice']").select_option("let-lapse")
        window.page.locator("form[action$='/decide'] button").click()
        window.page.wait_for_load_state("load")
    row = house.row(about)
    assert (row.is_live, row.outcome.kind, row.decision.choice) == (False, "decided", "let-lapse")


def test_what_would_be_is_seen_before_anything_is_changed(chromium, house):
    one = house.agreement("SVC-012")
    before = terms(house, one)
    with chromium.window(house, "mei") as window:
        window.go(f"/agreements/{one}")
        window.click("link", "What if", exact=True)
        window.fill(notice_period="6 months")
        window.click("button", "See what would be")
        assert "notice_period=6" in window.path, "the address holds what is supposed"
        assert re.search(r"\d+ days? changes?", window.text)
        moved = window.page.locator("s, .struck")
        assert moved.count() >= 1
    assert terms(house, one) == before


def test_somebody_signs_in_and_finds_the_page_they_asked_for(chromium, house):
    house.password("olga", "a long enough password")
    with chromium.window(house) as window:
        window.go("/agreements?q=kind:nda")
        assert window.path.startswith("/login")
        window.fill(email="olga@hallingdal.example", password="a wrong password")
        window.click("button", "Sign in")
        assert window.page.locator("[role='alert']").count() == 1
        window.fill(password="a long enough password")
        window.click("button", "Sign in")
        assert window.path == "/agreements?q=kind:nda"


def test_every_page_says_when_no_job_runs_any_more(chromium, house):
    """The scheduler has stopped (INTERFACE.md A8)."""
    with house.site.work() as work:
        work.keeping.note_run({"job": "deliver", "at": work.now, "took_ms": 1, "did": 0, "error": ""})
    with chromium.window(house, "olga") as window:
        window.go("/deadlines")
        assert window.page.locator(".banner.bad").count() == 0
        now = house.site.world.clock.now()
        house.site.world.clock.travel_to(now + timedelta(hours=3))
        window.go("/deadlines")
        assert window.page.locator(".banner.bad").inner_text().startswith("Messages are paused since Mon 23 Nov 2026")
        assert window.go("/readyz").status == 503


def next_mail(house, *, to):
    """The HTML of the next mail to somebody that asks for an acknowledgement; time passes until it comes."""
    world = house.site.world
    for _ in range(200):
        many = len(world.mail.taken)
        world.clock.travel_to(max(world.tick(), world.clock.now()))
        for one in world.mail.taken[many:]:
            html = html_of(one.frozen.body)
            if one.address.startswith(f"{to}@") and "Acknowledge" in html and "/act/" in html:
                return html
    raise AssertionError(f"nothing was sent to {to}")


def html_of(mail):
    part = next(one for one in message_from_bytes(mail).walk() if one.get_content_type() == "text/html")
    return base64.b64decode(part.get_payload()).decode()


def acknowledged(house):
    with house.site.look() as look:
        return {row.id for one in look.agreements.all() for row in look.milestones.of(one.id) if row.acknowledged}


def terms(house, agreement_id):
    with house.site.look() as look:
        return look.agreements.get(agreement_id)
