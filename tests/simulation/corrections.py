"""What people correct and record while messages leave: days, notices, duties, hours, and whose it is.

Each is one transaction on a unit of work; *much* chooses what it is about, and any number will do.
"""

from dataclasses import replace
from datetime import time, timedelta

from engine import operations as ops
from engine.playbooks.versions import apply
from lifecycle.errors import LifecycleError
from lifecycle.obligations.duties import Once
from lifecycle.terms.provisions import Until
from tests.simulation import registers
from tests.support.agreements import agreement as usual
from tests.support.agreements import once

_HOURS = (("America/New_York", "US-NY"), ("Europe/Berlin", "DE-BE"), ("Asia/Tokyo", "DE-BE"))
_CHANNELS = (("email",), ("slack",), ("email", "slack"), ("slack", "email"), ())


class Corrections:
    """What a person does to agreements and to people."""

    _run = None

    def _move(self, work, much, days=3):
        agreement = choose(list(work.agreements.all()), much)
        end = agreement.provisions.end
        moved = replace(agreement.provisions, end=Until(end.day + timedelta(days=days)))
        ops.amend(work, replace(agreement, provisions=moved), because="an addendum")

    def _move_back(self, work, much):
        self._move(work, much, days=-3)

    def _hand_over(self, work, much):
        """A whole agreement is somebody else's."""
        agreement, people = choose(list(work.agreements.all()), much), list(work.people.all())
        ops.amend(work, replace(agreement, owner_id=choose(people, much).id), because="another desk")

    def _back_up(self, work, much):
        """Somebody else stands in for an agreement's owner, or nobody."""
        agreement, people = choose(list(work.agreements.all()), much), [None, *(one.id for one in work.people.all())]
        ops.amend(work, replace(agreement, backup_id=choose(people, much // 2)), because="another backup")

    def _zone(self, work, much):
        """An agreement is kept elsewhere: other hours, other business days."""
        agreement, (time_zone, calendar) = choose(list(work.agreements.all()), much), _HOURS[much % len(_HOURS)]
        ops.amend(work, replace(agreement, time_zone=time_zone, calendar=calendar), because="another house")

    def _archive(self, work, much):
        ops.archive(work, choose(list(work.agreements.all()), much), because="entered twice")

    def _restore(self, work, much):
        ops.restore(work, choose(list(work.agreements.all()), much), because="it is needed")

    def _notice(self, work, much):
        """Notice was served, by us or by them."""
        agreement = choose(list(work.agreements.all()), much)
        ops.give_notice(
            work, agreement, ops.NoticeFacts(sent_on=work.today(agreement), by=("us", "us", "them")[much % 3])
        )

    def _revoke(self, work, much):
        ops.revoke_notice(work, choose(list(work.agreements.all()), much), because="both want to go on")

    def _renew(self, work, much):
        ops.renew(work, choose(list(work.agreements.all()), much))

    def _duty(self, work, much):
        """A new duty, due in some days."""
        agreement = choose(list(work.agreements.all()), much)
        due_on = work.today(agreement) + timedelta(days=2 + much % 14)
        ops.add_obligation(work, agreement, once("review", f"Review {much}", due_on))

    def _postpone(self, work, much):
        """A duty is due on another day."""
        agreement, duty = self._a_duty(work, much)
        moved = replace(duty, due=Once(duty.due.on + timedelta(days=much % 9 - 4)))
        ops.amend_obligation(work, agreement, moved, because="it was agreed")

    def _drop(self, work, much):
        """Nothing of a duty is due from today on."""
        agreement, duty = self._a_duty(work, much)
        ops.end_obligation(work, agreement, duty.id, on=work.today(agreement), because="not needed")

    def _a_duty(self, work, much):
        duties = [(one, duty) for one in work.agreements.all() for duty in one.obligations]
        return choose(duties, much)

    def _take_in(self, work, much):
        """A row of an import: an agreement that is new, quiet for some days or not; a known one has another end."""
        today, people = self._run.time.now().date(), list(work.people.all())
        made = usual(
            f"N-{much % 3}", end=(today + timedelta(days=60 + much % 40)).isoformat(), title=f"Secret of N-{much}",
            counterparty=f"Other side of N-{much}", owner_id=choose(people, much).id,
            quiet_until_on=(None, today + timedelta(days=much % 9))[much % 2],
        )  # fmt: skip
        known = work.agreements.find(made.reference)
        if known is None:
            ops.register(work, made)
        else:
            ops.amend(work, replace(known, provisions=made.provisions), because="the sheet says so")

    def _pin(self, work, much):
        """A day is set by hand, mostly an earlier one."""
        row = choose([one for one in self._all(work) if one.is_live and one.is_deadline], much)
        ops.pin(work, row.id, on=row.safe_on - timedelta(days=much // 8 - 1), because="counsel says so")

    def _accept(self, work, much):
        """The later day of another calendar holds."""
        ops.accept(work, choose([one for one in self._all(work) if one.proposed], much).id)

    def _playbook(self, work, much):
        apply(work, registers.playbook(registers.OTHER if much % 2 else registers.BRISK))

    # -- people --------------------------------------------------------------------------------------------------------

    def _leave(self, work, much):
        ops.disable_person(work, choose([one for one in work.people.all() if one.role != "admin"], much))

    def _come_back(self, work, much):
        """Somebody who has left is here again."""
        gone = choose([one for one in work.people.all() if one.is_disabled], much)
        ops.change_person(work, replace(gone, is_disabled=False))

    def _wish(self, work, much):
        """Somebody wants to be told elsewhere, or no digests."""
        person = choose(list(work.people.all()), much)
        ops.change_person(work, replace(person, channels=_CHANNELS[much % len(_CHANNELS)], digests=bool(much % 4)))

    def _marry(self, work, much):
        """Somebody has another name and another address; or their old ones again."""
        person = choose(list(work.people.all()), much)
        email = person.email.removeprefix("new.") if person.email.startswith("new.") else f"new.{person.email}"
        ops.change_person(work, replace(person, email=email, name=f"{person.name} Neu".removesuffix(" Neu Neu")))

    def _room(self, work, much):
        """A room is archived, and nobody can post in it; or it is there again."""
        del work, much
        self._run.channels["slack"].dead ^= {"#contracts"}

    def _seclude(self, work, much):
        """An agreement is restricted, or not any more; another team's; under another name."""
        agreement = choose(list(work.agreements.all()), much)
        match much % 3:
            case 0:
                inside = tuple(one.id for one in list(work.people.all())[much % 5 :][:2])
                said = {"restricted_to": () if agreement.is_restricted else inside}
            case 1:
                said = {"team": "" if agreement.team else "procurement"}
            case _:
                said = {"counterparty": f"Other side of {agreement.reference} {much}"}
        ops.amend(work, replace(agreement, **said), because="counsel says so")

    def _digest_hour(self, work, much):
        """Digests come at another hour, or on another weekday."""
        del work
        self._run.choose(digest_at=time(7 + much % 5, 15), digest_weekday=much // 5 % 5)

    def _mailbox(self, work, much):
        """An address is gone from a channel."""
        channel = self._run.channels[("email", "slack")[much % 2]]
        channel.dead ^= {choose([one for one in work.people.all() if one.role != "admin"], much // 2).email}


def choose(things, much):
    if not things:
        raise NothingToActUpon
    return things[much % len(things)]


class NothingToActUpon(LifecycleError):
    code = "nothing"

    def __init__(self):
        super().__init__("There is nothing to act upon.", remedy="Do something else.")
