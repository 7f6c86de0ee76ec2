"""One agreement from a few words, read as a spreadsheet of one row: understood and refused with the same sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.intake.context import Directory, IntakeContext
from engine.intake.headers import AGREEMENT_FIELDS
from engine.intake.judging import CONTRADICTIONS
from engine.intake.merging import to_agreement
from engine.intake.reading import read_intake
from engine.intake.workbook import Sheet, Workbook
from lifecycle.errors import LifecycleError
from lifecycle.words import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.intake.findings import Finding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


class AgreementRefused(LifecycleError):
    """What was said of an agreement cannot be kept; ``findings`` says all of it at once."""

    code = "refused-terms"

    def __init__(self, sentence: str, *, remedy: str, command: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(sentence, remedy=remedy, command=command)
        self.findings = tuple(findings)


def from_row(
    work: Work, said: Mapping[str, str], *, existing: Agreement | None = None, accept: Mapping[str, str] | None = None
) -> tuple[Agreement, tuple[Finding, ...]]:
    """The agreement that *said* (column of S1, or of its clause -> text) makes, laid over *existing*; all remarks.

    *accept*: contradictions taken on purpose, code -> reason. Raises AgreementRefused with all that is wrong.
    """
    if unknown := sorted({name.removesuffix("_clause") for name in said} - AGREEMENT_FIELDS.keys()):
        sentence = f"There is no column {', '.join(unknown)}."
        raise AgreementRefused(sentence, remedy="Use the columns of the spreadsheet.")
    columns = {"reference": existing.reference if existing else "", "counterparty": "", **said}  # both must be there
    rows: list[list[Any]] = [list(columns), list(columns.values())]
    drafts = read_intake(Workbook("one row", (Sheet("agreements", rows),), "")).drafts
    if not drafts:
        raise AgreementRefused("Nothing is said of it.", remedy="It needs a reference and a counterparty.")
    agreement, findings = to_agreement(drafts[0], existing, _context(work, accept or {}))
    wrong = tuple(_alone(finding) for finding in findings if finding.is_error)
    if agreement is None:
        sentence = " ".join(
            f"{one.column}{f' {shown(one.value)}' if one.value else ''}: {one.message}" for one in wrong
        )
        remedy = " ".join(dict.fromkeys(one.remedy for one in wrong if one.remedy)) or "Correct it."
        contradictions = [one.code for one in wrong if one.code in CONTRADICTIONS]
        if not contradictions:
            raise AgreementRefused(sentence, remedy=remedy, findings=wrong)
        accepted = " ".join(f"--accept {code}" for code in contradictions)
        raise AgreementRefused(
            sentence,
            remedy=f"{remedy} Or accept it with a reason.",
            command=f"{accepted} --because TEXT",
            findings=wrong,
        )
    return agreement, tuple(finding for finding in findings if not finding.is_error)


def _alone(finding: Finding) -> Finding:
    """What is wrong, said of a value that stands in no column."""
    if finding.code != "ambiguous_day":
        return finding
    return replace(finding, message="Day first or month first?", remedy="Write the whole day, such as 2026-12-31.")


def _context(work: Work, accept: Mapping[str, str]) -> IntakeContext:
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
        accept=accept,
        accepted_by=work.actor.name,
        has_map=False,
    )
