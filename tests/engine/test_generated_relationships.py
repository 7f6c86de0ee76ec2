"""For two hundred made-up relationships our findings are those of somebody who reads the papers one by one."""

from collections import Counter

import pytest

from engine.findings.standing import every_finding
from engine.operations import disable_person
from lifecycle.findings.remedies import REMEDIES
from tests.support.naive_findings import naive_findings
from tests.support.relationships import TODAY, made_up, registered
from tests.support.world import World

NUMBER = 200
#: What cannot be made up here: a register refuses the first, nobody pins, and every step reaches somebody.
NEVER = {"notice-longer-than-term", "pin-differs", "asks-nobody"}


@pytest.fixture(scope="module")
def found():
    """Our findings by relationship, as the whole register tells them."""
    world = World(f"{TODAY}T09:00", zone="UTC", horizon_months=24)
    world.person("Mia")
    world.person("Olga", manager="mia")
    world.person("Lars", manager="mia")
    world.person("Ben")
    world.person("Leo", role="legal")
    people = {name: world.id_of(name) for name in ("olga", "ben", "lars")}
    whose = {}
    with world.monitor.work() as work:
        for number in range(NUMBER):
            for reference in registered(work, made_up(number), people):
                whose[reference] = number
    with world.monitor.work() as work:
        disable_person(work, work.people.get(people["lars"]))
    told = {number: [] for number in range(NUMBER)}
    with world.monitor.look() as work:
        for one, _ in every_finding(work, None):
            told[whose[one.about[0]]].append((one.code, one.about, one.on))
    yield told
    world.monitor.database.close()


def test_two_hundred_relationships_are_found_to_be_what_a_reader_of_the_papers_finds(found):
    wrong = {
        number: (sorted(set(ours) - set(theirs), key=str), sorted(set(theirs) - set(ours), key=str))
        for number in range(NUMBER)
        if (ours := sorted(found[number], key=str)) != (theirs := naive_findings(made_up(number)))
    }
    assert wrong == {}


def test_the_relationships_have_something_of_every_kind(found):
    codes = Counter(code for told in found.values() for code, _, _ in told)
    assert set(codes) == set(REMEDIES) - NEVER
    assert min(codes.values()) >= 3, codes
