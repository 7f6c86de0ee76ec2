"""From the rows of a workbook to drafts, one for each reference, and to people.

A draft says what the file says of an agreement, no more: it is laid over what the register knows by ``merging``. A row
with an error fails its reference alone. A reference that stands twice (ignoring case) fails both times, since nobody
can know which of the two rows is meant.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from engine.intake.cells import AGREEMENT_READERS, DAY_FIELDS
from engine.intake.columns import ColumnPlan
from engine.intake.days import redacted
from engine.intake.findings import Fault, Finding
from engine.intake.rows import ReadRow, SheetReaders, read_rows
from engine.intake.spreading import contradicted, spread
from engine.intake.texts import CLEARED
from engine.intake.totals import adds_up

AGREEMENTS: Final = SheetReaders(
    AGREEMENT_READERS, days=DAY_FIELDS, perpetual=("last_on",), amounts=("value",), uncleared=("renewal",)
)


class Beside(NamedTuple):
    """The rows of the sheets beside the agreements, those of one agreement or of all."""

    obligations: tuple[ReadRow, ...] = ()
    disclosures: tuple[ReadRow, ...] = ()
    assets: tuple[ReadRow, ...] = ()

    @property
    def rows(self) -> tuple[ReadRow, ...]:
        return (*self.obligations, *self.disclosures, *self.assets)


_NONE: Final = Beside()
_DAYS: Final = frozenset(AGREEMENTS.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a file says of one agreement.

    *fields* holds only what is said, CLEARED for what is said to be none; *clauses* likewise, by field. *beside* are
    its rows in the other sheets. *row* says where all of it stands.
    """

    reference: str
    row: ReadRow
    fields: Mapping[str, Any]
    clauses: Mapping[str, Any]
    beside: Beside = _NONE
    findings: tuple[Finding, ...] = ()
    adds_up: bool = False  # a row of totals, unless the register knows its reference
    rows: tuple[ReadRow, ...] = field(default=(), compare=False)  # every row that it comes from

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.is_error)


def drafts(plan: ColumnPlan | None, constants: Mapping[str, Any], beside: Beside = _NONE) -> tuple[Draft, ...]:
    """The drafts of the agreements sheet *plan* and of the rows beside it, in the order of the file."""
    rows = list(read_rows(plan, AGREEMENTS, constants)) if plan else []
    of_reference = _by_reference(beside)
    found = [_draft(row, of_reference.pop(_key(row), _NONE)) for row in rows]
    found += [_draft(others.rows[0], others, is_known=True) for others in of_reference.values()]
    return tuple(_twice(found))


def _draft(row: ReadRow, beside: Beside, *, is_known: bool = False) -> Draft:
    reference = row.fields.get("reference")
    findings = list(row.findings)
    if reference is None or reference is CLEARED:
        reference = ""
        if not any(finding.is_error and finding.column == _column(row) for finding in findings):
            fault = Fault("required", "A row needs a reference.", "Give the agreement a name of its own.")
            findings.append(row.finding("reference", fault))
    fields = {} if is_known else {name: value for name, value in spread(row.fields).items() if name != "reference"}
    findings += [row.finding(name, fault, is_error=is_error) for name, fault, is_error in contradicted(row.fields)]
    findings += _counterparty(row, fields, reference)
    others = [other for other in beside.rows if other is not row]
    for other in others:
        findings += other.findings
    return Draft(
        reference=reference,
        row=row,
        fields=fields,
        clauses={} if is_known else row.clauses,
        beside=beside,
        findings=tuple(findings),
        adds_up=not others and adds_up(row, _DAYS),
        rows=(row, *others),
    )


def _column(row: ReadRow) -> str:
    column = row.plan.by_field.get("reference")
    return column.text if column else "reference"


def _counterparty(row: ReadRow, fields: dict[str, Any], reference: str) -> list[Finding]:
    """Give a counterparty that is blanked out a name of its own, so that no two unknown ones are one."""
    name = fields.get("counterparty")
    if name is None or (name is not CLEARED and not redacted(name) and any(map(str.isalnum, name))):
        return []
    if name is CLEARED:
        fault = Fault("required", "An agreement needs a counterparty.", "Name the other side.")
        return [row.finding("counterparty", fault)]
    fields["counterparty"] = f"Unknown ({reference})"
    message = f"The counterparty is blanked out: kept as {fields['counterparty']}."
    return [row.finding("counterparty", Fault("placeholder", message, "Write its name."), is_error=False)]


def _twice(found: list[Draft]) -> Iterable[Draft]:
    places: dict[str, list[Draft]] = defaultdict(list)
    for draft in found:
        if draft.reference and not draft.adds_up:
            places[draft.reference.casefold()].append(draft)
    for draft in found:
        key = "" if draft.adds_up else draft.reference.casefold()
        others = [other for other in places.get(key, ()) if other is not draft]
        yield replace(draft, findings=(*draft.findings, _stands_twice(draft, others))) if others else draft


def _stands_twice(draft: Draft, others: list[Draft]) -> Finding:
    at = ", ".join(str(other.row.number) for other in others[:5])
    message = f"{draft.reference} also stands in row {at}."
    return draft.row.finding("reference", Fault("reference_twice", message, "Keep one row for each agreement."))


def _key(row: ReadRow) -> str:
    reference = row.fields.get("reference")
    return reference.casefold() if isinstance(reference, str) else f"\0{row.number}"


def _by_reference(beside: Beside) -> dict[str, Beside]:
    """The rows of each reference, in the order of the sheets."""
    keys = list(dict.fromkeys(_key(row) for row in beside.rows))
    of_sheet: list[dict[str, list[ReadRow]]] = []
    for rows in beside:
        grouped: dict[str, list[ReadRow]] = defaultdict(list)
        for row in rows:
            grouped[_key(row)].append(row)
        of_sheet.append(grouped)
    return {key: Beside(*(tuple(grouped.get(key, ())) for grouped in of_sheet)) for key in keys}
