"""One agreement from a few words, read as a spreadsheet of one row: understood and refused with the same sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from engine.intake.context import Directory, IntakeContext
from engine.intake.headers import AGREEMENT_FIELDS
from engine.intake.judging import CONTRADICTIONS
from engine.intake.merging import to_agreement
from engine.intake.reading import read_intake
from engine.intake.workbook import Sheet, Workbook
from engine.zones import day_at
from lifecycle.errors import LifecycleError
from lifecycle.words import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.intake.findings import Finding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


#: Of what was read, what says too little, or names no calendar.
_UNSAID: Final = frozenset({"required", "currency_missing", "two_currencies", "ambiguous_amount", "unknown-calendar"})


class AgreementRefused(LifecycleError):
    """What was said of an agreement cannot be kept; ``findings`` says all of it at once.

    *is_unread*: something of it is missing, or cannot be taken for what it should say, so that no rule was asked.
    *within* is where the columns stand in what a program has sent.
    """

    code = "refused-terms"
    within = "/"

    def __init__(
        self,
        sentence: str,
        *,
        remedy: str,
        command: str = "",
        findings: Sequence[Finding] = (),
        is_unread: bool = False,
    ) -> None:
        super().__init__(sentence, remedy=remedy, command=command)
        self.findings = tuple(findings)
        self.is_unread = is_unread

    @property
    def is_of_nobody(self) -> bool:
        """Whether nothing is wrong but that it names people who are not there."""
        return bool(self.findings) and all(one.code == "unknown_person" for one in self.findings)


def from_row(
    work: Work, said: Mapping[str, str], *, existing: Agreement | None = None, accept: Mapping[str, str] | None = None
) -> tuple[Agreement, tuple[Finding, ...]]:
    """The agreement that *said* (column of S1, or of its clause -> text) makes, laid over *existing*; all remarks.

    *accept*: contradictions taken on purpose, code -> reason. Raises AgreementRefused with all that is wrong.
    """
    if unknown := sorted({name.removesuffix("_clause") for name in said} - AGREEMENT_FIELDS.keys()):
        sentence = f"There is no column {', '.join(unknown)}."
        raise AgreementRefused(sentence, remedy="Use the columns of the spreadsheet.", is_unread=True)
    columns = {"reference": existing.reference if existing else "", "counterparty": "", **said}  # both must be there
    rows: list[list[Any]] = [list(columns), list(columns.values())]
    drafts = read_intake(Workbook("one row", (Sheet("agreements", rows),), "")).drafts
    if not drafts:
        remedy = "It needs a reference and a counterparty."
        raise AgreementRefused("Nothing is said of it.", remedy=remedy, is_unread=True)
    agreement, findings = to_agreement(drafts[0], existing, _context(work, accept or {}))
    wrong = tuple(_alone(finding) for finding in findings if finding.is_error)
    if agreement is None:
        sentence = " ".join(
            f"{one.column}{f' {shown(one.value)}' if one.value else ''}: {one.message}" for one in wrong
        )
        remedy = " ".join(dict.fromkeys(one.remedy for one in wrong if one.remedy)) or "Correct it."
        contradictions = [one.code for one in wrong if one.code in CONTRADICTIONS]
        if not contradictions:
            is_unread = bool(drafts[0].errors) or any(one.code in _UNSAID for one in wrong)
            raise AgreementRefused(sentence, remedy=remedy, findings=wrong, is_unread=is_unread)
        accepted = " ".join(f"--accept {code}" for code in contradictions)
        raise AgreementRefused(
            sentence,
            remedy=f"{remedy} Or accept it with a reason.",
            command=f"{accepted} --because TEXT",
            findings=wrong,
        )
    return agreement, tuple(finding for finding in findings if not finding.is_error)


def _alone(finding: Finding) -> Finding:
    """What is wrong, said of a value that stands in no sheet: its place is the name of its column."""
    finding = replace(finding, sheet=finding.column, cell="", row=0)
    match finding.code:
        case "ambiguous_day":
            remedy = "Write the whole day, such as 2026-12-31."
            return replace(finding, message="Day first or month first?", remedy=remedy)
        case "unknown_person":
            return replace(finding, remedy="Correct it, or add them first.")
        case _:
            return finding


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
        today=day_at(work.now, work.house.time_zone),
        accept=accept,
        accepted_by=work.actor.name,
        has_map=False,
    )
