"""Agreements come into the register, are amended, put aside and taken back. Nothing is deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lifecycle.agreements.agreement import terms_of
from lifecycle.agreements.amending import differences
from lifecycle.agreements.passage import running_number, status_by_facts
from lifecycle.agreements.running import last_day_of
from lifecycle.agreements.status import OVER, UNSIGNED, Status
from lifecycle.errors import LifecycleError
from lifecycle.events import AgreementAmended, AgreementArchived, AgreementRegistered, AgreementRestored, TermExpired
from lifecycle.terms.problems import checked
from notifiers.wording import fact_words
from store.errors import AlreadyThere

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.terms.provisions import Terms


class StillOpen(LifecycleError):
    """Something is open, and no reason was given to drop it."""

    code = "still-open"

    def __init__(self, reference: str, count: int) -> None:
        super().__init__(
            f"{reference} has {count} open {'deadline' if count == 1 else 'deadlines'}.",
            remedy="Say why they may be dropped.",
            command="--because TEXT",
        )


def register(work: Work, agreement: Agreement, *, is_known_new: bool = False) -> Agreement:
    """Take an agreement into the register; its id, counterparty, status and first term are found here.

    *is_known_new* says that the caller has made sure that the reference is free. Raises AlreadyThere for a reference
    that is taken (ignoring case), TermsError for terms that are impossible or contradict themselves.
    """
    if not is_known_new and work.agreements.find(agreement.reference) is not None:
        command = f"longstop agreement amend {agreement.reference} --set FIELD=VALUE --because TEXT"
        raise AlreadyThere("agreement", agreement.reference, remedy="Amend it.", command=command)
    checked_terms(agreement)
    today = work.today(agreement)
    known = replace(
        agreement,
        id=agreement.id or work.new_id(),
        counterparty_id=counterparty_id(work, agreement.counterparty),
        version=1,
        registered_on=today,
        status=status_by_facts(agreement, today),
        term_number=running_number(agreement, today),
    )
    work.agreements.add(known)
    work.new_agreements.add(known.id)
    work.record(AgreementRegistered(agreement_id=known.id, reference=known.reference, status=known.status.value))
    return known


def amend(work: Work, new: Agreement, *, because: str) -> Agreement:
    """Replace the facts of a known agreement; the same facts are no event and no version.

    Raises TermsError for terms that are impossible or contradict themselves; NotFound.
    """
    old = work.agreements.get(new.id)
    changes = differences(old, new, fact_words)
    if not changes:
        return old
    checked_terms(new)
    today = work.today(new)
    status = old.status if _is_settled(old, today) else status_by_facts(new, today)
    known = replace(
        new,
        counterparty_id=counterparty_id(work, new.counterparty),
        version=old.version + 1,
        status=status,
        term_number=running_number(new, today),
    )
    work.agreements.save(known)
    work.record(AgreementAmended(agreement_id=known.id, version=known.version, because=because, changes=changes))
    record_end(work, known, was=old.status)
    return known


def _is_settled(old: Agreement, today: date) -> bool:
    """Whether somebody has brought its status about: other facts lead out of an end that facts have led to."""
    if old.status is Status.ENDED:
        return status_by_facts(old, today) in UNSIGNED  # it was abandoned
    return old.status is Status.UNDER_NOTICE


def archive(work: Work, agreement: Agreement, *, because: str) -> Agreement:
    """Put an agreement aside; what is open is withdrawn. Raises StillOpen when something is and no reason is given."""
    open_rows = live_rows(work, agreement.id)
    if open_rows and not because:
        raise StillOpen(agreement.reference, len(open_rows))
    return _set_aside(work, agreement, AgreementArchived(agreement_id=agreement.id, because=because), archived=True)


def restore(work: Work, agreement: Agreement, *, because: str) -> Agreement:
    """Take an agreement back from the archive; what is still ahead is followed again."""
    return _set_aside(work, agreement, AgreementRestored(agreement_id=agreement.id, because=because), archived=False)


def record_end(work: Work, known: Agreement, *, was: Status) -> None:
    """Facts that were recorded late may say that it is over: no time will pass its end, and much follows from one."""
    if known.status not in OVER or was in OVER:
        return
    last_on = last_day_of(known, work.today(known))
    if last_on is not None:
        work.record(TermExpired(agreement_id=known.id, last_on=last_on))


def counterparty_id(work: Work, name: str) -> str:
    """The id of a counterparty; one that is new is taken in."""
    known = work.counterparties.id_of(name)
    if known is None:
        known = work.new_id()
        work.counterparties.add(known, name)
    return known


def checked_terms(agreement: Agreement) -> Terms | None:
    """Its terms, if they can be kept; None while it has none. Raises TermsError but for what somebody has accepted."""
    terms = terms_of(agreement)
    return None if terms is None else checked(terms, {one.code for one in agreement.accepted})


def live_rows(work: Work, agreement_id: str) -> list[Milestone]:
    """The deadlines of an agreement that are still open."""
    return [row for row in work.milestones.of(agreement_id) if row.is_live and row.is_deadline]


def _set_aside(
    work: Work, agreement: Agreement, event: AgreementArchived | AgreementRestored, *, archived: bool
) -> Agreement:  # fmt: skip
    if agreement.is_archived is archived:
        return agreement
    known = replace(agreement, is_archived=archived, version=agreement.version + 1)
    work.agreements.save(known)
    work.record(event)
    return known
