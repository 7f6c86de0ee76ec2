"""The demo on the web: who to be, what arrives, what can be pressed, and a clock that everything runs on."""

import re
import sys
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.demo.clock import MovableClock, clock_in
from cli.demo.people import accounts
from cli.demo.stage import show_what_to_try
from cli.demo.workspace import SlackRefusal, Workspace
from cli.render import Terminal
from lifecycle.milestones.milestone import MilestoneState
from store.queries import DeadlineFilter, Queries
from tests.support.demo import Visitor, forms, served

TODAY = date(2026, 11, 24)  # a Tuesday
OLGA = "olga@hallingdal.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("demo"), TODAY) as (demo, address):
        yield demo, address


@pytest.fixture
def demo(house):
    return house[0]


@pytest.fixture
def visitor(house):
    with Visitor(house[1]) as found:
        yield found


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def state_of(demo, milestone_id):
    with demo.monitor.look() as work:
        return work.milestones.get(milestone_id).state


def test_whoever_is_not_signed_in_chooses_a_person_and_goes_where_they_wanted_to(visitor):
    asked = visitor.get("/agreements")
    assert asked.url.path == "/demo"
    entered = visitor.be("Mei Tanaka", "/demo?next=/agreements")
    assert (entered.status_code, entered.url.path) == (200, "/agreements")
    assert "mei@hallingdal.example" in entered.text


def test_every_page_says_that_it_is_a_demo_and_leads_to_its_mail_slack_and_clock(visitor):
    page = visitor.be("Olga Brandt").text
    assert "nothing leaves this machine" in page
    assert {f'href="/demo{path}"' for path in ("", "/mail", "/slack", "/clock")} <= set(
        re.findall(r'href="[^"]+"', page)
    )


def test_everybody_can_also_sign_in_with_the_password_that_is_told(visitor):
    told = re.search(r"the password <code>([^<]+)</code>", visitor.get("/demo").text)[1]
    entered = visitor.post("/login", "/login", email=OLGA, password=told)
    assert entered.url.path == "/deadlines"


def test_a_mail_stands_in_a_frame_in_which_nothing_runs(visitor, demo):
    number = demo.sink.mails[-1].number
    page, mail = visitor.get(f"/demo/mail?mail={number}"), visitor.get(f"/demo/mail/{number}/html")
    assert f'sandbox="allow-popups allow-popups-to-escape-sandbox" src="/demo/mail/{number}/html"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    policy = mail.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert mail.headers["x-frame-options"] == "SAMEORIGIN"


def test_an_inbox_shows_the_mails_of_one_person(visitor):
    page = visitor.get("/demo/mail?to=mei@hallingdal.example").text
    listed = re.search(r'<ol class="demo-mails">(.*?)</ol>', page, re.DOTALL)[1]
    assert "· mei</span>" in listed
    assert "· tomas</span>" not in listed


def test_a_mail_that_never_came_is_not_found(visitor):
    assert visitor.get("/demo/mail?mail=99999").status_code == 404


def test_a_link_in_a_mail_opens_its_deadline(visitor, demo):
    mail = next(one for one in reversed(demo.sink.mails) if "/act/" in one.html)
    links = [unescape(link) for link in re.findall(r'href="([^"]+/act/[^"]+)"', mail.html)]
    page = visitor.get(links[0])
    assert page.status_code == 200
    assert "Recording as" in page.text


def test_a_button_in_slack_acknowledges_in_the_register_and_changes_its_message(visitor, demo):
    for one in forms(visitor.get("/demo/slack?in=D0005").text, "Acknowledge"):
        fields = dict(one)
        page = visitor.http.post("/demo/slack/press", data=fields).text
        milestone_id = re.search(r'"milestone":"([^"]+)"', fields["value"])[1]
        if state_of(demo, milestone_id) is MilestoneState.ACKNOWLEDGED:
            post = re.search(rf'id="m{fields["ts"]}".*?</article>', page, re.DOTALL)[0]
            assert "Acknowledged by" in text_of(post)
            return
        assert "still open" in page  # a stage that asks for an outcome only notes it
    pytest.fail("nothing could be acknowledged")


def test_a_form_in_slack_stays_open_at_a_mistake_and_keeps_what_was_typed(visitor, demo):
    pressed = dict(forms(visitor.get("/demo/slack?in=D0005").text, "Snooze")[0])
    page = visitor.http.post("/demo/slack/press", data=pressed)
    fields = dict(forms(page.text, "Cancel")[0])
    wrong = visitor.http.post("/demo/slack/submit", data={**fields, "typed.until": "2030-01-01"}).text
    assert 'aria-invalid="true"' in wrong
    assert 'value="2030-01-01"' in wrong
    day = re.search(r"At the latest ([^.]+)\.", text_of(wrong))[1]
    latest = datetime.strptime(day, "%d %b %Y").replace(tzinfo=UTC).date()
    visitor.http.post("/demo/slack/submit", data={**fields, "typed.until": latest.isoformat()})
    milestone_id = re.search(r'"milestone":"([^"]+)"', pressed["value"])[1]
    assert state_of(demo, milestone_id) is MilestoneState.SNOOZED


def test_the_home_and_the_command_show_the_next_deadlines_of_whoever_asks(visitor):
    home = text_of(visitor.get("/demo/slack?in=D0005&tab=home").text)
    assert "Your next deadlines" in home
    fields = dict(forms(visitor.get("/demo/slack?in=D0005&tab=command").text, "Send")[0])
    said = text_of(visitor.http.post("/demo/slack/command", data={**fields, "text": "kind:notice"}).text)
    assert "Deadlines: kind:notice" in said


def test_the_clock_lets_a_day_pass_and_messages_arrive_in_their_order(visitor, demo):
    before, mails, posts = demo.monitor.clock.now(), len(demo.sink.mails), len(demo.workspace.messages)
    page = visitor.post("/demo/clock", "/demo/clock", by="day").text
    now = demo.monitor.clock.now()
    assert timedelta(days=1) <= now - before < timedelta(days=1, minutes=5)
    arrived = [one.written_at for one in demo.sink.mails[mails:]]
    assert arrived == sorted(arrived)
    assert all(before <= at <= now for at in arrived)
    told = len(arrived) + len(demo.workspace.messages) - posts
    assert told
    assert f"{told} messages arrived on the way" in page
    assert "Messages are paused" not in page


def test_to_the_next_message_goes_no_further_than_to_that_message(visitor, demo):
    before, told = demo.monitor.clock.now(), demo.told()
    visitor.post("/demo/clock", "/demo/clock", by="message")
    assert demo.told() > told
    latest = max(
        [demo.sink.mails[-1].written_at, datetime.fromtimestamp(float(demo.workspace.messages[-1]["ts"]), tz=UTC)]
    )
    assert before < latest
    assert demo.monitor.clock.now() - latest < timedelta(minutes=5)


def test_what_waits_for_the_clock_is_there_too(demo):
    with demo.monitor.look() as work:
        rows = Queries.of(work).deadlines(DeadlineFilter(), demo.today)
        assert any(row.agreement.restricted_to for row in rows)
        assert [one.search for one in work.silences.open()] == ["tag:patent"]
        assert [work.people.get(one.person_id).name for one in work.absences.open()] == ["Dana Whitfield"]


@pytest.mark.parametrize("is_found", [True, False])
def test_what_to_type_is_found_by_a_terminal(monkeypatch, capsys, tmp_path, is_found):
    folder = Path(sys.executable).parent
    monkeypatch.setenv("PATH", str(folder) if is_found else "/nowhere")
    show_what_to_try(Terminal(), tmp_path)
    program = capsys.readouterr().out.partition("In another terminal: ")[2].partition(" --data-dir ")[0]
    assert (program == "longstop") is is_found
    assert (folder / program if is_found else Path(program)).resolve() == folder.resolve() / "longstop"


def test_a_clock_goes_on_from_where_it_was_left(tmp_path):
    clock = MovableClock()
    clock.travel_to(clock.now() + timedelta(days=40))
    clock.go_on()
    clock.keep(tmp_path)
    again = clock_in(tmp_path, None, ZoneInfo("Europe/Berlin"))
    assert abs(again.now() - clock.now()) < timedelta(minutes=1)


def test_a_day_begins_in_its_morning_whatever_the_hour_and_goes_on_where_it_was_left(tmp_path):
    berlin, day = ZoneInfo("Europe/Berlin"), date(2027, 3, 28)
    morning = datetime(2027, 3, 28, 9, 30, tzinfo=berlin)
    first = clock_in(tmp_path, day, berlin)
    assert abs(first.now() - morning) < timedelta(minutes=1)
    first.travel_to(morning + timedelta(hours=5))
    first.keep(tmp_path)
    assert abs(clock_in(tmp_path, day, berlin).now() - morning) > timedelta(hours=4)
    assert abs(clock_in(tmp_path, date(2027, 3, 30), berlin).now() - morning) > timedelta(hours=47)


def test_a_workspace_is_the_same_after_the_next_start(tmp_path):
    def open_one():
        return Workspace(lambda: datetime(2026, 11, 24, 9, tzinfo=UTC), accounts(), tmp_path / "slack.jsonl")

    first = open_one()
    posted = first.call("chat.postMessage", {"channel": "U0005", "text": "Hello"})
    first.call("chat.postMessage", {"channel": "#deadlines", "text": "To all"})
    first.call("chat.update", {"channel": posted["channel"], "ts": posted["ts"], "text": "Hello again"})
    again = open_one()
    assert again.messages == first.messages
    assert [one["text"] for one in again.said_in("D0005")] == ["Hello again"]
    assert again.call("chat.postMessage", {"channel": "U0005", "text": "Next"})["ts"] > posted["ts"]


def test_a_workspace_refuses_by_slacks_own_codes(tmp_path):
    workspace = Workspace(lambda: datetime(2026, 11, 24, 9, tzinfo=UTC), accounts(), tmp_path / "slack.jsonl")
    for method, said, code in (
        ("chat.postMessage", {"channel": "#nowhere", "text": "?"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "U0005", "text": ""}, "no_text"),
        ("conversations.open", {"users": "U0010"}, "user_disabled"),
        ("users.lookupByEmail", {"email": "lars@hallingdal.example"}, "users_not_found"),
        ("views.open", {"view": {}}, "invalid_trigger_id"),
        ("admin.users.list", {}, "unknown_method"),
    ):
        with pytest.raises(SlackRefusal, match=code):
            workspace.call(method, said)
