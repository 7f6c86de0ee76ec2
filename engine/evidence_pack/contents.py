"""The rows of a pack, file by file; each is made as it is written.

What people read elsewhere stands here in the same form (``engine.documents``), without what changes with the hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.documents.agreements import agreement_document, facts_document
from engine.documents.deadlines import deadline_document
from engine.documents.explained import calendar_document, step_document
from engine.evidence_pack.standing import Standing, milestones_known
from engine.zones import day_at
from lifecycle.agreements.passage import as_at
from lifecycle.counting.derivation import ASSUMPTIONS
from store.queries import DeadlineRow
from store.queries.evidence_pack import (
    AT_ONCE,
    answers_of,
    attempts_of,
    ends_of,
    incidents_in,
    known_in,
    messages,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Row

    from engine.evidence_pack.asking import Asked, Span
    from engine.evidence_pack.standing import Known
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import Reading
    from lifecycle.milestones.milestone import Milestone
    from store.events import Recorded

#: What a list shows of an agreement or a deadline that changes by itself, from hour to hour or with other rows.
_PASSING: Final = frozenset({"next_safe_on", "next_kind", "open_deadlines"})
_HOURLY: Final = frozenset({"next_step_at", "next_stage", "url"})
_WAITING: Final = "waiting"  # of a past day: nothing is known to have ended the message's way by then


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What one pack is made of. *sees_all*: nothing in the register is hidden from whoever asked for it."""

    work: Work
    asked: Asked
    span: Span
    ids: tuple[str, ...]
    sees_all: bool

    @property
    def chosen(self) -> frozenset[str]:
        """The agreements, for questions that only ask whether one is there."""
        return frozenset(self.ids)

    def register(self) -> Iterator[dict[str, Any]]:
        """Every agreement by reference."""
        for known in self._agreements():
            for agreement in known:
                yield _agreement(self.work, agreement)

    def assets(self) -> Iterator[dict[str, Any]]:
        """What the agreements cover, by name; of other agreements that cover it nothing is said."""
        chosen = self.chosen
        for one in self.work.assets.covered_by(self.ids):
            covering = [each for each in one.agreements if each in chosen]
            yield {"asset": one.id, "name": one.name, "kind": one.kind, "ownership": one.ownership,
                   "holders": one.holders, "licence": one.licence, "note": one.note or None,
                   "agreement_ids": covering}  # fmt: skip

    def deadlines(self) -> Iterator[dict[str, Any]]:
        """What is open, and what was due in the span or after it, agreement by agreement."""
        for agreement, known in self._milestones(with_readings=False):
            for one in known:
                told = deadline_document(self.work, DeadlineRow(one.milestone, agreement), raised=())  # see _HOURLY
                yield {"agreement_id": agreement.id, **{key: told[key] for key in told if key not in _HOURLY}}

    def derivations(self) -> Iterator[dict[str, Any]]:
        """The steps of each of these days."""
        for agreement, known in self._milestones():
            for one in known:
                if one.reading is not None:
                    yield _derivation(agreement, one.milestone, one.reading)

    def messages(self) -> Iterator[dict[str, Any]]:
        """Every message of the span with its tries, how it ended and what was answered, agreement by agreement."""
        from_at, until_at, known_at = self.span
        with_house = not self.asked.is_narrowed
        for rows in messages(self.work, self.chosen, from_at, until_at, with_house=with_house):
            about = {row.agreement_id for row in rows if row.agreement_id}
            tries = attempts_of(self.work, [row.id for row in rows], until_at)
            answers = answers_of(self.work, about, until_at)
            ends = ends_of(self.work, about, until_at) if known_at else None
            for row in rows:
                told = [one for one in answers.get(row.milestone_id, ()) if one.at >= row.created_at]
                shows = row.agreement_id is not None or (with_house and self.sees_all)
                state = row.state if ends is None else _state_then(row, ends, self.span)
                yield _message(row, state, tries.get(row.id, ()), told, subject=row.subject if shows else None)

    def incidents(self) -> Iterator[dict[str, Any]]:
        """What went wrong in the span."""
        from_at, until_at, _ = self.span
        with_house = not self.asked.is_narrowed
        for row in incidents_in(self.work, self.chosen, from_at, until_at, with_house=with_house):
            closed_at = row.closed_at if row.closed_at and row.closed_at < until_at else None
            yield {"id": row.id, "kind": row.kind, "subject": row.subject, "agreement_id": row.agreement_id,
                   "opened_at": row.opened_at, "closed_at": closed_at, "text": row.text}  # fmt: skip

    def known(self, ids: Sequence[str]) -> dict[str, Agreement]:
        """These agreements as they are, or were known."""
        known, at = known_in(self.work, ids, self.span.known_at), self.span.known_at
        if at is None:
            return known
        return {name: as_at(one, day_at(at, one.time_zone)) for name, one in known.items()}

    def chunks(self) -> Iterator[Sequence[str]]:
        """The agreements, so many as are held in memory at once."""
        for start in range(0, len(self.ids), AT_ONCE):
            yield self.ids[start : start + AT_ONCE]
            self.work.agreements.forget_seen()

    def _agreements(self) -> Iterator[Iterable[Agreement]]:
        for ids in self.chunks():
            yield self.known(ids).values()

    def _milestones(self, *, with_readings: bool = True) -> Iterator[tuple[Agreement, list[Known]]]:
        asked = Standing(from_on=self.asked.from_on, known_at=self.span.known_at, with_readings=with_readings)
        for ids in self.chunks():
            yield from milestones_known(self.work, self.known(ids), asked)


def _agreement(work: Work, agreement: Agreement) -> dict[str, Any]:
    told = {**agreement_document(work, agreement, ()), **facts_document(work, agreement)}
    return {
        **{key: told[key] for key in told if key not in _PASSING},
        "restricted_to": agreement.restricted_to,
        "signed_on": agreement.signed_on,
        "pins": agreement.pins,
        "disclosures": agreement.disclosures,
        "exit": agreement.exit,
    }


def _derivation(agreement: Agreement, milestone: Milestone, reading: Reading) -> dict[str, Any]:
    return {
        "deadline_id": milestone.id,
        "reference": agreement.reference,
        "subject": milestone.key.subject,
        "kind": milestone.key.kind,
        "cycle": milestone.key.cycle,
        "safe_on": reading.safe_on,
        "nominal_on": reading.nominal_on,
        "latest_on": reading.latest_on,
        "steps": [step_document(number, step) for number, step in enumerate(reading.steps, 1)],
        "assumptions": [{"code": code, "text": ASSUMPTIONS.get(code, code)} for code in reading.assumptions],
        "calendars": [calendar_document(one) for one in reading.calendars],
    }


def _message(
    row: Row[Any], state: str, tries: Sequence[Row[Any]], answers: Sequence[Recorded], *, subject: str | None
) -> dict[str, Any]:
    has_ended = state != _WAITING
    return {
        "id": row.id,
        "kind": row.kind,
        "state": state,
        "agreement_id": row.agreement_id,
        "deadline_id": row.milestone_id,
        "stage": row.place or None,
        "safe_on": row.safe_on,
        "channel": row.channel,
        "to": {"id": row.recipient_id, "name": row.recipient_name, "address": row.address},
        "stands_in_for": row.stands_in_for,
        "subject": subject,
        "content_type": row.content_type,
        "sha256": row.sha256,
        "created_at": row.created_at,
        "accepted_at": row.accepted_at if has_ended else None,
        "reference_of_channel": (row.ref if has_ended else "") or None,
        "gathered_in": row.bundle_id,
        "fallback_of": row.fallback_of,
        "why": (row.why if has_ended else "") or None,
        "tries": [{"at": one.at, "action": one.action, "result": one.result, "why": one.why or None} for one in tries],
        "answers": [_answer(one) for one in answers],
    }


def _answer(one: Recorded) -> dict[str, Any]:
    told = type(one.event).__name__.removeprefix("Milestone").lower()
    return {"position": one.position, "answer": told, "by": one.actor.name, "through": one.actor.channel, "at": one.at}


def _state_then(row: Row[Any], ends: dict[str, str], span: Span) -> str:
    """Where a message was at the end of the span, as far as can be shown; else it waits."""
    if row.id in ends:
        return ends[row.id]
    return "accepted" if row.accepted_at is not None and row.accepted_at < span.until_at else _WAITING
