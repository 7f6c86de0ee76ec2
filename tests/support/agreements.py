"""Agreements for tests, in the words of their papers."""

from datetime import date
from decimal import Decimal

from lifecycle.agreements.agreement import Agreement, AgreementKind, Money, Provisions
from lifecycle.days.dates import Period
from lifecycle.obligations.duties import Obligation, ObligationKind, Once, Recurrence
from lifecycle.terms.terms import (
    Anchor,
    EndConvention,
    Lasting,
    Notice,
    OpenEnded,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Until,
)

AUTOMATIC = Renewal(RenewalKind.AUTOMATIC, Period(months=12))
BY_OPTION = Renewal(RenewalKind.BY_OPTION, Period(months=12))
BY_AGREEMENT = Renewal(RenewalKind.BY_AGREEMENT, Period(months=12))
NEVER = Renewal(RenewalKind.NEVER)


def day(text):
    return text if text is None or isinstance(text, date) else date.fromisoformat(text)


def agreement(reference="ACME-7", **said):
    """An NDA of three years that renews by itself, with 60 days of notice, under the law of Berlin."""
    provisions = said.pop("provisions", None) or provided(**{name: said.pop(name) for name in _PROVIDED & said.keys()})
    for name in _DAYS & said.keys():
        said[name] = day(said[name])
    usual = {
        "id": "",
        "reference": reference,
        "kind": AgreementKind(said.pop("kind", "NDA")),
        "counterparty_id": "",
        "counterparty": "Acme Labs",
        "calendar": "DE-BE",
        "rules": "bgb",
        "time_zone": "Europe/Berlin",
        "effective_on": date(2024, 2, 1),
        "signed_on": date(2024, 1, 20),
    }
    return Agreement(**usual | said, provisions=provisions)


def provided(*, end="36 months", renewal=AUTOMATIC, notice_days=None, survival=None):
    """Provisions; *end* is a length in months, a day, or None for an agreement without end."""
    notice_days = notice_days if notice_days is not None else 60 * (renewal is not NEVER)
    notices = (Notice(Period(days=notice_days), Side.EITHER),) if notice_days else ()
    return Provisions(
        end=_end(end),
        convention=EndConvention.DAY_BEFORE,
        renewal=renewal,
        notices=notices,
        survivals=_surviving(survival),
    )


def once(kind, name, on, **said):
    """A duty that is due on one day."""
    return Obligation(id=said.pop("id", ""), kind=ObligationKind(kind), name=name, due=Once(day(on)), **said)


def every(kind, name, months, *, since, **said):
    """A duty that recurs from a day on."""
    due = Recurrence(Period(months=months), day(since), first=0)
    return Obligation(id=said.pop("id", ""), kind=ObligationKind(kind), name=name, due=due, **said)


def worth(text):
    """``worth("240000 EUR")``."""
    amount, currency = text.split()
    return Money(Decimal(amount), currency)


def _end(said):
    if said is None:
        return OpenEnded()
    if said.endswith("months"):
        return Lasting(Period(months=int(said.split()[0])))
    return Until(day(said))


def _surviving(months):
    return (Survival("confidentiality", Period(months=months), Anchor.EXPIRY),) if months else ()


_PROVIDED = {"end", "renewal", "notice_days", "survival"}
_DAYS = {"effective_on", "signed_on", "sign_by_on", "signature_requested_on", "quiet_until_on"}
