"""The demo: a register in which something is always due, told by real mail, and nothing leaves the machine."""

import io
import random
import smtplib
import socket
from collections import Counter
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from cli.demo.house import demo_settings
from cli.demo.sample import Shelf
from cli.demo.seeding import samples, seed
from cli.demo.sink import Sink
from config.holiday_calendars import business_calendar
from config.playbooks import shipped
from engine.clock import VirtualClock
from engine.monitor import House, Monitor
from engine.playbooks.versions import ensure_shipped
from lifecycle.agreements.agreement import AgreementKind
from lifecycle.agreements.status import Status
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.playbooks.canonical import from_canonical
from notifiers.console import ConsoleNotifier
from store.queries import DeadlineFilter, Queries
from tests.support.channels import FakeChannel
from tests.support.cli import run
from tests.support.databases import copied, fresh

TODAY = date(2026, 11, 22)
#: Today and the rarest day; the ends of a year and of a quarter take their turn with the rehearsals.
DAYS = [
    TODAY,
    date(2028, 2, 29),
    *(pytest.param(one, marks=pytest.mark.rehearsal) for one in (date(2027, 12, 31), date(2027, 3, 31))),
]


def seeded(today):
    """A register of its own, like one that was filled in once."""
    return _like(_filled(today))


@cache
def _filled(today):
    database = fresh()
    clock = VirtualClock(datetime(today.year, today.month, today.day, 9, tzinfo=UTC))
    monitor = Monitor(
        database=database,
        clock=clock,
        random=random.Random(1),
        calendars=business_calendar,
        playbook_from=from_canonical,
        notifiers={"email": FakeChannel("email", ConsoleNotifier(io.StringIO()), clock)},
        house=House(time_zone="Europe/Berlin", channels=("email",), senders=1),
    )
    with monitor.work() as work:
        ensure_shipped(work, shipped())
    assert seed(monitor, clock)
    return monitor


def _like(filled):
    return replace(filled, database=copied(filled.database), random=copy(filled.random))


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_on_any_day_something_is_overdue_due_soon_quiet_and_without_owner(today):
    monitor = seeded(today)
    with monitor.look() as work:
        rows = list(Queries.of(work).deadlines(DeadlineFilter(), today))
        agreements = list(work.agreements.all())
        work.log.verify()
    states = Counter(row.milestone.state for row in rows)
    assert len(agreements) == 40
    assert {one.status for one in agreements} == set(Status) - {Status.ENDED}
    assert {one.kind for one in agreements} == set(AgreementKind)
    assert any(row.milestone.safe_on < today for row in rows)
    assert any(today <= row.milestone.safe_on <= today + timedelta(days=14) for row in rows)
    assert states["acknowledged"]
    assert states["snoozed"]
    assert [one.reference for one in agreements if one.owner_id is None] == ["NDA-018"]


def test_every_kind_of_milestone_is_there():
    monitor = seeded(TODAY)
    with monitor.look() as work:
        kinds = {row.key.kind for one in work.agreements.ids() for row in work.milestones.of(one)}
    assert set(MilestoneKind) == kinds


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_something_is_audited_and_asked_for_and_one_supplier_is_being_left(today):
    with seeded(today).look() as work:
        hosting, couriers = (work.agreements.find(one) for one in ("MSA-031", "SVC-009"))
        states = sorted(one.state for one in work.evidence.of(hosting.id))
        kinds = {row.key.kind for row in work.milestones.of(hosting.id) if row.is_live}
        left = [row.safe_on for row in work.milestones.of(couriers.id) if row.key.kind == "exit-step" and row.is_live]
    assert states == ["asked", "findings"]
    assert kinds >= {"audit", "evidence", "finding", "exit-start", "exit-test"}
    assert (couriers.exit.is_started, len(left)) == (True, 4)
    assert min(left) >= today, "what is late from the beginning makes a poor first picture"


def test_the_traps_are_on_the_shelves():
    people = dict.fromkeys(("Olga", "Dana", "Priya", "Tomas", "Jonas", "Mei", "Lars", "Amara"), "p")
    found = [sample.agreement for sample in samples(Shelf(TODAY, people))]
    effective = [one.effective_on for one in found if one.effective_on]
    assert any((one.month, one.day) == (2, 29) for one in effective)
    assert any((one + timedelta(days=1)).day == 1 and one.month != 2 for one in effective)
    assert any(one.provisions.convention is None and one.provisions.renewal.kind == "automatic" for one in found)
    assert any("+" in one.calendar for one in found)
    assert "GB" not in {one.calendar for one in found}


def test_a_second_time_nothing_is_filled_in_again():
    monitor = seeded(TODAY)
    assert not seed(monitor, monitor.clock)
    with monitor.look() as work:
        assert len(work.agreements.ids()) == 40


def test_the_sink_keeps_what_a_real_client_sends():
    with Sink() as sink:
        with smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.sendmail("a@example.com", ["b@example.com"], "Subject: Hello\r\n\r\nText\r\n")
        mail = sink.next(5)
    assert (mail.recipient, mail.subject, mail.text) == ("b@example.com", "Hello", "Text\r\n")


def test_the_demo_tells_what_is_overdue_what_is_next_and_what_arrived(tmp_path):
    first = run("demo", "--data-dir", str(tmp_path), "--json")
    document = first.document
    assert first.code == 0
    assert len(document["mails"]) > 40
    assert any("[OVERDUE" in mail["subject"] for mail in document["mails"])
    assert any("[Escalated]" in mail["subject"] for mail in document["mails"])
    second = run("demo", "--data-dir", str(tmp_path), "--once")
    assert second.code == 0
    assert "nothing leaves this machine" in second.out
    assert "Overdue (" in second.out
    assert "No new reminder" in second.out


def test_the_settings_of_this_machine_do_not_reach_the_demo(tmp_path, monkeypatch):
    monkeypatch.setenv("LONGSTOP_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("LONGSTOP_DATABASE_URL", "postgresql://nowhere/none")
    settings = demo_settings(tmp_path, sink_port=2525, slack_url="http://127.0.0.1:1/api/", base_url="")
    assert (settings.smtp_host, settings.smtp_port) == ("127.0.0.1", 2525)
    assert settings.database.get_secret_value().startswith(f"sqlite:///{tmp_path}")


def test_a_port_that_is_taken_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = run("demo", "--data-dir", str(tmp_path), "--port", port)
    assert answer.code == 1
    assert port in answer.err


def test_mails_of_an_earlier_time_are_there_again(tmp_path):
    with Sink(tmp_path) as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.sendmail("a@example.com", ["b@example.com", "c@example.com"], "Subject: Hello\r\n\r\nText\r\n")
        assert sink.next(5)
        assert sink.next(5)
    with Sink(tmp_path) as sink:
        assert [(one.number, one.recipient, one.subject) for one in sink.mails] == [
            (1, "b@example.com", "Hello"),
            (2, "c@example.com", "Hello"),
        ]
