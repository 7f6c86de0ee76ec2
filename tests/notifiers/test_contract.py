"""What every notifier promises. A new channel is one more entry in ``CHANNELS``."""

import io
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest

from lifecycle.delivery import Accepted, DeliveryKind, InDoubt, NotSent, Refused
from notifiers.base import Action, CannotTell, Found, Frozen, Gone, Outgoing, Shown
from notifiers.console import ConsoleNotifier
from notifiers.email import EmailNotifier, MailSettings
from notifiers.outgoing import Caller
from notifiers.slack.notifier import SlackNotifier, SlackSettings
from notifiers.webhook import Endpoint, WebhookNotifier, secret_of
from tests.support.facts import HOSTILE, deadline, digest, facts
from tests.support.slack_server import DROP, TOKEN, SlackServer
from tests.support.smtp_server import SmtpServer
from tests.support.web_server import WebServer

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


class Channel:
    """A notifier and what its other end has received."""

    def __init__(self, notifier, received, breaks):
        self.notifier = notifier
        self.received = received
        self.breaks = breaks


@contextmanager
def email():
    with SmtpServer() as server:
        settings = MailSettings(
            host=server.host,
            port=server.port,
            mail_from="longstop@example.com",
            domain="longstop.example",
            tls="none",
            timeout=5.0,
        )
        notifier = EmailNotifier(settings)
        yield Channel(notifier, lambda: [mail.data for mail in server.accepted], server.cut)
        notifier.close()


@contextmanager
def console():
    stream = io.StringIO()
    notifier = ConsoleNotifier(stream)
    yield Channel(notifier, lambda: [stream.getvalue().encode()] if stream.getvalue() else [], stream.close)
    notifier.close()


@contextmanager
def slack():
    with SlackServer() as server:
        server.user("Dana")
        notifier = SlackNotifier(SlackSettings(token=TOKEN, api_url=server.url, timeout=5.0))
        breaks = partial(server.script, "chat.postMessage", DROP)
        yield Channel(notifier, lambda: [json.dumps(one).encode() for one in server.accepted], breaks)
        notifier.close()


@contextmanager
def webhook():
    with WebServer() as server:
        endpoint = Endpoint(server.url, (secret_of(b"k" * 32),))
        calls = Caller(allow=("127.0.0.1",), timeout=5.0)
        notifier = WebhookNotifier(calls, lambda _: endpoint, lambda: SINCE)
        yield Channel(notifier, lambda: [one.body for one in server.posted], partial(server.answers.append, None))
        notifier.close()


CHANNELS = {"email": email, "console": console, "slack": slack, "webhook": webhook}


@pytest.fixture(params=CHANNELS)
def channel(request):
    with CHANNELS[request.param]() as running:
        yield running


@pytest.fixture
def notifier(channel):
    return channel.notifier


def outgoing(notifier, told):
    return Outgoing(told.delivery_id, told.recipient.address, notifier.compose(told))


def ours():
    return True


def test_it_has_the_name_that_playbooks_write(notifier):
    assert CHANNELS[notifier.name]


@pytest.mark.parametrize("kind", list(DeliveryKind))
def test_every_kind_of_message_can_be_composed_and_sent(channel, kind):
    message = outgoing(channel.notifier, facts(kind=kind))
    assert isinstance(message.frozen, Frozen)
    assert isinstance(channel.notifier.send(message, ours), Accepted)
    assert len(channel.received()) == 1


def test_composing_twice_gives_the_same_bytes(notifier):
    assert notifier.compose(facts()) == notifier.compose(facts())


def test_an_empty_digest_can_be_composed(notifier):
    assert notifier.compose(digest([])).body


@pytest.mark.parametrize("title", vars(HOSTILE).values(), ids=vars(HOSTILE).keys())
def test_a_hostile_title_can_be_sent(channel, title):
    told = facts(deadline(title=title, counterparty=title, name=title))
    frozen = channel.notifier.compose(told)
    assert "\n" not in frozen.subject
    assert isinstance(channel.notifier.send(outgoing(channel.notifier, told), ours), Accepted)


def test_a_lost_lease_sends_nothing(channel):
    assert channel.notifier.send(outgoing(channel.notifier, facts()), lambda: False) == NotSent("lease lost")
    assert channel.received() == []


def test_the_lease_is_asked_once_and_before_anything_was_received(channel):
    seen = []
    channel.notifier.send(outgoing(channel.notifier, facts()), lambda: seen.append(channel.received()) or True)
    assert seen == [[]]


def test_a_broken_channel_is_an_answer_and_no_exception(channel):
    message = outgoing(channel.notifier, facts())
    channel.breaks()
    result = channel.notifier.send(message, ours)
    assert isinstance(result, Accepted | NotSent | Refused | InDoubt)


def test_what_cannot_be_asked_says_so(notifier):
    found = notifier.find(outgoing(notifier, facts()), SINCE)
    assert notifier.can_find or isinstance(found, CannotTell)


def test_a_closed_channel_can_be_closed_again(notifier):
    notifier.close()
    notifier.close()


def test_what_was_sent_is_found_where_it_can_be_asked_for(notifier):
    message = outgoing(notifier, facts())
    result = notifier.send(message, ours)
    if notifier.can_find:
        assert notifier.find(message, SINCE) == Found(result.ref)


def test_what_was_never_sent_is_not_found(notifier):
    assert not isinstance(notifier.find(outgoing(notifier, facts(delivery_id="d-never")), SINCE), Found)


def test_what_cannot_be_shown_anew_says_so(notifier):
    message = outgoing(notifier, facts())
    ref = notifier.send(message, ours).ref
    assert isinstance(notifier.update(ref, message.frozen), Shown if notifier.can_update else Gone)


@pytest.mark.parametrize("action", list(Action))
def test_its_paces_have_names_of_their_own(notifier, action):
    paces = notifier.paces(action, "dana@example.com")
    assert len({one.name for one in paces}) == len(paces)
    assert all(one.name.startswith(f"{notifier.name}:") and one.every > 0 and one.burst >= 1 for one in paces)
