"""What a process at work remembers of its work is forgotten when memory is given back, and found again."""

from datetime import date, time
from zoneinfo import ZoneInfo

from config.playbooks import shipped
from engine import memory, planning
from lifecycle.days.calendars import SAT_SUN

BERLIN = ZoneInfo("Europe/Berlin")


def test_what_was_found_for_many_transactions_is_found_anew_and_is_the_same():
    asked = (next(iter(shipped())), SAT_SUN, BERLIN, time(8, 30))
    before = planning._frame(*asked)
    assert planning._frame(*asked) is before
    memory.give_back()
    after = planning._frame(*asked)
    assert after is not before
    assert after.at(date(2026, 3, 29)) == before.at(date(2026, 3, 29))
