"""Who is away at an instant, and who stands in: worked out anew, without the engine."""

from lifecycle.people import AbsenceMode

LONGEST_CHAIN = 3


class Absent:
    """*people* by id, and the absences that are open, on a day; *is_reached* says who has an address that is alive."""

    def __init__(self, people, absences, day, is_reached):
        self.people, self._is_reached = people, is_reached
        self._absences = {}
        for one in absences:
            if one.covers(day):
                self._absences.setdefault(one.person_id, one)

    def is_able(self, person_id):
        """Whether somebody is there at all; whoever has no id is an address."""
        person = self.people.get(person_id)
        return person_id is None or (person is not None and not person.is_disabled)

    def is_absent(self, person_id):
        return person_id in self._absences

    def is_away(self, person_id):
        """Absent, and somebody else is asked instead."""
        return self.is_absent(person_id) and self._absences[person_id].mode is AbsenceMode.INSTEAD

    def stand_in(self, person_id):
        """Who is asked for somebody who is absent; None where nobody can be."""
        seen, asked = {person_id}, person_id
        for _ in range(LONGEST_CHAIN):
            asked = self._absences[asked].delegate_id
            if asked in seen or not self.is_able(asked):
                break
            if not self.is_away(asked):
                if self._is_reached(self.people[asked]):
                    return asked
                break
            seen.add(asked)
        manager = self.people[person_id].manager_id
        if manager is None or manager in seen or not self.is_able(manager) or self.is_away(manager):
            return None
        return manager if self._is_reached(self.people[manager]) else None
