"""The values of a playbook: offsets, audiences, canonical JSON."""

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.audience import Audience, AudienceKind, UnknownAudience, parse_audience
from lifecycle.days.periods import Period
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.playbooks.canonical import canonical, from_canonical, sha256
from lifecycle.playbooks.matching import Comparison, Match, TagRule, Worth
from lifecycle.playbooks.playbook import Offset, OffsetError, Quiet, Require, parse_offset
from tests.support.ladders import NDA

WHOLE = replace(
    NDA,
    match=Match(
        kind=frozenset({"nda"}),
        milestone=frozenset({MilestoneKind.NOTICE}),
        tags=TagRule(any=frozenset({"critical"})),
        value=Worth(Comparison.AT_LEAST, Decimal("100000.50"), "EUR"),
    ),
    quiet=Quiet((time(18), time(8)), weekends=True),
    priority=3,
)


@pytest.mark.parametrize("text", ["-90d", "-10bd", "0d", "+1d", "+5bd", "-730d"])
def test_an_offset_is_written_as_it_was_read(text):
    assert str(parse_offset(text)) == text


@pytest.mark.parametrize("text", ["", "30d", "-0d", "+0d", "0bd", "-731d", "-1w", "-1.5d", "- 1d", "-01d", "-1000d"])
def test_what_is_no_distance_from_the_day_is_refused(text):
    with pytest.raises(OffsetError):
        parse_offset(text)


@given(st.integers(-730, 730), st.booleans())
def test_every_offset_reads_back(number, is_business):
    offset = Offset(number, is_business and number != 0)
    assert parse_offset(str(offset)) == offset


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("owner", Audience(AudienceKind.OWNER)),
        ("role:legal", Audience(AudienceKind.ROLE, "legal")),
        ("team:procurement", Audience(AudienceKind.TEAM, "procurement")),
        ("counterparty:compliance", Audience(AudienceKind.COUNTERPARTY, "compliance")),
        ("address:slack:#audits", Audience(AudienceKind.ADDRESS, "#audits", "slack")),
        ("address:webhook:a:b", Audience(AudienceKind.ADDRESS, "a:b", "webhook")),
    ],
)
def test_an_audience_is_written_as_it_was_read(text, audience):
    assert parse_audience(text) == audience
    assert str(audience) == text


@pytest.mark.parametrize(
    "text", ["", "boss", "owner:olga", "team:", "team", "role:chief", "address:slack", "address::x", "address:slack: "]
)
def test_what_names_nobody_is_refused(text):
    with pytest.raises(UnknownAudience):
        parse_audience(text)


def test_what_is_required_grows_from_acknowledgement_to_outcome():
    assert sorted(Require) == [Require.ACKNOWLEDGEMENT, Require.DECISION, Require.OUTCOME]


def test_a_playbook_comes_back_from_its_canonical_json():
    assert from_canonical(canonical(WHOLE)) == WHOLE
    assert canonical(from_canonical(canonical(WHOLE))) == canonical(WHOLE)


def test_equal_playbooks_have_equal_digests_and_any_difference_shows():
    same = replace(WHOLE, match=replace(WHOLE.match, kind=frozenset(["nda"])))
    others = [
        replace(WHOLE, priority=4),
        replace(WHOLE, buffer=Period(days=3)),
        replace(WHOLE, quiet=Quiet((time(18), time(8)))),
        replace(WHOLE, match=replace(WHOLE.match, tags=TagRule(all=frozenset({"critical"})))),
        replace(WHOLE, stages=WHOLE.stages[:-1]),
        replace(WHOLE, stages=(replace(WHOLE.stages[0], require=Require.DECISION), *WHOLE.stages[1:])),
    ]
    assert sha256(same) == sha256(WHOLE)
    assert len({sha256(WHOLE), *map(sha256, others)}) == 1 + len(others)
