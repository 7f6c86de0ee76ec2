"""Slack over a real HTTP server: what leaves, what is heard, what is found, what reads anew."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient

from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from lifecycle.milestones.milestone import MilestoneState
from lifecycle.pacing import Pace
from notifiers.base import Absent, Action, CannotTell, Found, Gone, Outgoing, Shown
from notifiers.sheet import Standing
from notifiers.slack import codes
from notifiers.slack.notifier import SlackNotifier, SlackSettings
from tests.support.facts import deadline, facts
from tests.support.slack_server import CLOSE, DROP, TOKEN, Reply, Says, SlackServer, Slow

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
POST = "chat.postMessage"


@pytest.fixture
def slack():
    with SlackServer() as server:
        server.user("Dana")
        server.user("Ben")
        server.channel("audits")
        yield server


@pytest.fixture
def notifier(slack):
    return SlackNotifier(SlackSettings(token=TOKEN, api_url=slack.url, timeout=2.0))


def message(delivery_id="d-1", *, to="dana@example.com", **said):
    frozen = SlackNotifier(SlackSettings(token="")).compose(facts(delivery_id=delivery_id))
    return Outgoing(delivery_id, to, frozen, **said)


def ours():
    return True


def sent(notifier, *args, **said):
    return notifier.send(message(*args, **said), ours)


# -- where it goes ----------------------------------------------------------------------------------------------------


def test_a_person_is_found_by_their_mail_address_and_told_in_a_conversation_of_their_own(slack, notifier):
    result = sent(notifier)
    assert result == Accepted(f"D0001:{slack.accepted[0]['ts']}", known_as="U0001/D0001")
    assert slack.accepted[0]["channel"] == "D0001"


def test_what_was_learnt_is_not_asked_again(slack, notifier):
    sent(notifier, "d-1", known_as="U0001/D0001")
    assert [call.method for call in slack.calls] == [POST]


def test_who_was_asked_for_once_is_not_asked_for_again_by_the_same_process(slack, notifier):
    sent(notifier, "d-1")
    sent(notifier, "d-2")
    assert [call.method for call in slack.calls] == ["users.lookupByEmail", "conversations.open", POST, POST]


def test_what_was_learnt_in_another_workspace_is_learnt_anew(slack, notifier):
    result = sent(notifier, known_as="U0777/D0777")
    assert result == Accepted(f"D0001:{slack.accepted[0]['ts']}", known_as="U0001/D0001")


@pytest.mark.parametrize("address", ["#audits", "C0001"])
def test_a_channel_is_told_by_its_name_or_its_id(slack, notifier, address):
    assert sent(notifier, to=address) == Accepted(f"C0001:{slack.accepted[0]['ts']}", known_as="C0001")


def test_somebody_whom_slack_does_not_know_cannot_be_reached(slack, notifier):
    assert sent(notifier, to="eve@example.com") == Refused("users_not_found", Scope.ADDRESS)
    assert slack.called(POST) == []


def test_a_question_about_the_address_that_breaks_leaves_no_doubt(slack, notifier):
    slack.script("users.lookupByEmail", DROP)
    assert isinstance(sent(notifier), NotSent)
    slack.script("conversations.open", Reply(502))
    assert isinstance(sent(notifier), NotSent)
    assert slack.called(POST) == []


def test_the_message_is_what_was_composed_and_carries_the_delivery(slack, notifier):
    sent(notifier)
    (said,) = slack.called(POST)
    frozen = json.loads(message().frozen.body)
    assert said["blocks"] == frozen["blocks"]
    assert said["text"] == frozen["text"]
    assert said["metadata"] == {"event_type": "longstop_delivery", "event_payload": {"delivery_id": "d-1"}}
    assert (said["unfurl_links"], said["unfurl_media"], said["parse"]) == (False, False, "none")


def test_the_notification_is_the_lead_line():
    assert json.loads(message().frozen.body)["text"] == (
        "Send non-renewal notice to Acme Labs GmbH by Tue 1 Dec 2026 (in 10 days), or it renews for 12 months."
    )


def test_a_later_stage_stands_in_the_thread(slack, notifier):
    first = sent(notifier, "d-1")
    sent(notifier, "d-2", reply_to=first.ref, known_as=first.known_as)
    assert slack.accepted[1]["thread_ts"] == slack.accepted[0]["ts"]


def test_a_thread_in_another_conversation_is_none_of_ours(slack, notifier):
    sent(notifier, reply_to="C0001:1700000000.000100")
    assert "thread_ts" not in slack.accepted[0]


def test_a_thread_that_is_gone_does_not_keep_a_message_back(slack, notifier):
    slack.script(POST, Says("thread_not_found"))
    result = sent(notifier, reply_to="D0001:1700000000.000100", known_as="U0001/D0001")
    assert isinstance(result, Accepted)
    assert "thread_ts" not in slack.accepted[0]


# -- what comes of it (S2, S3) ----------------------------------------------------------------------------------------


def test_a_connection_that_drops_after_the_post_was_taken_is_a_doubt_and_is_not_posted_again(slack, notifier):
    slack.script(POST, CLOSE, after=True)
    assert sent(notifier) == InDoubt("the connection to Slack broke: RemoteDisconnected")
    assert len(slack.accepted) == 1


def test_the_sdk_by_default_posts_twice_and_reports_one_success(slack):
    slack.script(POST, DROP, after=True)
    answer = WebClient(TOKEN, base_url=slack.url, timeout=2).chat_postMessage(channel="C0001", text="Hello")
    assert len(slack.accepted) == 2
    assert (answer["ok"], answer["ts"]) == (True, slack.accepted[-1]["ts"])


@pytest.mark.parametrize("act", [DROP, CLOSE, Slow(3.0), Reply(200, '{"ok": true, "ts": "1"}', cut=True)])
def test_a_post_that_breaks_after_it_was_written_is_in_doubt(slack, notifier, act):
    slack.script(POST, act)
    assert isinstance(sent(notifier, known_as="U0001/D0001"), InDoubt)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 404, 302, 418])
def test_a_page_of_html_is_in_doubt(slack, notifier, status):
    slack.script(POST, Reply(status))
    assert sent(notifier) == InDoubt(f"Slack answered without a code (status {status})")


def test_junk_with_status_200_is_in_doubt(slack, notifier):
    slack.script(POST, Reply(200, "[]"), times=1)
    slack.script(POST, Reply(200, "null"), times=1)
    slack.script(POST, Reply(200, '{"ok": true}'), times=1)
    for n in range(3):
        assert isinstance(sent(notifier, f"d-{n}"), InDoubt)


def test_nobody_listening_is_certainly_not_sent():
    notifier = SlackNotifier(SlackSettings(token=TOKEN, api_url="http://127.0.0.1:9/api/", timeout=2.0))
    assert sent(notifier, known_as="U0001/D0001") == NotSent(
        "Slack could not be reached: ConnectionRefusedError", is_unreachable=True
    )


def test_a_name_that_does_not_resolve_is_certainly_not_sent():
    notifier = SlackNotifier(SlackSettings(token=TOKEN, api_url="http://slack.invalid/api/", timeout=2.0))
    assert isinstance(sent(notifier, known_as="U0001/D0001"), NotSent)


def test_a_server_that_speaks_no_tls_is_certainly_not_sent(slack):
    url = slack.url.replace("http://", "https://")
    notifier = SlackNotifier(SlackSettings(token=TOKEN, api_url=url, timeout=2.0))
    assert isinstance(sent(notifier, known_as="U0001/D0001"), NotSent)


@pytest.mark.parametrize("code", [*sorted(codes.ADDRESS), "restricted_action", "restricted_action_thread"])
def test_these_codes_say_that_the_address_cannot_be_reached(slack, notifier, code):
    slack.script(POST, Says(code), times=None)
    assert sent(notifier) == Refused(code, Scope.ADDRESS)


@pytest.mark.parametrize("code", sorted(codes.CHANNEL))
def test_these_codes_say_that_nobody_can_be_reached(slack, notifier, code):
    slack.script(POST, Says(code))
    assert sent(notifier) == Refused(code, Scope.CHANNEL)


@pytest.mark.parametrize(
    "code", ["internal_error", "fatal_error", "request_timeout", "service_unavailable", "something_new", "Not A Code!"]
)
def test_what_is_in_no_table_is_in_doubt(slack, notifier, code):
    slack.script(POST, Says(code))
    assert isinstance(sent(notifier), InDoubt)


def test_no_answer_is_repeated_that_may_hold_what_was_said(slack, notifier):
    slack.script(POST, Says("Acme Labs GmbH is secret"))
    assert sent(notifier) == InDoubt("Slack answered without a code (status 200)")


@pytest.mark.parametrize("code", sorted(codes.TOO_FAST))
def test_a_code_that_asks_for_patience_is_no_failure(slack, notifier, code):
    slack.script(POST, Says(code))
    assert sent(notifier) == NotSent("Slack asks for patience", 30.0, is_too_fast=True)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7.0), ("0", 0.0), ("3600", 3600.0), (None, 30.0), ("", 30.0), ("soon", 30.0), ("-3", 30.0), ("nan", 30.0),
     ("inf", 30.0), ("1e300", 86_400.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 30.0)],
)  # fmt: skip
def test_a_429_says_how_long_to_wait_or_thirty_seconds(slack, notifier, said, seconds):
    slack.script(POST, Reply(429, headers={} if said is None else {"Retry-After": said}))
    assert sent(notifier) == NotSent("Slack asks for patience", seconds, is_too_fast=True)


@pytest.mark.parametrize("code", sorted(codes.MESSAGE))
def test_a_message_that_is_refused_for_its_form_leaves_once_as_plain_text(slack, notifier, code):
    slack.script(POST, Says(code))
    assert isinstance(sent(notifier), Accepted)
    (kept,) = slack.accepted
    assert "blocks" not in kept
    assert kept["text"].startswith("Send non-renewal notice to Acme Labs GmbH by Tue 1 Dec 2026")
    assert "What happens next:" in kept["text"]
    assert kept["metadata"]["event_payload"] == {"delivery_id": "d-1"}


def test_plain_text_that_is_refused_too_is_refused(slack, notifier):
    slack.script(POST, Says("invalid_blocks"), times=None)
    assert sent(notifier) == Refused("invalid_blocks", Scope.MESSAGE)
    assert len(slack.called(POST)) == 2


def test_a_lease_that_is_lost_before_the_plain_text_sends_nothing_more(slack, notifier):
    slack.script(POST, Says("invalid_blocks"))
    answers = iter([True, False])
    assert notifier.send(message(), lambda: next(answers)) == NotSent("lease lost")
    assert slack.accepted == []


# -- finding ----------------------------------------------------------------------------------------------------------


def test_what_arrived_is_found_under_the_name_that_it_has(notifier):
    ref = sent(notifier, "d-7").ref
    assert notifier.find(message("d-7"), LONG_AGO) == Found(ref)


def test_what_did_not_arrive_is_absent(notifier):
    sent(notifier, "d-1")
    assert notifier.find(message("d-2"), LONG_AGO) == Absent()


def test_every_page_of_history_is_read(slack, notifier):
    slack.page = 3
    refs = [sent(notifier, f"d-{n}").ref for n in range(10)]
    assert notifier.find(message("d-0"), LONG_AGO) == Found(refs[0])
    assert notifier.find(message("d-10"), LONG_AGO) == Absent()


def test_a_reply_is_found_in_its_thread(slack, notifier):
    slack.page = 2
    first = sent(notifier, "d-1").ref
    refs = [sent(notifier, f"d-{n}", reply_to=first).ref for n in range(2, 8)]
    assert notifier.find(message("d-7", reply_to=first), LONG_AGO) == Found(refs[-1])
    assert notifier.find(message("d-9", reply_to=first), LONG_AGO) == Absent()


def test_a_message_that_began_a_thread_is_found_though_a_thread_began_meanwhile(notifier):
    first, second = sent(notifier, "d-1").ref, sent(notifier, "d-2").ref
    assert notifier.find(message("d-1", reply_to=second), LONG_AGO) == Found(first)


def test_only_what_is_newer_than_the_first_offer_is_read(slack, notifier):
    sent(notifier, "d-1")
    later = datetime.fromtimestamp(float(slack.accepted[0]["ts"]) + 60, UTC)
    assert notifier.find(message("d-1"), later) == Absent()
    assert slack.called("conversations.history")[0]["include_all_metadata"] == "1"


def test_without_the_right_to_read_history_nobody_can_tell(slack, notifier):
    slack.scopes -= {"im:history", "channels:history", "groups:history"}
    sent(notifier, "d-1")
    assert notifier.find(message("d-1"), LONG_AGO) == CannotTell("missing_scope")


@pytest.mark.parametrize("act", [DROP, Reply(500), Reply(429), Says("internal_error"), Reply(200, "{", cut=True)])
def test_a_history_that_does_not_come_tells_nothing(slack, notifier, act):
    sent(notifier, "d-1")
    slack.script("conversations.history", act)
    assert isinstance(notifier.find(message("d-2"), LONG_AGO), CannotTell)


def test_a_page_that_does_not_come_tells_nothing_though_others_came(slack, notifier):
    slack.page = 2
    for n in range(6):
        sent(notifier, f"d-{n}")
    slack.script("conversations.history", Slow(0.0))
    slack.script("conversations.history", Reply(503))
    assert isinstance(notifier.find(message("d-0"), LONG_AGO), CannotTell)


def test_a_channel_that_is_only_known_by_name_cannot_be_read(notifier):
    found = notifier.find(message("d-1", to="#audits"), LONG_AGO)
    assert found == CannotTell("the channel is only known by its name; name it by its id")


def test_a_channel_that_was_told_before_can_be_read(slack, notifier):
    ref = sent(notifier, "d-1", to="#audits").ref
    assert notifier.find(message("d-1", to="#audits"), LONG_AGO) == Found(ref)
    fresh = SlackNotifier(SlackSettings(token=TOKEN, api_url=slack.url))
    assert fresh.find(message("d-1", to="#audits", known_as="C0001"), LONG_AGO) == Found(ref)


def test_history_that_lags_does_not_show_what_was_taken(slack, notifier):
    sent(notifier, "d-1")
    slack.lag = 1
    assert notifier.find(message("d-1"), LONG_AGO) == Absent()


# -- showing anew -----------------------------------------------------------------------------------------------------


def anew(state=MilestoneState.DONE):
    standing = Standing(state=state, by="Dana", at=datetime(2026, 11, 21, 9, tzinfo=UTC))
    return SlackNotifier(SlackSettings(token="")).compose(replace(facts(deadline()), standing=standing))


def test_a_message_reads_anew_and_keeps_its_delivery(slack, notifier):
    ref = sent(notifier, "d-1").ref
    assert notifier.update(ref, anew()) == Shown()
    (kept,) = slack.accepted
    assert kept["blocks"] == json.loads(anew().body)["blocks"]
    assert kept["text"].startswith(
        "Acme Labs GmbH \N{EN DASH} Hosting MSA: Done by Dana, Sat 21 Nov 2026 10:00 Europe/Berlin"
    )
    assert notifier.find(message("d-1"), LONG_AGO) == Found(ref)


def test_showing_anew_twice_is_the_same_as_once(slack, notifier):
    ref = sent(notifier).ref
    notifier.update(ref, anew())
    once = json.loads(json.dumps(slack.accepted))
    assert notifier.update(ref, anew()) == Shown()
    assert slack.accepted == once


@pytest.mark.parametrize("code", sorted(codes.GONE))
def test_a_message_that_cannot_be_edited_is_gone_and_is_never_posted_again(slack, notifier, code):
    ref = sent(notifier).ref
    slack.script("chat.update", Says(code))
    assert notifier.update(ref, anew()) == Gone(code)
    assert len(slack.accepted) == 1


@pytest.mark.parametrize("act", [DROP, Reply(500), Says("invalid_auth"), Says("something_new")])
def test_an_edit_that_fails_otherwise_is_tried_again(slack, notifier, act):
    ref = sent(notifier).ref
    slack.script("chat.update", act)
    assert isinstance(notifier.update(ref, anew()), NotSent)


def test_an_edit_that_is_too_fast_says_how_long_to_wait(slack, notifier):
    ref = sent(notifier).ref
    slack.script("chat.update", Reply(429, headers={"Retry-After": "9"}))
    assert notifier.update(ref, anew()) == NotSent("Slack asks for patience", 9.0, is_too_fast=True)


def test_an_edit_whose_form_is_refused_leaves_as_plain_text(slack, notifier):
    ref = sent(notifier).ref
    slack.script("chat.update", Says("invalid_blocks"))
    assert notifier.update(ref, anew()) == Shown()
    assert slack.accepted[0]["blocks"] == []


# -- the rest ---------------------------------------------------------------------------------------------------------


def test_the_paces_are_those_that_slack_allows():
    notifier = SlackNotifier(SlackSettings(token="", rate=2.0))
    assert notifier.paces(Action.SEND, "C1") == (Pace("slack:send", 0.5), Pace("slack:send:C1", 1.0, 3))
    assert notifier.paces(Action.UPDATE, "C1") == (Pace("slack:update", 1.5),)
    assert notifier.paces(Action.FIND, "C1") == (Pace("slack:find", 1.5),)


def test_somebody_who_was_deactivated_is_told_apart(slack, notifier):
    assert notifier.has_left("dana@example.com", "U0001/D0001") is False
    slack.deactivate("U0001")
    assert notifier.has_left("dana@example.com", "U0001/D0001") is True
    assert notifier.has_left("dana@example.com", "") is True


def test_posting_to_somebody_who_was_deactivated_goes_on_succeeding(slack, notifier):
    slack.deactivate("U0001")
    assert isinstance(sent(notifier, known_as="U0001/D0001"), Accepted)


@pytest.mark.parametrize("act", [DROP, Reply(500), Reply(429), Says("invalid_auth")])
def test_whether_somebody_left_is_not_guessed(slack, notifier, act):
    slack.script("users.info", act)
    assert notifier.has_left("dana@example.com", "U0001/D0001") is None


def test_a_channel_leaves_nobody(notifier):
    assert notifier.has_left("C0001", "C0001") is None


def test_settings_do_not_tell_the_token():
    assert "secret" not in repr(SlackSettings(token="xoxb-secret"))


def test_nothing_that_is_said_reaches_the_log(slack, notifier, caplog):
    caplog.set_level(0)
    slack.script(POST, Reply(500), times=1)
    sent(notifier, "d-1")
    sent(notifier, "d-2")
    slack.script(POST, DROP)
    sent(notifier, "d-3")
    assert [one for one in caplog.messages if "Acme" in one or "xoxb" in one] == []
