"""Ladders and audiences as the oracle sees them: computed anew for each question, step by step, with true calendars."""

from datetime import timedelta
from itertools import takewhile
from typing import NamedTuple

from engine.zones import zone
from lifecycle.audience import AudienceKind
from lifecycle.milestones.milestone import Cursor
from lifecycle.playbooks.frame import Frame
from lifecycle.playbooks.ladder import steps
from tests.simulation.absent import Absent
from tests.simulation.house import HOUSE


class Owed(NamedTuple):
    """Who is to be told: a person or a bare address, or any of several; through one channel, or whichever (None)."""

    who: frozenset
    channel: str | None


class Ladders:
    """Reads facts through the store, and nothing that the engine has worked out."""

    def __init__(self, run):
        self._run = run
        self._frames = {}
        self._step, self._known = -1, {}

    def milestone(self, milestone_id):
        """It and its agreement, as they are after the step that the oracle looks at."""
        number = self._run.oracle.number
        if self._step != number:
            self._step, self._known = number, {}
        if milestone_id not in self._known:
            self._known[milestone_id] = self._read(milestone_id)
        return self._known[milestone_id]

    def _read(self, milestone_id):
        with self._run.people.monitor.look() as work:
            row = work.milestones.get(milestone_id)
            return row, work.agreements.get(row.key.holder)

    def planned(self, row, agreement, *, until):
        """All steps of a milestone's ladder from its first, up to an instant; and the first after it."""
        frame = self._frame(row, agreement)
        found, taken_on = [], _taken_on(row, agreement)
        own = {stage.key for stage in frame.playbook.stages}
        for step in steps(row, frame):
            if taken_on and step.stage == "-1bd" and step.stage not in own and step.on <= taken_on:
                continue  # whoever answers on that day is not asked on it
            found.append(step)
            if step.at > until or len(found) > 400:
                break
        return found

    def due(self, row, agreement, now, *, raised):
        """The steps that are due at *now*, for a milestone as it was before anything was raised."""
        planned = list(takewhile(lambda step: step.at <= now, self.planned(row, agreement, until=now)))
        return [step for step in self.ahead(row, planned) if step.cursor not in raised]

    def ahead(self, row, planned):
        """Of these steps those that come after the cursor; in a quiet stage those beyond it."""
        if row.cursor is None:
            return planned
        places = [step.cursor for step in planned]
        if row.cursor not in places:
            return None
        rest = planned[places.index(row.cursor) + 1 :]
        if row.state == "acknowledged":
            rest = [step for step in rest if step.stage != row.cursor.stage or step.is_final]
        return rest

    def snooze_limit(self, milestone_id, now):
        """30 days, and the sending hour of the business day before the last safe day."""
        row, agreement = self.milestone(milestone_id)
        frame = self._frame(row, agreement)
        in_30_days = frame.at(now.astimezone(frame.zone).date() + timedelta(days=30))
        return min(in_30_days, frame.at(frame.calendar.shift(row.safe_on, -1)))

    def last_call(self, row, agreement):
        """When whoever took it is asked at the latest; None where the playbook speaks later than that by itself.

        None also on the day of the answer: who has just spoken is not asked whether.
        """
        frame = self._frame(row, agreement)
        day = frame.calendar.shift(row.safe_on, -1)
        if any(stage.at.number == 0 for stage in frame.playbook.stages) or day == _taken_on(row, agreement):
            return None
        return frame.at(day)

    def hours_of(self, row, agreement):
        """The hours of its target day and of its last safe day: nothing is held past them."""
        frame = self._frame(row, agreement)
        return [frame.at(row.target_on), frame.at(row.safe_on)]

    def is_critical(self, delivery, now):
        """Whether nothing holds a message back: it is said so, or today is in the days from target to last safe day."""
        row, agreement = self.milestone(delivery.milestone_id)
        today = now.astimezone(zone(agreement.time_zone)).date()
        return delivery.urgency == "critical" or row.target_on <= today <= row.safe_on

    def absent(self, now):
        """Who is away as things stand; days are those of the house's zone, in which all people live."""
        with self._run.people.monitor.look() as work:
            people = {one.id: one for one in work.people.all()}
            today = now.astimezone(zone(HOUSE.time_zone)).date()
            return Absent(people, work.absences.open(), today, lambda one: self.channels(one, "all"))

    def audience(self, audience, via, row, agreement, *, now):
        """Who an audience is now; who stands in for whom is away is as good."""
        absent = self.absent(now)
        owed = []
        for one in audience:
            if one.kind is AudienceKind.ADDRESS:
                if one.channel == "slack" and agreement.is_restricted:
                    continue  # it goes to people alone
                owed.append(Owed(frozenset({one.name}), one.channel))
                continue
            for person in self._people(one, row, agreement, absent.people):
                if absent.is_absent(person.id):
                    able = {one.id for one in absent.people.values() if self.channels(one, via)}
                    owed += _stand_ins(person, absent, able)
                else:
                    owed += [Owed(frozenset({person.id}), channel) for channel in self.channels(person, via)]
        return list(dict.fromkeys(owed))

    def channels(self, person, via):
        """Those through which somebody is to be told."""
        mine = [name for name in person.channels or self._run.house.channels if self._is_open(person, name)]
        if via == "best":
            return mine[:1]
        return mine if via == "all" else [name for name in via if self._is_open(person, name)] or mine[:1]

    def _people(self, one, row, agreement, people):
        owner = people.get(row.owner_id or agreement.owner_id)
        backup = people.get(row.backup_id or agreement.backup_id)
        if backup and backup.id == row.owner_id:
            backup = people.get(agreement.owner_id)
        above = [people[one].manager_id for one in (row.owner_id, agreement.owner_id) if one]
        able = [one for one in above if one and one != row.owner_id and not people[one].is_disabled]
        manager = people[able[0]] if able else None
        before = people.get(row.handed_over_by_id)
        is_gone = owner is not None and (owner.is_disabled or not self.channels(owner, "all"))
        meant = {
            AudienceKind.OWNER: [backup, manager, before] if is_gone else [owner, before],
            AudienceKind.BACKUP: [backup],
            AudienceKind.MANAGER: [manager],
            AudienceKind.ROLE: [person for person in people.values() if person.role == one.name],
        }[one.kind]
        return [person for person in meant if person and not person.is_disabled]

    def _is_open(self, person, channel):
        """Whether nothing is known against it: the house remembers addresses at which nothing arrives any more."""
        dead = "SELECT 1 FROM contact_points WHERE person_id=? AND channel=? AND state='dead'"
        return channel in self._run.channels and not self._run.oracle.reader.ask(dead, person.id, channel)

    def _frame(self, row, agreement):
        hour, closed = self._run.house.send_at, self._run.closed
        name = (row.playbook, row.playbook_version, agreement.calendar, agreement.time_zone, hour, closed)
        if name not in self._frames:
            with self._run.people.monitor.look() as work:
                playbook = work.playbook(row.playbook, row.playbook_version)
            self._frames[name] = Frame(
                playbook, self._run.calendar(agreement.calendar), zone(agreement.time_zone), hour
            )
        return self._frames[name]


def _taken_on(row, agreement):
    """The day of the last answer that was no outcome."""
    said = [one.at for one in (row.acknowledged, row.snoozed, row.decision) if one]
    return max(said).astimezone(zone(agreement.time_zone)).date() if said else None


def cursor_of(row):
    return Cursor(row.stage, row.step, row.repeat)


def _stand_ins(person, absent, able):
    """For somebody who is absent: whoever stands in, else nobody; in a mode that asks both, either of them is owed.

    *able* are those who can be reached.
    """
    instead = absent.stand_in(person.id)
    who = ({instead} | (set() if absent.is_away(person.id) else {person.id})) & able
    return [Owed(frozenset(who), None)] if who else []
