"""Twenty years of real agreements in one go, from 1996: every deadline told in time to the right people, nothing twice.

The data are CUAD v1 (The Atticus Project, CC BY 4.0), read where they are. What should happen is worked out from the
law (``lifecycle.milestones.deriving``) and the shipped ladder, not from the rows of the engine.
"""

import hashlib
import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from config.laws import lookup
from engine.importing.taking_in import ImportOptions, import_file
from engine.intake.import_map import DayOrder, import_map
from jobs.rehearsal import Rehearsal, rehearse
from jobs.rehearsal_answers import read_answers
from lifecycle.agreements.agreement import first_day
from lifecycle.days.dates import Period
from lifecycle.events import Actor
from lifecycle.milestones.deriving import derive
from tests.support.databases import in_memory
from tests.support.world import World, calendar

pytestmark = pytest.mark.rehearsal
CUAD = Path(__file__).parents[2].parent / "shared" / "data" / "cuad"
if not (CUAD / "register.csv").exists():
    pytest.skip("../shared/data/cuad/register.csv is not there: CUAD tests not run", allow_module_level=True)

FROM_ON, UNTIL_ON = date(1996, 1, 1), date(2015, 12, 31)
STAFF = import_map({"constants": {"owner": "olga@example.com", "backup": "ben@example.com"}})
OWNER, BACKUP, MANAGER, LEGAL, ADMIN = (f"{name}@example.com" for name in ("olga", "ben", "mia", "leo", "ada"))


@pytest.fixture(scope="module")
def world():
    made = World("2026-11-22T09:00", zone="UTC")
    made.staff()
    actor = Actor(OWNER, "cli")
    report = import_file(
        made.monitor,
        CUAD / "register.csv",
        ImportOptions(actor=actor, laws=lookup, given=STAFF, dates=DayOrder.MDY),
    )
    assert report.counts["created"] > 200
    return made


@pytest.fixture(scope="module")
def owed(world):
    """Every deadline of the span by (reference, kind, cycle): its derivation, and the day on which it was armed."""
    found = {}
    with world.monitor.look() as work:
        for agreement in work.agreements.all():
            enters_on = max(FROM_ON, first_day(agreement) or FROM_ON)
            if enters_on > UNTIL_ON:
                continue
            whole = derive(
                agreement, work.planner.basis(agreement), from_on=enters_on, horizon=Period(years=21), today=enters_on
            )
            for one in whole.milestones:
                if one.is_deadline and one.safe_on <= UNTIL_ON:
                    key = (agreement.reference, one.key.kind.value, one.key.cycle)
                    found[key] = (one, enters_on, agreement.calendar)
    return found


@pytest.fixture(scope="module")
def answered(owed):
    """Every fourth deadline is decided 20 days before its last safe day, every eighth is done instead."""
    picked = sorted(key for key, (one, armed_on, _) in owed.items() if one.safe_on - armed_on > timedelta(days=40))
    return {
        key: {
            "at": f"{owed[key][0].safe_on - timedelta(days=20)}T10:00+00:00",
            "by": OWNER,
            "deadline": " ".join(key),
            **(
                {"operation": "decide", "choice": "renew"}
                if number % 8
                else {"operation": "done", "evidence": "posted"}
            ),
        }
        for number, key in enumerate(picked)
        if number % 4 == 0
    }


def run(world, out, answered):
    database = in_memory()
    answers = read_answers(map(json.dumps, answered.values()), "UTC")
    try:
        return rehearse(
            world.monitor, database, Rehearsal(from_on=FROM_ON, until_on=UNTIL_ON, out=out, answers=answers)
        )
    finally:
        database.close()


def lines(path):
    with path.open() as rows:
        return [json.loads(row) for row in rows]


class Result:
    def __init__(self, out, summary):
        self.out, self.summary = out, summary
        self.messages = lines(out / "messages.jsonl")
        self.events = lines(out / "events.jsonl")
        self.told = defaultdict(list)  # (reference, kind, cycle) -> messages, digests too
        for one in self.messages:
            for about in one["members"] or [one]:
                self.told[about["reference"], about["kind"], about["cycle"]].append(one)


@pytest.fixture(scope="module")
def result(world, answered, tmp_path_factory):
    out = tmp_path_factory.mktemp("rehearsal") / "first"
    return Result(out, run(world, out, answered))


def at(message):
    return datetime.fromisoformat(message["send_at"])


def assert_asked(messages, stage, step, people, *, within):
    """Exactly these *people*: by a message of the step, or in one that gathered several steps of those days."""
    told = {one["recipient"]["address"] for one in messages if (one["stage"], one["step"]) == (stage, step)}
    gathered = {
        one["recipient"]["address"] for one in messages if one["is_digest"] and within[0] <= at(one).date() < within[1]
    }
    assert told <= people <= told | gathered, (stage, step)


def test_the_register_is_worth_rehearsing(owed, answered, result):
    assert len(owed) > 250
    assert len(answered) > 50
    assert result.summary.is_walked_through
    assert {one["result"] for one in result.summary.answers} == {"applied"}


def test_every_deadline_is_told_before_its_last_safe_day(owed, result):
    silent = [
        key
        for key, (one, armed_on, _) in owed.items()
        if one.safe_on > armed_on
        and not any(
            at(each).date() <= one.safe_on for each in result.told[key] if each["recipient"]["address"] == OWNER
        )
    ]
    assert silent == []


def test_those_who_are_asked_are_those_of_the_ladder(owed, answered, result):
    """Of deadlines that nobody answers and that were born early enough to climb the whole ladder."""
    for key, (one, armed_on, code) in owed.items():
        if key in answered or one.safe_on - armed_on < timedelta(days=100):
            continue
        if calendar(code).shift(one.safe_on, 40) > UNTIL_ON:
            continue
        told = result.told[key]
        assert [each["is_digest"] for each in told[:1]] == [True], key
        first, last = (one.safe_on - timedelta(days=days) for days in (40, 10))
        assert_asked(told, "-30d", 0, {OWNER}, within=(first, last))
        assert_asked(told, "-30d", 1, {BACKUP}, within=(first, last))
        assert_asked(told, "-30d", 2, {MANAGER}, within=(first, last))
        soon = (last, one.safe_on + timedelta(days=1))
        assert_asked(told, "-7d", 0, {OWNER, BACKUP}, within=soon)
        assert_asked(told, "-7d", 1, {LEGAL}, within=soon)
        over_on = one.over_on or UNTIL_ON
        if calendar(code).next(one.safe_on + timedelta(days=1)) <= over_on:
            assert_asked(told, "+1d", 0, {OWNER, BACKUP, MANAGER}, within=(soon[1], soon[1] + timedelta(days=30)))


def test_nobody_is_told_twice(result):
    keys = Counter(one["dedupe_key"] for one in result.messages)
    assert [key for key, count in keys.items() if count > 1] == []
    names = ("reference", "kind", "cycle", "safe_on", "stage", "step", "repeat", "channel")
    steps = Counter(
        (*(one[name] for name in names), one["recipient"]["address"])
        for one in result.messages
        if one["message"] == "step"
    )
    assert [key for key, count in steps.items() if count > 1] == []


def test_nothing_is_said_after_an_outcome(answered, result):
    for key, answer in answered.items():
        after = [one for one in result.told[key] if at(one) > datetime.fromisoformat(answer["at"])]
        assert after == [], key


def test_nothing_is_late_while_the_house_is_awake(result):
    assert [one["subject"] for one in result.messages if one["is_late"]] == []


def test_what_is_missed_ends_with_its_term_and_is_said_once(owed, answered, result):
    keys = {one["milestone_id"]: (one["reference"], one["kind"], one["cycle"]) for told in result.told.values()
            for one in told if one["milestone_id"]}  # fmt: skip
    missed, mooted = defaultdict(int), defaultdict(int)
    for event in result.events:
        counter = {"MilestoneMissed": missed, "MilestoneMooted": mooted}.get(event["type"])
        if counter is not None and event["milestone_id"] in keys:
            counter[keys[event["milestone_id"]]] += 1
    due = {key for key, (one, armed_on, _) in owed.items() if key not in answered and armed_on < one.safe_on < UNTIL_ON}
    assert {key: missed[key] for key in due if missed[key] != 1} == {}
    over = {key for key in due if owed[key][0].over_on is not None and owed[key][0].over_on < UNTIL_ON}
    assert {key: mooted[key] for key in over if mooted[key] != 1} == {}
    assert {key for key in answered if missed[key] or mooted[key]} == set()


def test_an_incident_is_told_once_to_all_who_answer_for_it(result):
    told = defaultdict(list)
    for one in result.messages:
        if one["message"] == "incident":
            told[one["dedupe_key"].split(":")[1]].append(one["recipient"]["address"])
    assert len(told) == sum(result.summary.incidents.values())
    assert set(map(tuple, map(sorted, told.values()))) == {tuple(sorted((OWNER, BACKUP, MANAGER, LEGAL, ADMIN)))}


def test_every_message_lies_where_its_line_says(result):
    for one in result.messages:
        body = (result.out / one["path"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == one["sha256"]
    assert len(list((result.out / "mail").iterdir())) == len(result.messages)


def test_two_runs_give_the_same_bytes(world, answered, result, tmp_path):
    run(world, tmp_path, answered)
    first, second = (
        {
            path.relative_to(out): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in out.rglob("*")
            if path.is_file()
        }
        for out in (result.out, tmp_path)
    )
    assert first == second
