"""What must never be, each as one SELECT on a partial index; a row that is found is a violation.

The words of the states stand in the text, not in parameters: only so does a partial index serve (``store.schema``).
The instants before which something is late are the asker's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Date, bindparam, literal, select, text, tuple_

from store.schema import milestones
from store.types import Instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, TextClause


class Violation(NamedTuple):
    """How many rows break a rule, and one of them."""

    check: str
    number: int
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From when on something is too late, or near. An instant: whatever was due before it."""

    step_at: datetime
    pending_at: datetime
    doubt_at: datetime
    lease_at: datetime
    raised_from_at: datetime
    raised_until_at: datetime
    unheard_at: datetime
    inbox_at: datetime
    posted_at: datetime
    held_at: datetime
    near_from_on: date
    near_until_on: date
    is_shadow: bool


_LIVE: Final = "state IN ('open','acknowledged','snoozed')"
_FOUND: Final = "SELECT count(*) AS found, min({id}) AS sample FROM "

_SELECTS: Final = {
    "deadline_without_instant": """milestones WHERE state IN ('open','acknowledged','snoozed')
        AND is_deadline AND next_step_at IS NULL""",
    "step_late": "milestones WHERE next_step_at IS NOT NULL AND next_step_at <= :step_at",
    "pending_late": """deliveries WHERE state IN ('pending','in_doubt') AND next_attempt_at <= :pending_at""",
    "doubt_too_long": """deliveries WHERE state IN ('pending','in_doubt') AND state = 'in_doubt'
        AND in_doubt_since <= :doubt_at""",
    "lease_over": "deliveries WHERE state = 'sending' AND lease_until <= :lease_at",
    "raised_without_message": """raised r WHERE r.at BETWEEN :raised_from_at AND :raised_until_at
        AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.milestone_id = r.milestone_id
            AND d.place = r.stage || '.' || r.step || '.' || r.repeat)
        AND NOT EXISTS (SELECT 1 FROM incidents WHERE kind = 'no_recipient' AND subject = r.milestone_id
            AND (closed_at IS NULL OR closed_at >= r.at))""",
    # Within the last two weeks before a deadline a stage has begun, and nothing of it has reached anybody.
    "nobody_reached": """milestones m WHERE m.state IN ('open','acknowledged','snoozed') AND m.state = 'open'
        AND m.is_deadline AND m.safe_on BETWEEN :near_from_on AND :near_until_on
        AND EXISTS (SELECT 1 FROM raised r WHERE r.milestone_id = m.id AND r.safe_on = m.safe_on
            AND r.stage = m.stage AND r.at <= :unheard_at)
        AND NOT EXISTS (SELECT 1 FROM deliveries d LEFT JOIN deliveries b ON b.id = d.bundle_id
            WHERE d.milestone_id = m.id AND d.kind = 'step' AND d.safe_on = m.safe_on
            AND (d.state IN ('accepted','delivered','held') OR b.state IN ('accepted','delivered','held')
                OR d.why LIKE 'dropped by silence%' OR d.why = 'told already that the day has moved')
            AND d.created_at >= (SELECT min(r.at) FROM raised r WHERE r.milestone_id = m.id
                AND r.safe_on = m.safe_on AND r.stage = m.stage))
        AND NOT EXISTS (SELECT 1 FROM incidents i WHERE i.kind = 'no_recipient' AND i.subject = m.id
            AND i.closed_at IS NULL)""",
    "inbox_late": "inbox WHERE next_attempt_at IS NOT NULL AND received_at <= :inbox_at",
    "posted_behind": """posted WHERE next_update_at IS NOT NULL AND (next_update_at <= :posted_at OR failures >= 6)""",
    "dead_contact": """contact_points c WHERE c.state = 'dead'
        AND EXISTS (SELECT 1 FROM people p WHERE p.id = c.person_id AND NOT p.is_disabled)
        AND EXISTS (SELECT 1 FROM agreements a JOIN milestones m ON m.agreement_id = a.id
            WHERE a.owner_id = c.person_id AND m.state IN ('open','acknowledged','snoozed') AND m.is_deadline)""",
    "held_late": "deliveries WHERE state = 'held' AND next_attempt_at <= :held_at",
}
#: What waits for its own hour, or for a silence; anything else is the word of a person.
_HELD_BY_PERSON: Final = """deliveries d JOIN milestones m ON m.id = d.milestone_id WHERE d.state = 'held'
    AND d.why NOT IN ('waits for its digest','new in the register','leaves with others') AND d.why NOT LIKE 'silenced%'
    AND m.is_deadline AND m.safe_on BETWEEN :near_from_on AND :near_until_on"""
_IDS: Final = {
    "raised_without_message": "r.milestone_id", "nobody_reached": "m.id", "posted_behind": "delivery_id",
    "dead_contact": "c.person_id", "held_by_person": "d.id",
}  # fmt: skip
#: The rules that rows can break, in the order of the list in ``docs/watching.md``.
CHECKS: Final = (*_SELECTS, "held_by_person")


def violations(connection: Connection, limits: Limits) -> list[Violation]:
    """Every rule of which a row was found. In shadow mode all is held, and held by a person's word."""
    given = {name: getattr(limits, name) for name in limits.__slots__}
    found = []
    for check, statement, names in _statements(is_shadow=limits.is_shadow):
        row = connection.execute(statement, {name: given[name] for name in names}).one()
        if row.found:
            found.append(Violation(check, row.found, str(row.sample)))
    return found


def statements(limits: Limits) -> Iterator[tuple[str, TextClause, dict[str, Any]]]:
    """Each rule's question and its parameters, to see how it is answered."""
    given = {name: getattr(limits, name) for name in limits.__slots__}
    for check, statement, names in _statements(is_shadow=False):
        yield check, statement, {name: given[name] for name in names}


def live_ids(
    connection: Connection, after: tuple[date, str], most: int, *, until_on: date = date.max
) -> list[tuple[date, str]]:
    """The next live milestones behind a place, by last safe day and id."""
    place = tuple_(milestones.c.safe_on, milestones.c.id)
    behind = place > tuple_(literal(after[0], Date), literal(after[1]))
    wanted = select(milestones.c.safe_on, milestones.c.id).where(text(_LIVE), behind, milestones.c.safe_on <= until_on)
    rows = connection.execute(wanted.order_by(milestones.c.safe_on, milestones.c.id).limit(most))
    return [(row.safe_on, row.id) for row in rows]


@cache
def _statements(*, is_shadow: bool) -> tuple[tuple[str, TextClause, tuple[str, ...]], ...]:
    """Each rule with its question and the names of its parameters; the same at every audit."""
    rules = _SELECTS if is_shadow else {**_SELECTS, "held_by_person": _HELD_BY_PERSON}
    return tuple((check, *_typed(_FOUND.format(id=_IDS.get(check, "id")) + rest)) for check, rest in rules.items())


def _typed(question: str) -> tuple[TextClause, tuple[str, ...]]:
    """The question, with parameters that are written as the columns keep them; their names."""
    clause = text(question)
    names = tuple(clause.compile().params)
    kinds = {name: Date() if name.endswith("_on") else Instant() for name in names}
    return clause.bindparams(*(bindparam(name, type_=kind) for name, kind in kinds.items())), names
