"""Lists: narrowed by words, and never showing what their reader may not see."""

from datetime import date
from decimal import Decimal

import pytest

from lifecycle.agreements.agreement import Agreement, AgreementKind, Money
from lifecycle.milestones.milestone import Milestone, MilestoneKey, MilestoneKind, MilestoneState
from store.queries.search import KEYS, NOTHING, SearchRefused, fits, fits_agreement, parse_search

TODAY = date(2026, 11, 22)


def agreement(**facts):
    given = {
        "id": "a", "reference": "ACME-7", "kind": AgreementKind.NDA, "counterparty_id": "c",
        "counterparty": "Acme Labs", "title": "Joint research", "tags": ("critical",),
        "value": Money(Decimal(240_000), "EUR"), "template": "Mutual NDA 3.2", "project": "Project Falcon",
    }  # fmt: skip
    return Agreement(**{**given, **facts})


def milestone(**facts):
    given = {
        "id": "m", "key": MilestoneKey("a", "n1", MilestoneKind.NOTICE, "0"), "is_deadline": True,
        "state": MilestoneState.OPEN, "safe_on": date(2026, 12, 1), "target_on": date(2026, 11, 24),
        "nominal_on": date(2026, 12, 2), "latest_on": date(2026, 12, 2), "revision": 0, "generation": 0,
        "armed_on": TODAY, "playbook": "default", "playbook_version": 1, "next_step_at": None, "cursor": None,
    }  # fmt: skip
    return Milestone(**{**given, **facts})


@pytest.mark.parametrize(
    ("words", "is_meant"),
    [
        ("", True),
        ("acme", True),
        ("ACME joint", True),
        ("acme beta", False),
        ("kind:notice", True),
        ("kind:audit", False),
        ("due:<30d", True),
        ("due:<5d", False),
        ("due:>5d", True),
        ("tag:critical", True),
        ("tag:crit", False),
        ("type:nda", True),
        ("is:overdue", False),
        ("is:unverified", True),
        ("value:>100k", True),
        ("value:<100k", False),
        ("value:>1m", False),
        ("counterparty:labs", True),
        ("falcon 3.2", True),
        ("template:3.2", True),
        ("template:falcon", False),
        ("project:Falcon", True),
        ("project:3.2", False),
        ("status:draft", True),
        ("acme kind:notice value:>100k tag:critical", True),
    ],
)
def test_every_word_has_to_hold(words, is_meant):
    assert fits(parse_search(words), milestone(), agreement(), TODAY) is is_meant


def test_words_about_deadlines_mean_nothing_of_agreements():
    assert fits_agreement(parse_search("acme kind:audit"), agreement())
    assert not fits_agreement(parse_search("tag:other"), agreement())


def test_an_agreement_without_a_value_is_worth_nothing():
    assert not fits_agreement(parse_search("value:<100k"), agreement(value=None))


def test_nothing_means_everything():
    assert parse_search("  ") == NOTHING


@pytest.mark.parametrize("words", ["colour:red", "due:soon", "value:lots", "is:green"])
def test_a_word_that_nobody_knows_is_said(words):
    with pytest.raises(SearchRefused) as refused:
        parse_search(words)
    assert refused.value.remedy


def test_every_key_is_tried_above():
    assert set(KEYS) >= {
        "kind",
        "due",
        "is",
        "type",
        "status",
        "counterparty",
        "tag",
        "parent",
        "template",
        "project",
        "value",
    }
