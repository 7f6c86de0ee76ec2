"""A whole workbook, read: which sheet lists what, in which columns, and the drafts and people in it.

1. Find the sheet of agreements: the one that is asked for, else the one of that name, else the first with the headers.
2. Recognise the columns of each sheet and settle the order of its days.
3. Read people, then what stands beside the agreements, then agreements.
4. Say what was left out: columns and sheets that nobody knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from engine.intake.columns import ColumnPlan, column_plan, has_headers
from engine.intake.days import read_day
from engine.intake.drafts import AGREEMENTS, Beside, Draft, drafts
from engine.intake.findings import Fault, Finding, NoHeaderRow, NoSuchSheet, Said
from engine.intake.given import ASSETS, DISCLOSURES, asset_rows, disclosure_rows
from engine.intake.headers import SheetKind, plain, sheet_kind
from engine.intake.import_map import DayOrder, ImportMap
from engine.intake.orders import told_orders
from engine.intake.rows import ReadRow, settled
from engine.intake.sides import OBLIGATIONS, PersonDraft, obligation_rows, people
from engine.intake.texts import CLEARED, says_none
from engine.intake.workbook import Sheet, Workbook

_DAYS: Final = {
    SheetKind.AGREEMENTS: AGREEMENTS.days,
    SheetKind.OBLIGATIONS: OBLIGATIONS.days,
    SheetKind.DISCLOSURES: DISCLOSURES.days,
    SheetKind.ASSETS: ASSETS.days,
}
_HIDDEN_SHEET: Final = Fault(
    "hidden_sheet",
    "This sheet is hidden in the spreadsheet, and read all the same.",
    "Show it, and take it out if it is not meant.",
)
_XLS: Final = Fault(
    "unseen_in_xls",
    "What is hidden in an .xls file, and which of its formulas have failed, is not known here: every row and column "
    "is read, a formula that has failed as an empty cell.",
    "Save it as .xlsx to be told.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a workbook says. *findings* are those of the file; each draft and person has its own.

    *orders* is the order of days of each column of agreements, by its header. *is_refused*: columns contradict each
    other, so that no row can be trusted and there are no drafts.
    """

    workbook: Workbook
    plan: ColumnPlan | None
    drafts: tuple[Draft, ...] = ()
    people: tuple[PersonDraft, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_refused(self) -> bool:
        return any(finding.is_error for finding in self.findings)

    @property
    def orders(self) -> dict[str, DayOrder | None]:
        columns = self.plan.columns if self.plan else ()
        return {column.text: column.dates for column in columns if column.field in AGREEMENTS.days}


def read_intake(
    workbook: Workbook, given: ImportMap | None = None, *, sheet: str = "", dates: DayOrder | None = None
) -> Intake:
    """Read *workbook* by the map *given*; *sheet* and *dates* beat what the map says for the whole file.

    Raises NoSuchSheet, and NoHeaderRow when no sheet has the headers of agreements or of a known sheet beside them.
    """
    given = given or ImportMap()
    order = dates or given.dates
    chosen = _agreements_sheet(workbook, given, sheet or given.sheet)
    beside = _beside(workbook, chosen)
    plans, findings = _plans(beside)
    persons = people(plans[SheetKind.PEOPLE]) if SheetKind.PEOPLE in plans else ()
    findings += [*_left_out(workbook, chosen, beside), *_unseen(workbook, chosen, beside)]
    if chosen:
        plans[SheetKind.AGREEMENTS] = column_plan(chosen, given)
    plan = settled(plans[SheetKind.AGREEMENTS], AGREEMENTS, order) if chosen else None
    constants, bad = _constants(given, plan)
    findings = [*(plan.findings if plan else ()), *findings, *bad]
    findings += [one for kind, each in plans.items() for one in told_orders(each, _DAYS.get(kind, ()), order)]
    found: tuple[Draft, ...] = ()
    if not any(finding.is_error for finding in findings):
        found = drafts(plan, constants, _read_beside(plans, order))
    return Intake(workbook=workbook, plan=plan, drafts=found, people=persons, findings=tuple(findings))


def _agreements_sheet(workbook: Workbook, given: ImportMap, asked: str) -> Sheet | None:
    if asked:
        named = [sheet for sheet in workbook.sheets if plain(sheet.name) == plain(asked)]
        if not named:
            raise NoSuchSheet(workbook.name, asked, (sheet.name for sheet in workbook.sheets))
        return named[0]
    possible = [sheet for sheet in workbook.sheets if sheet_kind(sheet.name) in {None, SheetKind.AGREEMENTS}]
    possible.sort(key=lambda sheet: (sheet_kind(sheet.name) is None, sheet.is_hidden))
    for sheet in possible:
        if has_headers(sheet, given):
            return sheet
    if len(possible) < len(workbook.sheets) and not any(sheet.rows for sheet in possible):
        return None
    raise NoHeaderRow(workbook.name)


def _beside(workbook: Workbook, chosen: Sheet | None) -> dict[SheetKind, Sheet]:
    found: dict[SheetKind, Sheet] = {}
    for sheet in workbook.sheets:
        kind = sheet_kind(sheet.name)
        if kind not in {None, SheetKind.AGREEMENTS} and sheet is not chosen and sheet.rows:
            found.setdefault(kind, sheet)
    return found


def _plans(beside: dict[SheetKind, Sheet]) -> tuple[dict[SheetKind, ColumnPlan], list[Finding]]:
    plans: dict[SheetKind, ColumnPlan] = {}
    findings: list[Finding] = []
    for kind, sheet in beside.items():
        try:
            plans[kind] = column_plan(sheet, kind=kind)
        except NoHeaderRow as error:
            findings.append(Finding(sheet.name, "", "", "", error.code, error.sentence, error.remedy))
        else:
            findings += plans[kind].findings
    return plans, findings


def _read_beside(plans: dict[SheetKind, ColumnPlan], order: DayOrder | None) -> Beside:
    def read(
        kind: SheetKind, rows: Callable[[ColumnPlan, DayOrder | None], tuple[ReadRow, ...]]
    ) -> tuple[ReadRow, ...]:
        return rows(plans[kind], order) if kind in plans else ()

    return Beside(
        obligations=read(SheetKind.OBLIGATIONS, obligation_rows),
        disclosures=read(SheetKind.DISCLOSURES, disclosure_rows),
        assets=read(SheetKind.ASSETS, asset_rows),
    )


def _left_out(workbook: Workbook, chosen: Sheet | None, beside: dict[SheetKind, Sheet]) -> list[Finding]:
    taken = [chosen, *beside.values()]
    message, remedy = "This sheet is left out.", "Choose it as the sheet to take its rows for agreements."
    return [
        Finding(sheet.name, "", "", "", "unknown_sheet", message, remedy, is_error=False)
        for sheet in workbook.sheets
        if sheet.rows and not any(sheet is other for other in taken)
    ]


def _unseen(workbook: Workbook, chosen: Sheet | None, beside: dict[SheetKind, Sheet]) -> list[Finding]:
    """Sheets that are read though nobody sees them; and that of .xls nobody can say what else is hidden."""
    taken = [sheet for sheet in (chosen, *beside.values()) if sheet]
    found = [_remark(sheet, _HIDDEN_SHEET) for sheet in taken if sheet.is_hidden]
    return [*found, *(_remark(sheet, _XLS) for sheet in taken[:1] if workbook.is_xls)]


def _remark(sheet: Sheet, fault: Fault) -> Finding:
    return Finding(sheet.name, "", "", "", fault.code, fault.message, fault.remedy, is_error=False)


def _constants(given: ImportMap, plan: ColumnPlan | None) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, Any] = {}
    findings = []
    for name, text in given.constants.items():
        said = _constant(name, text, given.dates)
        if said.fault is None:
            values[name] = said.value
        faults = filter(None, (said.fault, said.warning))
        findings += [_of_map(plan, name, text, fault, is_error=said.fault is not None) for fault in faults]
    return values, findings


def _constant(name: str, text: str, order: DayOrder | None) -> Said:
    if says_none(text):
        return Said(CLEARED)
    if name in AGREEMENTS.days:
        return read_day(text, order, may_be_perpetual=name in AGREEMENTS.perpetual)
    return AGREEMENTS.readers[name](text, "")


def _of_map(plan: ColumnPlan | None, name: str, text: str, fault: Fault, *, is_error: bool) -> Finding:
    sheet = plan.sheet.name if plan else ""
    return Finding(sheet, "", f"constant {name}", text, fault.code, fault.message, fault.remedy, is_error)
