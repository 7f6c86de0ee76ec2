"""What becomes of a message by what its channel answered, and who is told instead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.delivery import holding, settling
from lifecycle.delivery import DeliveryKind, NotSent, Refused, Scope
from store.database import open_database
from tests.support.channels import LOST
from tests.support.databases import fresh_at
from tests.support.sending import Sending, queue
from tests.support.world import World

OLGA = "olga@example.com"
NO_MAILBOX = Refused("550 no such mailbox", Scope.ADDRESS)
NO_LOGIN = Refused("535 wrong password", Scope.CHANNEL)
TOO_LONG = Refused("552 too long", Scope.MESSAGE)

ASKS_BOTH = """
{playbook: plain, priority: 9, match: {kind: [NDA]}, ladder: [{at: -30d, steps: [{ask: [owner, backup]}]}]}
"""


@pytest.fixture
def out():
    return Sending()


def test_accepted_is_the_end_and_names_the_message_at_the_channel(out):
    row = out.send()
    assert (row.state, row.ref, row.accepted_at) == ("accepted", f"ref-{out.id}", out.clock.now())
    assert (row.next_attempt_at, row.lease_token, row.offered_at) == (None, None, None)
    assert out.tries() == ["send accepted"]
    assert [one["payload"]["delivery_id"] for one in out.events("DeliveryAccepted")] == [out.id]
    out.go_on(days=20)
    assert out.told() == ["olga"]


def test_not_sent_comes_back_and_arrives_once(out):
    out.mail.will(OLGA, NotSent("451 greylisted"), NotSent("451 greylisted"))
    row = out.send()
    assert (row.state, row.failures, row.why) == ("pending", 1, "451 greylisted")
    out.go_on(hours=1)
    assert (out.one.state, out.told()) == ("accepted", ["olga"])
    assert out.tries() == ["send not_sent", "send not_sent", "send accepted"]


def test_the_wait_doubles_up_to_an_hour_with_half_its_length_of_chance(out):
    out.mail.will(OLGA, *[NotSent("421 not now")] * 12)
    waits = []
    for _ in range(12):
        row = out.send()
        waits.append((row.next_attempt_at - out.clock.now()).total_seconds())
        out.until_due()
    for n, wait in enumerate(waits):
        planned = min(3600, 15 * 2**n)
        assert 0.5 * planned <= wait <= 1.5 * planned
    assert len({wait / 3600 for wait in waits[-3:]}) == 3


def test_a_channel_that_names_a_time_is_not_tried_before(out):
    out.mail.will(OLGA, NotSent("429 slow down", after=7200))
    row = out.send()
    assert row.next_attempt_at == out.clock.now() + timedelta(hours=2)


@pytest.mark.parametrize("answer", [NotSent("421 not now"), NotSent("429 slow down", after=10**7)])
def test_nothing_is_tried_again_after_it_has_expired(out, answer):
    out.clock.travel_to(out.one.expires_at - timedelta(seconds=5))
    out.mail.will(OLGA, answer)
    assert out.send().next_attempt_at == out.one.expires_at
    out.until_due()
    assert out.send().state == "expired"
    assert out.states() == ["olga expired", "ben pending"]


def test_a_dead_mailbox_leads_to_the_backup(out):
    out.mail.will(OLGA, NO_MAILBOX)
    row = out.send()
    assert (row.state, row.why) == ("failed", "550 no such mailbox")
    instead = next(one for one in out.deliveries() if one.fallback_of == out.id)
    assert (instead.address, instead.priority) == ("ben@example.com", 0)
    out.go_on(minutes=1)
    assert (out.told(), out.incidents()) == (["ben"], [])


def test_the_refusal_and_its_fallback_are_written_together_or_not_at_all(out):
    """The fallback cannot be composed: then the refusal is not written down either, and it is all tried again."""
    out.mail.will(OLGA, NO_MAILBOX)
    layout = out.mail._layout

    class Broken:
        def compose(self, facts):
            return 1 / 0 if facts.recipient.name == "Ben" else layout.compose(facts)

    out.mail._layout = Broken()
    row = out.send()
    assert (row.state, out.states(), out.events("DeliveryFailed")) == ("in_doubt", ["olga in_doubt"], [])
    assert out.incidents() == ["message_set_aside"]
    out.mail._layout = layout
    out.mail.dead.add(OLGA)
    out.go_on(hours=4)
    assert out.states() == ["olga failed", "ben accepted"]


def test_the_persons_own_next_channel_comes_first():
    out = Sending(olga=("slack", "email"))
    out.slack.dead.add(OLGA)
    out.go_on(minutes=1)
    assert out.states() == ["olga failed", "olga accepted"]
    assert out.told(out.mail) == ["olga"]


def test_the_chain_goes_on_to_the_manager_and_to_the_operators_and_ends_with_an_incident(out):
    out.mail.dead |= {OLGA, "ben@example.com", "mia@example.com", "ada@example.com"}
    out.go_on(minutes=1)
    assert out.states() == ["olga failed", "ben failed", "mia failed", "ada failed"]
    assert out.incidents() == ["no_recipient"]
    assert out.told() == []


def test_a_chain_has_five_links_at_most():
    out = Sending()
    for name in ("Abe", "Bea", "Cat", "Dan", "Eve"):
        out.person(name, role="admin")
        out.mail.dead.add(f"{name.lower()}@example.com")
    out.mail.dead |= {OLGA, "ben@example.com", "mia@example.com", "ada@example.com"}
    out.go_on(minutes=1)
    assert len(out.states()) == 6
    assert out.incidents() == ["no_recipient"]


def test_whoever_was_told_of_the_same_step_is_passed_over():
    out = Sending(ladder=ASKS_BOTH)
    out.mail.dead.add(OLGA)
    out.go_on(minutes=1)
    assert sorted(out.told()) == ["ben", "mia"]


def test_two_who_fail_at_the_same_step_do_not_tell_the_manager_twice():
    out = Sending(ladder=ASKS_BOTH)
    out.mail.dead |= {OLGA, "ben@example.com"}
    out.go_on(minutes=1)
    assert sorted(out.told()) == ["ada", "mia"]


def test_a_message_that_is_refused_as_such_leads_on_like_any_refusal(out):
    out.mail.will(OLGA, TOO_LONG)
    out.go_on(minutes=1)
    assert out.told() == ["ben"]


def test_a_channel_that_refuses_everybody_is_waited_for_and_loses_nothing(out):
    """The password of the mail server has changed: nobody else can be reached by mail either."""
    out.mail.will(OLGA, NO_LOGIN, NO_LOGIN)
    row = out.send()
    assert (row.state, row.why, out.states()) == ("pending", "535 wrong password", ["olga pending"])
    assert out.incidents() == ["channel_refused"]
    out.go_on(hours=1)
    assert out.states() == ["olga accepted"]
    assert out.told() == ["ada", "olga"]


def test_each_outage_of_a_channel_is_told_once(out):
    """A channel that takes some messages and refuses others is one outage, not one for each message."""
    leo = "leo@example.com"
    queue(out, *((f"d-{n}", {"address": leo, "kind": DeliveryKind.TEST}) for n in range(5)))
    out.mail.will(leo, *[NO_LOGIN] * 7)
    out.go_on(hours=2)
    assert [one["payload"]["kind"] for one in out.events("IncidentOpened")] == ["channel_refused"]
    queue(out, ("later", {"address": leo, "kind": DeliveryKind.TEST}))
    out.go_on(minutes=1)
    assert out.incidents() == []
    queue(out, ("second", {"address": leo, "kind": DeliveryKind.TEST}))
    out.mail.will(leo, NO_LOGIN)
    out.go_on(hours=1)
    assert len(out.events("IncidentOpened")) == 2
    assert out.told().count("ada") == 2


def test_a_channel_that_refuses_everybody_is_passed_by_where_another_leads_to_somebody():
    out = Sending(olga=("slack", "email"))
    out.slack.will(OLGA, NO_LOGIN)
    out.send()
    out.go_on(minutes=1)
    assert out.states() == ["olga failed", "olga accepted"]
    assert out.told(out.mail) == ["ada", "olga"] or out.told(out.mail) == ["olga", "ada"]


def test_the_fallback_of_a_dead_channel_does_not_take_the_same_channel():
    out = Sending(olga=("slack",))
    out.person("Zoe", role="admin", channels=("slack",))
    with out.monitor.work() as work:
        ben = work.people.by_email("ben@example.com")
        work.people.save(replace(ben, channels=("slack",)))
    out.slack.will(OLGA, NO_LOGIN)
    out.go_on(minutes=1)
    assert out.states() == ["olga failed", "mia accepted"]


def test_an_incident_is_told_to_the_operators_once(out):
    out.mail.dead |= {OLGA, "ben@example.com", "mia@example.com"}
    out.leave("ada")
    out.person("Zoe", role="admin")
    out.mail.dead.add("zoe@example.com")
    out.go_on(minutes=1)
    out.mail.dead.clear()
    out.go_on(days=2)
    assert out.told() == []
    assert out.incidents() == ["no_recipient"]


def test_an_incident_about_a_failed_message_of_an_incident_does_not_chase_its_tail(out):
    out.mail.dead |= {OLGA, "ben@example.com", "mia@example.com", "ada@example.com"}
    out.go_on(days=3)
    assert len(out.events("IncidentOpened")) == 1
    assert [one.state for one in out.deliveries() if one.kind == "incident"] == ["failed"]


def test_a_house_without_operators_keeps_the_incident(out):
    out.leave("ada")
    out.mail.dead |= {OLGA, "ben@example.com", "mia@example.com"}
    out.go_on(minutes=1)
    assert out.incidents() == ["no_recipient"]


def test_no_transaction_is_open_while_a_channel_is_called(tmp_path):
    """A channel that writes to the database itself: another transaction of ours would make it wait for ever."""
    out = Sending(database=_file(tmp_path))
    wrote = []

    def write():
        with out.monitor.work() as work:
            work.keeping.set_fact("from-the-channel", "yes")
            wrote.append(work.deliveries.get(out.id).state)

    out.mail.on_send = write
    assert out.send().state == "accepted"
    assert wrote == ["sending"]


def test_no_transaction_is_open_while_a_channel_is_asked(tmp_path):
    out = Sending(database=_file(tmp_path))
    out.mail.can_find = True
    out.mail.will(OLGA, LOST)
    out.send()
    out.until_due()

    class Writing(list):
        def __bool__(self):
            with out.monitor.work() as work:
                work.keeping.set_fact("from-the-channel", "yes")
            return False

    out.mail.finds = Writing()
    assert out.send().state == "accepted"
    with out.monitor.look() as work:
        assert work.keeping.fact("from-the-channel") == "yes"


def test_a_message_that_makes_trouble_is_set_aside_and_the_rest_go_on():
    world = World()
    world.person("Ada", role="admin")
    queue(world, *((f"d-{n}", {"address": f"{n}@example.com"}) for n in range(6)))
    with world.monitor.work() as work:
        work.connection.exec_driver_sql("DELETE FROM bodies WHERE delivery_id = 'd-0'")
    world.tick()
    row = next(one for one in world.deliveries() if one.id == "d-0")
    assert (row.state, row.next_attempt_at) == ("pending", world.clock.now() + timedelta(hours=1))
    assert world.incidents() == ["message_set_aside"]
    assert sorted(one.address for one in world.mail.taken) == [
        "1@example.com", "2@example.com", "3@example.com", "4@example.com", "5@example.com", "ada@example.com",
    ]  # fmt: skip


def test_a_message_that_keeps_making_trouble_is_told_once():
    world = World()
    queue(world, ("d-0", {}))
    with world.monitor.work() as work:
        work.connection.exec_driver_sql("DELETE FROM bodies")
    world.live_until(world.clock.now() + timedelta(hours=5, minutes=30))
    assert len(world.events("IncidentOpened")) == 1
    assert world.deliveries()[0].attempts == 6


def _file(folder):
    return open_database(fresh_at(folder))


def test_what_fails_once_more_after_it_was_tried_again_tells_nobody_twice(out):
    out.mail.will(OLGA, NO_MAILBOX, NO_MAILBOX)
    out.send()
    out.go_on(minutes=1)
    with out.monitor.work() as work:
        holding.retry(work, [out.id])
    out.go_on(minutes=1)
    assert out.states() == ["olga failed", "ben accepted"]
    assert out.incidents() == []


def test_a_digest_that_failed_is_not_tried_again_for_what_it_told_of_goes_its_own_way(out):
    queue(out, ("d-1", {"kind": DeliveryKind.DIGEST, "state": "failed", "next_attempt_at": None}))
    with pytest.raises(holding.NotWaiting), out.monitor.work() as work:
        holding.retry(work, ["d-1"])


def test_a_late_answer_whose_commit_was_lost_is_written_down_once(out):
    claimed = out.claim()
    with out.monitor.work() as work:
        work.deliveries.settle(out.id, claimed.token, state="pending", next_attempt_at=work.now)
    for _ in range(2):
        settling.settle(out.monitor, claimed, NotSent("451 greylisted"))
    assert (out.one.state, out.tries()) == ("pending", ["send not_sent"])
