"""Answers that come in from outside, under a key: some of them twice, or long after others."""

from collections import defaultdict
from contextlib import suppress
from typing import NamedTuple

from engine.incoming.answers import Asked
from engine.incoming.inbox import Incoming, receive
from engine.incoming.links import Operation
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from store.errors import DatabaseBusy, DatabaseFull
from tests.simulation.troubles import SimulatedCrash

_TYPED = {"choice": "keep", "evidence": "the letter"}
_OPERATIONS = (Operation.ACKNOWLEDGE, Operation.ACKNOWLEDGE, Operation.DONE, Operation.DECIDE)


class Heard(NamedTuple):
    """What was known after one arrival: whether a row is kept, what the sender was told, what the log says of it."""

    is_kept: bool
    said: str
    events: int


class Clicks:
    """All that was clicked. *people* have a process, *place* is where the register lies."""

    def __init__(self, people, place):
        self._people, self._place = people, place
        self._incoming = []
        self.heard = defaultdict(list)

    def click(self, row, person_id, much):
        """Somebody answers what they see of a deadline now; whether its ladder changed."""
        number = len(self._incoming)
        asked = Asked(
            operation=_OPERATIONS[much % len(_OPERATIONS)], milestone_id=row.id, revision=row.revision,
            person_id=person_id, stage=row.cursor.stage if row.cursor else "", values=_TYPED,
        )  # fmt: skip
        actor = Actor("olga@example.com", f"click {number}")
        self._incoming.append(Incoming(key=f"click {number}", source="simulation", actor=actor, what=asked))
        return self._arrives(self._incoming[-1])

    def again(self, much):
        """One of them comes once more."""
        return self._arrives(self._incoming[-1 - much % len(self._incoming)]) if self._incoming else None

    def _arrives(self, incoming):
        """The id of the milestone, if its ladder was changed by this."""
        before, said = self._generation(incoming), ""
        with suppress(LifecycleError, DatabaseBusy, DatabaseFull, SimulatedCrash):
            said = receive(self._people.monitor, incoming).said
        is_kept = bool(self._place.ask("SELECT 1 FROM inbox WHERE dedupe_key=?", incoming.key))
        ((events,),) = self._place.ask("SELECT count(*) FROM events WHERE channel=?", incoming.actor.channel)
        self.heard[incoming.key].append(Heard(is_kept, said, events))
        return incoming.what.milestone_id if self._generation(incoming) != before else None

    def _generation(self, incoming):
        return self._place.ask("SELECT generation FROM milestones WHERE id=?", incoming.what.milestone_id)
