"""An agreement as scripts and people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from engine.documents.deadlines import person_document
from engine.documents.explained import calendar_document
from engine.documents.plain import clause_document
from engine.known import calendars_of
from lifecycle.agreements.running import last_day_of
from notifiers.wording import (
    due_words,
    end_words,
    ended_words,
    leaving_words,
    notice_words,
    renewal_words,
    restriction_words,
    survival_words,
)
from store.queries import Queries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.duties import Obligation
    from store.events import Recorded

T = TypeVar("T")


def agreement_documents(work: Work, found: Sequence[Agreement]) -> list[dict[str, Any]]:
    """What ``agreement list`` shows."""
    near = Queries.of(work).nearest(found)
    return [agreement_document(work, one, near[one.id]) for one in found]


def agreement_document(work: Work, agreement: Agreement, near: Sequence[Milestone]) -> dict[str, Any]:
    """One of a list; *near* are its open deadlines, earliest first."""
    return {
        "id": agreement.id,
        "reference": agreement.reference,
        "title": agreement.title,
        "kind": agreement.kind,
        "counterparty": agreement.counterparty,
        "status": agreement.status,
        "is_archived": agreement.is_archived,
        "is_restricted": agreement.is_restricted,
        "owner": person_document(work.people.find(agreement.owner_id)),
        "backup": person_document(work.people.find(agreement.backup_id)),
        "signed_on": agreement.signed_on,
        "effective_on": agreement.effective_on,
        "last_on": last_day_of(agreement, work.today(agreement)),
        "term": agreement.term_number,
        "value": agreement.value,
        "tags": agreement.tags,
        "next_safe_on": near[0].safe_on if near else None,
        "next_kind": near[0].key.kind if near else None,
        "open_deadlines": len(near),
        "version": agreement.version,
    }


def whole_agreement(work: Work, agreement: Agreement, history: list[Recorded]) -> dict[str, Any]:
    """What ``agreement show`` tells. Days are counted with *calendars* of today, also as of a past day."""
    return {
        **agreement_documents(work, [agreement])[0],
        **facts_document(work, agreement),
        "calendars": [calendar_document(one) for one in calendars_of(work, agreement)],
        "history": [history_document(one) for one in history],
    }


def facts_document(work: Work, agreement: Agreement) -> dict[str, Any]:
    """What the register says of it beside what a list shows."""
    return {
        "parent": agreement.parent or None,
        "document": agreement.document or None,
        "note": agreement.note or None,
        "template": agreement.template or None,
        "project": agreement.project or None,
        "work_results": agreement.work_results or None,
        "governing_law": agreement.governing_law or None,
        "calendar": agreement.calendar,
        "rules": agreement.rules,
        "time_zone": agreement.time_zone,
        "assumed": agreement.assumed,
        "provisions": provisions_document(agreement),
        "clauses": {name: clause_document(clause) for name, clause in agreement.clauses},
        "obligations": [obligation_document(work, one) for one in agreement.obligations],
        "notice": agreement.notice,
        "accepted": agreement.accepted,
        "exit_plan": agreement.exit_plan,
    }


def provisions_document(agreement: Agreement) -> dict[str, str | None]:
    """What the paper provides, in words, each with its clause."""
    kept = agreement.provisions
    return {
        "end": end_words(kept.end, kept.convention),
        "convention": kept.convention and kept.convention.value,
        "renewal": renewal_words(kept.renewal),
        "notices": _each(notice_words, kept.notices),
        "for_convenience": _each(leaving_words, kept.for_convenience),
        "survivals": _each(survival_words, kept.survivals),
        "restrictions": _each(restriction_words, kept.restrictions),
        "ended": ended_words(kept.ended) if kept.ended else None,
    }


def _each(words: Callable[[T], str], facts: tuple[T, ...]) -> str | None:
    return "; ".join(map(words, facts)) or None


def obligation_document(work: Work, one: Obligation) -> dict[str, Any]:
    """One duty."""
    return {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "due": due_words(one.due),
        "owner": person_document(work.people.find(one.owner_id)),
        "clause": clause_document(one.clause),
        "ended_on": one.ended_on,
        "checklist": one.checklist or None,
    }


def history_document(one: Recorded) -> dict[str, Any]:
    """One event of the log."""
    return {
        "position": one.position,
        "at": one.at,
        "type": type(one.event).__name__,
        "actor": one.actor.name,
        "channel": one.actor.channel,
    }
