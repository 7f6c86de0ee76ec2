"""Which playbook is a milestone's."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.milestones.milestone import MARKERS, MilestoneKind
from lifecycle.playbooks.matching import (
    Comparison,
    Match,
    MatchFacts,
    NoDefaultPlaybook,
    TagRule,
    Worth,
    choose,
    matches,
    may_both_match,
)
from lifecycle.playbooks.playbook import Playbook


def book(name, priority=0, **match):
    return Playbook(name=name, stages=(), match=Match(**match), priority=priority)


def facts(**known):
    return MatchFacts(**{"kind": "NDA", "milestone": MilestoneKind.NOTICE} | known)


def euro(amount, currency="EUR"):
    return SimpleNamespace(amount=Decimal(amount), currency=currency)


DEFAULT = book("default")
NDA = frozenset({"nda"})
NOTICE = frozenset({MilestoneKind.NOTICE})


def chosen(*books, **known):
    return choose((*books, DEFAULT), facts(**known)).name


def test_what_matches_nothing_else_is_for_the_default():
    assert chosen(book("msa", kind=frozenset({"msa"}))) == "default"


def test_all_that_a_playbook_says_must_hold():
    both = book("both", kind=NDA, milestone=NOTICE)
    assert chosen(both) == "both"
    assert chosen(both, kind="MSA") == chosen(both, milestone=MilestoneKind.OPTION) == "default"


def test_the_closer_match_wins_and_priority_goes_before_it():
    loose, close = book("loose", kind=NDA), book("close", kind=NDA, milestone=NOTICE)
    assert chosen(loose, close) == "close"
    assert chosen(book("loose", kind=NDA, priority=1), close) == "loose"


def test_the_default_is_chosen_last_whatever_its_priority():
    assert choose((book("default", priority=9), book("nda", kind=NDA)), facts()).name == "nda"


def test_without_a_default_nothing_is_guessed():
    with pytest.raises(NoDefaultPlaybook):
        choose((book("msa", kind=frozenset({"msa"})),), facts())


@pytest.mark.parametrize("marker", sorted(MARKERS))
def test_a_marker_is_for_a_playbook_that_names_it_however_close_another_is(marker):
    close = book("close", kind=NDA, team=frozenset({"legal"}))
    named = book("named", milestone=frozenset({marker}))
    assert chosen(close, named, milestone=marker, team="Legal") == "named"
    assert chosen(close, milestone=marker, team="Legal") == "default"


@pytest.mark.parametrize(
    ("rule", "tags", "holds"),
    [
        (TagRule(any=frozenset({"a", "b"})), {"B", "c"}, True),
        (TagRule(any=frozenset({"a", "b"})), {"c"}, False),
        (TagRule(all=frozenset({"a", "b"})), {"a", "b", "c"}, True),
        (TagRule(all=frozenset({"a", "b"})), {"a"}, False),
        (TagRule(none=frozenset({"a"})), {"b"}, True),
        (TagRule(none=frozenset({"a"})), {"A"}, False),
        (TagRule(any=frozenset({"a"}), none=frozenset({"b"})), {"a", "b"}, False),
    ],
)
def test_tags_hold_as_any_all_and_none_say(rule, tags, holds):
    assert matches(Match(tags=rule), facts(tags=frozenset(tags))) is holds
    assert matches(Match(counterparty_tags=rule), facts(counterparty_tags=frozenset(tags))) is holds


@pytest.mark.parametrize(
    ("comparison", "value", "holds"),
    [
        (">=", euro("100000"), True),
        (">=", euro("99999.99"), False),
        (">", euro("100000"), False),
        ("<", euro("99999.99"), True),
        ("<=", euro("100000.01"), False),
        ("=", euro("100000.00"), True),
        (">=", euro("900000", "USD"), False),
        ("<", None, False),
    ],
)
def test_a_value_is_compared_in_its_currency_only(comparison, value, holds):
    worth = Worth(Comparison(comparison), Decimal(100000), "EUR")
    assert matches(Match(value=worth), facts(value=value)) is holds


@pytest.mark.parametrize(
    ("place", "holds"), [("Germany", True), ("US-NY", True), ("US:national", True), ("USA", False), ("", False)]
)
def test_a_jurisdiction_is_a_law_or_a_calendar_or_its_country(place, holds):
    assert matches(Match(jurisdiction=frozenset({"germany", "us"})), facts(jurisdiction=place)) is holds


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (Match(kind=NDA), Match(milestone=NOTICE), True),
        (Match(kind=NDA), Match(kind=frozenset({"msa"})), False),
        (Match(jurisdiction=frozenset({"us"})), Match(jurisdiction=frozenset({"us-ny"})), True),
        (Match(jurisdiction=frozenset({"us-ca"})), Match(jurisdiction=frozenset({"us-ny"})), False),
        (Match(tags=TagRule(any=frozenset({"a"}))), Match(tags=TagRule(none=frozenset({"a"}))), False),
        (Match(tags=TagRule(any=frozenset({"a", "b"}))), Match(tags=TagRule(none=frozenset({"a"}))), True),
        (Match(tags=TagRule(all=frozenset({"a"}))), Match(tags=TagRule(all=frozenset({"b"}))), True),
    ],
)
def test_whether_two_matches_can_meet_is_seen(one, other, meet):
    assert may_both_match(one, other) is may_both_match(other, one) is meet


WORTHS = st.builds(Worth, st.sampled_from(Comparison), st.integers(0, 6).map(Decimal), st.just("EUR"))
AMOUNTS = [Decimal(cents) / 100 for cents in range(801)]


@given(WORTHS, WORTHS)
def test_two_bounds_meet_exactly_where_some_amount_is_within_both(one, other):
    some = any(one.holds(euro(amount)) and other.holds(euro(amount)) for amount in AMOUNTS)
    assert may_both_match(Match(value=one), Match(value=other)) is some
