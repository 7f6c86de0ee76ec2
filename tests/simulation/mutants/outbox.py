"""Outboxes that go wrong."""

from dataclasses import replace

from sqlalchemy import update

from lifecycle.delivery import DeliveryState, Held
from lifecycle.milestones.milestone import MilestoneState
from store.deliveries import Deliveries
from store.milestones import Milestones
from store.schema import deliveries


def forget_answers(work):
    """At the gate every deadline is as it was when its message was written."""
    work.deliveries = _Remembering(work.session)
    work.milestones = _AsWritten(work.session)
    work.milestones.outbox = work.deliveries


class _Remembering(Deliveries):
    in_hand = None

    def holds(self, delivery_id, token):
        self.in_hand = self.get(delivery_id)
        return super().holds(delivery_id, token)


class _AsWritten(Milestones):
    outbox = None

    def get(self, milestone_id):
        return replace(super().get(milestone_id), **self.as_written(milestone_id))

    def glance(self, milestone_id):
        return super().glance(milestone_id)._replace(**self.as_written(milestone_id))

    def as_written(self, milestone_id):
        one = self.outbox.in_hand
        if one is None or one.milestone_id != milestone_id:
            return {}
        return {"state": MilestoneState.OPEN, "generation": one.generation, "safe_on": one.safe_on}


def tell_what_is_over(work):
    """At the gate what a message says of a change is taken to hold."""
    work.deliveries = _Remembering(work.session)
    work.milestones = _AsSaid(work.session)
    work.milestones.outbox = work.deliveries


class _AsSaid(Milestones):
    outbox = None

    def get(self, milestone_id):
        row, one = super().get(milestone_id), self.outbox.in_hand
        if one is None or one.change is None or one.tells_of != milestone_id:
            return row
        return replace(row, state=MilestoneState.OPEN, safe_on=one.safe_on, owner_id=one.recipient_id)


class Tokenless(Deliveries):
    def holds(self, delivery_id, token):
        del delivery_id, token
        return True

    def settle(self, delivery_id, token, **values):
        del token
        released = {"lease_token": None, "lease_until": None, "offered_at": None, "next_attempt_at": None, **values}
        self._session.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(released))
        return True

    def note_attempt(self, *, token, **said):
        super().note_attempt(token=f"{token} again", **said)


def put_steps_aside(work):
    work.deliveries = _Later(work.session)
    work.deliveries.is_put_aside = lambda one: one.kind == "step"


def put_fallbacks_aside(work):
    work.deliveries = _Later(work.session)
    work.deliveries.is_put_aside = lambda one: one.fallback_of is not None


def rest(work):
    """What was put aside, to be added in a second transaction."""
    aside = work.deliveries.aside
    return (lambda second: second.deliveries.add(aside)) if aside else None


class _Later(Deliveries):
    is_put_aside = None

    def __init__(self, session):
        super().__init__(session)
        self.aside = []

    def add(self, new):
        aside = [one for one in new if self.is_put_aside(one[0])]
        self.aside += aside
        return super().add([one for one in new if one not in aside]) | {delivery.id for delivery, _ in aside}


class Keyless(Deliveries):
    def add(self, new):
        return super().add([(replace(one, dedupe_key=f"{one.id}:{one.dedupe_key}"), body) for one, body in new])


class Unmoved(Deliveries):
    def cancel_of_milestone(self, milestone_id, why):
        del milestone_id, why
        return 0


class Lossy(Deliveries):
    def add(self, new):
        return super().add([(_lost(one), body) for one, body in new])

    def settle(self, delivery_id, token, **values):
        if values.get("state") is DeliveryState.HELD and values["why"].startswith(Held.SILENCED):
            values |= {"state": DeliveryState.CANCELLED, "next_attempt_at": None}
        return super().settle(delivery_id, token, **values)


def _lost(one):
    if one.state is not DeliveryState.HELD or not one.why.startswith(Held.SILENCED):
        return one
    return replace(one, state=DeliveryState.CANCELLED, next_attempt_at=None)


class Sure(Deliveries):
    def settle(self, delivery_id, token, **values):
        if values.get("state") is DeliveryState.IN_DOUBT:
            values |= {"state": DeliveryState.PENDING, "in_doubt_since": None}
        return super().settle(delivery_id, token, **values)


class Dropping(Deliveries):
    def settle(self, delivery_id, token, **values):
        if values.get("state") is DeliveryState.PENDING:
            values = {"state": DeliveryState.CANCELLED, "next_attempt_at": None}
        return super().settle(delivery_id, token, **values)


class Hasty(Deliveries):
    def mark_offered(self, delivery_id, token, at):
        self.settle(delivery_id, token, state=DeliveryState.ACCEPTED, accepted_at=at, in_doubt_since=None)
