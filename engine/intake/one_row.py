"""One agreement from a few words, read as a spreadsheet of one row: refused with the same sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.intake.context import Directory, IntakeContext
from engine.intake.headers import AGREEMENT_FIELDS
from engine.intake.merging import to_agreement
from engine.intake.reading import read_intake
from engine.intake.workbook import Sheet, Workbook
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.monitor import Work
    from lifecycle.agreement import Agreement


class RowRefused(LifecycleError):
    """What was said of an agreement cannot be kept."""

    code = "refused-terms"


def from_row(work: Work, said: Mapping[str, str], *, existing: Agreement) -> Agreement:
    """*existing* with what *said* (column -> text) says instead. Raises RowRefused with all that is wrong."""
    unknown = sorted(said.keys() - AGREEMENT_FIELDS.keys())
    if unknown:
        raise RowRefused(f"There is no column {', '.join(unknown)}.", remedy="Use the columns of the spreadsheet.")
    columns = {"reference": existing.reference, "counterparty": "", **said}  # both must be there to be read
    rows: list[list[Any]] = [list(columns), list(columns.values())]
    workbook = Workbook("a call", (Sheet("agreements", rows),), "")
    agreement, findings = to_agreement(read_intake(workbook).drafts[0], existing, _context(work))
    if agreement is None:
        wrong = [finding for finding in findings if finding.is_error]
        raise RowRefused(
            " ".join(f"{one.column}: {one.message}" for one in wrong),
            remedy=" ".join(dict.fromkeys(one.remedy for one in wrong if one.remedy)) or "Correct it.",
        )
    return agreement


def _context(work: Work) -> IntakeContext:
    persons = [person for person in work.people.all() if not person.is_disabled]
    return IntakeContext(
        people=Directory(persons),
        counterparties=lambda name: work.counterparties.id_of(name) or "",
        laws=work.monitor.laws,
        calendars=work.monitor.calendars,
        new_id=work.new_id,
        is_known=lambda reference: work.agreements.find(reference) is not None,
        teams=frozenset(team for person in persons for team in person.teams),
        time_zone=work.house.time_zone,
        accepted_by=work.actor.name,
    )
