"""How a law counts is told by the name that a lawyer knows."""

from lifecycle.counting.rules import RULE_SETS
from web.agreements.laws import RULES, rule_words


def test_every_rule_set_has_its_name():
    assert set(RULES) == set(RULE_SETS)
    assert rule_words("bgb") == "German Civil Code (BGB)"


def test_a_rule_set_that_a_newer_version_knows_stands_as_it_is():
    assert rule_words("abgb") == "abgb"
