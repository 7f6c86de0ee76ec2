"""More ways to go wrong, each with the plan that shows it and the invariant that has to find it."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from engine.points import Point
from lifecycle.milestones.milestone import MilestoneState
from lifecycle.playbooks.canonical import from_canonical
from lifecycle.playbooks.ladder import steps
from lifecycle.playbooks.playbook import Quiet
from store.absences import Absences
from store.buckets import Buckets
from store.deliveries import Deliveries
from store.inbox import Inbox
from store.milestones import Milestones
from tests.simulation.mutants import outbox
from tests.simulation.plans import Plan, Trouble
from tests.simulation.variants import Between, Variant, milestones_of, outbox_of

_LATER = timedelta(minutes=7)


class Shown(NamedTuple):
    """A mutant, and where it shows."""

    law: str
    plan: Plan
    variant: Variant


class _Late(Deliveries):
    def wake_held(self, why, at):
        return super().wake_held(why, at + _LATER)


class _Hurried(Between):
    def paces(self, action, address):
        del action, address
        return ()


class _Impatient(Buckets):
    def save(self, changed):
        super().save([replace(one, blocked_until=None) for one in changed])


class _Forgetful(Inbox):
    def take(self, row):
        super().take(row)
        return True


class _AllHere(Absences):
    def open(self):
        return []


class _Unhurried(Milestones):
    planned_after = None

    def advance(self, stepped):
        super().advance([one._replace(next_step_at=self.planned_after(one)) for one in stepped])


class _Sleepy(Milestones):
    def save(self, changed):
        super().save([_asleep(one) for one in changed])


def _asleep(one):
    if one.state is not MilestoneState.SNOOZED:
        return one
    until = one.snooze_limit_at + timedelta(days=1)
    return replace(one, snoozed_until_at=until, snooze_limit_at=until, next_step_at=until)


def _loud(doc):
    return replace(from_canonical(doc), quiet=Quiet())


def _unhurried(work):
    """The next look is always when the ladder says."""

    def planned_after(one):
        row = work.milestones.get(one.id)
        ladder = steps(row, work.planner.frame(work.agreements.get(row.key.holder), row))
        next(step for step in ladder if step.cursor == one.cursor)
        return next(ladder).at

    work.milestones = _Unhurried(work.session)
    work.milestones.planned_after = planned_after


def _impatient(work):
    work.buckets = _Impatient(work.session)


def _forgetful(work):
    work.inbox = _Forgetful(work.session)


def _all_here(work):
    work.absences = _AllHere(work.session)


#: Under a silence a deadline is assigned, and then it is done, or assigned to somebody else.
_SILENCED = (Trouble("minute", 1440, "silence", 0), Trouble("minute", 1441, "assign", 1))
_TELLS_WHAT_IS_OVER = Variant(name="what is over is told", at=(Point.GATED,), bend=outbox.tell_what_is_over)

MORE = (
    Shown("I4", Plan("brisk", 1, (*_SILENCED, Trouble("minute", 1442, "done", 0))), _TELLS_WHAT_IS_OVER),
    Shown("I4", Plan("brisk", 1, (*_SILENCED, Trouble("minute", 1442, "assign", 2))), _TELLS_WHAT_IS_OVER),
    Shown("I4", Plan("brisk", 1, (*_SILENCED, Trouble("minute", 1442, "archive", 0))), _TELLS_WHAT_IS_OVER),
    Shown("I5", Plan("nobody"), Variant(name="nobody hurries", at=(Point.RAISED,), bend=_unhurried)),
    Shown(
        "I6",
        Plan("brisk", 1, (Trouble("raised/after", 2, "snooze", 0),)),
        Variant(name="a snooze past its limit", at=(Point.ACTED,), bend=milestones_of(_Sleepy)),
    ),
    Shown(
        "I8",
        Plan("stern", 1, (Trouble("minute", 1300, "silence", 0),)),
        Variant(name="what a silence held waits on", bend=outbox_of(_Late)),
    ),
    Shown("I8", Plan("hushed"), Variant(name="quiet hours are not kept", collaborators={"playbook_from": _loud})),
    Shown("I12", Plan("stern"), Variant(name="no pace", channel=_Hurried)),
    Shown(
        "I12",
        Plan("stern", 1, (Trouble("send/slack", 1, "too_fast", 3600),)),
        Variant(name="no patience", bend=_impatient),
    ),
    Shown(
        "I15",
        Plan("brisk", 1, (Trouble("raised/after", 2, "click", 1), Trouble("minute", 12 * 1440, "click_again", 0))),
        Variant(name="what came in is forgotten", bend=_forgetful),
    ),
    Shown(
        "I19",
        Plan("stern", 1, (Trouble("raised/after", 1, "away", 5),)),
        Variant(name="absences are not looked at", at=(Point.GATED,), bend=_all_here),
    ),
)
