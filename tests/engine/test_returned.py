"""A mail that was taken comes back: it has failed, somebody else is told, and the operators hear of the address."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.incoming import returned
from jobs.catalogue import JOBS, RETURNED, look
from lifecycle.people import ContactState
from notifiers.email import EmailNotifier, MailSettings
from notifiers.mailbox import mailbox_at
from tests.support.databases import refuse_change
from tests.support.imap_server import PASSWORD, ImapServer, bounce
from tests.support.sending import Sending, queue
from tests.support.smtp_server import SmtpServer


@pytest.fixture(scope="module")
def servers():
    with SmtpServer() as smtp, ImapServer() as imap:
        yield smtp, imap


@pytest.fixture
def smtp(servers):
    servers[0].accepted.clear()
    return servers[0]


@pytest.fixture
def imap(servers):
    servers[1].mails.clear()
    return servers[1]


@pytest.fixture
def out(smtp, imap):
    """Olga's mail was taken."""
    made = Sending()
    channel = EmailNotifier(
        MailSettings(
            host=smtp.host,
            port=smtp.port,
            mail_from="Longstop <longstop@example.com>",
            domain="example.com",
            tls="none",
            bounce_address="bounce@example.com",
            bounces=mailbox_at(imap.url, timeout=2.0),
        )
    )
    made.monitor = replace(made.monitor, notifiers={"email": channel})
    made.send()
    yield made
    channel.close()


def hear(out):
    """The job runs, and then what follows."""
    return look(out.monitor, (*JOBS, RETURNED))


def point(out, name="olga"):
    person_id = out.id_of(name)
    with out.monitor.look() as work:
        return work.contact_points.bad().get((person_id, "email", f"{name}@example.com"))


def recipients(smtp):
    return [one.recipient.removesuffix("@example.com") for one in smtp.accepted]


def test_a_mail_leaves_under_a_return_address_of_its_own(out, smtp):
    assert smtp.accepted[0].sender == f"bounce+{out.id}@example.com"


def test_a_mail_that_came_back_has_failed_and_the_backup_and_the_operator_are_told(out, smtp, imap):
    imap.mails.append(bounce(out.id))
    hear(out)
    assert (out.one.state, out.one.why) == ("failed", "came back: 5.1.1 550 5.1.1 no such user")
    assert point(out).state is ContactState.SUSPECT
    assert out.incidents() == ["came_back"]
    assert sorted(recipients(smtp)[1:]) == ["ada", "ben"]
    assert [one["payload"]["delivery_id"] for one in out.events("DeliveryFailed")] == [out.id]


def test_reading_the_same_report_twice_is_the_same_as_once(out, smtp, imap):
    imap.mails += [bounce(out.id), bounce(out.id)]
    hear(out)
    imap.validity += 1
    out.later(minutes=6)
    hear(out)
    assert len(out.events("DeliveryFailed")) == 1
    assert sorted(recipients(smtp)) == ["ada", "ben", "olga"]


def test_a_report_is_looked_for_every_five_minutes(out, imap):
    hear(out)
    imap.mails.append(bounce(out.id))
    assert returned.due_at(out.monitor) == out.clock.now() + timedelta(minutes=5)
    out.later(minutes=4)
    hear(out)
    assert out.one.state == "accepted"
    out.later(minutes=1)
    hear(out)
    assert out.one.state == "failed"


def test_what_is_late_is_noted_and_what_arrived_is_delivered(out, imap):
    imap.mails.append(bounce(out.id, action="delayed", status="4.4.1", said="no answer"))
    hear(out)
    assert (out.one.state, out.one.why) == ("accepted", "late: 4.4.1 no answer")
    imap.mails.append(bounce(out.id, action="delivered", status="2.0.0", said="ok"))
    out.later(minutes=5)
    hear(out)
    assert out.one.state == "delivered"
    assert len(out.events("DeliveryDelivered")) == 1


def test_a_domain_that_could_not_be_found_fails_the_message_and_not_the_address(out, imap):
    imap.mails.append(bounce(out.id, status="5.4.4"))
    hear(out)
    assert (out.one.state, point(out), out.incidents()) == ("failed", None, [])


def test_an_address_that_only_takes_mails_is_not_good_again_for_it(out, imap):
    imap.mails.append(bounce(out.id))
    hear(out)
    queue(out, ("d-2", {"recipient_id": out.id_of("olga"), "address": "olga@example.com", "channel": "email"}))
    out.send()
    assert out.get_delivery("d-2").state == "accepted"
    assert (point(out).state, out.incidents()) == (ContactState.SUSPECT, ["came_back"])
    out.later(days=1)
    imap.mails.append(bounce("d-2"))
    hear(out)
    assert point(out).state is ContactState.DEAD


def test_a_report_that_makes_trouble_stops_no_other(out, imap):
    queue(out, ("d-2", {"address": "p@example.com", "channel": "email"}))
    out.send()
    with out.monitor.work() as work:
        refuse_change(work.connection, "deliveries", "NEW.id = 'd-2' AND NEW.state = 'failed'")
    imap.mails += [bounce("d-2"), bounce(out.id)]
    hear(out)
    assert (out.get_delivery("d-2").state, out.one.state) == ("accepted", "failed")
    assert out.incidents() == ["message_set_aside", "came_back"]


def test_a_report_about_a_message_that_nobody_knows_changes_nothing(out, imap):
    imap.mails += [bounce("unknownunkno"), b"no mail", bounce(out.id)]
    hear(out)
    assert out.one.state == "failed"


def test_a_mailbox_that_cannot_be_read_for_an_hour_is_told_and_then_closed(out, imap):
    imap.password = "changed"
    hear(out)
    assert out.incidents() == []
    out.later(minutes=61)
    hear(out)
    assert out.incidents() == ["reports_unread"]
    imap.password = PASSWORD
    out.later(minutes=5)
    hear(out)
    assert out.incidents() == []


def test_in_shadow_mode_and_without_a_mailbox_nothing_is_read(out):
    out.choose(shadow_mode=True)
    assert returned.due_at(out.monitor) is None
    out.choose(shadow_mode=False)
    plain = replace(out.monitor.notifiers["email"]._settings, bounces=None)
    out.monitor = replace(out.monitor, notifiers={"email": EmailNotifier(plain)})
    assert returned.due_at(out.monitor) is None
