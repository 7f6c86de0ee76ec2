"""Numbers in English words: ``sixty``, ``twenty four``, ``one hundred and eighty``, ``half``."""

from collections.abc import Sequence
from decimal import Decimal

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: number for number, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
_HUNDRED, _THOUSAND = 100, 1000
_LARGE = {"hundred": _HUNDRED, "thousand": _THOUSAND}
_HALF = "half"


def leading_number(words: Sequence[str]) -> tuple[Decimal, int]:
    """The number that *words* begin with, and how many of them say it; none where they begin with none.

    As many words are taken as make one number: ``two one`` begins with two.
    """
    if words and words[0] == _HALF:
        return Decimal("0.5"), 1
    total, group, taken = 0, 0, 0
    room = _THOUSAND  # what follows must be smaller: one after twenty, seventy after hundred
    for index, word in enumerate(words):
        if word == "and" and taken and room >= _HUNDRED:
            continue
        if word in _LARGE and (group or not taken):
            group, room = (group or 1) * _LARGE[word], _LARGE[word]
            if room == _THOUSAND:
                total, group = total + group, 0
        elif word in _SMALL and _SMALL[word] < room:
            group, room = group + _SMALL[word], _room_after(_SMALL[word])
        else:
            break
        taken = index + 1
    return Decimal(total + group), taken


def _room_after(number: int) -> int:
    return 10 if number >= 20 else 0
