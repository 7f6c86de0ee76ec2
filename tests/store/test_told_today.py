"""How often readers were spoken to, and which messages to them still wait."""

from datetime import timedelta

from lifecycle.delivery import DeliveryKind, DeliveryState, Held, Waiting
from tests.support.register import NOW, OLGA, Register, delivery, milestone

MAIL = ("email", OLGA.email)
SLACK = ("slack", OLGA.email)
HOUR = timedelta(hours=1)


def filled(*messages):
    register = Register().with_acme()
    with register.work() as work:
        work.milestones.add([milestone(id="m-1")])
        work.deliveries.add([(message, None) for message in messages])
    return register


def message(name, **changed):
    step = {"kind": DeliveryKind.STEP, "milestone_id": "m-1", "place": "-30d.0.0"}
    return delivery(**{"id": name, "dedupe_key": f"step:{name}", **step, **changed})


def test_what_leaves_is_counted_for_each_reader_from_their_own_instant():
    held = {"state": DeliveryState.HELD, "why": Held.DIGEST.value}
    register = filled(
        message("now"),
        message("early", created_at=NOW - 2 * HOUR),
        message("held", **held),
        message("slack", channel="slack"),
        message("slack-early", channel="slack", created_at=NOW - 2 * HOUR),
        message("test", kind=DeliveryKind.TEST, milestone_id=None, place=""),
        message("other", address="mia@example.com"),
    )
    with register.work() as work:
        assert work.deliveries.spoken_since({MAIL: NOW - HOUR, SLACK: NOW - 3 * HOUR}) == {MAIL: 1, SLACK: 2}
        assert work.deliveries.spoken_since({MAIL: NOW - 3 * HOUR}) == {MAIL: 2}
        assert work.deliveries.spoken_since({MAIL: NOW + HOUR}) == {}


def test_what_waits_is_neither_critical_nor_held_nor_for_the_other_side():
    register = filled(
        message("later", next_attempt_at=NOW + HOUR),
        message("first", created_at=NOW - HOUR),
        message("critical", urgency="critical"),
        message("held", state=DeliveryState.HELD, why=Held.DIGEST.value),
        message("forward", dedupe_key="step:forward>them@acme.test"),
        message("old", created_at=NOW - 30 * HOUR),
    )
    with register.work() as work:
        assert work.deliveries.waiting_steps([OLGA.email, OLGA.email], NOW - 24 * HOUR) == [
            Waiting("first", MAIL, NOW),
            Waiting("later", MAIL, NOW + HOUR),
        ]
