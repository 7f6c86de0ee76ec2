"""Fields of forms about agreements: the columns of a spreadsheet, grouped as people think of them (INTERFACE.md S1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lifecycle.agreements.agreement import AgreementKind
from lifecycle.assets.asset import Ownership
from lifecycle.terms.terms import Anchor, CountsAs, EndConvention, EndsAt, RenewalKind
from notifiers.wording import capital
from web.agreements.laws import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.people import Person

_NOT_STATED: Final = ("", "Not stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. *kind*: text, date, choice, area, list (a text with suggestions)."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    value: str = ""
    error: str = ""
    clause: str | None = None  # where it is written; None: nobody asks
    clause_error: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under a heading."""

    title: str
    fields: tuple[Field, ...]


def in_labels(text: str) -> str:
    """A sentence that names columns of a register, in the words of the form: ``Fill in “Takes effect on”``."""
    return _COLUMN.sub(
        lambda found: f"\N{LEFT DOUBLE QUOTATION MARK}{_LABELS[found[0]]}\N{RIGHT DOUBLE QUOTATION MARK}", text
    )


def filled(groups: Iterable[Group], texts: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Group, ...]:
    """The same fields with what was typed and what is wrong with it."""
    return tuple(replace(group, fields=tuple(_filled(one, texts, errors) for one in group.fields)) for group in groups)


def _filled(field: Field, texts: Mapping[str, str], errors: Mapping[str, str]) -> Field:
    place = f"{field.name}_clause"
    return replace(
        field,
        value=texts.get(field.name, field.value),
        error=errors.get(field.name, ""),
        clause=None if field.clause is None else texts.get(place, field.clause),
        clause_error=errors.get(place, ""),
    )


def facts_of_an_agreement(people: Iterable[Person], *, is_new: bool, may_restrict: bool) -> tuple[Group, ...]:
    """All that a row of the register can say."""
    kinds = _words(AgreementKind, *([("", "Choose one")] if is_new else []))
    identity = [
        Field(name="counterparty", label="Counterparty", is_required=True, hint="The other side."),
        Field(name="title", label="Title", hint="What people call it."),
        Field(name="kind", label="Kind", kind="choice", choices=kinds, is_required=True),
        Field(name="value", label="Value", hint="EUR 240,000; or an amount, with its currency beside it."),
        Field(name="currency", label="Currency", hint="ISO 4217, such as EUR."),
        Field(
            name="work_results",
            label="Results of the work belong to",
            kind="choice",
            clause="",
            choices=_words(Ownership, _NOT_STATED),
        ),
        Field(name="template", label="Template", hint="From which it was drawn up, with its version."),
        Field(name="project", label="Project", kind="area", hint="What it is for, and what is particular to that."),
        Field(name="parent", label="Master agreement", hint="Its reference, where this one hangs on another."),
        Field(name="tags", label="Tags", hint="With commas between them."),
    ]
    if is_new:
        reference = Field(
            name="reference", label="Reference", is_required=True, hint="Your own stable name for it; unique."
        )
        identity.insert(0, reference)
    return (
        Group("The agreement", tuple(identity)),
        Group("Who answers for it", tuple(_who(people, may_restrict=may_restrict))),
        Group("Days and term", _DAYS),
        Group("Renewal and notice", _RENEWAL),
        Group("What outlives it", _SURVIVAL),
        Group("Law and counting", _LAW),
        Group("Document", _DOCUMENT),
    )


def _who(people: Iterable[Person], *, may_restrict: bool) -> Iterable[Field]:
    there = [(one.email, f"{one.label} ({one.email})") for one in people if not one.is_disabled]
    choices = (("", "Nobody"), *sorted(there, key=lambda one: one[1].casefold()))
    yield Field(name="owner", label="Owner", kind="choice", choices=choices)
    yield Field(name="backup", label="Backup", kind="choice", choices=choices, hint="Who stands in.")
    if may_restrict:
        hint = "People and teams, with ; between them. Owner and backup always see it. Empty: not restricted."
        yield Field(name="restricted_to", label="Only seen by", hint=hint)


def chosen(value: str) -> str:
    """A value as a list to choose from says it."""
    return capital(value.replace("-", " "))


def _words(of: Iterable[str], *first: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (*first, *((str(one), chosen(one)) for one in of))


_PERIOD: Final = 'Such as "60 days", "5 business days", "at least 3 months".'
_DAYS: Final = (
    Field(name="signed_on", label="Signed on", kind="date", clause=""),
    Field(name="effective_on", label="Takes effect on", kind="date", clause="", hint="Unknown: the day of signing."),
    Field(name="term", label="First term", clause="", hint='How long it first lasts, such as "36 months".'),
    Field(name="last_on", label="Last day in force", clause="", hint="2027-01-31, or perpetual."),
    Field(
        name="end_convention", label="Which day is the last", kind="choice", choices=_words(EndConvention, _NOT_STATED)
    ),
    Field(name="exit_plan", label="Exit takes", hint="How long it takes to leave, such as 6 months."),
)
_RENEWAL: Final = (
    Field(
        name="renewal",
        label="How the next term comes",
        kind="choice",
        clause="",
        choices=(_NOT_STATED, *((one.value.replace("-", " "), chosen(one.value)) for one in RenewalKind)),
    ),
    Field(name="renewal_term", label="Length of a renewal", hint="Empty: as long as the first term."),
    Field(name="renewal_limit", label="Renewals at most", hint="A number. Empty: without limit."),
    Field(name="notice_period", label="Notice period", clause="", hint=_PERIOD),
    Field(
        name="notice_ends",
        label="Notice to",
        kind="choice",
        choices=_words(EndsAt, ("", "The last day of a term")),
        hint="To what days notice ends it, where it is a right to leave.",
    ),
    Field(
        name="earliest_end_on",
        label="Ends no earlier than",
        kind="date",
        hint="The first day on which such a notice may end it, such as the last one of a minimum term.",
    ),
    Field(name="notice_opens", label="Notice at most", hint='How early it may be given, such as "180 days" before.'),
    Field(name="notice_via", label="Notice by", hint="email, courier, post."),
    Field(name="notice_counts", label="Notice counts when", kind="choice", choices=_words(CountsAs, _NOT_STATED)),
)
_SURVIVAL: Final = (
    Field(name="survival", label="Confidentiality survives for", clause="", hint="3 years, or perpetual."),
    Field(name="survival_from", label="Counted from", kind="choice", choices=_words(Anchor, _NOT_STATED)),
)
_LAW: Final = (
    Field(
        name="governing_law",
        label="Governing law",
        clause="",
        hint="In words: New York, Germany. Business days and rules follow from it.",
    ),
    Field(name="calendar", label="Business days", hint="Holiday calendar, such as DE-BE; where the law does not say."),
    Field(name="rules", label="Rules of counting", kind="choice", choices=(("", "As the law says"), *RULES.items())),
    Field(name="time_zone", label="Time zone", hint="Such as Europe/Berlin."),
)
_DOCUMENT: Final = (
    Field(name="document", label="Where the document lies", hint="A link."),
    Field(name="note", label="Note", kind="area"),
)
#: Names of several words: no sentence has these by chance, as it has "term" and "notice".
_LABELS: Final = {
    one.name: one.label for group in (_DAYS, _RENEWAL, _SURVIVAL, _LAW) for one in group if "_" in one.name
}
_COLUMN: Final = re.compile(rf"\b(?:{'|'.join(_LABELS)})\b")
