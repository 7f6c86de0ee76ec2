"""Periods as people write them, in English.

Forgiving about how it is written: words and figures, misspellings, brackets, what surrounds a period in a clause.
Never about what it means: where a text may mean two lengths it is refused, with the choices.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NoReturn

from lifecycle.days.number_words import leading_number
from lifecycle.days.periods import LARGEST_PART, PARTS, Counting, Period, StatedPeriod
from lifecycle.errors import AmbiguousPeriod, PeriodError
from lifecycle.words import listed, shown

LONGEST = 200
_REDACTED = re.compile(r"\[[\s*•●.]*\]|\*{2,}|_{2,}|•|●")
_MONTH = r"(?:jan|febr?|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|[a-z]+(?:uary|ember|ober)|march|april|august)"
_DAY = re.compile(
    rf"\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}|\b{_MONTH}\.? \d|\d(?:st|nd|rd|th)? (?:of )?{_MONTH}\b", re.IGNORECASE
)
_OR = re.compile(r";|(?<!\d)/|\bor\b", re.IGNORECASE)
_RANGE = re.compile(r"(\d+) ?(?:-|to) ?(\d+) ?(.*)")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_ISO = re.compile(r"p(?:\d+y)?(?:\d+m)?(?:\d+w)?(?:\d+d)?(?:t(?:\d+h))?")
_PERPETUAL = re.compile(
    r"\b(?:perpetual(?:ly)?|in perpetuity|evergreen|indefinite(?:ly)?|forever|unlimited|"
    r"until (?:it is )?(?:terminated|cancell?ed)(?: by either party)?)\b"
)
_PHRASES = (
    (re.compile(r"\b(?:at (?:the )?least|(?:not|no) (?:less|fewer) than|(?:a )?minimum(?: of)?)\b"), " @least "),
    (re.compile(r"\b(?:not|no) later than\b"), " "),
    (re.compile(r"\b(month|year|quarter|week|day) (?:to|by) \1\b"), r" successive 1 \1 "),
    (re.compile(r"\b(?:business|working|banking) days?\b"), " business_day "),
    (re.compile(r"\bcalendar (day|month)s?\b"), r" \1s "),  # of a year or a quarter it may mean the one on the wall
    (re.compile(r"\bclear\b"), " @clear "),
    (re.compile(r"\bhalf(?: of)? an? (?=[a-z])"), " half "),
    (re.compile(r"\bhalf yearly\b|\bsemi ?annual(?:ly)?\b"), " 6 months "),
)
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?|@?[a-z_]+|\S", re.ASCII)
_EVERY = {"daily": "1d", "weekly": "1w", "fortnightly": "2w", "monthly": "1m", "quarterly": "3m"}
_EVERY |= {"yearly": "1y", "annual": "1y", "annually": "1y", "biennial": "2y", "biennially": "2y"}
_DOUBTFUL = {
    "biweekly": ("2 weeks", "3 days"),
    "bimonthly": ("2 months", "15 days"),
    "biannual": ("6 months", "2 years"),
    "biannually": ("6 months", "2 years"),
}
_MARKS: Mapping[str, Mapping[str, Any]] = {
    "@least": {"at_least": True},
    "@clear": {"counting": Counting.CLEAR},
    "inclusive": {"counting": Counting.INCLUSIVE},
}
_FURTHER = {"additional", "further", "renewal", "renewals", "extension", "extensions", "times", "x"}
_SERIES = {"term", "terms", "period", "periods"}
_AGAIN = {"successive", "consecutive", "subsequent"}
_UNITS = {"year": "years", "annum": "years", "yr": "years", "y": "years", "quarter": "quarters", "month": "months"}
_UNITS |= {"mo": "months", "mth": "months", "m": "months", "fortnight": "fortnights", "week": "weeks", "wk": "weeks"}
_UNITS |= {"w": "weeks", "day": "days", "d": "days", "hour": "hours", "hr": "hours", "h": "hours"}
_UNITS |= {"bd": "business days", "business_day": "business days"}
_MONTHS_IN = {"years": 12, "quarters": 3}
_ONE = {"a", "an", "each", "every", "per"}
_CLOSE = 0.8
_TEN = 10
# What stands around a length without changing it.
_FILLER = _ONE | {"the", "of", "for", "in", "by", "upon", "on", "with", "within", "to", "any", "then", "current", "and"}
_FILLER |= {"notice", "notices", "written", "prior", "advance", "before", "initial", "expiration", "expiry", "end", "s"}
_FILLER |= {"automatic", "automatically", "renews", "continues", "(", ")", ",", ".", "'", ":", '"'}


def parse_period(text: str, default_unit: str | None = None) -> StatedPeriod:
    """What *text* says about a length; a bare number counts *default_unit*.

    Raises PeriodError, or its leaf AmbiguousPeriod where the text may mean several lengths.
    """
    if len(text) > LONGEST:
        raise PeriodError(f"{shown(text)} is longer than {LONGEST} characters.")
    plain = " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", text)).split())
    if _REDACTED.search(plain):
        raise PeriodError(f"{shown(text)} is redacted.", remedy="Look up the period in the agreement.")
    if _DAY.search(plain):
        raise PeriodError(f"{shown(text)} is a day, no length.", remedy="Enter it as a day, or write the length.")
    alternatives = [part.strip() for part in _OR.split(plain) if part.strip()]
    readings = {_alternative(part, default_unit): part for part in alternatives}
    if not readings:
        raise PeriodError("An empty text says no period.")
    if len(readings) > 1:
        raise AmbiguousPeriod(text, "it says several periods", tuple(readings.values()))
    return next(iter(readings))


def _alternative(stated: str, default_unit: str | None) -> StatedPeriod:
    text = stated.lower()
    if _ISO.fullmatch(text) and text[-1] not in "pt":
        return StatedPeriod(Period.from_code(text[1:].replace("t", "")))
    if found := _RANGE.search(text):
        low, high, unit = found.groups()
        raise AmbiguousPeriod(stated, "it says a range", (f"{low} {unit}".strip(), f"{high} {unit}".strip()))
    if _PERPETUAL.search(text):
        return _perpetual(stated, text)
    spaced = re.sub(r"(?<=[a-z\d])-(?=[a-z])", " ", text.replace("(s)", "s"))
    for pattern, instead in _PHRASES:
        spaced = pattern.sub(instead, spaced)
    return _Reader(stated, _TOKEN.findall(spaced)).read(default_unit)


def _not_understood(stated: str, word: str) -> PeriodError:
    of_it = "" if stated.strip().lower() == word else f": {shown(word)} is not understood"
    return PeriodError(f"{shown(stated)} is no period{of_it}.")


def _perpetual(stated: str, text: str) -> StatedPeriod:
    """No end, if nothing else is said: "not perpetual" and "perpetual, 30 days" are refused."""
    rest = _PERPETUAL.sub(" ", text).strip(" ,.")
    words = _TOKEN.findall(rest)
    if any(word[0].isdigit() or word in _EVERY or leading_number([word])[1] for word in words):
        raise AmbiguousPeriod(stated, "it says a length and that there is none", ("perpetual", rest))
    if unknown := [word for word in words if word not in _FILLER | _SERIES | _AGAIN]:
        raise _not_understood(stated, unknown[0])
    return StatedPeriod(None, perpetual=True)


class _Reader:
    """Reads tokens from left to right: numbers wait until a unit, or a word such as "successive", takes them."""

    def __init__(self, text: str, tokens: list[str]) -> None:
        self.text = text
        self.tokens = tokens
        self.numbers: list[Decimal] = []
        self.parts: list[Period] = []
        self.alone = False
        self.stated = StatedPeriod(None)

    def read(self, default_unit: str | None) -> StatedPeriod:
        index = 0
        while index < len(self.tokens):
            index += self._number(index) or self._word(index)
        if self.numbers and default_unit and not self.parts:
            self._unit(default_unit)
        if self.numbers:
            number = self.numbers[0]
            raise AmbiguousPeriod(self.text, f"{number} of what is not said", (f"{number} days", f"{number} months"))
        if not self.parts:
            raise PeriodError(f"{shown(self.text)} says no period.")
        period = sum(self.parts[1:], self.parts[0])
        return replace(self.stated, period=period, successive=self.stated.successive and self.stated.times is None)

    def _number(self, index: int) -> int:
        """How many tokens from *index* on say a number: ``sixty``, ``60``, ``sixty (60)``, ``60 (sixty)``."""
        number, taken = self._figure_or_words(index)
        if not taken:
            return 0
        self.numbers.append(number)
        other = index + taken
        if self.tokens[other : other + 1] == ["("]:
            again, more = self._figure_or_words(other + 1)
            if more and again != number:
                self._ambiguous(f"it says {number} and {again}", str(number), str(again), after=other + more)
            if more:
                return taken + 1 + more
        return taken

    def _figure_or_words(self, index: int) -> tuple[Decimal, int]:
        rest = self.tokens[index:]
        if rest and rest[0][0].isdigit():
            return Decimal(rest[0].replace(",", "")), 1
        return leading_number(rest)

    def _word(self, index: int) -> int:
        """One token that is no number."""
        word = self.tokens[index]
        single = word.removesuffix("s") if len(word) > 1 else word
        if word in _MARKS:
            self.stated = replace(self.stated, **_MARKS[word])
        elif word in _EVERY:
            self._add(Period.from_code(_EVERY[word]), alone=True)
        elif word in _DOUBTFUL:
            raise AmbiguousPeriod(self.text, f"{word} has two meanings", _DOUBTFUL[word])
        elif single in _UNITS:
            if not self.numbers and index and self.tokens[index - 1] in _ONE:
                self.numbers.append(Decimal(1))
            self._unit(_UNITS[single])
        elif word in _FURTHER | _SERIES or get_close_matches(word, _AGAIN, cutoff=_CLOSE):
            self._again(word)
        elif word not in _FILLER:
            raise _not_understood(self.text, word)
        return 1

    def _again(self, word: str) -> None:
        if self.numbers:
            times = self.numbers.pop()
            if self.numbers or self.stated.times or times % 1 or not 0 < times <= LARGEST_PART:
                raise PeriodError(f"{shown(self.text)} does not say how often.")
            self.stated = replace(self.stated, times=int(times))
        elif word not in _FURTHER | _SERIES:
            self.stated = replace(self.stated, successive=True)

    def _unit(self, unit: str) -> None:
        if not self.numbers:
            raise PeriodError(f"{shown(self.text)} does not say how many {unit}.")
        if len(self.numbers) > 1:
            first, second, *_ = self.numbers
            joined = (f"{first}{second} {unit}",) if second < _TEN else ()  # "2 5 years"; nobody writes 1 12 for 112
            choices = (f"{first} successive {second} {unit}", *joined)
            raise AmbiguousPeriod(self.text, f"it says {first} and {second}", choices)
        self._add(_whole(self.numbers.pop(), unit))

    def _add(self, period: Period, *, alone: bool = False) -> None:
        """One more part; "quarterly" stands alone, and no unit is said twice."""
        self.alone = self.alone or alone
        if self.parts and (self.alone or any(_same_part(period, earlier) for earlier in self.parts)):
            choices = tuple(str(part) for part in (*self.parts, period))
            raise AmbiguousPeriod(self.text, f"it says {listed(choices)}", choices)
        self.parts.append(period)

    def _ambiguous(self, because: str, *numbers: str, after: int) -> NoReturn:
        units = [token for token in self.tokens[after:] if token.removesuffix("s") in _UNITS]
        unit = units[0] if units else "days"
        raise AmbiguousPeriod(self.text, because, [f"{number} {unit}" for number in numbers])


def _whole(number: Decimal, unit: str) -> Period:
    """*number* of *unit*; years and quarters may be broken where that makes whole months."""
    if number > LARGEST_PART:
        raise PeriodError(f"{number} {unit} is longer than any agreement.")
    if number % 1 == 0:
        return Period.of(int(number), unit)
    months = number * _MONTHS_IN.get(unit, 0)
    if not months or months % 1:
        raise PeriodError(f"{number} {unit} is no whole number of {unit}.")
    return Period(years=int(months) // 12, months=int(months) % 12)


def _same_part(one: Period, other: Period) -> bool:
    return any(getattr(one, part) and getattr(other, part) for part in PARTS)
