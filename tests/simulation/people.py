"""What people do while messages leave: answers, corrections, absences. Each act is one transaction.

*much* of a trouble chooses the milestone, the agreement or the person: any number will do. An act that is refused
changes nothing; who acts may be cut off like everybody else.
"""

import traceback
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from engine import operations as ops
from engine.delivery import holding
from engine.incoming import returned
from engine.watcher.calendar_watch import watch
from lifecycle.delivery import DeliveryState
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from lifecycle.milestones.milestone import OUTCOMES
from lifecycle.people import Absence, AbsenceMode
from lifecycle.playbooks.quiet import Silence, SilenceMode
from store.errors import DatabaseBusy, DatabaseFull, RowRefused
from tests.simulation.clicks import Clicks
from tests.simulation.corrections import Corrections, choose
from tests.simulation.snapshots import LIVE
from tests.simulation.troubles import SimulatedCrash, Violated

TOLD_LAST = 40  # of 64: whoever chooses less speaks of the deadline that was raised last
_PERSON = Actor("olga@example.com", "simulation")
_AT_A_START = {"holiday", "open_again"}  # what only the next start finds
_CHOICES = ("terminate", "renegotiate", "let-it-renew", "keep", "renew")


class People(Corrections):
    """Everybody who can act, through one process of their own."""

    name = "people"
    is_worker = False

    def __init__(self, run):
        self._run = run
        self.monitor = run.monitor_of(self)
        self.clicks = Clicks(self, run.place)

    def act(self, what, much):
        """Do it, and tell the oracle whose ladder has to be quiet from now on."""
        self.monitor = replace(self.monitor, house=self._run.house)
        if what in {"click", "click_again"}:
            self._run.oracle.acted(filter(None, [self._clicked(what, int(much))]))
            return
        before = self._run.oracle.rows.milestones
        with suppress(LifecycleError, DatabaseBusy, DatabaseFull, SimulatedCrash):
            self._do(what, int(much))
        after = self._run.oracle.rows.milestones
        self._run.oracle.acted(one.id for one in after.values() if _is_changed(before.get(one.id), one))

    def forget(self):
        """What was clicked is not in the register any more."""
        self.clicks = Clicks(self, self._run.place)

    def _do(self, what, much):
        try:
            if what == "bounce":
                self._bounce(much)
                return
            if what in _AT_A_START:
                getattr(self, f"_{what}")(much)
                self.start()
                return
            with self.monitor.work(_PERSON) as work:
                getattr(self, f"_{what}")(work, much)
        except Exception as error:
            is_answer = isinstance(error, (LifecycleError, DatabaseBusy, DatabaseFull))
            if is_answer and not isinstance(error, RowRefused):
                raise
            raise Violated("I0", f"the act {what!r} broke\n" + "".join(traceback.format_exception(error))) from error

    def _clicked(self, what, much):
        if what == "click_again":
            return self.clicks.again(much)
        try:
            with self.monitor.look() as work:
                row = self._told_last(work)
                people = [one for one in work.people.all() if not one.is_disabled]
        except LifecycleError:
            return None
        return self.clicks.click(row, choose(people, much).id, much)

    # -- answers -------------------------------------------------------------------------------------------------------

    def _acknowledge(self, work, much):
        self._answer(work, much, ops.acknowledge)

    def _snooze(self, work, much):
        days = 1 + much % 9
        self._answer(work, much, ops.snooze, until=self._run.time.now().date() + timedelta(days=days))

    def _done(self, work, much):
        self._answer(work, much, ops.done, evidence="the letter")

    def _decide(self, work, much):
        self._answer(work, much, ops.decide, choice=_CHOICES[much % len(_CHOICES)])

    def _waive(self, work, much):
        self._answer(work, much, ops.waive, because="not needed")

    def _undo(self, work, much):
        self._answer(work, much, ops.undo)

    def _reopen(self, work, much):
        ended = [row for row in self._all(work) if row.state in OUTCOMES]
        ops.reopen(work, choose(ended, much).id, because="a mistake")

    def _assign(self, work, much):
        self._answer(work, much, ops.assign, owner_id=choose(list(work.people.all()), much).id)

    def _answer(self, work, much, operation, **said):
        row = self._told_last(work) if much < TOLD_LAST else choose(self._live(work), much)
        operation(work, row.id, **said)

    # -- absences and silences ----------------------------------------------------------------------------------------

    def _away(self, work, much):
        """Somebody is away from today on, and somebody else stands in."""
        people = [one for one in work.people.all() if not one.is_disabled]
        person, delegate = choose(people, much), choose(people, much // 2)
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

    def _call_off(self, work, much):
        """Whoever is away is back early."""
        ops.end_absences(work, choose(list(work.absences.open()), much).person_id)

    def _speak(self, work, much):
        """A silence is called off."""
        in_force = [one for one in work.silences.all() if one.ended_at is None]
        ops.end_silence(work, choose(in_force, much).id)

    # -- operators -----------------------------------------------------------------------------------------------------

    def _hold(self, work, much):
        holding.hold(work, choose(work.deliveries.listed([DeliveryState.PENDING]), much).id)

    def _release(self, work, much):
        holding.release(work, choose(work.deliveries.listed([DeliveryState.HELD]), much).id)

    def _retry(self, work, much):
        """What waits or has failed is tried now."""
        states = [DeliveryState.FAILED, DeliveryState.FAILED, DeliveryState.PENDING]
        holding.retry(work, [choose(work.deliveries.listed([states[much % 3]]), much).id])

    def _bounce(self, much):
        """A mail that was taken comes back, hours later; what was told so is read."""
        mail = self._run.channels["email"]
        rows = self._run.oracle.rows.deliveries
        known = (one for one in mail.taken if one.delivery_id in rows)  # not what a restore has forgotten
        accepted = [one for one in known if rows[one.delivery_id].state == "accepted"]
        mail.bounce(choose(accepted[-4:], much).delivery_id, is_of_address=not much % 3)
        returned.hear(self.monitor)

    def _shadow(self, work, much):
        del work
        self._run.choose(shadow_mode=bool(much % 2))

    def _holiday(self, much):
        """The office is closed on a last safe day, as the next start finds."""
        live = [row for row in self._run.oracle.rows.milestones.values() if row.state in LIVE and row.is_deadline]
        days = sorted({date.fromisoformat(row.safe_on) for row in live} - set(self._run.closed))
        self._run.closed += (choose(days, much),)

    def _open_again(self, much):
        """It is not closed after all."""
        day = choose(self._run.closed, much)
        self._run.closed = tuple(one for one in self._run.closed if one != day)

    def start(self):
        """The house starts with what it finds; a start that is cut off is begun again."""
        self.monitor = replace(self.monitor, house=self._run.house)
        while True:
            with suppress(DatabaseBusy, DatabaseFull, SimulatedCrash):
                watch(self.monitor)
                return

    def _told_last(self, work):
        """People answer what they were just told of."""
        raised = self._run.oracle.rows.raised
        last = raised[max(raised)].milestone_id if raised else None
        row = work.milestones.get(last) if last else choose(self._live(work), 0)
        return row if row.is_live else choose(self._live(work), 0)

    def _live(self, work):
        return [one for one in self._all(work) if one.is_live and one.is_deadline][:8]

    def _all(self, work):
        rows = [row for one in work.agreements.all() for row in work.milestones.of(one.id)]
        return sorted(rows, key=lambda row: (row.safe_on, row.key))


def _is_changed(before, after):
    """Whether what was written for a milestone before must not leave any more."""
    return before is not None and before.generation != after.generation
