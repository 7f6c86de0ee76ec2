"""A forecast says what a rehearsal sends: every message, to whom, when."""

import gc
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine import operations as ops
from engine.delivery.composing import StepSheets
from engine.delivery.enqueueing import StepMessage, plain_delivery, put, step_delivery
from engine.delivery.holding import hold
from engine.delivery.recipients import Told
from engine.forecasting.desk import Desk, laid_out
from engine.forecasting.forecast import forecast, reach
from engine.forecasting.items import document
from engine.forecasting.paper import PaperMilestones
from engine.forecasting.paper_outbox import PaperDeliveries
from engine.zones import midnight
from jobs.rehearsal import Rehearsal, rehearse
from lifecycle.delivery import DeliveryKind
from lifecycle.playbooks.ladder import steps
from store.errors import NotFound
from tests.support.agreements import once
from tests.support.databases import in_memory
from tests.support.mixed import mixed
from tests.support.statements import statements
from tests.support.world import World, staffed

#: What a forecast says and a rehearsal cannot, or the other way round.
HALF_A_YEAR = date(2026, 6, 30)
DAY = timedelta(days=1)
OF_ONE_SIDE = {"only_if", "path", "sha256", "delivery_id", "milestone_id", "dedupe_key"}


@pytest.fixture(scope="module")
def first_day():
    world = staffed()
    mixed(world)
    world.tick()
    return world


@pytest.fixture
def house(first_day):
    world = first_day.twin()
    yield world
    world.monitor.database.close()


@pytest.fixture(scope="module")
def half_a_year(first_day):
    return foretold(first_day, HALF_A_YEAR)


def foretold(world, until_on, **asked):
    with world.monitor.look() as work:
        return forecast(work, until_on, **asked)


def rehearsed(world, until_on, out):
    database = in_memory()
    today = world.clock.now().astimezone(world.zone).date()
    rehearse(world.monitor, database, Rehearsal(from_on=today, until_on=until_on, out=out))
    database.close()
    return [json.loads(line) for line in (out / "messages.jsonl").read_text().splitlines()]


def plain(rows):
    """Rows without what only one side says, in an order of their own."""
    kept = [{name: value for name, value in row.items() if name not in OF_ONE_SIDE} for row in rows]
    for row in kept:
        row["members"] = sorted(
            ({name: value for name, value in one.items() if name != "milestone_id"} for one in row["members"]), key=str
        )
    return sorted(kept, key=lambda row: json.dumps(row, sort_keys=True))


def same(world, until_on, out):
    said = plain(map(document, foretold(world, until_on).items))
    sent = plain(rehearsed(world, until_on, out))
    missing = [row for row in sent if row not in said]
    invented = [row for row in said if row not in sent]
    assert (missing, invented) == ([], [])
    assert said == sent
    return said


def test_a_forecast_is_what_a_rehearsal_sends(house, tmp_path):
    assert len(same(house, date(2026, 3, 5), tmp_path)) > 30


@pytest.mark.rehearsal
def test_a_forecast_of_a_year_is_what_a_rehearsal_sends(house, tmp_path):
    said = same(house, date(2027, 1, 5), tmp_path)
    assert len(said) > 500
    assert {row["message"] for row in said} == {"step", "digest", "incident"}
    assert {row["channel"] for row in said} == {"email", "slack"}


@pytest.mark.rehearsal
def test_in_the_middle_of_the_year_too(house, tmp_path):
    house.live_until("2026-04-14T11:00")
    house.say(ops.acknowledge, "OPT-1 option")
    house.say(ops.done, "MSA-1 notice", evidence="served")
    house.say(ops.snooze, "MSA-2 option", until=date(2026, 5, 4))
    assert len(same(house, date(2026, 8, 14), tmp_path)) > 100


def test_one_reference_shows_what_is_about_it_alone(house, half_a_year):
    alone = foretold(house, HALF_A_YEAR, reference="late-1")
    about = [one for one in half_a_year.items if one.reference == "LATE-1"]
    assert [one for one in alone.items if not one.is_digest] == about
    assert len(about) > 10
    with pytest.raises(NotFound):
        foretold(house, HALF_A_YEAR, reference="NONE-1")


def test_a_message_that_waits_for_its_reader_says_from_when_and_for_what(half_a_year):
    found = [one for one in half_a_year.items if one.shifted]
    assert {(one.recipient.name, one.shifted[1]) for one in found} == {("Pia", "the recipient's hour")}
    first = document(found[0])
    assert (first["shifted"]["from_at"], first["send_at"]) == ("2026-02-13T07:30:00Z", "2026-02-13T13:30:00Z")


def test_one_recipient_shows_what_reaches_them_alone(house, half_a_year):
    alone = foretold(house, HALF_A_YEAR, recipient="LEO@example.com")
    assert alone.items == tuple(one for one in half_a_year.items if one.recipient.address == "leo@example.com")
    assert alone.totals["messages"] == len(alone.items) > 5


def test_a_forecast_of_much_ends_with_a_whole_day_and_says_until_then_what_it_says_otherwise(house, half_a_year):
    today = house.clock.now().astimezone(house.zone).date()
    with house.monitor.look() as work:
        assert reach(work, HALF_A_YEAR) == HALF_A_YEAR
        ends = [reach(work, HALF_A_YEAR, most=most) for most in (0, 3, 10)]
        planned = [len(work.milestones.due(midnight(on + DAY, "Europe/Berlin"), 99)) for on in ends]
    assert today == ends[0] < ends[1] < ends[2] < HALF_A_YEAR
    assert planned[1] <= 3
    assert planned[2] <= 10
    found = foretold(house, ends[2])
    until = midnight(ends[2] + DAY, "Europe/Berlin")
    assert [document(one) for one in found.items] == [document(one) for one in half_a_year.items if one.send_at < until]


def test_whoever_acknowledges_is_not_escalated_but_asked_for_an_outcome_on_the_last_days_and_after(house):
    items = foretold(house, date(2026, 12, 31), reference="OPT-1", assume="acknowledged").items
    places = [(one.stage, one.step) for one in items if one.message == "step"]
    before = [place for place in places if place[0] != "+1d"]
    assert dict.fromkeys(before) == dict.fromkeys([("-30d", 0), ("-7d", 0), ("-1bd", 0), ("-1bd", 1)])
    assert ("+1d", 0) in places


def test_a_step_that_reaches_nobody_is_named(house):
    unresolved = foretold(house, date(2026, 12, 31), reference="NOBODY-1").unresolved
    assert [(one.reference, one.stage, one.step, one.audience) for one in unresolved][:2] == [
        ("NOBODY-1", "-90d", 0, ("owner",)),
        ("NOBODY-1", "-30d", 0, ("owner",)),
    ]


def test_an_escalation_says_on_what_it_depends(house):
    items = foretold(house, date(2026, 12, 31), reference="AUTO-1").items
    said = {(one.stage, one.step): one.only_if for one in items if one.message == "step" and not one.repeat}
    assert said["-30d", 0] is None
    assert said["-30d", 1] == "nobody acknowledges"


def test_a_forecast_changes_nothing(house, half_a_year):
    with house.monitor.look() as work:
        before = (work.log.head(), [one.id for one in work.deliveries.listed([])])
    again = foretold(house, HALF_A_YEAR)
    with house.monitor.look() as work:
        assert (work.log.head(), [one.id for one in work.deliveries.listed([])]) == before
    assert again == half_a_year


def test_of_a_step_the_facts_are_gathered_when_its_message_leaves(house):
    olga = house.id_of("olga")
    with house.monitor.look() as work:
        desk = laid_out(work, midnight(HALF_A_YEAR, "UTC"), None)
        paper, agreement = desk.paper, work.agreements.find("AUTO-1")
        milestone = next(one for one in work.milestones.of(agreement.id) if one.is_live and one.is_deadline)
        step = next(steps(milestone, paper.planner.frame(agreement, milestone)))
        message = StepMessage(agreement=agreement, milestone=milestone, step=step)
        told = Told(work.people.get(olga), "email", "olga@example.com")
        sheets, delivery = StepSheets(paper, message), step_delivery(paper, message, told)
        sheets.body(told, delivery)
        assert "_deadline" not in vars(sheets)
        assert [one.milestone_id for one in desk.facts(delivery).deadlines] == [milestone.id]


def test_a_series_that_the_horizon_has_not_uncovered_yet_is_foretold_too():
    world = World("2026-01-05T09:00", horizon_months=12)
    world.staff()
    world.agreement()
    said = foretold(world, date(2029, 3, 1)).items
    assert {about.cycle for one in said for about in one.about} == {"0", "1", "2"}
    assert any(about.milestone_id is None for one in said for about in one.about)
    world.monitor.database.close()


def test_messages_that_a_person_holds_are_no_riddle_whether_they_have_a_day_or_not(house):
    olga = house.id_of("olga")
    with house.monitor.work() as work:
        told = Told(work.people.get(olga), "email", "olga@example.com")
        plain = plain_delivery(work, DeliveryKind.TEST, told, key="t-1")
        dated = replace(plain, id=work.new_id(), dedupe_key="t-2", safe_on=date(2026, 2, 1))
        put(work, [(plain, None), (dated, None)])
        for one in (plain, dated):
            hold(work, one.id, because="Not now")
    assert foretold(house, date(2026, 3, 1)).items


def test_the_register_is_asked_about_all_agreements_together(house):
    with house.monitor.look() as work, statements(house.monitor.database) as asked:
        forecast(work, HALF_A_YEAR)
    questions = [said.split("FROM ")[1].split()[0] for said, _ in asked if "FROM " in said]
    counted = {table: questions.count(table) for table in ("milestones", "raised", "meta")}
    assert counted == {"milestones": 2, "raised": 1, "meta": 1}
    assert questions.count("agreements") < 5  # two of them about the counterparty's own


def on_desks():
    return sum(1 for one in gc.get_objects() if type(one) in {Desk, PaperDeliveries, PaperMilestones})


def test_nothing_of_what_lay_on_the_desk_is_left_for_the_collector(house):
    gc.collect()
    gc.disable()
    try:
        before = on_desks()
        foretold(house, date(2026, 2, 28))
        assert on_desks() == before
    finally:
        gc.enable()


def test_what_was_raised_for_a_day_is_known_on_paper_as_it_is_in_the_register(house):
    with house.monitor.look() as work:
        paper = laid_out(work, work.now + 365 * DAY, None).paper.milestones
        rows = list(work.milestones.live())
        kept = {row.id: work.milestones.places_raised(row) for row in rows}
        found = {row.id: paper.places_raised(row) for row in rows}
        assert any(kept.values())
        assert {one: set(places) for one, places in found.items()} == kept


def test_what_is_raised_on_paper_is_not_raised_there_again_for_the_same_day(house):
    with house.monitor.look() as work:
        paper = laid_out(work, work.now + 365 * DAY, None).paper.milestones
        row = next(iter(work.milestones.live()))
        before = set(paper.places_raised(row))
        told = {"milestone_id": row.id, "stage": "-1d", "step": 0, "repeat": 0, "at": work.now, "skipped": 0}
        paper.note_raised([{**told, "safe_on": row.safe_on}, {**told, "stage": "-2d", "safe_on": row.safe_on + DAY}])
        assert set(paper.places_raised(row)) == before | {("-1d", 0, 0)}


def test_what_is_ahead_and_what_reminds_nobody_is_counted_on_paper_as_in_the_register():
    world = World("2026-07-06T09:00")
    world.staff()
    world.agreement(obligations=(once("return", "Return the samples", "2026-05-01"),))
    with world.monitor.look() as work:
        paper, today = laid_out(work, work.now + 90 * DAY, None).paper.milestones, date(2026, 7, 6)
        counted = [(one.ahead(today), one.silent(today)) for one in (paper, work.milestones)]
        unseen = [one.id for one in work.agreements.all()]
        others = [
            (one.ahead(today, unseen=unseen), one.silent(today, unseen=unseen)) for one in (paper, work.milestones)
        ]
    world.monitor.database.close()
    assert others == [((0, None, 0), 0)] * 2
    assert counted[0] == counted[1]
    assert (counted[0][0][2], counted[0][1]) == (1, 1)


def test_a_glance_on_paper_is_the_one_of_the_register(first_day):
    with first_day.monitor.look() as work:
        rows = [row for one in work.agreements.all() for row in work.milestones.of(one.id)]
        paper = laid_out(work, work.now + timedelta(days=90), None).paper
        seen = [(paper.milestones.glance(row.id), work.milestones.glance(row.id)) for row in rows]
    assert len(seen) > 20
    assert [one for one, other in seen if one != other] == []
