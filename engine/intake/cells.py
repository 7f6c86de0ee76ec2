"""Values as people write them in cells: one reader per field, which never raises.

A reader takes the cell's text and the unit of its column and gives what is said, with a warning or with the reason why
it cannot be read. Words that clear a value (``none``, ``n/a``, ``-``) are told from an empty cell, which says nothing
at all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.intake.clause_words import of_renewal, of_term, renews_by_itself
from engine.intake.findings import Fault, Said, noted, refused
from engine.intake.headers import plain
from engine.intake.kinds import AGREEMENT_KINDS
from engine.intake.lengths import read_term
from engine.intake.money import read_currency, read_money
from engine.intake.notices import read_ends, read_notice, read_opens
from engine.intake.survivals import read_anchor, read_survival
from lifecycle.agreements.agreement import AgreementKind
from lifecycle.assets.asset import Ownership
from lifecycle.counting.rules import rule_set
from lifecycle.days.dates import Period
from lifecycle.errors import UnknownName
from lifecycle.terms.terms import CountsAs, EndConvention, RenewalKind
from lifecycle.words import listed

_Member = TypeVar("_Member", bound=StrEnum)


LONGEST_REFERENCE: Final = 100
LONGEST_TEXT: Final = 10_000

_TICKED: Final = frozenset({"yes", "y", "true", "ja", "x"})
_UNTICKED: Final = frozenset({"no", "n", "false", "nein"})
_RENEWALS: Final[Mapping[str, RenewalKind]] = {
    plain(word): kind
    for kind, words in {
        RenewalKind.AUTOMATIC: "automatic, automatically, auto, auto-renew, auto-renewal, auto-renewing, auto-renews, "
        "automatic renewal, renews automatically, automatically renews, yes, y, true, ja, "
        "automatisch, automatische Verlängerung, stillschweigend, tacit, tacitly, verlängert sich, "
        "verlängert sich automatisch, verlängert sich stillschweigend, x",
        RenewalKind.BY_OPTION: "by option, option, optional, on option, option to renew, our option, Option, "
        "nach Option",
        RenewalKind.BY_AGREEMENT: "by agreement, by mutual agreement, mutual agreement, agreement, by mutual consent, "
        "einvernehmlich, nach Vereinbarung",
        RenewalKind.NEVER: "never, no, n, false, nein, nie, keine, not renewable, does not renew, no renewal, none",
    }.items()
    for word in words.split(",")
}


_OWNERS: Final[Mapping[str, Ownership]] = {
    plain(word): owner
    for owner, words in {
        Ownership.US: "us, we, ours, customer, principal, wir, uns, Auftraggeber",
        Ownership.THEM: "them, they, theirs, supplier, vendor, counterparty, Auftragnehmer, Lieferant",
        Ownership.THIRD_PARTY: "third-party, third party, a third party, Dritter, Dritte",
        Ownership.JOINT: "joint, jointly, shared, both, gemeinsam, beide",
    }.items()
    for word in words.split(",")
}


@dataclass(frozen=True, slots=True)
class SaidRenewal:
    """What a cell says about renewal: the kind, or a length that stands in its place."""

    kind: RenewalKind
    period: Period | None = None
    times: int | None = None


Reader = Callable[[str, str], Said]

#: What to write where there is no next term: it goes on.
WITHOUT_END: Final = (
    "Where it goes on until somebody gives notice: leave term and renewal empty, write perpetual under last_on, "
    "any day under notice_ends, and the last day of the first term under earliest_end_on."
)


def read_text(text: str, _: str = "") -> Said:
    """One line of text; runs of blanks and line breaks become one blank."""
    line = " ".join(text.split())
    if len(line) > LONGEST_TEXT:
        return refused("too_long", f"More than {LONGEST_TEXT:,} characters.", "Shorten it.")
    return Said(line)


def read_note(text: str, _: str = "") -> Said:
    """Text that keeps its lines."""
    said = read_text(text)
    return Said("\n".join(line.strip() for line in text.splitlines())) if said.fault is None else said


def read_reference(text: str, _: str = "") -> Said:
    said = read_text(text)
    if said.fault is None and len(said.value) > LONGEST_REFERENCE:
        return refused("too_long", f"A reference has at most {LONGEST_REFERENCE} characters.", "Shorten it.")
    return said


@lru_cache(maxsize=4096)
def read_renewal(text: str, unit: str = "") -> Said:
    """How it renews; a length here means: automatically, for that long."""
    if kind := _RENEWALS.get(plain(text)):
        return Said(SaidRenewal(kind))
    said = read_term(of_renewal(" ".join(text.split())), unit)
    if said.fault is not None:
        if said.fault.code in {"redacted", "ambiguous-period", "unit_missing"}:
            return said
        remedy = "Write automatic, by option, by agreement or never, or the length of a renewal term."
        return refused("unknown_renewal", "This says neither how it renews nor for how long.", remedy)
    if said.value.period is None:
        remedy = f"Write automatic for terms as long as the initial one, or the length of a renewal term. {WITHOUT_END}"
        return refused("renewal-length-unknown", "It renews, but nobody knows for how long.", remedy)
    value = SaidRenewal(RenewalKind.AUTOMATIC, said.value.period, said.value.times)
    if renews_by_itself(text):
        return Said(value)
    message = f"A length alone: taken as automatic renewal for {said.value.period}."
    return noted(value, "renewal_assumed", message, "Write automatic, and the length under renewal_term.")


def read_kind(text: str, _: str = "") -> Said:
    if kind := AGREEMENT_KINDS.get(plain(text)):
        return Said(kind)
    message = "This kind of agreement is not known: kept as other."
    return noted(AgreementKind.OTHER, "unknown_kind", message, f"Write {listed(AgreementKind)}.")


def read_tags(text: str, _: str = "") -> Said:
    """Tags with commas or semicolons between them, each once."""
    tags: dict[str, str] = {}
    for tag in re.split(r"[,;\n]", text):
        if bare := " ".join(tag.split()):
            tags.setdefault(bare.casefold(), bare)
    return Said(tuple(tags.values()))


def read_count(text: str, _: str = "") -> Said:
    if text.isascii() and text.isdigit() and len(text) < 5:
        return Said(int(text))
    stated = parse_count(text)
    return Said(stated) if stated is not None else refused("no_number", "This is no whole number.", "Write 3.")


def parse_count(text: str) -> int | None:
    """``3 times`` and ``3x`` are 3; ``unlimited`` and what else is no number are None."""
    found = re.fullmatch(r"(\d{1,4})\s*(?:x|times|renewals|mal)", text, re.IGNORECASE | re.ASCII)
    return int(found[1]) if found else None


def read_first_term(text: str, unit: str = "") -> Said:
    """A length that may be said to begin with the effective day."""
    return read_term(of_term(" ".join(text.split())), unit)


@lru_cache(maxsize=1024)
def read_zone(text: str, _: str = "") -> Said:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return refused("unknown_zone", "There is no such time zone.", "Write an IANA name, such as Europe/Berlin.")
    return Said(text)


@lru_cache(maxsize=1024)
def read_rules(text: str, _: str = "") -> Said:
    try:
        return Said(rule_set(text.strip().casefold().replace("_", "-").replace(" ", "-")).name)
    except UnknownName as error:
        return Said(None, None, Fault("unknown_rules", error.sentence, error.remedy))


def read_words(text: str, _: str = "") -> Said:
    """Several names with semicolons or commas between them."""
    names = [" ".join(name.split()) for name in re.split(r"[;,\n]", text)]
    return Said(tuple(dict.fromkeys(name for name in names if name)))


def read_seen_by(text: str, _: str = "") -> Said:
    """Who may see it. A box that is not ticked says nothing: what is restricted stays so until it is said otherwise."""
    if plain(text) in _UNTICKED:
        return Said()
    if plain(text) in _TICKED:
        remedy = "Write people or teams, with ; between them."
        return refused("nobody_sees", "It is confidential, but nothing says who may see it.", remedy)
    return read_words(text)


def read_ownership(text: str, _: str = "") -> Said:
    """Whose something is, as people say it."""
    if owner := _OWNERS.get(plain(text)):
        return Said(owner)
    return refused("unknown_owner", f"This says not whose it is: {text[:60]}.", f"Write {listed(Ownership)}.")


def _one_of(members: type[_Member], *, what: str) -> Reader:
    known = {plain(member.value): member for member in members}

    def read(text: str, _: str = "") -> Said:
        member = known.get(plain(text))
        if member is None:
            return refused("unknown_word", f"There is no {what} {text[:60]}.", f"Write {listed(members)}.")
        return Said(member)

    return read


AGREEMENT_READERS: Final[Mapping[str, Reader]] = {
    "reference": read_reference,
    "counterparty": read_text,
    "parent": read_reference,
    "title": read_text,
    "document": read_text,
    "note": read_note,
    "template": read_text,
    "project": read_note,
    "work_results": read_ownership,
    "tags": read_tags,
    "kind": read_kind,
    "value": read_money,
    "currency": read_currency,
    "owner": read_text,
    "backup": read_text,
    "term": read_first_term,
    "renewal": read_renewal,
    "renewal_term": read_term,
    "renewal_limit": read_count,
    "notice_period": read_notice,
    "notice_ends": read_ends,
    "notice_opens": read_opens,
    "notice_via": read_text,
    "notice_counts": _one_of(CountsAs, what="way to count a notice"),
    "survival": read_survival,
    "survival_from": read_anchor,
    "time_zone": read_zone,
    "governing_law": read_text,
    "calendar": read_text,
    "rules": read_rules,
    "end_convention": _one_of(EndConvention, what="end convention"),
    "restricted_to": read_seen_by,
}
DAY_FIELDS: Final = ("signed_on", "effective_on", "last_on", "earliest_end_on")
