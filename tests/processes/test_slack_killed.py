"""``kill -9`` every two seconds, whoever it hits: Slack has each message once, and a mail's copies are the same mail.

How long, in seconds: ``make processes KILL_SECONDS=300``.
"""

import os
import random
from dataclasses import dataclass

import pytest

from tests.support.arrived import lost, replaced
from tests.support.killing import PROCESSES, KilledHouse
from tests.support.slack_server import SlackServer
from tests.support.slack_server import Slow as SlowAnswer
from tests.support.smtp_server import Slow, SmtpServer

pytestmark = pytest.mark.processes
CHANNELS = ("slack", "email")


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
    return request.getfixturevalue("on_postgres") if request.param == "postgres" else {}


@pytest.fixture
def house(tmp_path, slack, mail, database):
    made = KilledHouse(tmp_path, slack, mail, **database)
    yield made
    made.close()


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_slack_has_every_message_once_and_copies_of_mails_are_the_same_mail(house, seconds, record_property):
    house.live_through(seconds, random.Random(1))
    found = reckoned(house)
    record_property("figures", f"{house.kills} kills of {PROCESSES} processes in {seconds:.0f} s. {found.told()}")
    assert found.owed == {"slack": house.owed, "email": house.owed}
    assert found.lost == {"slack": [], "email": []}
    assert found.posts == found.names
    assert found.unlike == []
    assert found.unexplained == []
    assert sum(found.doubts.values()) > house.kills // 10, "the killed were not sending"
    assert house.acknowledged
    assert house.posts_behind() == []
    assert house.findings() == ()
    with house.monitor.look() as work:
        work.log.verify()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What the servers hold, against what the register says."""

    owed: dict[str, int]  # by channel
    lost: dict[str, list[str]]  # owed, not held, and told to nobody else instead
    doubts: dict[str, int]
    posts: list[tuple[str, str]]  # in Slack: the delivery's id and the message's own name
    names: list[tuple[str, str]]  # the same as the register has them
    edits: int
    copies: int  # of mails, beyond the first
    unlike: list[str]  # mails of which one copy is not like the others, or went to somebody else
    unexplained: list[str]  # mails with other copies than the tries that are written down
    elsewhere: int  # told to somebody else as well

    def told(self):
        """In a sentence for each channel."""
        twice = len(self.posts) - len({name for name, _ in self.posts})
        return (
            f"Slack: {self.owed['slack']} messages, {len(self.lost['slack'])} lost, {twice} twice, "
            f"{self.doubts['slack']} doubts, {self.edits} edits. Mail: {self.owed['email']} messages, "
            f"{len(self.lost['email'])} lost, {self.copies} copies beyond the first, {self.doubts['email']} doubts, "
            f"{len(self.unlike)} with unlike copies, {self.elsewhere} told elsewhere as well"
        )


def reckoned(house):
    """Compare what is there when all is over."""
    rows, tries, posts, mails = house.rows(), house.tries(), house.posts(), house.mails()
    everything = house.all_rows()  # what was found, and what went wrong, is told as well
    by_channel = {channel: [one for one in rows if one.channel == channel] for channel in CHANNELS}
    owed = {channel: [one for one in mine if one.fallback_of is None] for channel, mine in by_channel.items()}
    held = mails.keys() | {name for name, _ in posts}
    gone = lost(rows, held)
    address = {one.id: one.address for one in everything}
    return Reckoning(
        owed={channel: len(mine) for channel, mine in owed.items()},
        lost={channel: [one.id for one in gone if one.channel == channel] for channel in CHANNELS},
        doubts={channel: sum(tries[one.id].in_doubt for one in mine) for channel, mine in by_channel.items()},
        posts=posts,
        names=sorted((one.id, one.ref) for one in everything if one.channel == "slack" and one.kind != "test"),
        edits=len(house.slack.updates),
        copies=sum(map(len, mails.values())) - len(mails),
        unlike=[name for name, copies in mails.items() if set(copies) != {(address[name], copies[0][1])}],
        unexplained=[
            one.id
            for one in by_channel["email"]
            if not tries[one.id].accepted <= len(mails.get(one.id, ())) <= sum(tries[one.id])
        ],
        elsewhere=len(replaced(rows, held) - {None}),
    )
