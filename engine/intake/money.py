"""Amounts as people write them: ``EUR 240,000`` is ``240.000,00 €``.

The last separator is the decimal one when one or two digits follow it; before three digits it separates thousands, for
most amounts of money have no thousandths. Those that do are read where they cannot be thousands, ``KWD 1,234.567`` or
``0.500``; ``KWD 1.234`` may be both, and whoever knows the currency says so.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from engine.intake.findings import Said, noted, refused
from lifecycle.agreements.agreement import Money

_SIGNS: Final[Mapping[str, str]] = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "₹": "INR",
    "CA$": "CAD",
    "A$": "AUD",
}
_ASSUMED: Final = frozenset({"$"})
_MONEY = re.compile(
    r"(?P<before>[^\d\s.,'\u2019-]{0,4})\s*(?P<amount>\d[\d\s.,'\u2019]*?)(?P<dash>[.,]-{1,2}|[.,]\u2013)?\s*(?P<after>[^\d\s.,]{0,4})"
)
_DECIMAL = re.compile(r"(.*)[.,](\d{1,2})")
_GROUPED = re.compile(r"\d{1,3}(?:[\s.,'\u2019]\d{2,3})*|\d+")
#: Thousands are separated by another sign, or not at all although there are some, or are none.
_THOUSANDTHS = re.compile(
    r"(?P<whole>0|\d{4,}|\d{1,3}(?=[.,]\d{4}\Z)|\d{1,3}(?P<mark>[\s.,'\u2019])\d{3}(?:(?P=mark)\d{3})*)(?!(?P=mark))[.,](?P<rest>\d{3,4})"
)
_DOUBTFUL = re.compile(r"\d{1,3}[.,]\d{3}")
_WRITE: Final = "Write it as EUR 240,000.00."
_LARGEST: Final = Decimal(10) ** 15
_CODES: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP "
    "GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD "
    "KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK "
    "NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD "
    "XOF XPF YER ZAR ZMW ZWG "
)
_CURRENCIES: Final = frozenset(_CODES.split())


#: Decimal places of the currencies that have more than two (ISO 4217, list one, "minor unit").
_PLACES: Final[Mapping[str, int]] = dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3) | {"CLF": 4}
_MOST_PLACES: Final = Decimal("0.0001")


class SaidMoney(NamedTuple):
    """An amount, and the currency if the same cell says it.

    *may_be_small*: ``1.234``, a thousand times less if the currency has thousandths.
    """

    amount: Decimal
    currency: str = ""
    may_be_small: bool = False


def has_thousandths(currency: str) -> bool:
    """Whether amounts of a currency have more than two decimal places."""
    return currency in _PLACES


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount with the decimal places of its currency, two at least."""
    return amount.quantize(Decimal(1).scaleb(-_PLACES.get(currency, 2)))


def money_of(number: float, unit: str = "") -> Said:
    """A SaidMoney from the cell of a spreadsheet that is a number: its point is the decimal one. Never negative."""
    amount = Decimal(repr(number)).quantize(_MOST_PLACES) if 0 <= number < _LARGEST else None
    if amount is None:
        return refused("no_amount", "This is no amount of money.", _WRITE)
    return Said(SaidMoney(amount, unit if unit in _CURRENCIES else ""))


@lru_cache(maxsize=8192)
def read_money(text: str, unit: str = "") -> Said:
    """A SaidMoney; *unit* is the currency of its column."""
    found = _MONEY.fullmatch(text.strip()[:60].replace("\xa0", " ").replace("\u202f", " "))
    said = _amount(found["amount"]) if found else None
    if found is None or said is None:
        return refused("no_amount", "This is no amount of money.", _WRITE)
    if found["before"] and found["after"]:
        return refused("no_amount", "Two currencies stand beside the amount.", _WRITE)
    return _with_currency(said, found["before"] or found["after"], unit)


def money_said(text: str) -> Money | None:
    """An amount that names its currency, such as ``EUR 1,200``; None where it is none, or of nobody knows which."""
    said = read_money(text).value
    return Money(rounded(said.amount, said.currency), said.currency) if said and said.currency else None


@lru_cache(maxsize=1024)
def read_currency(text: str, _: str = "") -> Said:
    """An ISO 4217 code; signs that mean one currency are understood."""
    code = text.strip().upper()
    code = _SIGNS.get(code, code)
    if code not in _CURRENCIES:
        return refused("unknown_currency", "There is no such currency.", "Write its ISO 4217 code, such as EUR.")
    if text.strip() in _ASSUMED:
        return noted(code, "currency_assumed", f"{text.strip()} is taken as {code}.", f"Write {code}.")
    return Said(code)


def _with_currency(money: SaidMoney, word: str, unit: str) -> Said:
    if not word:
        return Said(money._replace(currency=unit if unit in _CURRENCIES else ""))
    said = read_currency(word)
    return said._replace(value=money._replace(currency=said.value)) if said.fault is None else said


def _amount(text: str) -> SaidMoney | None:
    text = text.strip()
    if small := _THOUSANDTHS.fullmatch(text):
        return _known(small["whole"], small["rest"])
    found = _DECIMAL.fullmatch(text)
    whole, cents = (found[1], found[2]) if found else (text, "0")
    if not _GROUPED.fullmatch(whole) or (found and found[1] == ""):
        return None
    return _known(whole, cents, may_be_small=bool(_DOUBTFUL.fullmatch(text)))


def _known(whole: str, rest: str, *, may_be_small: bool = False) -> SaidMoney | None:
    number = Decimal("".join(filter(str.isdigit, whole)) + "." + rest.ljust(2, "0"))
    return SaidMoney(number, may_be_small=may_be_small) if number < _LARGEST else None
