"""A deadline as scripts read it (INTERFACE.md C19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.documents.plain import clause_document
from engine.explaining import business_days_left, with_reasons
from engine.known import derived_of
from engine.looking import reminds_nobody
from engine.zones import zone
from lifecycle.milestones.milestone import Milestone, MilestoneState
from lifecycle.playbooks.due import next_look
from notifiers.wording import action, consequence, why_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person
    from lifecycle.playbooks.due import Places
    from notifiers.sheet import Deadline
    from store.queries import DeadlineRow


def deadline_documents(work: Work, rows: Iterable[DeadlineRow]) -> list[dict[str, Any]]:
    """As ``deadline_document``, of many; what was raised before is asked for all of them at once."""
    rows = list(rows)
    work.milestones.fetch_raised([one.milestone.id for one in rows if one.milestone.is_live])
    return [deadline_document(work, row) for row in rows]


def deadline_document(
    work: Work, row: DeadlineRow, facts: Deadline | None = None, *, raised: Places | None = None
) -> dict[str, Any]:
    """All keys of ``deadlines``; *facts*, and the places that were *raised* before, where they are known already."""
    milestone, agreement = row
    if raised is None:
        raised = work.milestones.places_raised(milestone) if milestone.is_live else ()
    facts = facts or with_reasons(work, row, derived_of(work, agreement, milestone))
    today = work.today(agreement)
    return {
        "id": milestone.id,
        "reference": agreement.reference,
        "agreement_title": agreement.title,
        "counterparty": agreement.counterparty,
        "subject": milestone.key.subject,
        "kind": milestone.key.kind,
        "cycle": milestone.key.cycle,
        "revision": milestone.revision,
        "is_deadline": milestone.is_deadline,
        "action": action(facts),
        "consequence": consequence(facts) or None,
        **_days(work, milestone, agreement, today),
        **_standing(milestone, today),
        "next_stage": _next_stage(work, milestone, agreement, raised),
        "next_step_at": None if reminds_nobody(milestone) else milestone.next_step_at,
        "tags": agreement.tags,
        **_answers(milestone, agreement),
        "why": " ".join(why_lines(facts)) or None,
        "clause": clause_document(milestone.clause),
        "url": facts.url or None,
        "playbook": {"name": milestone.playbook, "version": milestone.playbook_version},
        "owner": person_document(work.people.find(milestone.owner_id or agreement.owner_id)),
        "backup": person_document(work.people.find(milestone.backup_id or agreement.backup_id)),
        "value": agreement.value,
        "is_pinned": milestone.is_pinned,
        "is_restricted": agreement.is_restricted,
    }


def person_document(person: Person | None) -> dict[str, Any] | None:
    """Who it is, and whether they are here no more."""
    if person is None:
        return None
    return {"id": person.id, "name": person.name, "email": person.email, "has_left": person.is_disabled}


def _days(work: Work, milestone: Milestone, agreement: Agreement, today: date) -> dict[str, Any]:
    return {
        "safe_on": milestone.safe_on,
        "target_on": milestone.target_on,
        "nominal_on": milestone.nominal_on,
        "latest_on": milestone.latest_on,
        "days_left": (milestone.safe_on - today).days,
        "opens_on": milestone.opens_on,
        "business_days_left": business_days_left(work, milestone, agreement, today),
        "time_zone": agreement.time_zone,
    }


def _standing(milestone: Milestone, today: date) -> dict[str, Any]:
    return {
        "state": milestone.state,
        "is_overdue": milestone.is_live and milestone.is_deadline and milestone.safe_on < today,
        "is_silent": reminds_nobody(milestone),
        "stage": milestone.cursor.stage if milestone.cursor else None,
    }


def _next_stage(work: Work, milestone: Milestone, agreement: Agreement, raised: Places) -> str | None:
    """The stage of the step that is raised next: none that was raised already for the same day."""
    if not milestone.is_live:
        return None
    look = next_look(milestone, work.planner.frame(agreement, milestone), work.now, raised=raised)
    return look.step.stage if look and look.step else None


def _answers(milestone: Milestone, agreement: Agreement) -> dict[str, Any]:
    local = zone(agreement.time_zone)
    acknowledged, until_at = milestone.acknowledged, milestone.acknowledged_until_at
    snoozed_at = milestone.snoozed_until_at
    return {
        "acknowledged": acknowledged
        and {
            "by": acknowledged.by,
            "at": acknowledged.at,
            "until_on": until_at.astimezone(local).date() if until_at else None,
        },
        "snoozed_until_on": snoozed_at.astimezone(local).date()
        if snoozed_at and milestone.state is MilestoneState.SNOOZED
        else None,
        "decision": milestone.decision,
        "outcome": milestone.outcome,
        "verified": milestone.verified,
    }
