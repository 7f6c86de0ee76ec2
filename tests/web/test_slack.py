"""What comes from Slack: whose it is, what it does, and that it does it once."""

import hmac
import json
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from slack_sdk.models.blocks import Block

from engine import operations as ops
from engine.incoming.links import Links
from notifiers.slack.client import SlackClient
from notifiers.slack.parts import value_of
from store.database import open_database
from tests.support.asking import Client
from tests.support.slack_server import TOKEN, Says, SlackServer, Slow
from tests.support.world import living
from web.slack.door import SlackDoor
from web.slack.people import Accounts
from web.slack.routes import router

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Workspace:
    """Slack's side: people who press buttons, and requests signed as Slack signs them."""

    def __init__(self, world, server):
        self.world, self.server = world, server
        self.ids = {name: server.user(name) for name in ("Olga", "Ben", "Leo", "Stranger")}
        client = SlackClient(TOKEN, api_url=server.url, timeout=5.0)
        door = SlackDoor(world.monitor, client, Accounts(world.monitor, client))
        app = FastAPI()
        app.router.routes.extend(router(world.monitor, door, signing_secret=SECRET).routes)
        self.client = Client(app)

    def post(self, path, body, *, secret=SECRET, at=None, **headers):
        stamp = str(int(self.world.clock.now().timestamp()) if at is None else at)
        base = b"v0:" + stamp.encode() + b":" + body.encode()
        signed = {
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": "v0=" + hmac.digest(secret.encode(), base, "sha256").hex(),
            "content-type": "application/x-www-form-urlencoded",
        }
        return self.client.post(f"/slack/{path}", content=body, headers=signed | headers)

    def interact(self, payload, **how):
        return self.post("interactions", urlencode({"payload": json.dumps(payload)}), **how)

    def click(self, name, action="acknowledge", *, revision=None, action_ts="1793606400.000100", team="T0001", **how):
        return self.interact(self.pressed(name, action, revision, action_ts, team), **how)

    def pressed(self, name, action, revision=None, action_ts="1793606400.000100", team="T0001"):
        row = self.world.row("ACME-7 notice")
        value = value_of(row.id, row.revision if revision is None else revision, "-30d")
        return {
            "type": "block_actions",
            "team": {"id": team, "domain": "example"},
            "user": {"id": self.ids[name], "username": name.lower(), "team_id": team},
            "trigger_id": "12321423423.333649436676.d8c1bb83",
            "actions": [{"type": "button", "action_id": action, "action_ts": action_ts, "value": value}],
        }

    def submit(self, name, view, **values):
        """Send the form that was opened, filled in."""
        state = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                text = values.get(block["block_id"], "")
                kind = block["element"]["type"]
                said = {
                    "datepicker": {"selected_date": text},
                    "static_select": {"selected_option": {"value": text} if text else None},
                    "users_select": {"selected_user": text},
                    "plain_text_input": {"value": text},
                }[kind]
                state[block["block_id"]] = {"value": {"type": kind, **said}}
        payload = {
            "type": "view_submission",
            "team": {"id": "T0001"},
            "user": {"id": self.ids[name], "username": name.lower(), "team_id": "T0001"},
            "view": {
                "id": "V0001",
                "callback_id": view["callback_id"],
                "private_metadata": view["private_metadata"],
                "state": {"values": state},
            },
        }
        return self.interact(payload)

    def command(self, name, text="", team="T0001"):
        said = {"command": "/deadlines", "text": text, "team_id": team, "user_id": self.ids[name], "user_name": name}
        return self.post("commands", urlencode(said))

    def windows(self):
        """The titles and texts of the windows that were opened."""
        return [shown(one["view"]) for one in self.server.views]

    def form(self):
        return self.server.views[-1]["view"]


def shown(view):
    title = view["title"]["text"] if "title" in view else ""
    texts = [one["text"]["text"] for one in view["blocks"] if one["type"] in {"section", "header"}]
    return " | ".join([title, *texts])


@contextmanager
def _told():
    with living("2026-10-30T09:00") as world:
        world.staff()
        world.monitor = replace(world.monitor, links=Links("s" * 32, "https://longstop.example"))
        world.agreement()
        world.live_until("2026-11-02T09:00")
        world.expect(
            "2026-10-30 09:00 olga: New in your register: ACME-7 notice", "2026-11-02 08:30 olga: ACME-7 notice -30d.0"
        )
        with SlackServer() as server:
            yield Workspace(world, server)


@pytest.fixture
def slack():
    with _told() as workspace:
        yield workspace


def state(slack):
    return slack.world.row("ACME-7 notice").state


# -- whose request it is ---------------------------------------------------------------------------------------------


def test_a_click_acknowledges_as_the_person_behind_the_account(slack):
    answer = slack.click("Olga")
    assert (answer.status_code, answer.content) == (200, b"")
    assert state(slack) == "acknowledged"
    event = slack.world.events("MilestoneAcknowledged")[-1]
    assert (event["actor"], event["channel"]) == ("olga@example.com", "slack")
    assert slack.windows() == []


def test_a_request_that_is_signed_with_another_secret_is_nobodys(slack):
    assert slack.click("Olga", secret="another").status_code == 401
    assert state(slack) == "open"


def test_a_body_that_was_changed_on_its_way_is_nobodys(slack):
    payload = slack.pressed("Olga", "acknowledge")
    good = urlencode({"payload": json.dumps(payload)})
    stamp = str(int(slack.world.clock.now().timestamp()))
    signature = "v0=" + hmac.digest(SECRET.encode(), f"v0:{stamp}:{good}".encode(), "sha256").hex()
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    changed = slack.client.post("/slack/interactions", content=good + "&x=1", headers=headers)
    assert (changed.status_code, state(slack)) == (401, "open")
    assert slack.client.post("/slack/interactions", content=good, headers=headers).status_code == 200


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_request_that_is_more_than_five_minutes_off_is_nobodys(slack, seconds):
    now = int(slack.world.clock.now().timestamp())
    assert slack.click("Olga", at=now + seconds).status_code == 401
    assert slack.click("Olga", at=now + seconds * 300 // 301).status_code == 200


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", "-1", "9" * 400, "١٧٩٣"])
def test_a_timestamp_that_is_no_number_is_nobodys(slack, stamp):
    headers = {"x-slack-request-timestamp": stamp.encode(), "x-slack-signature": "v0=00"}
    assert slack.client.post("/slack/events", content=b"{}", headers=headers).status_code == 401


def test_without_any_signature_nothing_is_taken(slack):
    for path in ("interactions", "commands", "events"):
        assert slack.client.post(f"/slack/{path}", content=b"{}").status_code == 401


def test_what_cannot_be_read_is_refused(slack):
    assert slack.post("interactions", "payload=%7B").status_code == 400
    assert slack.post("events", "[1]").status_code == 400
    assert slack.interact({"type": "block_actions", "actions": []}).status_code == 200
    assert slack.interact({"type": "view_submission", "view": {"callback_id": "done"}}).status_code == 200


def test_slacks_question_whether_the_address_is_ours_is_answered(slack):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"})
    assert slack.post("events", body).json() == {"challenge": "3eZbrw1a"}


# -- once ------------------------------------------------------------------------------------------------------------


def test_a_click_that_slack_sends_again_acts_once(slack):
    for retry in range(3):
        assert slack.click("Olga", **{"x-slack-retry-num": str(retry)}).status_code == 200
        slack.world.say(ops.undo, "ACME-7 notice")
    assert state(slack) == "open"
    assert len(slack.world.events("MilestoneAcknowledged")) == 1


def test_a_second_click_by_somebody_else_says_who_has_it(slack):
    slack.click("Olga")
    slack.click("Ben", action_ts="1793606401.000100")
    assert slack.windows() == ["It is so already | olga@example.com has it already."]


def test_a_database_that_is_down_is_said_and_the_same_click_acts_later(slack):
    payload, monitor = slack.pressed("Olga", "acknowledge"), slack.world.monitor
    whole, nothing = monitor.database, open_database("sqlite://")
    object.__setattr__(monitor, "database", nothing)
    down = slack.interact(payload).status_code
    object.__setattr__(monitor, "database", whole)
    nothing.close()
    assert (down, slack.interact(payload).status_code) == (503, 200)
    assert state(slack) == "acknowledged"


# -- who may ---------------------------------------------------------------------------------------------------------


def test_an_account_that_nobody_knows_can_only_acknowledge_and_the_log_says_so(slack):
    slack.click("Stranger", "done")
    assert slack.windows()[0].startswith("That is not possible | Longstop does not know whose account this is.")
    slack.click("Stranger")
    assert state(slack) == "acknowledged"
    assert slack.world.events("MilestoneAcknowledged")[-1]["actor"] == "stranger (Slack U0004, not linked)"


def test_an_account_that_nobody_knows_finds_no_restricted_agreement(slack):
    slack.world.amend(restricted_to=("mia@example.com",))
    slack.click("Stranger")
    assert state(slack) == "open"
    assert slack.windows()[0].startswith("That is not possible | There is no deadline")


def test_another_workspace_changes_nothing(slack):
    slack.click("Olga", team="T0666")
    assert state(slack) == "open"
    assert slack.windows()[0].startswith("That is not possible | This Longstop belongs to another workspace")


def test_a_guest_of_another_workspace_in_a_shared_channel_changes_nothing(slack):
    payload = slack.pressed("Olga", "acknowledge")
    payload["user"]["team_id"] = "T0666"
    slack.interact(payload)
    assert state(slack) == "open"


def test_while_slack_does_not_say_who_it_is_an_acknowledgement_is_kept_as_nobodys(slack):
    slack.server.script("users.info", Says("internal_error"), times=None)
    slack.click("Olga")
    assert slack.world.events("MilestoneAcknowledged")[-1]["actor"] == "olga (Slack U0001, not linked)"


def test_while_slack_is_slow_to_say_who_it_is_it_still_has_its_answer_within_a_second_or_so(slack):
    hasty = SlackClient(TOKEN, api_url=slack.server.url, timeout=0.3)
    door = SlackDoor(slack.world.monitor, hasty, Accounts(slack.world.monitor, hasty))
    slack.server.script("users.info", Slow(5.0), times=None)
    began = time.monotonic()
    door.handle("interaction", slack.pressed("Olga", "acknowledge"))
    assert time.monotonic() - began < 3.0
    assert state(slack) == "acknowledged"


def test_whoever_has_left_changes_nothing(slack):
    slack.world.leave("ben")
    slack.click("Ben")
    assert state(slack) == "open"
    assert slack.windows() == ["That is not possible | Ben has left. | Ask the owner of the agreement."]


# -- stale -----------------------------------------------------------------------------------------------------------


def test_a_button_of_a_day_that_has_moved_changes_nothing_and_tells_that_person_alone(slack):
    slack.click("Olga", revision=7)
    assert state(slack) == "open"
    assert slack.windows() == ["Nothing was changed | The day is now Wed 2 Dec 2026."]
    slack.click("Olga", "done", revision=7, action_ts="1793606402.000100")
    assert slack.windows()[-1] == "Nothing was changed | The day is now Wed 2 Dec 2026."
    assert slack.server.accepted == []


# -- forms -----------------------------------------------------------------------------------------------------------


def test_done_opens_a_form_and_acts_when_it_is_sent(slack):
    slack.click("Olga", "done")
    assert state(slack) == "open"
    answer = slack.submit("Olga", slack.form(), evidence="Courier 4711", on="2026-10-30")
    assert answer.json()["response_action"] == "update"
    assert shown(answer.json()["view"]) == "Recorded | Done. Nothing more is sent about it."
    row = slack.world.row("ACME-7 notice 0")
    assert (row.state, row.outcome.evidence, str(row.outcome.on)) == ("done", "Courier 4711", "2026-10-30")


def test_a_form_sent_twice_acts_once(slack):
    slack.click("Olga", "done")
    for _ in range(2):
        slack.submit("Olga", slack.form(), evidence="Courier 4711", on="2026-10-30")
    assert len(slack.world.events("MilestoneDone")) == 1


def test_a_mistake_is_said_at_its_field_and_can_be_mended(slack):
    slack.click("Olga", "snooze")
    form = slack.form()
    wrong = slack.submit("Olga", form, until="2026-12-02").json()
    assert wrong == {
        "response_action": "errors",
        "errors": {
            "until": "It cannot be snoozed until Wed 2 Dec 2026. "
            "The latest day allowed is Tue 1 Dec 2026 08:30 Europe/Berlin."
        },
    }
    assert slack.submit("Olga", form, until="2026-11-10").json()["response_action"] == "update"
    assert state(slack) == "snoozed"


def test_a_day_to_come_and_a_decision_without_a_reason_are_said_at_their_own_fields(slack):
    slack.click("Olga", "done")
    wrong = slack.submit("Olga", slack.form(), evidence="Courier 4711", on="2026-11-03").json()
    assert wrong["errors"] == {"on": "2026-11-03 has not come yet. Say when it was done."}
    slack.click("Olga", "decide", action_ts="1793606402.000100")
    wrong = slack.submit("Olga", slack.form(), choice="terminate", note=" ").json()
    assert wrong["errors"] == {"note": "A decision needs a note. Write why, in a sentence."}


def test_a_decision_is_chosen_from_those_that_the_deadline_knows(slack):
    slack.click("Olga", "decide")
    choices = next(one["element"]["options"] for one in slack.form()["blocks"] if one.get("block_id") == "choice")
    assert [one["value"] for one in choices] == ["renew", "stop-renewal", "renegotiate", "terminate"]
    slack.submit("Olga", slack.form(), choice="terminate", note="The board of 2 November")
    assert slack.world.row("ACME-7 notice").decision.choice == "terminate"


def test_it_is_assigned_to_the_person_behind_the_account_that_was_picked(slack):
    slack.click("Olga", "assign")
    unknown = slack.submit("Olga", slack.form(), to=slack.ids["Stranger"]).json()
    assert unknown["errors"]["to"].startswith("Nobody here has the address stranger@example.com.")
    slack.submit("Olga", slack.form(), to=slack.ids["Ben"])
    assert slack.world.row("ACME-7 notice").owner_id == slack.world.id_of("ben")
    slack.world.live_until("2026-11-02T10:00")
    slack.world.expect("2026-11-02 09:00 ben: ACME-7 notice is yours")


def test_whoever_has_left_is_refused_at_the_field_and_somebody_else_can_be_picked(slack):
    slack.click("Olga", "assign")
    slack.world.leave("ben")
    form = slack.form()
    assert slack.submit("Olga", form, to=slack.ids["Ben"]).json() == {
        "response_action": "errors",
        "errors": {"to": "Ben has left. Name somebody who is there."},
    }
    told = slack.submit("Olga", form, to="U-of-a-robot").json()
    assert told["errors"]["to"] == "Nobody is named. Name somebody whose e-mail address is known here."
    assert shown(slack.submit("Olga", form, to=slack.ids["Leo"]).json()["view"]).startswith("Recorded | Assigned")
    slack.world.live_until("2026-11-02T10:00")
    slack.world.expect("2026-11-02 09:00 leo: ACME-7 notice is yours")


def test_a_form_that_was_opened_before_somebody_else_answered_overwrites_nothing(slack):
    slack.click("Ben", "snooze")
    form = slack.form()
    slack.world.say(ops.acknowledge, "ACME-7 notice")
    answer = slack.submit("Ben", form, until="2026-11-10").json()
    assert shown(answer["view"]).startswith("Nothing was changed | Somebody has answered")
    assert state(slack) == "acknowledged"


def test_a_deadline_that_has_ended_opens_no_form(slack):
    slack.world.say(ops.done, "ACME-7 notice", evidence="courier 4711")
    value = value_of(slack.world.row("ACME-7 notice 0").id, slack.world.row("ACME-7 notice 0").revision, "-30d")
    payload = slack.pressed("Ben", "done")
    payload["actions"][0]["value"] = value
    slack.interact(payload)
    assert slack.windows()[0].startswith("Nothing is open | Done on Mon 2 Nov 2026 by olga@example.com")


def test_a_button_of_a_deadline_that_was_withdrawn_says_so_and_no_day(slack):
    done, acknowledge = (slack.pressed("Olga", action) for action in ("done", "acknowledge"))
    slack.world.do(ops.archive, because="signed by mistake")
    slack.interact(done)
    slack.interact(acknowledge)
    assert slack.windows() == [
        "Nothing is open | No longer due: its reason is gone. Nobody has to do anything.",
        "Nothing was changed | It is withdrawn: nothing is open.",
    ]


def test_whoever_may_not_answer_is_told_so_also_where_somebody_else_has_answered(slack):
    slack.world.person("Stranger")
    slack.world.say(ops.acknowledge, "ACME-7 notice")
    slack.click("Stranger", "done")
    slack.click("Stranger", "snooze", action_ts="1793606402.000100")
    refused = "That is not possible | You may not answer this deadline. | Ask the owner of the agreement, or legal."
    assert slack.windows() == [refused, refused]


def test_every_form_is_one_that_slack_takes(slack):
    slack.world.amend(title="<!channel> *bold* & " + "x" * 3000)
    for count, action in enumerate(("snooze", "done", "decide", "assign")):
        slack.click("Olga", action, action_ts=f"179360640{count}.000200")
        form = slack.form()
        assert len(form["title"]["text"]) <= 24
        assert len(form["private_metadata"]) < 3000
        for block in form["blocks"]:
            Block.parse(json.loads(json.dumps(block))).to_dict()
        assert "<!channel>" not in json.dumps(form)
    slack.world.live_until("2026-11-02T10:00")


def test_a_window_that_slack_does_not_open_changes_nothing(slack):
    slack.server.script("views.open", Says("expired_trigger_id"))
    assert slack.click("Olga", "done").status_code == 200
    assert slack.windows() == []


# -- asking ----------------------------------------------------------------------------------------------------------


def test_the_command_answers_with_my_next_deadlines(slack):
    answer = slack.command("Olga").json()
    assert (answer["response_type"], answer["text"].split(":")[0]) == ("ephemeral", "Your next deadlines")
    assert "*Wed 2 Dec 2026*  (in 30 days)  Acme Labs: send non-renewal notice" in json.dumps(answer["blocks"])
    assert "Nothing is open that you own." in json.dumps(slack.command("Ben").json())


def test_the_command_finds_and_says_what_it_does_not_understand(slack):
    assert "Acme Labs" in json.dumps(slack.command("Ben", "acme kind:notice").json())
    assert "Nothing that is open fits. Write a part of" in json.dumps(slack.command("Ben", "help").json())
    assert slack.command("Ben", "colour:red").json()["text"].startswith('There is no search word "colour".')


def test_what_somebody_may_not_see_is_in_no_answer(slack):
    slack.world.amend(restricted_to=("mia@example.com",))
    assert "Acme" not in json.dumps(slack.command("Leo", "acme").json()["blocks"][1:])
    assert "Acme" in json.dumps(slack.command("Ben", "acme").json()["blocks"][1:])


def test_the_command_tells_nothing_to_an_account_that_nobody_knows(slack):
    assert slack.command("Stranger").json()["text"].startswith("Longstop does not know whose account this is.")
    assert slack.command("Olga", team="T0666").json()["text"].startswith("This Longstop belongs to another workspace")


def test_the_home_shows_my_next_deadlines_when_it_is_opened(slack):
    for name in ("Olga", "Stranger"):
        event = {"type": "app_home_opened", "user": slack.ids[name], "tab": "home"}
        body = json.dumps({"type": "event_callback", "team_id": "T0001", "event": event})
        assert slack.post("events", body).status_code == 200
    olga, stranger = (one["view"] for one in slack.server.views)
    assert "send non-renewal notice" in json.dumps(olga)
    assert "https://longstop.example/act/" in json.dumps(olga)
    assert shown(stranger).startswith(" | Longstop | Longstop does not know whose account this is.")


def test_a_click_that_comes_after_the_last_safe_day_is_still_taken(slack):
    slack.world.clock.advance(timedelta(days=40))
    slack.click("Olga")
    assert len(slack.world.events("MilestoneAcknowledged")) == 1
