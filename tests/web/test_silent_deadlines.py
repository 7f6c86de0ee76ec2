"""A deadline that came more than 30 days after its day reminds nobody (L5), and every surface says so."""

import pytest

from engine import operations as ops
from lifecycle.milestones.milestone import MilestoneKind
from tests.support.agreements import once
from tests.support.program import Program
from tests.support.roles import registered
from tests.support.site import Site, text_of

WHY = "Nobody is reminded: it came, or was opened again, more than 30 days after its day."


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False)
    duties = (once("return", "Return the samples", "2026-10-20"), once("return", "Return the keys", "2026-10-30"))
    registered(made, "ACME-7", "olga")
    registered(made, "SECRET-1", "dana", restricted_to="dana@hallingdal.example")
    with made.work() as work:
        for reference in ("ACME-7", "SECRET-1"):
            for duty in duties:
                ops.add_obligation(work, work.agreements.find(reference), duty)
    yield made
    made.close()


@pytest.fixture(scope="module")
def rows(site):
    with site.look() as work:
        found = work.milestones.of(work.agreements.find("ACME-7").id)
    return {one.name: one for one in found if one.key.kind is MilestoneKind.RETURN}


def test_lists_and_pages_say_that_nobody_is_reminded_and_why(site, rows):
    olga = site.as_("olga")
    silent, told = rows["Return the samples"], rows["Return the keys"]
    assert text_of(olga.get("/deadlines?q=acme")).count("Nobody is reminded") == 1
    assert WHY in text_of(olga.get(f"/deadlines/{silent.id}"))
    assert "Nobody is reminded" not in text_of(olga.get(f"/deadlines/{told.id}"))
    assert text_of(olga.get(f"/agreements/{silent.key.holder}")).count("Overdue. Nobody is reminded") == 1


def test_gaps_name_what_reminds_nobody_to_those_who_may_see_it(site):
    for name, number in (("olga", 1), ("dana", 2)):
        said = text_of(site.as_(name).get("/gaps?only=silent"))
        assert f"Overdue, and nobody is reminded {number} deadline" in said
    assert "Return the samples" in said
    assert "Return the keys" not in said


def test_programs_read_it_as_a_key(site, rows):
    found = {one["id"]: one for one in Program(site, "Olga").items("/deadlines?search=acme&kind=return")}
    silent, told = found[rows["Return the samples"].id], found[rows["Return the keys"].id]
    assert (silent["is_silent"], silent["is_overdue"], silent["next_step_at"]) == (True, True, None)
    assert (told["is_silent"], told["is_overdue"]) == (False, True)
    assert told["next_step_at"] is not None
