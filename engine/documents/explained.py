"""``explain`` as scripts read it: the deadline, every step from clause to day, and all that the day hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.documents.deadlines import deadline_document
from engine.documents.plain import clause_document
from lifecycle.counting.derivation import ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.explaining import Explained
    from engine.monitor import Work
    from lifecycle.counting.derivation import DerivationStep
    from lifecycle.days.calendars import Provenance
    from lifecycle.findings.finding import Finding
    from store.queries import DeadlineRow


def explained_document(
    work: Work, row: DeadlineRow, explained: Explained, findings: Iterable[Finding]
) -> dict[str, Any]:  # fmt: skip
    """All keys of ``explain``."""
    derived = explained.derived
    reading = derived.reading if derived else None
    return {
        **deadline_document(work, row, explained.facts),
        "steps": [step_document(number, step) for number, step in enumerate(reading.steps if reading else (), 1)],
        "pin": explained.pin,
        "assumptions": [
            {"code": code, "text": ASSUMPTIONS.get(code, code)} for code in (reading.assumptions if reading else ())
        ],
        "sensitivity": explained.facts.sensitivities,
        "calendars": [calendar_document(one) for one in (reading.calendars if reading else ())],
        "findings": [finding_document(one) for one in findings],
        "changes": [
            {
                "field": "safe_on",
                "old_on": move.old_on,
                "new_on": move.new_on,
                "because": move.because,
                "at": move.at,
            }
            for move in explained.moves
        ],
        "template": row.agreement.template or None,
        "project": row.agreement.project or None,
        "derived_on": work.today(row.agreement),
    }


def step_document(number: int, step: DerivationStep) -> dict[str, Any]:
    """One step with all that is needed to take it again."""
    return {
        "n": number,
        "rule": step.rule,
        "was_on": step.was_on,
        "on": step.on,
        "text": step.text,
        "inputs": dict(step.inputs),
        "source": step.source,
        "clause": clause_document(step.clause),
        "calendar": [calendar_document(one) for one in step.calendar],
        "closed": [{"on": one.on, "name": one.name} for one in step.closed],
    }


def calendar_document(one: Provenance) -> dict[str, Any]:
    """Which calendar, from where, and exactly which days."""
    return {"code": one.code, "source": one.source, "version": one.version, "digest": one.digest}


def finding_document(one: Finding) -> dict[str, Any]:
    """A finding about the register."""
    return {"code": one.code, "about": one.about, "on": one.on, "text": one.text}
