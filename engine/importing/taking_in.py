"""Taking a spreadsheet in: drafts become agreements, batch by batch, a row standing or falling alone.

1. The file is read whole (``engine.intake``): every finding at its cell, nothing stored.
2. People first, then agreements: at most 200 in a transaction, each in a savepoint of its own.
3. A trial does the same and rolls it back, so that it cannot differ (INTERFACE.md G3); deadlines are only counted.
4. What was done is remembered by batch, with the version before, so that it can be taken back.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine import operations
from engine.bulk import MOST, patiently, uncollected
from engine.importing.assets import AssetsRefused, Noted, take_assets
from engine.importing.options import ImportOptions
from engine.importing.people import take_people
from engine.importing.report import ImportedRow, ImportReport, became, skipped, unforeseen
from engine.importing.rights import TAKEN, left_out, refusal, sees
from engine.intake.context import Directory, IntakeContext
from engine.intake.findings import Fault
from engine.intake.mending import mended
from engine.intake.merging import to_agreement
from engine.intake.reading import read_intake
from engine.intake.sharing import Sharing
from engine.intake.workbook import read_workbook
from engine.trial import tried
from engine.zones import day_at
from lifecycle.agreements.amending import differences
from lifecycle.errors import LifecycleError
from lifecycle.events import DisclosureRecorded, ImportApplied
from notifiers.wording import fact_words
from store.agreements import key_of
from store.errors import DatabaseBusy, DatabaseFull, RowRefused

__all__ = ["ImportOptions", "import_file"]

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from engine.intake.drafts import Draft
    from engine.intake.findings import Finding
    from engine.intake.reading import Intake
    from engine.monitor import Monitor, Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.events import FieldChange


def import_file(monitor: Monitor, source: Path, options: ImportOptions) -> ImportReport:
    """See the module. Raises WorkbookError for a file that cannot be read at all, DatabaseFull, DatabaseBusy.

    Where the columns contradict each other no row is taken in, and the report says why.
    """
    with uncollected():
        return _imported(monitor, source, options)


def _imported(monitor: Monitor, source: Path, options: ImportOptions) -> ImportReport:
    workbook = mended(read_workbook(source, options.name), options.mends)
    intake = read_intake(workbook, options.given, sheet=options.sheet, dates=options.dates)
    report = ImportReport(
        batch=monitor.new_id(),
        is_dry_run=options.is_dry_run,
        file_name=workbook.name,
        file_sha256=workbook.sha256,
        quiet_until_on=options.quiet_until_on,
        findings=(*intake.findings, *left_out(options.person, intake.people)),
    )
    _Import(monitor, intake, options, report).run()
    return report


class _Import:
    """One file on its way into the register."""

    def __init__(self, monitor: Monitor, intake: Intake, options: ImportOptions, report: ImportReport) -> None:
        self._monitor, self._intake, self._options, self._report = monitor, intake, options, report
        self._sharing = Sharing()
        self._assets: Noted = {}
        self._in_file = {key_of(draft.reference) for draft in intake.drafts}
        self._people = () if left_out(options.person, intake.people) else intake.people

    def run(self) -> None:
        drafts = self._intake.drafts
        self._report.findings += patiently(self._begun, self._options.waits)
        for start in range(0, len(drafts), MOST):
            self._report.rows += self._taken(drafts[start : start + MOST])
            self._options.progress(min(start + MOST, len(drafts)), len(drafts))
        patiently(self._end, self._options.waits)

    def _transaction(self) -> AbstractContextManager[Work]:
        return tried(self._monitor, self._options.actor, is_dry_run=self._report.is_dry_run)

    def _begun(self) -> tuple[Finding, ...]:
        report = self._report
        with self._transaction() as work:
            row = {
                "id": report.batch, "at": work.now, "actor": work.actor.name, "file_name": report.file_name,
                "file_sha256": report.file_sha256, "quiet_until_on": report.quiet_until_on, "undone_at": None,
                "doc": "{}",
            }  # fmt: skip
            work.keeping.add_batch(row)
            return take_people(work, self._people)

    def _end(self) -> None:
        counts = self._report.counts
        with self._transaction() as work:
            work.keeping.finish_batch(self._report.batch, json.dumps(counts))
            if counts["created"] or counts["amended"]:
                told = {name: counts[name] for name in ("created", "amended", "unchanged", "failed")}
                work.record(ImportApplied(batch=self._report.batch, file_sha256=self._report.file_sha256, **told))

    def _taken(self, drafts: Sequence[Draft]) -> list[ImportedRow]:
        """What became of some drafts, in one transaction; where the database refuses that, in one for each."""
        try:
            return patiently(lambda: self._taken_together(drafts), self._options.waits)
        except RowRefused as error:
            if len(drafts) == 1:
                return [self._refused(drafts[0], error)]
            return [row for draft in drafts for row in self._taken([draft])]

    def _taken_together(self, drafts: Sequence[Draft]) -> list[ImportedRow]:
        with self._transaction() as work:
            if self._report.is_dry_run:  # a trial has kept nobody of the transaction before
                take_people(work, self._people)
                work.only_counts = True
            rows = self._take(work, drafts)
        self._report.deadlines.update(work.tally)
        return rows

    def _refused(self, draft: Draft, error: LifecycleError, findings: Iterable[Finding] = ()) -> ImportedRow:
        fault = Fault(error.code, error.sentence, error.remedy)
        wrong = error.findings if isinstance(error, AssetsRefused) else (draft.row.finding("reference", fault),)
        return became(draft, "failed", (*findings, *wrong))

    def _take(self, work: Work, drafts: Sequence[Draft]) -> list[ImportedRow]:
        known = work.agreements.by_references([draft.reference for draft in drafts if draft.reference])
        names = (draft.fields.get("counterparty") for draft in drafts if not draft.adds_up)
        work.counterparties.learn(name for name in names if isinstance(name, str))
        context = self._context(work)
        noted: list[dict[str, Any]] = []
        self._assets = {}  # of this transaction: a try before it may have kept nothing
        rows = []
        for draft in drafts:
            existing = known.get(key_of(draft.reference))
            is_sum = draft.adds_up and existing is None
            rows.append(skipped(draft) if is_sum else self._take_one(work, draft, existing, context, noted))
        if not self._report.is_dry_run:
            for one in noted if self._assets else ():  # a later row may have changed which of them owes for an asset
                one["version_after"] = work.agreements.get(one["agreement_id"]).version
            work.keeping.note_rows(noted)
            work.keeping.note_assets(
                [{"batch_id": self._report.batch, "asset_id": one, **told} for one, told in self._assets.items()]
            )
        return rows

    def _take_one(
        self,
        work: Work,
        draft: Draft,
        existing: Agreement | None,
        context: IntakeContext,
        noted: list[dict[str, Any]],
    ) -> ImportedRow:
        before = dict(self._assets)
        findings: tuple[Finding, ...] = ()
        try:
            agreement, findings = self._judged(draft, existing, context)
            if agreement is None:
                return became(draft, "failed", findings)
            if existing == agreement and not draft.beside.assets:
                return became(draft, "unchanged", findings)
            with work.savepoint():
                taken, of_assets = self._keep(work, draft, agreement, existing)
        except (DatabaseFull, DatabaseBusy):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others are taken
            self._assets = before
            refused = error if isinstance(error, LifecycleError) else unforeseen(draft, error)
            return self._refused(draft, refused, findings)
        if existing == taken and not of_assets:
            return became(draft, "unchanged", findings)
        noted.append(
            {
                "batch_id": self._report.batch,
                "agreement_id": taken.id,
                "result": "amended" if existing else "created",
                "version_before": existing.version if existing else None,
                "version_after": taken.version,
            }
        )
        if existing is None:
            return became(draft, "created", findings)
        return became(draft, "amended", findings, (*differences(existing, taken, fact_words), *of_assets))

    def _judged(
        self, draft: Draft, existing: Agreement | None, context: IntakeContext
    ) -> tuple[Agreement | None, tuple[Finding, ...]]:
        """What *draft* makes of *existing*, if it can be and whoever imports may."""
        person = self._options.person
        if existing is not None and not sees(person, existing):
            return None, (draft.row.finding("reference", TAKEN),)
        agreement, findings = to_agreement(draft, existing, context)
        fault = refusal(person, existing, agreement) if agreement is not None else None
        if fault is not None:
            return None, (*findings, draft.row.finding("reference", fault))
        return agreement, findings

    def _keep(
        self, work: Work, draft: Draft, agreement: Agreement, existing: Agreement | None
    ) -> tuple[Agreement, tuple[FieldChange, ...]]:
        """The agreement as it is kept, with its disclosures and assets; what was changed about assets."""
        taken = self._taken_in(work, agreement, existing)
        told = taken.disclosures[len(existing.disclosures) if existing else 0 :]
        for one in told:
            work.record(DisclosureRecorded(agreement_id=taken.id, disclosure_id=one.id, given_on=one.given_on))
        if not draft.beside.assets:
            return taken, ()
        changes = take_assets(
            work,
            taken,
            draft.beside.assets,
            person=self._options.person,
            batch=self._report.batch,
            noted=self._assets,
        )
        return work.agreements.get(taken.id), changes

    def _taken_in(self, work: Work, agreement: Agreement, existing: Agreement | None) -> Agreement:
        if existing is None:
            if self._options.quiet_until_on is not None:
                agreement = replace(agreement, quiet_until_on=self._options.quiet_until_on)
            return operations.register(work, agreement, is_known_new=True)
        if existing == agreement:
            return existing
        return operations.amend(work, agreement, because=f"import {self._report.batch}")

    def _context(self, work: Work) -> IntakeContext:
        persons = [person for person in work.people.all() if not person.is_disabled]
        return IntakeContext(
            people=Directory(persons),
            counterparties=lambda name: work.counterparties.id_of(name) or "",
            laws=self._options.laws,
            calendars=self._monitor.calendars,
            new_id=work.new_id,
            is_known=lambda reference: key_of(reference) in self._in_file or bool(work.agreements.find(reference)),
            teams=frozenset(team for person in persons for team in person.teams),
            time_zone=work.house.time_zone,
            registered_on=None,
            today=day_at(work.now, work.house.time_zone),
            accept=self._options.given.accept,
            accepted_by=work.actor.name,
            sharing=self._sharing,
        )
