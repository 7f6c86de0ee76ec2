"""What was amended and amended back leaves no trace in any day, nor in why it is that day.

Nor does the order of amendments that speak of different things, nor the zone of the machine.
"""

import json
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents.explained import step_document
from lifecycle.days.dates import Period
from lifecycle.terms.terms import Anchor, EndConvention, Notice, Renewal, RenewalKind, Side, Survival
from tests.support.agreements import BY_AGREEMENT, BY_OPTION, NEVER, every, provided
from tests.support.world import checked, staffed

OLD = provided(survival=None)
amendments = st.one_of(
    st.integers(1, 400).map(lambda days: {"effective_on": date(2024, 2, 1) + timedelta(days=days)}),
    st.sampled_from(["US-NY", "GB-ENG", "SAT_SUN"]).map(lambda code: {"calendar": code}),
    st.sampled_from(["us-contract", "england-contract", "eu-1182-71"]).map(lambda name: {"rules": name}),
    st.integers(1, 300).map(
        lambda days: {"provisions": replace(OLD, notices=(Notice(Period(days=days), Side.EITHER),))}
    ),
    st.sampled_from([NEVER, BY_OPTION, BY_AGREEMENT]).map(lambda renewal: {"provisions": provided(renewal=renewal)}),
    st.just({"provisions": replace(OLD, convention=EndConvention.ANNIVERSARY)}),
    st.just({"provisions": provided(end=None, renewal=NEVER)}),
)


def derived(world):
    """Every live milestone and each step to its days, as bytes."""
    with world.monitor.look() as work:
        agreement = work.agreements.find("ACME-7")
        rows = sorted((row for row in work.milestones.of(agreement.id) if row.is_live), key=lambda row: str(row.key))
        told = [
            [
                str(row.key), row.safe_on, row.target_on, row.nominal_on, row.latest_on, row.opens_on, row.then_on,
                row.over_on, row.is_deadline, row.state,
                [step_document(n, step) for n, step in enumerate(_steps(work, agreement, row), 1)],
            ]
            for row in rows
        ]  # fmt: skip
    return json.dumps(told, default=str).encode()


def _steps(work, agreement, row):
    return work.planner.explained(agreement, row).reading.steps


@pytest.fixture(scope="module")
def registered():
    house = staffed()
    house.agreement(provisions=OLD, obligations=(every("audit", "SOC 2", 12, since="2026-03-31"),))
    return house


@settings(max_examples=25, deadline=None)
@given(amended=st.lists(amendments, min_size=1, max_size=3))
def test_an_amendment_that_is_taken_back_gives_back_every_day_and_its_reasons(registered, amended):
    with checked(registered.twin()) as house:
        facts = house.get()
        for changes in amended:
            house.amend(**changes)
        said = {name: getattr(facts, name) for name in ("effective_on", "calendar", "rules", "provisions")}
        house.amend(**said)
        assert derived(house) == derived(registered)


def provision(**said):
    """An amendment of one part of what the paper provides, whatever the others are by then."""
    return lambda known: {"provisions": replace(known.provisions, **said)}


PARTS = {
    "notice": provision(notices=(Notice(Period(days=45), Side.EITHER, at_least=True),)),
    "convention": provision(convention=EndConvention.ANNIVERSARY),
    "renewal": provision(renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=5))),
    "survival": provision(survivals=(Survival("confidentiality", Period(years=2), Anchor.EXPIRY),)),
    "effective": lambda _: {"effective_on": date(2024, 2, 29)},
    "calendar": lambda _: {"calendar": "US-NY"},
    "rules": lambda _: {"rules": "england-contract"},
}


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(sorted(PARTS)), min_size=2).flatmap(lambda names: st.permutations(sorted(names))))
def test_the_order_of_amendments_that_speak_of_different_things_does_not_matter(registered, names):
    with checked(registered.twin()) as house, checked(registered.twin()) as other:
        for name in names:
            house.amend(**PARTS[name](house.get()))
        for name in sorted(names):
            other.amend(**PARTS[name](other.get()))
        assert derived(house) == derived(other)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York"])
def test_days_are_the_same_whichever_zone_the_machine_is_in(registered, monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with checked(staffed()) as house:
            house.agreement(provisions=OLD, obligations=(every("audit", "SOC 2", 12, since="2026-03-31"),))
            assert derived(house) == derived(registered)
    finally:
        monkeypatch.undo()
        time.tzset()
