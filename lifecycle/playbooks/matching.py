"""Which playbook is a milestone's: all that a playbook's ``match`` says must hold.

The highest priority wins, then the most keys (DELIVERY.md P5). The playbook ``default`` has no keys and matches
everything, so no deadline is without a ladder. Markers get messages only from a playbook that names their kind.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from lifecycle.milestones.milestone import MARKERS, MilestoneKind

if TYPE_CHECKING:
    from lifecycle.agreements.agreement import Money

DEFAULT: Final = "default"


class Comparison(StrEnum):
    """How an agreement's value is held against an amount."""

    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"
    EQUAL = "="


_COMPARE: Final[Mapping[Comparison, Callable[[Decimal, Decimal], bool]]] = {
    Comparison.AT_LEAST: operator.ge,
    Comparison.MORE: operator.gt,
    Comparison.AT_MOST: operator.le,
    Comparison.LESS: operator.lt,
    Comparison.EQUAL: operator.eq,
}


@dataclass(frozen=True, slots=True)
class Worth:
    """A bound on the value; an agreement without a value, or in another currency, is not within it."""

    comparison: Comparison
    amount: Decimal
    currency: str

    def holds(self, value: Money | None) -> bool:
        """Whether *value* is within the bound."""
        if value is None or value.currency != self.currency:
            return False
        return _COMPARE[self.comparison](value.amount, self.amount)

    def __str__(self) -> str:
        return f"{self.comparison.value} {self.amount.normalize():f} {self.currency}"


@dataclass(frozen=True, slots=True)
class TagRule:
    """At least one of *any*, each of *all*, and none of *none*, ignoring case; what is empty asks nothing."""

    any: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()

    def holds(self, tags: frozenset[str]) -> bool:
        """Whether *tags*, in lower case, are as asked."""
        return (not self.any or not self.any.isdisjoint(tags)) and self.all <= tags and self.none.isdisjoint(tags)


@dataclass(frozen=True, slots=True)
class Match:
    """What must hold; a key that is empty asks nothing. Words ignore case and are kept in lower case."""

    kind: frozenset[str] = frozenset()
    milestone: frozenset[MilestoneKind] = frozenset()
    tags: TagRule | None = None
    counterparty_tags: TagRule | None = None
    jurisdiction: frozenset[str] = frozenset()  # a law as the register has it, a calendar code or its country
    team: frozenset[str] = frozenset()
    value: Worth | None = None

    @property
    def keys(self) -> int:
        """How many keys it has: the more, the closer the match."""
        every = (self.kind, self.milestone, self.tags, self.counterparty_tags, self.jurisdiction, self.team, self.value)
        return sum(1 for key in every if key)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts:
    """What is known of a milestone and its agreement; hashable, so that an answer can be kept."""

    kind: str
    milestone: MilestoneKind
    tags: frozenset[str] = frozenset()
    counterparty_tags: frozenset[str] = frozenset()
    jurisdiction: str = ""
    team: str = ""
    value: Money | None = None


class Matching(Protocol):
    """What can be chosen: a playbook."""

    @property
    def name(self) -> str: ...
    @property
    def match(self) -> Match: ...
    @property
    def priority(self) -> int: ...


_M = TypeVar("_M", bound=Matching)


class NoDefaultPlaybook(LookupError):
    """The playbooks handed in lack the one that cannot be removed: a fault of the program, not of its user."""


def choose(playbooks: Iterable[_M], facts: MatchFacts) -> _M:
    """The playbook for the facts: the highest priority, then the most keys, then the first by name.

    Raises NoDefaultPlaybook where *playbooks* holds no ``default`` and nothing else matches.
    """
    fitting = [playbook for playbook in playbooks if matches(playbook.match, facts) or playbook.name == DEFAULT]
    if facts.milestone in MARKERS:
        fitting = [book for book in fitting if facts.milestone in book.match.milestone or book.name == DEFAULT]
    if not fitting:
        raise NoDefaultPlaybook("No playbook named default was handed in.")
    return min(fitting, key=_rank)


def matches(match: Match, facts: MatchFacts) -> bool:
    """Whether all that *match* says holds."""
    return (
        (not match.milestone or facts.milestone in match.milestone)
        and (not match.kind or facts.kind.lower() in match.kind)
        and (match.tags is None or match.tags.holds(_lower(facts.tags)))
        and (match.counterparty_tags is None or match.counterparty_tags.holds(_lower(facts.counterparty_tags)))
        and (not match.jurisdiction or _is_within(facts.jurisdiction, match.jurisdiction))
        and (not match.team or facts.team.lower() in match.team)
        and (match.value is None or match.value.holds(facts.value))
    )


def may_both_match(one: Match, other: Match) -> bool:
    """Whether some facts could match both; used to refuse playbooks between which nobody could choose."""
    return (
        _may_meet(one.kind, other.kind)
        and _may_meet(one.milestone, other.milestone)
        and _may_meet(one.team, other.team)
        and _laws_may_meet(one.jurisdiction, other.jurisdiction)
        and _tags_may_meet(one.tags, other.tags)
        and _tags_may_meet(one.counterparty_tags, other.counterparty_tags)
        and _values_may_meet(one.value, other.value)
    )


def _rank(playbook: Matching) -> tuple[bool, int, int, str]:
    return (playbook.name == DEFAULT, -playbook.priority, -playbook.match.keys, playbook.name)


def _lower(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def _is_within(place: str, places: frozenset[str]) -> bool:
    """``US-NY`` is within ``us-ny`` and within ``us``; ``DE:national`` within ``de``."""
    text = place.lower()
    return text in places or text.replace(":", "-").partition("-")[0] in places


def _may_meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or not one.isdisjoint(other)


def _laws_may_meet(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return True
    return any(_is_within(place, other) for place in one) or any(_is_within(place, one) for place in other)


def _tags_may_meet(one: TagRule | None, other: TagRule | None) -> bool:
    if one is None or other is None:
        return True
    return all(_may_all_hold(rule.any, rule.all, both.none) for rule, both in ((one, other), (other, one)))


def _may_all_hold(some: frozenset[str], each: frozenset[str], none: frozenset[str]) -> bool:
    return each.isdisjoint(none) and (not some or bool(some - none))


def _values_may_meet(one: Worth | None, other: Worth | None) -> bool:
    if one is None or other is None:
        return True
    if one.currency != other.currency:
        return False
    cent = Decimal("0.01")
    edges = {worth.amount + step for worth in (one, other) for step in (-cent, Decimal(0), cent)}
    return any(
        _COMPARE[one.comparison](edge, one.amount) and _COMPARE[other.comparison](edge, other.amount)
        for edge in edges
        if edge >= 0
    )
