"""A sample agreement, and the words in which the shelves say when things began.

Everything hangs on *today*, so that something is always overdue, something due within two weeks, something long ago.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from lifecycle.agreements.agreement import Agreement, AgreementKind, Money
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Period, after, before
from lifecycle.obligations.duties import Obligation, ObligationKind
from lifecycle.obligations.occurrences import Basis, Recurrence
from lifecycle.terms.provisions import CountsAs, DeliveryMethod, Notice, Provisions, Renewal, RenewalKind, Side

if TYPE_CHECKING:
    from engine.monitor import Work

Then = Callable[["Work", Agreement], object]
_ONE_DAY: Final = timedelta(days=1)

#: Country of the law -> how days are counted, and where the clock hangs.
PLACES: Final[Mapping[str, Mapping[str, str]]] = {
    "berlin": {"governing_law": "Germany", "calendar": "DE-BE", "rules": "bgb", "time_zone": "Europe/Berlin"},
    "bavaria": {"governing_law": "Germany", "calendar": "DE-BY", "rules": "bgb", "time_zone": "Europe/Berlin"},
    "england": {
        "governing_law": "England and Wales",
        "calendar": "GB-ENG",
        "rules": "england-contract",
        "time_zone": "Europe/London",
    },
    "new-york": {
        "governing_law": "New York",
        "calendar": "US-NY",
        "rules": "us-contract",
        "time_zone": "America/New_York",
    },
    "both": {
        "governing_law": "Delaware",
        "calendar": "GB-ENG+US-NY",
        "rules": "us-contract",
        "time_zone": "America/New_York",
    },
}
#: Who stands in for whom, unless an agreement says otherwise.
STANDS_IN: Final = {"Olga": "Tomas", "Tomas": "Jonas", "Dana": "Priya", "Priya": "Olga", "Jonas": "Olga"}
COURIER: Final = DeliveryMethod("courier", receipt=Period(business_days=1))
MAIL: Final = DeliveryMethod("email")
REGISTERED: Final = DeliveryMethod("registered post", receipt=Period(business_days=3))
BY_ITSELF: Final = Renewal(RenewalKind.AUTOMATIC, Period(months=12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An agreement to be registered, and what happens to it afterwards, in order."""

    agreement: Agreement
    then: tuple[Then, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the shelves are filled by: the day, and the ids of the people by their first names."""

    today: date
    people: Mapping[str, str]

    def ago(self, **period: int) -> date:
        """So long before today."""
        return before(self.today, Period(**period))

    def ahead(self, **period: int) -> date:
        """So long after today."""
        return after(self.today, Period(**period))

    def begun(self, lasting: Period, *, ends_in: int) -> date:
        """The first day of a term of that length whose last day is *ends_in* days ahead."""
        return before(self.today + timedelta(days=ends_in) + _ONE_DAY, lasting)

    def month_end(self, *, months_ago: int) -> date:
        """The last day of a month: from there months are counted wrongly most often."""
        first = before(self.today, Period(months=months_ago)).replace(day=1)
        return first - _ONE_DAY

    def leap_day(self) -> date:
        """The latest 29 February that is at least two years ago."""
        year = self.today.year - 2
        while year % 4 or (year % 100 == 0 and year % 400):
            year -= 1
        return date(year, 2, 29)

    def sample(  # noqa: PLR0913 - what every agreement has
        self,
        reference: str,
        kind: AgreementKind,
        counterparty: str,
        title: str,
        *,
        owner: str | None,
        place: str,
        provisions: Provisions,
        then: tuple[Then, ...] = (),
        **facts: Any,  # noqa: ANN401 - other fields of an agreement
    ) -> Sample:
        """One agreement; owner and backup by their first names."""
        backup = facts.pop("backup", STANDS_IN.get(owner or ""))
        effective_on = facts.get("effective_on")
        signed = {} if effective_on is None or "signed_on" in facts else {"signed_on": effective_on - timedelta(days=9)}
        agreement = Agreement(
            id="",
            reference=reference,
            kind=kind,
            counterparty_id="",
            counterparty=counterparty,
            title=title,
            owner_id=self.people[owner] if owner else None,
            backup_id=self.people[backup] if backup else None,
            provisions=provisions,
            **{**PLACES[place], **signed, **facts},
        )
        return Sample(agreement=agreement, then=then)


def clause(ref: str, page: int, quote: str | None = None) -> Clause:
    """Where it is written."""
    return Clause(ref, page, quote)


def notice(period: Period, *, by: DeliveryMethod | None = COURIER, **facts: Any) -> Notice:  # noqa: ANN401 - its fields
    """Either side may say that it shall not renew; received, and by courier, unless said otherwise."""
    given = {"counts_as": CountsAs.RECEIVED, "clause": clause("12.3", 9), **facts}
    return Notice(period, given.pop("side", Side.EITHER), method=by, **given)


def euros(amount: int) -> Money:
    """An amount of money."""
    return Money(Decimal(amount), "EUR")


def pounds(amount: int) -> Money:
    """An amount of money."""
    return Money(Decimal(amount), "GBP")


def dollars(amount: int) -> Money:
    """An amount of money."""
    return Money(Decimal(amount), "USD")


def every(
    months: int,
    kind: ObligationKind,
    name: str,
    anchor_on: date,
    *,
    basis: Basis = Basis.ANCHOR,
    **facts: Any,  # noqa: ANN401
) -> Obligation:
    """A duty that comes back; days after the end of a calendar period by ``due_after``."""
    due_after = facts.pop("due_after", Period())
    due = Recurrence(Period(months=months), anchor_on, basis, due_after=due_after)
    return Obligation(id="", kind=kind, name=name, due=due, **facts)


def numbered(obligations: tuple[Obligation, ...]) -> tuple[Obligation, ...]:
    """The duties with ids of their own."""
    return tuple(replace(one, id=one.id or f"o{number}") for number, one in enumerate(obligations, 1))
