"""Governing law in words, and what follows from it: the holiday calendar and the rule set.

``laws.yaml`` holds the names. Two laws that are not one within the other are ambiguous, and nothing is guessed: the
answer is None and the caller assumes, and says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

#: Words around a name that say only that it is a law or a state.
_AROUND: Final = frozenset(
    [
        "a",
        "and",
        "by",
        "canton",
        "commonwealth",
        "dominion",
        "droit",
        "duchy",
        "federal",
        "governed",
        "governing",
        "grand",
        "in",
        "internal",
        "kingdom",
        "law",
        "laws",
        "of",
        "province",
        "recht",
        "republic",
        "state",
        "states",
        "substantive",
        "territory",
        "the",
    ]
)
#: What stands between several laws, the strongest first: a name may hold a weaker one (Trinidad and Tobago).
_SEPARATORS: Final = tuple(re.compile(sign, re.IGNORECASE) for sign in (";", ",", r"/|&|\band\b"))
_APOSTROPHES: Final = re.compile("['\u2019.]")
_LONGEST: Final = 300  # characters; what is longer is a clause, not the name of a law


@dataclass(frozen=True, slots=True)
class Law:
    """A governing law: a code of ``config.holiday_calendars``, the name of a rule set, how it is written here."""

    calendar: str
    rules: str
    name: str
    is_region: bool  # the law of a part of a country

    @property
    def country(self) -> str:
        """``US`` of ``US-NY`` and of ``US:national``."""
        return re.split("[-:]", self.calendar)[0]


@lru_cache(maxsize=4096)
def lookup(text: str) -> Law | None:
    """The law that *text* names, None where it names none that is known, or several."""
    if len(text) > _LONGEST:
        return None
    if law := _named(text):
        return law
    for separator in _SEPARATORS:
        parts = [part for part in separator.split(text) if _bare(_words(part))]
        if len(parts) > 1:
            return _closest([lookup(part) for part in parts])
    return None


@cache
def laws() -> tuple[Law, ...]:
    """All laws that are known, as ``laws.yaml`` has them."""
    return tuple(law for law, _ in _entries())


def _named(text: str) -> Law | None:
    words = _words(text)
    return _names().get(words) or _names().get(_bare(words))


def _closest(laws: list[Law | None]) -> Law | None:
    """The one law of several names: a country beside its own region says nothing more."""
    found = {law for law in laws if law is not None}
    regions = {law.country for law in found if law.is_region}
    closest = {law for law in found if law.is_region or law.country not in regions}
    return closest.pop() if None not in laws and len(closest) == 1 else None


@cache
def _names() -> Mapping[str, Law]:
    """Every name as ``_words`` and as ``_bare`` make it; a name as it stands goes before one that was bared."""
    whole: dict[str, Law] = {}
    bare: dict[str, Law] = {}
    for law, names in _entries():
        whole = {_words(law.calendar): law} | whole | {_words(name): law for name in names}
        bare |= {_bare(_words(name)): law for name in names}
    return {name: law for name, law in (bare | whole).items() if name}


@cache
def _entries() -> tuple[tuple[Law, tuple[str, ...]], ...]:
    return tuple(
        (Law(code, group["rules"], names[0], "-" in code and not group.get("whole_country", False)), tuple(names))
        for group in _groups()
        for code, names in group["places"].items()
    )


@cache
def _groups() -> list[dict[str, Any]]:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (resources.files("config") / "laws.yaml").read_text(encoding="utf-8")
    groups: list[dict[str, Any]] = yaml.load(text, Loader=loader)  # noqa: S506 - both loaders are safe ones
    return groups


def _words(text: str) -> str:
    """Lower case, without accents and punctuation, one blank between words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", _APOSTROPHES.sub("", letters)).split())


def _bare(words: str) -> str:
    """The words without those that only say that it is a law."""
    return " ".join(word for word in words.split() if word not in _AROUND)
