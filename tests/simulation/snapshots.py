"""All rows that matter, as they are between two transactions: read past the engine, with the driver alone."""

from collections import namedtuple
from datetime import date
from typing import NamedTuple

_MILESTONE = (
    "id agreement_id subject kind cycle is_deadline state safe_on revision generation armed_on playbook "
    "playbook_version stage step repeat next_step_at acknowledged_until_at snoozed_until_at snooze_limit_at"
)
_DELIVERY = (
    "id dedupe_key kind state channel address recipient_id agreement_id milestone_id generation safe_on place urgency "
    "created_at expires_at next_attempt_at attempts lease_token lease_until offered_at in_doubt_since accepted_at "
    "bundle_id fallback_of stands_in_for why"
)
_RAISED = "id milestone_id safe_on stage step repeat at skipped"
_INCIDENT = "id kind subject agreement_id opened_at closed_at"
MilestoneRow = namedtuple("MilestoneRow", _MILESTONE)  # noqa: PYI024 - the columns of a table, by their names
DeliveryRow = namedtuple("DeliveryRow", _DELIVERY)  # noqa: PYI024 - the columns of a table, by their names
RaisedRow = namedtuple("RaisedRow", _RAISED)  # noqa: PYI024 - the columns of a table, by their names
IncidentRow = namedtuple("IncidentRow", _INCIDENT)  # noqa: PYI024 - the columns of a table, by their names
LIVE = {"open", "acknowledged", "snoozed"}
WAITING = {"pending", "held", "in_doubt"}


class Snapshot(NamedTuple):
    milestones: dict
    deliveries: dict
    raised: dict
    incidents: dict


_KINDS = {
    "milestones": (_MILESTONE, MilestoneRow),
    "deliveries": (_DELIVERY, DeliveryRow),
    "raised": (_RAISED, RaisedRow),
    "incidents": (_INCIDENT, IncidentRow),
}
_DATES = {"safe_on", "armed_on"}  # which the driver of PostgreSQL makes into dates


class Reader:
    """Reads again only the tables that may have changed. *place* is where the register lies."""

    def __init__(self, place):
        self._place, self.ask = place, place.ask
        self._asked = {table: f"SELECT {', '.join(names.split())} FROM {table}" for table, (names, _) in _KINDS.items()}
        self.last = Snapshot(*map(self._rows, _KINDS))
        self._versions = self._versions_now()

    def changed(self):
        """The snapshot before and the one now; None where no row was written since."""
        versions = self._versions_now()
        if versions == self._versions:
            return None
        read = {
            table: self._rows(table)
            for table, old, new in zip(_KINDS, self._versions, versions, strict=True)
            if old != new
        }
        before, self.last, self._versions = self.last, self.last._replace(**read), versions
        return before, self.last

    def _versions_now(self):
        return self._place.tables.versions_of(_KINDS)

    def _rows(self, table):
        names, kind = _KINDS[table]
        places = [place for place, name in enumerate(names.split()) if name in _DATES]
        return {row[0]: kind._make(_with_texts(row, places)) for row in self.ask(self._asked[table])}


def _with_texts(row, places):
    if not any(isinstance(row[place], date) for place in places):
        return row
    return [value.isoformat() if place in places and value else value for place, value in enumerate(row)]
