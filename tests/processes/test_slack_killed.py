"""``kill -9`` every two seconds, whoever it hits: Slack has each message once, and a mail's copies are the same mail.

How long, in seconds: ``make processes KILL_SECONDS=300``.
"""

import os
import random

import pytest

from tests.support import postgres
from tests.support.killing import KilledHouse, Killing
from tests.support.slack_server import SlackServer
from tests.support.slack_server import Slow as SlowAnswer
from tests.support.smtp_server import Slow, SmtpServer

pytestmark = pytest.mark.processes
PROCESSES = 3
_CHANNELS = ("slack", "email")


@pytest.fixture
def seconds():
    return float(os.environ.get("KILL_SECONDS", "60"))


@pytest.fixture
def slack():
    with SlackServer() as running:
        running.script("chat.postMessage", SlowAnswer(0.15), times=None)
        running.script("chat.postMessage", SlowAnswer(0.15), after=True, times=None)
        running.script("chat.update", SlowAnswer(0.15), after=True, times=None)
        yield running


@pytest.fixture
def mail():
    with SmtpServer() as running:
        running.script("content", Slow(0.1))
        running.script("accepted", Slow(0.1))
        yield running


@pytest.fixture
def database(request):
    """The settings that lead to it."""
    if request.param == "sqlite":
        yield {}
        return
    try:
        postgres.binaries()
    except postgres.NoPostgres as missing:
        pytest.skip(str(missing))
    with postgres.Server(durable=True) as server:
        yield {"DATABASE_URL": server.make("killed")}


@pytest.fixture
def house(tmp_path, slack, mail, database):
    made = KilledHouse(tmp_path, slack, mail, **database)
    yield made
    made.close()


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_slack_has_every_message_once_and_copies_of_mails_are_the_same_mail(house, seconds, record_property):
    house.live_through(seconds, Killing(("worker",), PROCESSES, random.Random(1)))
    rows, tries, posts, mails = house.rows(), house.tries(), house.posts(), house.mails()
    has_fallback = {one.fallback_of for one in rows if one.fallback_of}
    owed = {channel: [one for one in rows if one.channel == channel and not one.fallback_of] for channel in _CHANNELS}
    posted = {name for name, _ in posts}
    lost = {
        "slack": [one.id for one in owed["slack"] if one.id not in posted],
        "email": [one.id for one in owed["email"] if one.id not in mails and one.id not in has_fallback],
    }
    copies = sum(map(len, mails.values())) - len(mails)
    doubts = {channel: sum(tries[one.id].in_doubt for one in rows if one.channel == channel) for channel in _CHANNELS}
    record_property(
        "figures",
        f"{house.kills} kills of {PROCESSES} processes in {seconds:.0f} s. "
        f"Slack: {len(owed['slack'])} messages, {len(lost['slack'])} lost, {len(posts) - len(posted)} twice, "
        f"{doubts['slack']} doubts, {len(house.slack.updates)} edits. "
        f"Mail: {len(owed['email'])} messages, {len(lost['email'])} lost, {copies} copies beyond the first, "
        f"{doubts['email']} doubts, {sum(len(set(held)) > 1 for held in mails.values())} with unequal copies, "
        f"{len(has_fallback)} told elsewhere as well",
    )
    assert {channel: len(found) for channel, found in owed.items()} == dict.fromkeys(_CHANNELS, house.owed)
    assert lost == {"slack": [], "email": []}
    assert posts == sorted((one.id, one.ref) for one in rows if one.channel == "slack")
    assert {one.id for one in rows if one.channel == "email" and one.state == "accepted"} <= mails.keys()
    reader = {one.id: one.address for one in rows}
    assert all(set(held) == {(reader[name], held[0][1])} for name, held in mails.items())
    assert all(tries[name].accepted <= len(held) <= sum(tries[name]) for name, held in mails.items())
    assert house.acknowledged
    assert house.posts_behind() == []
    assert sum(doubts.values()) > house.kills // 10  # the killed were really sending
    assert house.findings() == ()
    with house.monitor.look() as work:
        work.log.verify()
