"""Ways in which such an engine goes wrong, each as small as can be. Every one has to be found within fifty seeds."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache

from sqlalchemy import select, update

from engine.points import Point
from lifecycle.calendars import BusinessCalendar
from lifecycle.delivery import DeliveryState, Held, InDoubt
from lifecycle.milestones import MilestoneState
from notifiers.base import Absent
from store.deliveries import Deliveries
from store.keeping import Keeping
from store.milestones import Milestones
from store.schema import deliveries, milestones
from tests.simulation.variants import Between, Variant, shorter
from tests.support.world import calendar


class NoGate(Variant):
    """Whatever was claimed is sent, answered or not."""

    name = "no gate"

    def bend(self, work, point):
        if point is Point.GATED:
            work.deliveries = _Remembering(work.session)
            work.milestones = _AsClaimed(work.session, work.deliveries)


class _Remembering(Deliveries):
    in_hand = None

    def holds(self, delivery_id, token):
        self.in_hand = self.get(delivery_id)
        return super().holds(delivery_id, token)


class _AsClaimed(Milestones):
    def __init__(self, session, remembering):
        super().__init__(session)
        self._remembering = remembering

    def get(self, milestone_id):
        one = self._remembering.in_hand
        row = super().get(milestone_id)
        return replace(row, state=MilestoneState.OPEN, generation=one.generation, safe_on=one.safe_on)


class SettleWithoutToken(Variant):
    """An answer moves the row, whoever holds it by now."""

    name = "settle without token"

    def bend(self, work, point):
        if point is Point.SETTLED:
            work.deliveries = _Tokenless(work.session)


class _Tokenless(Deliveries):
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


class _Later(Deliveries):
    """Puts some messages aside, to be added in a second transaction."""

    def __init__(self, session, is_put_aside):
        super().__init__(session)
        self.aside, self._is_put_aside = [], is_put_aside

    def add(self, new):
        now = [one for one in new if not self._is_put_aside(one[0])]
        self.aside += [one for one in new if one not in now]
        return super().add(now) | {delivery.id for delivery, _ in new if (delivery, _) not in now}


class RaiseInTwo(Variant):
    """A step is raised in one transaction, its messages are written in another."""

    name = "raise in two transactions"

    def bend(self, work, point):
        if point is Point.RAISED:
            work.deliveries = _Later(work.session, lambda one: one.kind == "step")

    def follow(self, work):
        aside = getattr(work.deliveries, "aside", None)
        return (lambda second: second.deliveries.add(aside)) if aside else None


class FallbackInTwo(RaiseInTwo):
    """A refusal is written down first, whoever is told instead afterwards."""

    name = "fallback in a second transaction"

    def bend(self, work, point):
        if point is not Point.RAISED:
            work.deliveries = _Later(work.session, lambda one: one.fallback_of is not None)


class NoUniqueKey(Variant):
    """Nothing keeps a step, or a message, from existing twice."""

    name = "no unique key"

    def prepare(self, place):
        ((made,),) = place.ask("SELECT sql FROM sqlite_master WHERE name='raised'")
        bare = "\n".join(line for line in made.splitlines() if "UNIQUE" not in line)
        place.change_schema(
            f"ALTER TABLE raised RENAME TO raised_before; {bare}; INSERT INTO raised SELECT * FROM raised_before; "
            "DROP TABLE raised_before;"
        )

    def bend(self, work, point):
        del point
        work.deliveries, work.milestones = _Keyless(work.session), _Forgetful(work.session)


class _Keyless(Deliveries):
    def add(self, new):
        return super().add([(replace(one, dedupe_key=f"{one.id}:{one.dedupe_key}"), body) for one, body in new])


class _Forgetful(Milestones):
    def raised_of(self, milestone_id):
        del milestone_id
        return []

    def raised_of_many(self, ids):
        del ids
        return {}


class NoQuarantine(Variant):
    """A doubt is looked up at once, while the history is still behind."""

    name = "quarantine 0 under lag"

    def house(self, house):
        return shorter(house, quarantine=0.0)


class BlindResend(Variant):
    """What is in doubt is sent again unseen."""

    name = "blind resend"

    def channel(self, channel):
        return _NeverFinds(channel)


class _NeverFinds(Between):
    def find(self, outgoing, since_at):
        del outgoing, since_at
        return Absent()


class SdkRetries(Variant):
    """A library tries again by itself when a connection breaks."""

    name = "SDK retries"

    def channel(self, channel):
        return _Stubborn(channel)


class _Stubborn(Between):
    def send(self, outgoing, still_ours):
        answer = self._channel.send(outgoing, still_ours)
        return self._channel.send(outgoing, still_ours) if isinstance(answer, InDoubt) else answer


class ActCancelsNothing(Variant):
    """An answer leaves what waits where it is."""

    name = "act cancels nothing"

    def bend(self, work, point):
        if point is Point.ACTED:
            work.deliveries = _Unmoved(work.session)


class _Unmoved(Deliveries):
    def cancel_of_milestone(self, milestone_id, why):
        del milestone_id, why
        return 0


class NowPlusDelay(Variant):
    """The next step stands so long after this one was raised as it was planned after this one's instant."""

    name = "now + delay"

    def bend(self, work, point):
        if point is Point.RAISED:
            work.milestones = _Drifting(work.session, work.now)


class _Drifting(Milestones):
    def __init__(self, session, now):
        super().__init__(session)
        self._now = now

    def advance(self, stepped):
        super().advance([one._replace(next_step_at=self._drifted(one)) for one in stepped])

    def _drifted(self, one):
        if one.next_step_at is None:
            return None
        planned = self._session.ask(select(milestones.c.next_step_at).where(milestones.c.id == one.id)).scalar()
        return one.next_step_at + max(self._now - planned, timedelta())


class RollLater(Variant):
    """A stage that falls on a closed day waits for the next open one."""

    name = "roll later"

    def collaborators(self):
        return super().collaborators() | {"calendars": _rolling_later}


class _LaterCalendar(BusinessCalendar):
    def previous(self, day):
        return self.next(day)


@cache
def _rolling_later(code):
    real = calendar(code)
    return _LaterCalendar(**{one.name: getattr(real, one.name) for one in fields(real)})


class SilenceDrops(Variant):
    """What a silence ought to hold is gone."""

    name = "silence drops"

    def bend(self, work, point):
        del point
        work.deliveries = _Lossy(work.session)


class _Lossy(Deliveries):
    def add(self, new):
        return super().add([(self._lost(one), body) for one, body in new])

    def settle(self, delivery_id, token, **values):
        if values.get("state") is DeliveryState.HELD and values["why"].startswith(Held.SILENCED):
            values |= {"state": DeliveryState.CANCELLED, "next_attempt_at": None}
        return super().settle(delivery_id, token, **values)

    @staticmethod
    def _lost(one):
        if one.state is not DeliveryState.HELD or not one.why.startswith(Held.SILENCED):
            return one
        return replace(one, state=DeliveryState.CANCELLED, next_attempt_at=None)


class EndlessAcknowledgement(Variant):
    """Who has it, has it for ever."""

    name = "endless acknowledgement"

    def bend(self, work, point):
        if point is Point.ACTED:
            work.milestones = _Endless(work.session)


class _Endless(Milestones):
    def save(self, changed):
        super().save([self._for_ever(one) for one in changed])

    @staticmethod
    def _for_ever(one):
        if one.state is not MilestoneState.ACKNOWLEDGED:
            return one
        until = one.acknowledged_until_at + timedelta(days=3650)
        return replace(one, acknowledged_until_at=until, next_step_at=until)


class LapsedToPending(Variant):
    """A sender that is gone has surely sent nothing."""

    name = "lapsed lease to pending"

    def bend(self, work, point):
        if point is Point.SWEPT:
            work.deliveries = _Sure(work.session)


class _Sure(Deliveries):
    def settle(self, delivery_id, token, **values):
        if values.get("state") is DeliveryState.IN_DOUBT:
            values |= {"state": DeliveryState.PENDING, "in_doubt_since": None}
        return super().settle(delivery_id, token, **values)


class NoCheckBeforeWrite(Variant):
    """The lease is not looked at right before the first byte."""

    name = "no check before the write"

    def channel(self, channel):
        return _Unchecked(channel)


class _Unchecked(Between):
    def send(self, outgoing, still_ours):
        del still_ours
        return self._channel.send(outgoing, lambda: True)


class TooManyDrops(Variant):
    """What a channel has no room for now is dropped."""

    name = "429 drops"

    def bend(self, work, point):
        if point is Point.SETTLED:
            work.deliveries = _Dropping(work.session)


class _Dropping(Deliveries):
    def settle(self, delivery_id, token, **values):
        if values.get("state") is DeliveryState.PENDING:
            values = {"state": DeliveryState.CANCELLED, "next_attempt_at": None}
        return super().settle(delivery_id, token, **values)


class EveryMissedStep(Variant):
    """After a downtime each step that was missed is raised, one after the other."""

    name = "every missed step raised"

    def bend(self, work, point):
        if point is Point.RAISED:
            at = work.milestones.next_due_at()
            work.now = min(work.now, at) if at else work.now


class AcceptedBeforeSend(Variant):
    """A message counts as sent when it may be sent."""

    name = "accepted before the send"

    def bend(self, work, point):
        if point is Point.GATED:
            work.deliveries = _Hasty(work.session)


class _Hasty(Deliveries):
    def mark_offered(self, delivery_id, token, at):
        self.settle(delivery_id, token, state=DeliveryState.ACCEPTED, accepted_at=at, in_doubt_since=None)


class NewMessageId(Variant):
    """Each attempt is a mail of its own."""

    name = "new Message-ID"

    def channel(self, channel):
        return _Renaming(channel)


class _Renaming(Between):
    attempts = 0

    def send(self, outgoing, still_ours):
        self.attempts += 1
        other = replace(outgoing.frozen, body=b"Message-ID: %d\n" % self.attempts + outgoing.frozen.body)
        return self._channel.send(replace(outgoing, frozen=other), still_ours)


class EmptyAudienceWaits(Variant):
    """A step that asks nobody is left at that."""

    name = "empty audience waits"

    def bend(self, work, point):
        if point is Point.RAISED:
            work.keeping = _Silent(work.session)


class _Silent(Keeping):
    def open_incident(self, row):
        return row["kind"] != "no_recipient" and super().open_incident(row)


class HeartbeatThoughUnclean(Variant):
    """The heart beats, whatever the audit has found."""

    name = "heartbeat though unclean"

    def bend_look(self, work):
        work.keeping = _Rosy(work.session)


class _Rosy(Keeping):
    def fact(self, name):
        kept = super().fact(name)
        if name != "audit" or kept is None:
            return kept
        return json.dumps({**json.loads(kept), "findings": [], "confirmed": []})


MUTANTS = {
    kind.name: kind
    for kind in (
        NoGate, SettleWithoutToken, RaiseInTwo, NoUniqueKey, NoQuarantine, BlindResend, SdkRetries, ActCancelsNothing,
        NowPlusDelay, RollLater, SilenceDrops, EndlessAcknowledgement, LapsedToPending, NoCheckBeforeWrite,
        TooManyDrops, FallbackInTwo, EveryMissedStep, AcceptedBeforeSend, NewMessageId, EmptyAudienceWaits,
        HeartbeatThoughUnclean,
    )
}  # fmt: skip
