"""Words out of a set, as people type them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cli.errors import UsageRefused
from lifecycle.words import did_you_mean, listed, shown

if TYPE_CHECKING:
    from enum import StrEnum

    Word = TypeVar("Word", bound=StrEnum)


def chosen(words: type[Word], text: str, option: str) -> Word:
    """The member of *words* that *text* names, ignoring case. Raises UsageRefused with all there are."""
    for word in words:
        if word.value.casefold() == text.strip().casefold():
            return word
    there = [word.value for word in words]
    remedy = f"{did_you_mean(text, there)}Use {listed(there)}."
    raise UsageRefused(f"{option}: there is no {shown(text)}.", remedy=remedy)
