"""Milestones, ladders and days that go wrong."""

from dataclasses import fields, replace
from datetime import timedelta
from functools import cache

from sqlalchemy import select

from lifecycle.days.calendars import BusinessCalendar
from lifecycle.milestones.milestone import MilestoneState
from store.milestones import Milestones
from store.schema import milestones
from tests.simulation.mutants.outbox import Keyless
from tests.support.world import calendar


def without_key(place):
    """The table of steps that were raised loses its unique key."""
    ((made,),) = place.ask("SELECT sql FROM sqlite_master WHERE name='raised'")
    bare = "\n".join(line for line in made.splitlines() if "UNIQUE" not in line)
    place.change_schema(
        f"ALTER TABLE raised RENAME TO raised_before; {bare}; INSERT INTO raised SELECT * FROM raised_before; "
        "DROP TABLE raised_before;"
    )


def forget_raised(work):
    work.deliveries, work.milestones = Keyless(work.session), _Forgetful(work.session)


class _Forgetful(Milestones):
    def raised_of(self, milestone_id):
        del milestone_id
        return []

    def raised_of_many(self, ids):
        del ids
        return {}


def drift(work):
    work.milestones = _Drifting(work.session)
    work.milestones.now = work.now


class _Drifting(Milestones):
    now = None

    def advance(self, stepped):
        super().advance([one._replace(next_step_at=self._drifted(one)) for one in stepped])

    def _drifted(self, one):
        if one.next_step_at is None:
            return None
        planned = self._session.ask(select(milestones.c.next_step_at).where(milestones.c.id == one.id)).scalar()
        return one.next_step_at + max(self.now - planned, timedelta())


def go_back(work):
    """To the instant of the earliest step that is due."""
    at = work.milestones.next_due_at()
    work.now = min(work.now, at) if at else work.now


class Endless(Milestones):
    def save(self, changed):
        super().save([_for_ever(one) for one in changed])


def _for_ever(one):
    if one.state is not MilestoneState.ACKNOWLEDGED:
        return one
    until = one.acknowledged_until_at + timedelta(days=3650)
    return replace(one, acknowledged_until_at=until, next_step_at=until)


class _LaterCalendar(BusinessCalendar):
    def previous(self, day):
        return self.next(day)


@cache
def rolling_later(code):
    real = calendar(code)
    return _LaterCalendar(**{one.name: getattr(real, one.name) for one in fields(real)})
