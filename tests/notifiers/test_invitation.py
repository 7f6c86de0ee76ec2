from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.delivery import DeliveryKind
from notifiers.calendar import Detail
from notifiers.calendar.invitation import Envelope, Mailbox, Method, invitation, uid
from notifiers.email import EmailNotifier, MailSettings
from notifiers.sheet import Invite
from tests.support.facts import HOSTILE, deadline, facts
from tests.support.feed_facts import BASE_URL, INSTANCE, notice
from tests.support.golden import assert_golden
from tests.support.ics_lint import lint

SETTINGS = MailSettings(host="127.0.0.1", mail_from="Longstop <longstop@example.com>", domain="longstop.example")
NOTIFIER = EmailNotifier(SETTINGS)
STAMPED_AT = datetime(2026, 11, 21, 7, 30, 0, 999_999, tzinfo=UTC)


def envelope(**changes):
    said = {
        "method": Method.REQUEST,
        "organizer": Mailbox("longstop@example.com", "Longstop"),
        "attendee": Mailbox("dana@example.com", "Dana Krüger"),
        "person_id": "p-dana",
        "sequence": 0,
        "stamped_at": STAMPED_AT,
        "instance": INSTANCE,
        "base_url": BASE_URL,
    }
    return Envelope(**(said | changes))


def sheet(**changes):
    invite = Invite(instance=str(INSTANCE), subject="n1", **changes)
    return facts(
        deadline(url=f"{BASE_URL}/act/x.y"), kind=DeliveryKind.INVITATION, base_url=BASE_URL, stage="", next_steps=(),
        invite=invite,
    )  # fmt: skip


def parsed(told, notifier=NOTIFIER):
    message = message_from_bytes(notifier.compose(told).body, policy=default)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def event_of(data):
    assert lint(data, kind="invitation", base_url=BASE_URL) == []
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return event


SENT = {
    "request": ({}, {}),
    "request-again": ({"safe_on": date(2026, 11, 30)}, {"sequence": 1}),
    "cancel": ({}, {"method": Method.CANCEL, "sequence": 2}),
    "publish": ({}, {"method": Method.PUBLISH, "attendee": None}),
    "publish-cancel": ({}, {"method": Method.CANCEL, "attendee": None, "sequence": 1}),
    "restricted": ({"is_restricted": True}, {}),
}


@pytest.mark.parametrize("name", SENT)
def test_invitations_read_as_they_did(name):
    about, around = SENT[name]
    data = invitation(notice(**about), envelope(**around), detail=Detail.FULL)
    assert lint(data, kind="invitation", base_url=BASE_URL) == []
    assert_golden(f"invitations/{name}.ics", data)


def test_a_request_and_its_cancellation_are_one_entry_of_one_person():
    ours = [uid(notice(), envelope(method=method, sequence=number)) for number, method in enumerate(Method)]
    assert len(set(ours)) == 1
    assert UUID(ours[0]).version == 5
    assert uid(notice(), envelope(person_id="p-bela")) != ours[0]
    assert uid(notice(safe_on=date(2027, 1, 1), title="Another"), envelope()) == ours[0]


def test_a_cancellation_rings_no_alarm_and_tells_nothing_but_the_title():
    event = event_of(invitation(notice(), envelope(method=Method.CANCEL, sequence=1), detail=Detail.FULL))
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert "DESCRIPTION" not in event
    assert event.walk("VALARM") == []


def test_the_alarm_rings_a_week_before_at_nine():
    (alarm,) = event_of(invitation(notice(), envelope(), detail=Detail.FULL)).walk("VALARM")
    assert alarm["TRIGGER"].to_ical() == b"-P6DT15H"


def test_a_published_deadline_asks_nobody_to_come():
    data = invitation(notice(), envelope(method=Method.PUBLISH, attendee=None), detail=Detail.FULL)
    assert b"METHOD:PUBLISH" in data
    assert "ATTENDEE" not in event_of(data)


@pytest.mark.parametrize("hostile", vars(HOSTILE).values(), ids=vars(HOSTILE))
def test_hostile_names_stay_where_they_stand(hostile):
    entry = notice(title=hostile, counterparty=hostile, reference=hostile[:99], owner=hostile)
    around = envelope(organizer=Mailbox("a@example.com", hostile), attendee=Mailbox("b@example.com", hostile))
    event = event_of(invitation(entry, around, detail=Detail.FULL))
    assert (str(event["ORGANIZER"]), str(event["ATTENDEE"])) == ("mailto:a@example.com", "mailto:b@example.com")


@given(st.text(max_size=300), st.sampled_from(Method))
def test_any_name_gives_a_sound_invitation(name, method):
    entry = notice(title=name, counterparty=name)
    data = invitation(entry, envelope(method=method, attendee=Mailbox("b@example.com", name)), detail=Detail.FULL)
    assert lint(data, kind="invitation", base_url=BASE_URL) == []


def test_the_mail_brings_the_same_bytes_twice_with_the_method_that_stands_in_them():
    message = parsed(sheet())
    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    calendar = list(alternative.iter_parts())[2]
    assert calendar.get_param("method") == "REQUEST"
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "deadline.ics")
    inside = calendar.get_payload(decode=True)
    assert attached.get_payload(decode=True) == inside
    event, agreement = event_of(inside), "Acme Labs GmbH \N{EN DASH} Hosting MSA"
    assert event["SUMMARY"] == f"Last safe day, 17:00 Europe/Berlin: send non-renewal notice \N{EN DASH} {agreement}"
    assert str(event["ATTENDEE"]) == "mailto:dana@example.com"


@pytest.mark.parametrize(
    ("said", "method", "subject"),
    [
        ({}, "REQUEST", "[Calendar, 1 Dec] Acme Labs GmbH \N{EN DASH} Hosting MSA: send non-renewal notice"),
        (
            {"has_buttons": False, "sequence": 3},
            "PUBLISH",
            "[Calendar, 1 Dec] Acme Labs GmbH \N{EN DASH} Hosting MSA: send non-renewal notice",
        ),
        (
            {"is_cancelled": True, "sequence": 1},
            "CANCEL",
            "[Calendar, cancelled] Acme Labs GmbH \N{EN DASH} Hosting MSA: send non-renewal notice",
        ),
    ],
)
def test_part_and_subject_say_what_becomes_of_the_entry(said, method, subject):
    message = parsed(sheet(**said))
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == method
    assert f"METHOD:{method}\r\n".encode() in part.get_payload(decode=True)
    assert message["Subject"] == subject


def test_the_text_says_that_accepting_is_no_acknowledgement():
    text = parsed(sheet()).get_body(("plain",)).get_content()
    assert "Accepting is no acknowledgement: do that in Longstop." in text
    assert "Accepting" not in parsed(sheet(is_cancelled=True)).get_body(("plain",)).get_content()


def test_with_redacted_subjects_the_calendar_tells_the_reference_alone():
    message = parsed(sheet(), EmailNotifier(replace(SETTINGS, redact_subject=True)))
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    event = event_of(part.get_payload(decode=True))
    assert event["SUMMARY"] == "Last safe day: send notice \N{EN DASH} MSA-0042"
    assert message["Subject"] == "[Calendar, 1 Dec] MSA-0042"


def test_every_composing_gives_the_same_bytes():
    assert NOTIFIER.compose(sheet()) == EmailNotifier(SETTINGS).compose(sheet())
