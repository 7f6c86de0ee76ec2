"""A draft laid over an agreement, or made into a new one; nothing is stored.

1. The fields that the row says replace those of the agreement; what it does not say stays.
2. Names become people, counterparties, calendars; what is not found is an error at its cell.
3. The terms that come out are asked for problems: an impossible one refuses the row, a contradiction too unless it is
   accepted, a remark is a warning.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from engine.intake.complaints import Complaint, remark, wrong
from engine.intake.context import IntakeContext
from engine.intake.drafts import Draft
from engine.intake.duties import merged_obligations
from engine.intake.ends import FirstDays
from engine.intake.findings import Fault, Finding
from engine.intake.given import merged_disclosures
from engine.intake.headers import SheetKind
from engine.intake.judging import judged
from engine.intake.lawful import LAW_DEFAULTS, LAW_FIELDS, lawful
from engine.intake.money import SaidMoney, has_thousandths, rounded
from engine.intake.naming import named, people_named, unknown_person
from engine.intake.provided import ASSUMABLE, PROVIDED_FIELDS, UNKNOWN, UNSTATED, Known, provide
from engine.intake.texts import CLEARED
from lifecycle.agreements.agreement import Agreement, AgreementKind, Money
from lifecycle.counting.derivation import Clause
from lifecycle.words import shown

_PLAIN: Final[dict[str, Any]] = {
    "title": "",
    "document": "",
    "note": "",
    "template": "",
    "project": "",
    "work_results": "",
    "tags": (),
    "kind": AgreementKind.OTHER,
    "parent": "",
    "signed_on": None,
    "effective_on": None,
}
#: What is known of an agreement before the first row speaks of it.
_BLANK: Final = Agreement(
    id="",
    reference="",
    kind=AgreementKind.OTHER,
    counterparty_id="",
    counterparty="",
    assumed=tuple(sorted((*UNSTATED, *LAW_DEFAULTS))),
)


def to_agreement(
    draft: Draft, existing: Agreement | None, context: IntakeContext
) -> tuple[Agreement | None, tuple[Finding, ...]]:
    """The agreement that *draft* makes, and all findings, those of the draft first; None where one is an error.

    Where nothing changes the result is *existing* itself, and its terms are not judged again. A new agreement is a
    draft: what it is by its days is decided when it is registered.
    """
    merge = _Merge(draft, existing, context)
    agreement = None
    if draft.errors:
        merge.look_for_people()
    else:
        agreement = merge.agreement()
    findings = (*draft.findings, *merge.findings)
    return (None if any(finding.is_error for finding in findings) else agreement), findings


class _Merge:
    """One draft on its way to an agreement; gathers what is wrong."""

    def __init__(self, draft: Draft, existing: Agreement | None, context: IntakeContext) -> None:
        self.draft = draft
        self.fields = draft.fields
        self.existing = existing
        self.context = context
        self.findings: list[Finding] = []

    def look_for_people(self) -> None:
        """Of a row that is not taken: whom it names who is not known, so that all of it can be mended at once."""
        self._complain(people_named(self.draft, self.existing or _BLANK, self.context, {}))

    def agreement(self) -> Agreement | None:
        base = self.existing or _BLANK
        changes = self._identity()
        for name, empty in _PLAIN.items():
            if (value := self.fields.get(name)) is not None:
                changes[name] = empty if value is CLEARED else value
        self._complain(named(self.draft, base, self.context, changes))
        self._complain(self._money(base, changes))
        if self.existing is None or not LAW_FIELDS.isdisjoint(self.fields):
            self._complain(lawful(self.fields, base, self.context, changes))
        self._provide(base, changes)
        if self.draft.beside.obligations:
            self._oblige(base, changes)
        if self.draft.beside.disclosures:
            self._disclose(base, changes)
        if self.existing is None and "counterparty" not in changes:
            self.findings.append(self._nobody())
            return None
        if self.existing is not None:
            changes = {name: value for name, value in changes.items() if getattr(self.existing, name) != value}
            if not changes:
                return self.existing
        made = replace(self.existing, **changes) if self.existing else Agreement(**changes)
        accepted, complaints = judged(made, self.fields.keys(), self.context)
        self._complain(complaints)
        return made if accepted == made.accepted else replace(made, accepted=accepted)

    def _nobody(self) -> Finding:
        """A new agreement without its other side; what stands on a sheet beside them speaks of none that there is."""
        if self.draft.row.plan.kind is SheetKind.AGREEMENTS:
            fault = Fault("required", "A new agreement needs a counterparty.", "Name the other side.")
            return self.draft.row.finding("counterparty", fault)
        message = f"No agreement has the reference {shown(self.draft.reference)}."
        fault = Fault("unknown_reference", message, "Correct it, or add a row for the agreement.")
        return self.draft.row.finding("reference", fault)

    def _identity(self) -> dict[str, Any]:
        """What only a new agreement is given."""
        if self.existing is not None:
            return {}
        return {
            "id": self.context.new_id(),
            "reference": self.draft.reference,
            "kind": AgreementKind.OTHER,
            "time_zone": self.context.time_zone,
            "registered_on": self.context.registered_on,
        }

    def _money(self, base: Agreement, changes: dict[str, Any]) -> Iterator[Complaint]:
        said, currency = self.fields.get("value"), self.fields.get("currency")
        known = base.value
        if said is CLEARED:
            changes["value"] = None
        elif isinstance(said, SaidMoney):
            code = said.currency or (currency if isinstance(currency, str) else "")
            code = code or (known.currency if known else "")
            if not code:
                yield wrong(
                    "value", "currency_missing", "An amount of which money?", "Write EUR 240,000, or add a currency."
                )
            elif said.currency and currency not in {None, CLEARED, said.currency}:
                yield wrong("currency", "two_currencies", f"The value says {said.currency}.", "Keep one.")
            else:
                changes["value"] = Money(rounded(said.amount, code), code)
                yield from _doubts(said, code)
        elif known and currency not in {None, CLEARED}:
            changes["value"] = Money(known.amount, currency)

    def _provide(self, base: Agreement, changes: dict[str, Any]) -> None:
        clauses = self._clauses(base, changes)
        days = FirstDays(changes.get("effective_on", base.effective_on), changes.get("signed_on", base.signed_on))
        was = FirstDays(base.effective_on, base.signed_on)
        known = Known(base.provisions, frozenset(base.assumed) & ASSUMABLE, was) if self.existing else UNKNOWN
        assumed = set(changes.get("assumed", base.assumed)) - ASSUMABLE - {"effective_on"}
        if self._speaks_of_terms(days, base):
            provided = provide(self.fields, clauses, days, known)
            changes["provisions"] = self.context.sharing(provided.provisions, days)
            self._complain(provided.complaints)
            assumed |= provided.assumed
        else:
            assumed |= known.assumed
        if self._is_effective_assumed(days, base):
            assumed.add("effective_on")
        changes["assumed"] = tuple(sorted(assumed))

    def _is_effective_assumed(self, days: FirstDays, base: Agreement) -> bool:
        if self.existing is not None and days == FirstDays(base.effective_on, base.signed_on):
            return "effective_on" in base.assumed
        return days.effective_on is None and days.signed_on is not None

    def _speaks_of_terms(self, days: FirstDays, base: Agreement) -> bool:
        if not PROVIDED_FIELDS.isdisjoint(self.fields) or not PROVIDED_FIELDS.isdisjoint(self.draft.clauses):
            return True
        return days != FirstDays(base.effective_on, base.signed_on)

    def _clauses(self, base: Agreement, changes: dict[str, Any]) -> dict[str, Clause]:
        """The clauses that the row changes; beside them those of the agreement stay."""
        if not self.draft.clauses:
            return {}
        merged = {**dict(base.clauses), **self.draft.clauses}
        kept = {name: clause for name, clause in merged.items() if clause is not CLEARED}
        changes["clauses"] = tuple(sorted(kept.items()))
        known = dict(base.clauses)
        return {name: clause for name, clause in kept.items() if known.get(name) != clause}

    def _oblige(self, base: Agreement, changes: dict[str, Any]) -> None:
        context = self.context

        def person(name: str) -> tuple[str | None, Fault | None]:
            found = tuple(context.people(name))
            return (found[0], None) if len(found) == 1 else (None, unknown_person(name, len(found)))

        made, findings = merged_obligations(
            self.draft.beside.obligations, base.obligations, person=person, new_id=context.new_id
        )
        changes["obligations"] = made
        self.findings += findings

    def _disclose(self, base: Agreement, changes: dict[str, Any]) -> None:
        rows = self.draft.beside.disclosures
        changes["disclosures"], findings = merged_disclosures(rows, base.disclosures, self.context.today)
        self.findings += findings

    def _complain(self, complaints: Iterable[Complaint]) -> None:
        for field, fault, is_error in complaints:
            self.findings.append(self.draft.row.finding(field, fault, is_error=is_error))


def _doubts(said: SaidMoney, code: str) -> Iterator[Complaint]:
    if said.may_be_small and has_thousandths(code):
        remedy = f"Make the cell a number, or write all places: {code} 1234.000, {code} 1.2340."
        yield wrong(
            "value", "ambiguous_amount", f"{code} has thousandths: are these digits some, or thousands?", remedy
        )
    elif (taken := rounded(said.amount, code)) != said.amount:
        yield remark("value", "amount_rounded", f"{code} has fewer decimal places; it is taken as {taken}.")
