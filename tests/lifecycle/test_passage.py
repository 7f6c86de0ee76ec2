"""What time alone has caused by a day: each term in its turn, and what outlives the last one to its own last day."""

from datetime import date

from lifecycle.agreements.passage import passage, status_by_facts
from lifecycle.agreements.status import Status
from lifecycle.events import TermRenewed
from tests.support.agreements import NEVER, agreement


def test_terms_that_went_by_unseen_renew_one_after_the_other():
    """Three years from 1 February 2024, then a year each."""
    running = agreement(id="a", status=Status.IN_FORCE, term_number=0)
    terms = ((1, 2027), (2, 2028), (3, 2029))
    assert passage(running, date(2029, 6, 1)) == tuple(
        TermRenewed(agreement_id="a", number=number, first_on=date(year, 2, 1), last_on=date(year + 1, 1, 31))
        for number, year in terms
    )


def test_what_survives_binds_on_its_last_day_as_well():
    over = agreement(end="2026-03-31", renewal=NEVER, survival=6)
    assert [status_by_facts(over, day) for day in (date(2026, 9, 30), date(2026, 10, 1))] == [
        Status.SURVIVING,
        Status.ENDED,
    ]
