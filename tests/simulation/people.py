"""What people do while messages leave: answers, corrections, departures. Each act is one transaction.

*much* of a trouble chooses the milestone, the agreement or the person: any number will do. An act that is refused
changes nothing; who acts may be cut off like everybody else.
"""

import traceback
from dataclasses import replace
from datetime import timedelta

from engine import operations as ops
from engine.delivery import holding
from engine.playbooks.versions import apply
from lifecycle.delivery import DeliveryState
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from lifecycle.milestones.milestone import OUTCOMES
from lifecycle.people import Absence, AbsenceMode
from lifecycle.playbooks.quiet import Silence, SilenceMode
from lifecycle.terms.provisions import Until
from store.errors import DatabaseBusy, DatabaseFull
from tests.simulation import registers
from tests.simulation.clicks import Clicks
from tests.simulation.troubles import SimulatedCrash, Violated

TOLD_LAST = 40  # of 64: whoever chooses less speaks of the deadline that was raised last
_PERSON = Actor("olga@example.com", "simulation")
_CHOICES = ("terminate", "renegotiate", "let-it-renew", "keep", "renew")


class People:
    """Everybody who can act, through one process of their own."""

    name = "people"
    is_worker = False

    def __init__(self, run):
        self._run = run
        self.monitor = run.monitor_of(self)
        self.clicks = Clicks(self.monitor, run.place)

    def act(self, what, much):
        """Do it, and tell the oracle whose ladder has to be quiet from now on."""
        if what in {"click", "click_again"}:
            self._run.oracle.acted(what, filter(None, [self._clicked(what, int(much))]))
            return
        act = getattr(self, f"_{what}")
        try:
            with self.monitor.work(_PERSON) as work:
                quieted = act(work, int(much))
        except (LifecycleError, DatabaseBusy, DatabaseFull, SimulatedCrash):
            return
        except Exception as error:
            raise Violated("I0", f"the act {what!r} broke\n" + "".join(traceback.format_exception(error))) from error
        self._run.oracle.acted(what, quieted or ())

    def _clicked(self, what, much):
        if what == "click_again":
            return self.clicks.again(much)
        try:
            with self.monitor.look() as work:
                row = self._told_last(work)
                people = [one for one in work.people.all() if not one.is_disabled]
        except LifecycleError:
            return None
        return self.clicks.click(row, _choose(people, much).id, much)

    # -- answers: each returns the milestones whose waiting messages must not leave any more ---------------------------

    def _acknowledge(self, work, much):
        return self._answer(work, much, ops.acknowledge)

    def _snooze(self, work, much):
        days = 1 + much % 9
        return self._answer(work, much, ops.snooze, until=self._run.time.now().date() + timedelta(days=days))

    def _done(self, work, much):
        return self._answer(work, much, ops.done, evidence="the letter")

    def _decide(self, work, much):
        return self._answer(work, much, ops.decide, choice=_CHOICES[much % len(_CHOICES)])

    def _waive(self, work, much):
        return self._answer(work, much, ops.waive, because="not needed")

    def _undo(self, work, much):
        return self._answer(work, much, ops.undo)

    def _reopen(self, work, much):
        ended = [row for row in self._all(work) if row.state in OUTCOMES]
        ops.reopen(work, _choose(ended, much).id, because="a mistake")

    def _assign(self, work, much):
        return self._answer(work, much, ops.assign, owner_id=_choose(list(work.people.all()), much).id)

    def _answer(self, work, much, operation, **said):
        row = self._told_last(work) if much < TOLD_LAST else _choose(self._live(work), much)
        answer = operation(work, row.id, **said)
        return [row.id] if answer.milestone.generation != row.generation else []

    # -- facts ---------------------------------------------------------------------------------------------------------

    def _move(self, work, much, days=3):
        agreement = _choose(list(work.agreements.all()), much)
        end = agreement.provisions.end
        moved = replace(agreement.provisions, end=Until(end.day + timedelta(days=days)))
        ops.amend(work, replace(agreement, provisions=moved), because="an addendum")

    def _move_back(self, work, much):
        self._move(work, much, days=-3)

    def _hand_over(self, work, much):
        """A whole agreement is somebody else's."""
        agreement, people = _choose(list(work.agreements.all()), much), list(work.people.all())
        ops.amend(work, replace(agreement, owner_id=_choose(people, much).id), because="another desk")

    def _archive(self, work, much):
        agreement = _choose(list(work.agreements.all()), much)
        rows = [row for row in work.milestones.of(agreement.id) if row.is_live]
        ops.archive(work, agreement, because="entered twice")
        return [row.id for row in rows]

    def _restore(self, work, much):
        ops.restore(work, _choose(list(work.agreements.all()), much), because="it is needed")

    def _playbook(self, work, much):
        apply(work, registers.playbook(registers.OTHER if much % 2 else registers.BRISK))

    def _leave(self, work, much):
        ops.disable_person(work, _choose([one for one in work.people.all() if one.role != "admin"], much))

    def _mailbox(self, work, much):
        """An address is gone from a channel."""
        channel = self._run.channels[("email", "slack")[much % 2]]
        channel.dead ^= {_choose([one for one in work.people.all() if one.role != "admin"], much // 2).email}

    # -- absences and silences ----------------------------------------------------------------------------------------

    def _away(self, work, much):
        """Somebody is away from today on, and somebody else stands in."""
        people = [one for one in work.people.all() if not one.is_disabled]
        person, delegate = _choose(people, much), _choose(people, much // 2)
        today = self._run.time.now().date()
        mode = (AbsenceMode.INSTEAD, AbsenceMode.ALSO)[much // 7 % 2]
        ops.set_absence(
            work,
            Absence(
                id="", person_id=person.id, delegate_id=delegate.id, mode=mode, from_on=today,
                until_on=today + timedelta(days=much % 6),
            ),
        )  # fmt: skip

    def _silence(self, work, much):
        """Nothing is told for some days, whatever it is about."""
        mode = (SilenceMode.HOLD, SilenceMode.DIGEST, SilenceMode.HOLD, SilenceMode.DROP)[much % 4]
        ends_at = work.now + timedelta(hours=6 + 24 * (much % 5))
        ops.silence(
            work,
            Silence(
                id="", mode=mode, search="", reason="an audit", author_id=None, starts_at=work.now, ends_at=ends_at
            ),
        )

    # -- operators -----------------------------------------------------------------------------------------------------

    def _hold(self, work, much):
        holding.hold(work, _choose(work.deliveries.listed([DeliveryState.PENDING]), much).id)

    def _release(self, work, much):
        holding.release(work, _choose(work.deliveries.listed([DeliveryState.HELD]), much).id)

    def _shadow(self, work, much):
        del work
        self._run.choose(shadow_mode=bool(much % 2))

    def _told_last(self, work):
        """People answer what they were just told of."""
        raised = self._run.oracle.rows.raised
        last = raised[max(raised)].milestone_id if raised else None
        row = work.milestones.get(last) if last else _choose(self._live(work), 0)
        return row if row.is_live else _choose(self._live(work), 0)

    def _live(self, work):
        return [one for one in self._all(work) if one.is_live and one.is_deadline][:8]

    def _all(self, work):
        rows = [row for one in work.agreements.all() for row in work.milestones.of(one.id)]
        return sorted(rows, key=lambda row: (row.safe_on, row.key))


def _choose(things, much):
    if not things:
        raise NothingToActUpon
    return things[much % len(things)]


class NothingToActUpon(LifecycleError):
    code = "nothing"

    def __init__(self):
        super().__init__("There is nothing to act upon.", remedy="Do something else.")
