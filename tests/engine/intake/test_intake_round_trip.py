"""A register that is written as a workbook and taken in again is the same register (INTERFACE.md A5, S9)."""

from contextlib import closing
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.laws import lookup
from engine.importing.taking_in import ImportOptions, import_file
from engine.intake.export import write_register
from engine.operations.registering import counterparty_id
from lifecycle.agreements.agreement import AgreementKind, Money
from lifecycle.counting.derivation import Clause
from lifecycle.days.periods import Counting, Period
from lifecycle.events import Actor
from lifecycle.obligations.duties import Obligation, ObligationKind, Once
from lifecycle.terms.terms import (
    Anchor,
    AppliesTo,
    CountsAs,
    DeliveryMethod,
    EarlierOf,
    EndConvention,
    EndsAt,
    ForConvenience,
    Lasting,
    LaterOf,
    Notice,
    OpenEnded,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Until,
    Upon,
)
from store.queries.assets import assets_of
from tests.cli.test_demo import seeded
from tests.support.agreements import agreement
from tests.support.mixed import mixed
from tests.support.world import World

ALL_QUIET = {"created": 0, "amended": 0, "skipped": 0, "failed": 0}


def taken_in_again(monitor, path):
    """The report of importing what was just exported, and how many agreements that was."""
    with monitor.look() as work:
        agreements = [one for one in work.agreements.all() if not one.is_archived]
        people = [one for one in work.people.all() if not one.is_disabled]
        assets = assets_of(work, agreements)
    write_register(path, agreements, people, laws=lookup, assets=assets)
    report = import_file(monitor, path, ImportOptions(actor=Actor("somebody"), laws=lookup))
    told = [
        (row.reference, row.result, [*row.changes, *map(str, row.findings)])
        for row in report.rows
        if row.result != "unchanged"
    ]
    assert told == []
    assert [str(one) for one in report.findings] == []
    return report.counts, len(agreements)


@pytest.mark.parametrize(
    "today", [date(2026, 11, 22), pytest.param(date(2028, 2, 29), marks=pytest.mark.rehearsal)], ids=str
)
def test_the_demo_comes_back_unchanged(tmp_path, today):
    monitor = seeded(today)
    with closing(monitor.database):
        counts, number = taken_in_again(monitor, tmp_path / "register.xlsx")
    assert number > 30
    assert counts == {**ALL_QUIET, "unchanged": number}


def test_the_mixed_register_comes_back_unchanged_after_half_a_year(tmp_path):
    world = World()
    world.staff()
    mixed(world)
    world.tick()
    world.travel_to("2026-07-05T09:00")
    world.tick()
    counts, number = taken_in_again(world.monitor, tmp_path / "register.xlsx")
    assert number == 21
    assert counts == {**ALL_QUIET, "unchanged": number}


def test_who_may_see_it_stays_however_they_are_named(tmp_path):
    world = World()
    world.staff()
    world.person("Pia", teams=("procurement",))
    world.person("Gus")
    olga, gus = world.id_of("olga"), world.id_of("gus")
    for reference, few in {
        "A": (olga,),
        "B": ("olga@example.com", "Pia"),
        "C": ("procurement",),
        "D": (olga, gus),
    }.items():
        world.agreement(reference, restricted_to=few)
    world.leave("gus")
    counts, _ = taken_in_again(world.monitor, tmp_path / "register.xlsx")
    assert counts == {**ALL_QUIET, "unchanged": 4}


# -- any register ----------------------------------------------------------------------------------------------------

lengths = st.builds(Period, years=st.integers(0, 5), months=st.integers(1, 18))
short_lengths = st.builds(Period, days=st.integers(1, 120)) | st.builds(Period, business_days=st.integers(1, 20))
clauses = st.none() | st.builds(Clause, st.sampled_from(["12.3", "IV (b)"]), st.none() | st.integers(1, 300))
methods = st.none() | st.builds(
    DeliveryMethod,
    st.sampled_from(["post", "email", "carrier pigeon", "registered post or fax"]),
    st.builds(Period, business_days=st.integers(0, 9)),
    deemed=st.none() | st.just(Period(business_days=1)),
    cutoff=st.none() | st.just(time(17)),
)
starts = st.dates(date(2020, 1, 1), date(2026, 6, 1))
lasting = st.builds(Lasting, lengths, st.none() | starts, clauses)
until = st.builds(Until, st.dates(date(2027, 1, 1), date(2032, 1, 1)), st.none() | lasting, clauses)
ends = (
    lasting
    | until
    | st.builds(OpenEnded, clauses)
    | st.builds(EarlierOf, st.tuples(lasting, until))
    | st.builds(LaterOf, st.tuples(lasting, st.just(Upon("completion"))))
)
renewals = st.builds(
    Renewal, st.sampled_from(RenewalKind), st.none() | lengths, st.none() | st.integers(0, 4), clause=clauses
)
notices = st.builds(
    Notice,
    short_lengths,
    st.sampled_from(Side),
    st.sampled_from(AppliesTo),
    opens=st.none() | st.just(Period(days=190)),
    counting=st.none() | st.sampled_from(Counting),
    at_least=st.booleans(),
    counts_as=st.none() | st.sampled_from(CountsAs),
    method=methods,
    clause=clauses,
)
leaves = st.builds(
    ForConvenience,
    st.sampled_from(Side),
    short_lengths,
    ends=st.sampled_from(EndsAt),
    not_before_on=st.none() | starts,
    counts_as=st.none() | st.sampled_from(CountsAs),
    method=methods,
    at_least=st.booleans(),
)
survivals = st.builds(
    Survival, st.just("confidentiality"), st.none() | lengths, st.sampled_from(Anchor), clause=clauses
)
duties = st.builds(
    Obligation,
    id=st.sampled_from(["a", "b", "c"]),
    kind=st.sampled_from(ObligationKind),
    name=st.sampled_from(["Audit", "audit", "Review"]),
    due=st.builds(Once, starts),
    clause=clauses,
)
amounts = (
    st.none()
    | st.builds(Money, st.decimals(Decimal(0), Decimal(10**13), places=2), st.sampled_from(["EUR", "JPY", "USD"]))
    | st.builds(Money, st.decimals(Decimal(0), Decimal(10**12), places=3), st.sampled_from(["BHD", "KWD"]))
)


def few(values):
    return st.lists(values, max_size=2).map(tuple)


heads = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(AgreementKind),
        "effective_on": st.none() | starts,
        "signed_on": st.none() | starts,
        "value": amounts,
        "assumed": few(st.sampled_from(["end", "renewal", "survival_from"])).map(lambda some: tuple(sorted(set(some)))),
        "clauses": st.sampled_from([(), (("notice_period", Clause("12.3", 9)), ("term", Clause("2")))]),
        "obligations": few(duties),
    }
)
parts = st.fixed_dictionaries(
    {
        "end": ends,
        "convention": st.none() | st.sampled_from(EndConvention),
        "renewal": renewals,
        "notices": few(notices),
        "for_convenience": few(leaves),
        "survivals": few(survivals),
    }
)


def kept(number, head, said):
    """The agreement of that number, whose duties have names of their own."""
    duties = tuple(replace(one, id=f"o{n}") for n, one in enumerate(head["obligations"]))
    made = agreement(f"A-{number}", **head | {"obligations": duties})
    return replace(made, id=f"id-{number}", provisions=replace(made.provisions, **said))


def test_a_duty_without_a_row_is_not_taken_for_its_namesake_that_has_one(tmp_path):
    held, review = (
        Obligation(id=f"o-{kind}", kind=kind, name="Audit", due=Once(date(2026, 5, 1)))
        for kind in (ObligationKind.EXIT_TEST, ObligationKind.REVIEW)
    )
    world = World()
    with world.monitor.work() as work:
        known = counterparty_id(work, "Acme Labs")
        work.agreements.add(replace(agreement("A-1", obligations=(held, review)), counterparty_id=known))
    counts, _ = taken_in_again(world.monitor, tmp_path / "register.xlsx")
    assert counts == {**ALL_QUIET, "unchanged": 1}
    world.monitor.database.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(heads, parts), min_size=1, max_size=4))
def test_any_register_comes_back_unchanged(tmp_path, drawn):
    world = World()
    register = [kept(number, *one) for number, one in enumerate(drawn)]
    with world.monitor.work() as work:
        known = counterparty_id(work, "Acme Labs")
        for one in register:
            work.agreements.add(
                replace(one, counterparty_id=known)
            )  # also what the law refuses: an older register may hold it
    counts, number = taken_in_again(world.monitor, tmp_path / "register.xlsx")
    assert counts == {**ALL_QUIET, "unchanged": number}
    world.monitor.database.close()
