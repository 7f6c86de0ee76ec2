"""Lengths of time as people write them in cells, in English and in the German of registers.

German is put into English before ``parse_period`` reads it: "drei Monate", "4 Wochen zum Vertragsende", "unbefristet".
What else stands behind a German length may change its meaning ("zum Quartalsende") and is refused.
"""

import re
from functools import lru_cache
from typing import Final

from engine.intake.days import PERPETUAL_WORDS, redacted
from engine.intake.findings import Fault, Said, refused
from engine.intake.headers import plain, unit_named
from lifecycle.days.dates import parse_period
from lifecycle.errors import LifecycleError
from lifecycle.words import shown

_LONGEST: Final = 200
_REMEDY: Final = 'Write a number and a unit, such as "60 days".'
_BARE_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_DECIMAL: Final = re.compile(r"\d+,\d", re.ASCII)
_LENGTH: Final = re.compile(r"(\d{1,5}(?:[.,]\d)?|[^\W\d_]+)\s*([^\W\d_]+)\.?(?:\s+(.+?))?\.?", re.DOTALL)
_NUMBERS: Final = {
    plain(word): number
    for number, words in {
        1: "ein eine einem einen einer",
        2: "zwei",
        3: "drei",
        4: "vier",
        5: "fünf",
        6: "sechs",
        7: "sieben",
        8: "acht",
        9: "neun",
        10: "zehn",
        12: "zwölf",
        14: "vierzehn",
        18: "achtzehn",
        24: "vierundzwanzig",
        30: "dreißig",
        36: "sechsunddreißig",
        60: "sechzig",
        90: "neunzig",
    }.items()
    for word in words.split()
}
_UNITS: Final = {
    plain(word): unit
    for unit, words in {
        "days": "Tag Tage Tagen Kalendertag Kalendertage Kalendertagen",
        "business days": "Arbeitstag Arbeitstage Arbeitstagen Bankarbeitstag Bankarbeitstage Bankarbeitstagen",
        "weeks": "Woche Wochen",
        "months": "Monat Monate Monaten",
        "quarters": "Quartal Quartale Quartalen",
        "years": "Jahr Jahre Jahren",
    }.items()
    for word in words.split()
}
_EVERY: Final = {
    plain(word): length
    for word, length in {
        "wöchentlich": "1 week",
        "monatlich": "1 month",
        "vierteljährlich": "3 months",
        "quartalsweise": "3 months",
        "halbjährlich": "6 months",
        "jährlich": "1 year",
    }.items()
}
_WORKDAYS: Final = frozenset({"werktag", "werktage", "werktagen"})
#: What stands behind a length and says no more than: before the term ends.
_BEFORE_THE_END: Final = frozenset(
    {"jeweils", "jeweiligen", "zum", "bis", "vor", "dem", "der", "des", "ende", "ablauf", "laufzeit", "laufzeitende"}
    | {"vertragslaufzeit", "vertragsende", "vertragsablauf", "vertrags", "vertrages", "jeweilige", "vertragszeit"}
    | {"erstlaufzeit", "grundlaufzeit", "mindestlaufzeit", "verlängerungszeitraums", "oder", "bzw."}
)


def read_period(text: str, unit: str = "") -> Said:
    """A StatedPeriod, as ``parse_period`` reads it; a bare number takes *unit*."""
    return _read(text, unit, "days or {} business days")


def read_term(text: str, unit: str = "") -> Said:
    """The same of what lasts for months or years."""
    return _read(text, unit, "months or {} years")


@lru_cache(maxsize=8192)
def _read(text: str, unit: str, units: str) -> Said:
    if redacted(text):
        return refused("redacted", "The length is blanked out.", f'{_REMEDY} "-" says that there is none.')
    if _BARE_NUMBER.fullmatch(text) and not unit:
        return refused("unit_missing", f"{text} what?", f"Write {text} {units.format(text)}.")
    known = _in_english(text[: _LONGEST + 1])
    return Said(None, None, known) if isinstance(known, Fault) else _parsed(known, unit)


def _parsed(text: str, unit: str) -> Said:
    try:
        stated = parse_period(text, (unit_named(unit) or unit) if unit else None)
    except LifecycleError as error:
        return Said(None, None, Fault(error.code, error.sentence, error.remedy))
    if stated.period is not None and stated.period.hours:
        return refused("hours", "Hours are no length of an agreement.", "Write it in days.")
    if stated.period is None and not stated.perpetual:
        return refused("period", "No length is said here.", _REMEDY)
    return Said(stated)


def _in_english(text: str) -> str | Fault:
    """*text* in the words of periods; as it is where it is no German, or why it cannot be taken."""
    if "-".join(text.casefold().split()) in PERPETUAL_WORDS:
        return "perpetual"
    if length := _EVERY.get(plain(text)):
        return length
    if _DECIMAL.fullmatch(text):
        return text.replace(",", ".")
    found = _LENGTH.fullmatch(text)
    number = _number(found[1]) if found else ""
    return _with_unit(text, number, found[2], found[3] or "") if found and number else text


def _number(text: str) -> str:
    return text.replace(",", ".") if text[0].isdigit() else str(_NUMBERS.get(plain(text), ""))


def _with_unit(text: str, number: str, word: str, rest: str) -> str | Fault:
    if plain(word) in _WORKDAYS:
        remedy = f"Write {number} business days, where Saturdays are none."
        return Fault("ambiguous-period", f"{word} may count Saturdays.", remedy)
    unit = _UNITS.get(plain(word))
    if unit is None:  # headers name units in more ways than periods do
        other = unit_named(word) if not rest else None
        return f"{number} {other}" if other else text
    if not _BEFORE_THE_END.issuperset(rest.casefold().split()):
        message = f"Behind {number} {unit} it says {shown(rest)}, which is not understood."
        return Fault("period", message, f"Write {number} {unit}, if that is what it means.")
    return f"{number} {unit}"
