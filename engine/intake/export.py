"""The register as a workbook that imports again without a change, and the empty template of it.

A cell says only what a row can say: where an agreement has more (several notices, the earlier of two ends) its cells
are empty, and an empty cell leaves everything as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from engine.intake.cells import SaidRenewal
from engine.intake.context import Law
from engine.intake.days import NoEnd
from engine.intake.duties import has_row, said_of_due
from engine.intake.given import said_of_asset, said_of_disclosure
from engine.intake.headers import AGREEMENT_FIELDS, SheetKind, fields_of
from engine.intake.lawful import said_of_law
from engine.intake.provided import ASSUMABLE, Known, said_of
from engine.intake.sheets import Book
from engine.intake.texts import guarded
from lifecycle.agreements.agreement import Agreement, AgreementKind
from lifecycle.assets.asset import Asset, AssetKind, Ownership
from lifecycle.counting.derivation import Clause
from lifecycle.counting.rules import RULE_SETS
from lifecycle.days.dates import Counting, Period, StatedPeriod
from lifecycle.obligations.duties import Obligation, ObligationKind
from lifecycle.people import Person, Role
from lifecycle.terms.terms import Anchor, CountsAs, EndConvention, EndsAt, RenewalKind

_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "kind": tuple(AgreementKind),
    "work_results": tuple(Ownership),
    "renewal": tuple(kind.value.replace("-", " ") for kind in RenewalKind),
    "end_convention": tuple(EndConvention),
    "notice_ends": tuple(EndsAt),
    "notice_counts": tuple(CountsAs),
    "survival_from": tuple(Anchor),
}
_HINTS: Final[Mapping[str, str]] = {
    "reference": "Your own stable name for the agreement. Needed; unique, whatever the case.",
    "counterparty": "The other side. Needed.",
    "parent": "The reference of the agreement that this one hangs on.",
    "template": "From which it was drawn up, with its version: Mutual NDA 3.2.",
    "project": "What it is for, and what is particular to that.",
    "work_results": "Whose the results of the work are: us, them, joint, third-party.",
    "tags": "With commas between them.",
    "value": "240000, with the currency beside it; or EUR 240,000.",
    "currency": "ISO 4217, such as EUR.",
    "owner": "Mail address or name of somebody in the sheet people, or known already.",
    "backup": "Who stands in for the owner.",
    "signed_on": "2026-12-31, or a date cell.",
    "effective_on": "2026-12-31, or a date cell. Unknown: the day of signing is taken.",
    "last_on": "The last day in force, or perpetual.",
    "term": "The length of the first run, such as 3 years.",
    "renewal": "How the next term comes: automatic, by option, by agreement, never.",
    "renewal_term": "12 months. Empty: as long as the first run.",
    "renewal_limit": "How often it renews at most.",
    "notice_period": "60 days, 5 business days, at least 3 months.",
    "notice_ends": "The days to which notice ends it: quarter-end, year-end. Empty: the last day of a term.",
    "earliest_end_on": "The first day on which such a notice may end it, such as the last one of a minimum term.",
    "notice_opens": "How early notice may be given at most: 180 days before the last day.",
    "notice_via": "email, courier, post.",
    "notice_counts": "When a notice counts: sent, received, deemed.",
    "survival": "How long confidentiality outlives the end: 3 years, or perpetual.",
    "time_zone": "IANA name, such as Europe/Berlin.",
    "governing_law": "In words: New York, Germany. Calendar and rules follow from it.",
    "calendar": "Holiday calendar, such as DE-BE; only where the law does not say it.",
    "rules": "Rule set, such as bgb; only where the law does not say it.",
    "restricted_to": "People and teams who may see it. Empty: not restricted.",
}


@dataclass(frozen=True)
class RegisterNames:
    """How ids and laws are written: people by address, laws by what they come to."""

    people: Mapping[str, Person]
    laws: Callable[[str], Law | None]

    @cached_property
    def words(self) -> frozenset[str]:
        """What an import would know somebody by, in small letters: address, name, team."""
        people = self.people.values()
        teams = {team.casefold() for person in people for team in person.teams}
        told = {word.casefold() for person in people for word in (person.email, person.name)}
        return frozenset({*told, *teams, *(f"team:{team}" for team in teams)})


def write_template(path: Path) -> None:
    """An empty workbook with every column, each explained in a comment at its header."""
    with Book(path) as book:
        _agreements_page(book, fields_of(SheetKind.AGREEMENTS), ())
        page = book.sheet(SheetKind.OBLIGATIONS, fields_of(SheetKind.OBLIGATIONS), ())
        page.offer(fields_of(SheetKind.OBLIGATIONS).index("kind"), tuple(ObligationKind))
        book.sheet(SheetKind.DISCLOSURES, fields_of(SheetKind.DISCLOSURES), ())
        _assets_page(book, ())
        page = book.sheet(SheetKind.PEOPLE, fields_of(SheetKind.PEOPLE), ())
        page.offer(fields_of(SheetKind.PEOPLE).index("role"), tuple(Role))


def write_register(
    path: Path,
    agreements: Sequence[Agreement],
    people: Sequence[Person],
    *,
    laws: Callable[[str], Law | None],
    assets: Sequence[Asset] = (),
) -> None:
    """*agreements* with what hangs on them, the *assets* that they cover, and *people*, as a workbook of S1 and S2."""
    names = RegisterNames({person.id: person for person in people}, laws)
    clauses = [name for name in AGREEMENT_FIELDS if any(name in dict(each.clauses) for each in agreements)]
    headers = (*fields_of(SheetKind.AGREEMENTS), *(f"{name}_clause" for name in clauses))
    with Book(path) as book:
        rows = ([row.get(name, "") for name in headers] for row in (row_of(each, names) for each in agreements))
        _agreements_page(book, headers, rows)
        book.sheet(SheetKind.OBLIGATIONS, fields_of(SheetKind.OBLIGATIONS), _obligations(agreements, names))
        book.sheet(SheetKind.DISCLOSURES, fields_of(SheetKind.DISCLOSURES), _disclosures(agreements))
        _assets_page(book, _assets(agreements, assets))
        book.sheet(SheetKind.PEOPLE, fields_of(SheetKind.PEOPLE), (_person(each, names) for each in people))


def row_of(agreement: Agreement, names: RegisterNames) -> dict[str, Any]:
    """What the columns of S1 say of *agreement*, by field, each value as it stands in its cell."""
    known = Known(agreement.provisions, frozenset(agreement.assumed) & ASSUMABLE)
    said: dict[str, Any] = {
        "reference": agreement.reference,
        "counterparty": agreement.counterparty,
        "parent": agreement.parent,
        "title": agreement.title,
        "document": agreement.document,
        "note": agreement.note,
        "template": agreement.template,
        "project": agreement.project,
        "kind": agreement.kind,
        "work_results": agreement.work_results,
        "tags": ", ".join(agreement.tags),
        "owner": _address(agreement.owner_id, names),
        "backup": _address(agreement.backup_id, names),
        "signed_on": agreement.signed_on,
        "effective_on": agreement.effective_on,
        "time_zone": agreement.time_zone,
        "restricted_to": _seen_by(agreement.restricted_to, names),
        **said_of(known),
        **said_of_law(agreement, names.laws(agreement.governing_law) if agreement.governing_law else None),
        **{f"{name}_clause": clause for name, clause in agreement.clauses},
    }
    if agreement.value is not None:
        said |= {"value": agreement.value.amount, "currency": agreement.value.currency}
    return {name: _cell(value) for name, value in said.items()}


def _agreements_page(book: Book, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    page = book.sheet(SheetKind.AGREEMENTS, headers, rows)
    page.explain({headers.index(name): hint for name, hint in _HINTS.items()})
    for name, words in {**_WORDS, "rules": tuple(RULE_SETS)}.items():
        page.offer(headers.index(name), words)


def _obligations(agreements: Sequence[Agreement], names: RegisterNames) -> Iterable[list[Any]]:
    fields = fields_of(SheetKind.OBLIGATIONS)
    for agreement in agreements:
        for obligation in agreement.obligations:
            if has_row(obligation):
                said = _said_of_obligation(obligation, names) | {"reference": agreement.reference}
                yield [_cell(said.get(name, "")) for name in fields]


def _disclosures(agreements: Sequence[Agreement]) -> Iterable[list[Any]]:
    fields = fields_of(SheetKind.DISCLOSURES)
    for agreement in agreements:
        for one in agreement.disclosures:
            if one.counts:
                said = said_of_disclosure(one) | {"reference": agreement.reference}
                yield [_cell(said[name]) for name in fields]


def _assets(agreements: Sequence[Agreement], assets: Sequence[Asset]) -> Iterable[list[Any]]:
    """A row for each of *agreements* that covers an asset; the others are not spoken of."""
    references = {one.id: one.reference for one in agreements}
    fields = fields_of(SheetKind.ASSETS)
    for asset in assets:
        for one in asset.agreements:
            if one in references:
                said = said_of_asset(asset) | {"reference": references[one]}
                yield [_cell(said[name]) for name in fields]


def _assets_page(book: Book, rows: Iterable[Sequence[Any]]) -> None:
    fields = fields_of(SheetKind.ASSETS)
    page = book.sheet(SheetKind.ASSETS, fields, rows)
    page.offer(fields.index("kind"), tuple(AssetKind))
    page.offer(fields.index("ownership"), tuple(Ownership))


def _said_of_obligation(obligation: Obligation, names: RegisterNames) -> dict[str, Any]:
    said = said_of_due(obligation.due)
    every = said.get("every")
    return said | {
        "name": obligation.name,
        "kind": obligation.kind,
        "every": StatedPeriod(every) if every else "",
        "owner": _address(obligation.owner_id, names),
    }


def _person(person: Person, names: RegisterNames) -> list[Any]:
    said = {
        "email": person.email,
        "name": person.name,
        "manager": _address(person.manager_id, names),
        "role": person.role,
        "team": ", ".join(person.teams),
        "zone": person.time_zone,
    }
    return [_cell(said[name]) for name in fields_of(SheetKind.PEOPLE)]


def _address(person_id: str | None, names: RegisterNames) -> str:
    person = names.people.get(person_id) if person_id else None
    return person.email if person else ""


def _seen_by(few: Sequence[str], names: RegisterNames) -> str:
    """Who may see it, people by address; nothing where one of them has left: a shorter list would be another."""
    told = [_address(who, names) or (who if who.casefold() in names.words else "") for who in few]
    return "; ".join(told) if all(told) else ""


def _cell(value: Any) -> Any:  # noqa: ANN401 - whatever a cell may hold
    match value:
        case StatedPeriod() | Period():
            return _period(value)
        case SaidRenewal():
            return value.kind.replace("-", " ")
        case Clause():
            return f"{value.ref}, p. {value.page}" if value.page else value.ref
        case StrEnum():
            return value.value
        case str():
            return guarded(value)
        case _:
            return value


def _period(stated: StatedPeriod | Period) -> str:
    """Words that ``parse_period`` reads back."""
    if isinstance(stated, Period):
        return str(stated)
    if stated.period is None:
        return NoEnd.PERPETUAL.value
    words = "at least " if stated.at_least else ""
    return f"{words}{'clear ' if stated.counting is Counting.CLEAR else ''}{stated.period}"
