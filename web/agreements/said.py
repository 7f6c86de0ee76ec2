"""What a form says of an agreement, as values; what cannot be read is said at its field, all of it at once."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.intake.export import RegisterNames, row_of
from engine.intake.judging import CONTRADICTIONS
from engine.intake.one_row import AgreementRefused, from_row
from lifecycle.days.dates import Period, parse_day
from lifecycle.days.period_text import parse_period
from lifecycle.errors import DayOutOfRange, LifecycleError, PeriodError
from web.agreements.fields import in_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.intake.findings import Finding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person
    from web.agreements.fields import Group

ACCEPT: Final = "accept_"
_BESIDE: Final = frozenset({"exit_plan"})  # no spreadsheet has a column for it
_PLACES: Final = {
    "no-right-to-leave": "by",
    "no-next-term": "lasting",
    "still-open": "because",
    "ends-sooner": "last_on",
}


class FormRefused(LifecycleError):
    """A form that cannot be kept as it is. *errors* by field; *to_accept*: contradictions, code -> sentence."""

    code = "form-refused"

    def __init__(self, errors: Mapping[str, str], to_accept: Mapping[str, str] | None = None) -> None:
        super().__init__("Some of it cannot be kept.", remedy="Correct what is marked.")
        self.errors = dict(errors)
        self.to_accept = dict(to_accept or {})


def refusal(error: LifecycleError) -> FormRefused:
    """Any refusal as one of a form: at its field where it has one, else for the whole."""
    if isinstance(error, FormRefused):
        return error
    if isinstance(error, AgreementRefused) and error.findings:
        return _by_column(error.findings)
    return FormRefused({_PLACES.get(error.code, ""): f"{error.sentence} {error.remedy}".strip()})


@contextmanager
def at(field: str) -> Iterator[None]:
    """What *field* names has to be there. Raises FormRefused where it is not, or is not for whoever asks."""
    try:
        yield
    except LifecycleError as error:
        if error.code != "not-found":
            raise
        raise FormRefused({field: f"{error.sentence} {error.remedy}".strip()}) from None


def somebody(work: Work, field: str, address: str) -> Person:
    """Whom *field* names by their address: somebody who is here. Raises FormRefused."""
    with at(field):
        person = work.people.by_email(address)
    if person.is_disabled:
        raise FormRefused({field: f"{person.label} has left. Name somebody who is there."})
    return person


class Said:
    """The texts of a small form, read one by one; what is wrong is gathered and raised by ``check``."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.errors: dict[str, str] = {}

    def text(self, name: str, *, missing: str = "") -> str:
        """A text; where it is empty, *missing* says what to do about it."""
        found = self.texts.get(name, "").strip()
        if not found and missing:
            self.errors[name] = missing
        return found

    def day(self, name: str, *, missing: str = "") -> date | None:
        """A day; None where none is said."""
        found = self.text(name, missing=missing)
        try:
            return parse_day(found) if found else None
        except DayOutOfRange as refused:
            self.errors[name] = f"{refused.sentence} {refused.remedy}"
        except ValueError:
            self.errors[name] = "That is no day. Write it as 2026-12-01."
        return None

    def length(self, name: str, *, missing: str = "") -> Period | None:
        """A length of time; None where none is said."""
        found = self.text(name, missing=missing)
        try:
            period = parse_period(found).period if found else None
        except PeriodError as error:
            self.errors[name] = f"{error.sentence} {error.remedy}"
            return None
        if found and period is None:
            self.errors[name] = 'Write a number and a unit, such as "60 days".'
        return period

    def check(self) -> None:
        """Raises FormRefused with all that was wrong so far."""
        if self.errors:
            raise FormRefused(self.errors)


def texts_of(work: Work, agreement: Agreement) -> dict[str, str]:
    """What the fields of its form say now."""
    names = RegisterNames({one.id: one for one in work.people.all()}, work.monitor.laws)
    texts = {name: _text(value) for name, value in row_of(agreement, names).items()}
    return texts | {"exit_plan": str(agreement.exit_plan) if agreement.exit_plan else ""}


def made_of(
    work: Work, texts: Mapping[str, str], groups: Iterable[Group], *, existing: Agreement | None = None
) -> tuple[Agreement, tuple[Finding, ...]]:
    """The agreement that a form makes, laid over *existing*; and what was remarked. Raises FormRefused."""
    was = texts_of(work, existing) if existing else {}
    fields = [field for group in groups for field in group.fields]
    names = [field.name for field in fields] + [f"{field.name}_clause" for field in fields if field.clause is not None]
    now = {name: texts[name].strip() for name in names if name in texts}
    said = {name: text or "none" for name, text in now.items() if text != was.get(name, "")}
    exit_plan = Said(now).length("exit_plan") if "exit_plan" in said else None
    accept = {name.removeprefix(ACCEPT): text for name, text in texts.items() if name.startswith(ACCEPT) and text}
    columns = {name: text for name, text in said.items() if name not in _BESIDE}
    try:
        made, findings = from_row(work, columns, existing=existing, accept=accept)
    except AgreementRefused as error:
        raise refusal(error) from None
    told = tuple(replace(one, message=in_labels(one.message), remedy=in_labels(one.remedy)) for one in findings)
    return (replace(made, exit_plan=exit_plan) if "exit_plan" in said else made), told


def _by_column(findings: Iterable[Finding]) -> FormRefused:
    errors: dict[str, str] = {}
    to_accept: dict[str, str] = {}
    for one in findings:
        remedy = f"{one.remedy} Or say why it is right." if one.code in CONTRADICTIONS else one.remedy
        told = in_labels(f"{one.message} {remedy}".strip())
        errors[one.column] = f"{errors[one.column]} {told}" if one.column in errors else told
        if one.code in CONTRADICTIONS:
            to_accept[one.code] = in_labels(one.message)
    return FormRefused(errors, to_accept)


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a cell may hold
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value)
    return text.removeprefix("'") if text[:2] in {"'=", "'+", "'-", "'@"} else text
