"""What a what-if says in its address, and what of it could be supposed: a mistake stays at its field, the rest goes on.

The address holds all of it, so that it can be copied, exported, and made so by the form of the operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from engine import operations as ops
from engine.forecasting.supposing import suppose, under_playbook
from engine.intake.judging import CONTRADICTIONS
from engine.intake.one_row import from_row
from engine.operations import NoticeFacts
from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.terms.terms import CountsAs, EndConvention, EndsAt, RenewalKind
from notifiers.wording import amount
from web.agreements.fields import Field, Group, chosen
from web.agreements.laws import RULES
from web.agreements.said import Said, refusal

if TYPE_CHECKING:
    from engine.forecasting.supposing import Difference, Picture
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement

AHEAD: Final = timedelta(days=365)
_TERMS: Final = (
    "effective_on", "term", "last_on", "end_convention", "renewal", "renewal_term", "notice_period", "notice_ends",
    "earliest_end_on", "notice_opens", "notice_via", "notice_counts", "governing_law", "calendar", "rules",
)  # fmt: skip
_NOTICE: Final = ("sent_on", "by", "method")
NAMES: Final = (*_TERMS, *_NOTICE, "playbook")
_TRIES: Final = 4  # each takes away what was wrong
_WHY: Final = "supposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is supposed: field -> text, only what was said."""

    texts: Mapping[str, str]

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Asked:
        """From the query string."""
        return cls(texts={name: said[name].strip() for name in NAMES if said.get(name, "").strip()})

    @property
    def is_empty(self) -> bool:
        """Nothing is supposed; whose notice it would be says nothing alone."""
        return not (self.texts.keys() - {"by", "method"})

    def address(self, **more: str) -> str:
        """The query string that asks the same."""
        return f"?{urlencode({**self.texts, **more})}"

    def made_so(self, agreement: Agreement) -> list[tuple[str, str]]:
        """(label, address): the forms that would do it, filled in."""
        terms = {name: text for name, text in self.texts.items() if name in _TERMS}
        at = f"/agreements/{agreement.id}"
        found = [("Make it so: amend", f"{at}/amend?{urlencode(terms)}")] if terms else []
        if "sent_on" in self.texts:
            notice = {"by": "us"} | {name: text for name, text in self.texts.items() if name in _NOTICE}
            found.append(("Make it so: record the notice", f"{at}/give-notice?{urlencode(notice)}"))
        if "playbook" in self.texts:
            found.append(("Look at the playbook", f"/playbooks/{self.texts['playbook'].partition('@')[0]}"))
        return found

    def without(self, names: frozenset[str]) -> Asked:
        """Less what was wrong."""
        return replace(self, texts={name: text for name, text in self.texts.items() if name not in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """One agreement as it is and as it would be; *difference* None where nothing of it could be supposed."""

    agreement: Agreement
    difference: Difference | None
    errors: Mapping[str, str]
    cost: tuple[str, str] = ("", "")  # of the renewals until the horizon, before and after


def groups(work: Work) -> tuple[Group, ...]:
    """The fields of a what-if; an empty one leaves what is."""
    as_it_is = ("", "As it is")
    versions = [
        (f"{one.playbook}@{number}", f"{one.playbook}, version {number}")
        for one in work.keeping.playbooks()
        for number in range(one.version, 0, -1)
    ]

    def choices(of: Iterable[str]) -> tuple[tuple[str, str], ...]:
        return (as_it_is, *((str(one), chosen(str(one))) for one in of))

    renewals = tuple(one.value.replace("-", " ") for one in RenewalKind)
    return (
        Group(
            "If the terms were",
            (
                Field(name="notice_period", label="Notice period", hint="Such as 90 days."),
                Field(name="notice_ends", label="Notice to", kind="choice", choices=choices(EndsAt)),
                Field(name="earliest_end_on", label="Ends no earlier than", kind="date"),
                Field(name="notice_opens", label="Notice at most", hint="Such as 180 days."),
                Field(name="notice_via", label="Notice by", hint="email, courier, post."),
                Field(name="notice_counts", label="Notice counts when", kind="choice", choices=choices(CountsAs)),
                Field(name="renewal", label="How the next term comes", kind="choice", choices=choices(renewals)),
                Field(name="renewal_term", label="Length of a renewal", hint="Such as 12 months."),
                Field(name="term", label="First term", hint="Such as 36 months."),
                Field(name="effective_on", label="Takes effect on", kind="date"),
                Field(name="last_on", label="Last day in force", hint="2027-01-31, or perpetual."),
                Field(
                    name="end_convention", label="Which day is the last", kind="choice", choices=choices(EndConvention)
                ),
            ),
        ),
        Group(
            "If days were counted by",
            (
                Field(name="governing_law", label="Governing law", hint="New York, Germany."),
                Field(name="calendar", label="Business days", hint="Such as DE-BY."),
                Field(name="rules", label="Rules of counting", kind="choice", choices=(as_it_is, *RULES.items())),
                Field(name="playbook", label="Playbook", kind="choice", choices=(as_it_is, *versions)),
            ),
        ),
        Group(
            "If notice were given",
            (
                Field(name="sent_on", label="Sent on", kind="date"),
                Field(name="by", label="Whose", kind="choice", choices=(("us", "Ours"), ("them", "Theirs"))),
                Field(name="method", label="By", hint="courier, post."),
            ),
        ),
    )


def supposed(work: Work, agreement: Agreement, asked: Asked, today: date) -> Supposed:
    """What *asked* comes to; what is wrong in it is said at its field, and left out."""
    errors: dict[str, str] = {}
    for _ in range(_TRIES):
        if asked.is_empty:
            break
        try:
            difference = suppose(work, agreement, _change(work, agreement, asked), today + AHEAD)
        except LifecycleError as error:
            found = refusal(error).errors
            wrong = frozenset(found) & frozenset(asked.texts)
            errors |= found
            if not wrong:
                break
            asked = asked.without(wrong)
        else:
            cost = (_cost(difference.before, today), _cost(difference.after, today))
            return Supposed(agreement=agreement, difference=difference, errors=errors, cost=cost)
    return Supposed(agreement=agreement, difference=None, errors=errors)


def _change(work: Work, agreement: Agreement, asked: Asked) -> Callable[[Work, Agreement], Agreement]:
    """The operations that would do it, one after the other. Raises FormRefused, AgreementRefused."""
    said = Said(asked.texts)
    terms = {name: text for name, text in asked.texts.items() if name in _TERMS}
    accept = dict.fromkeys(CONTRADICTIONS, _WHY)
    new = from_row(work, terms, existing=agreement, accept=accept)[0] if terms else agreement
    sent_on = said.day("sent_on")
    name, _, version = asked.texts.get("playbook", "").partition("@")
    if name and not version.isdecimal():
        said.errors["playbook"] = "There is no such version."
    said.check()

    def change(paper: Work, known: Agreement) -> Agreement:
        if terms:
            known = ops.amend(paper, new, because=_WHY)
        if sent_on is not None:
            by = said.text("by") if said.text("by") in {"us", "them"} else "us"
            known = ops.give_notice(paper, known, NoticeFacts(sent_on=sent_on, by=by, method=said.text("method")))
        if name:
            paper.settle()
            under_playbook(paper, known, name, int(version))
        return known

    return change


def _cost(picture: Picture, today: date) -> str:
    """What the renewals until the horizon come to; nothing where the value is not known."""
    value = picture.agreement.value
    until_on = today + AHEAD
    renewals = [row for row in picture.rows if row.key.kind is MilestoneKind.RENEWAL and row.safe_on <= until_on]
    if value is None or not renewals:
        return ""
    return amount(replace(value, amount=value.amount * len(renewals)))
