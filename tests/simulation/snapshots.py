"""All rows that matter, as they are between two transactions: read past the engine, with the driver alone."""

from collections import namedtuple
from typing import NamedTuple

from tests.simulation.registers import driver_of

_MILESTONE = (
    "id agreement_id subject kind cycle is_deadline state safe_on revision generation armed_on playbook "
    "playbook_version stage step repeat next_step_at acknowledged_until_at snoozed_until_at snooze_limit_at"
)
_DELIVERY = (
    "id dedupe_key kind state channel address recipient_id agreement_id milestone_id generation safe_on place urgency "
    "created_at expires_at next_attempt_at attempts lease_token lease_until offered_at in_doubt_since accepted_at "
    "bundle_id fallback_of"
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


class Reader:
    """Reads again only what the kind of transaction can have changed."""

    def __init__(self, database):
        self._connection = driver_of(database)
        self.last = self.all()
        self._changes = self._connection.total_changes

    def changed(self):
        """The snapshot before and the one now; None where no row was written since."""
        if self._connection.total_changes == self._changes:
            return None
        self._changes = self._connection.total_changes
        before, self.last = self.last, self.all()
        return before, self.last

    def all(self):
        return Snapshot(
            self._rows("milestones", _MILESTONE, MilestoneRow),
            self._rows("deliveries", _DELIVERY, DeliveryRow),
            self._rows("raised", _RAISED, RaisedRow),
            self._rows("incidents", _INCIDENT, IncidentRow),
        )

    def ask(self, statement, *values):
        return self._connection.execute(statement, values).fetchall()

    def _rows(self, table, names, kind):
        found = self._connection.execute(f"SELECT {', '.join(names.split())} FROM {table}")
        return {row[0]: kind._make(row) for row in found}
