"""A pinned day that an amendment has made too late still holds, and every surface says so."""

from dataclasses import replace
from datetime import date

from engine import operations as ops
from engine.explaining import explained
from lifecycle.days.dates import Period
from lifecycle.terms.terms import Notice, Side
from notifiers.wording import letter, pin_doubt, why_card
from store.queries import DeadlineRow

TOO_LATE = (
    "By the terms as they are now the pinned day, Fri 27 Nov 2026, is too late: "
    "the latest arguable one is Mon 2 Nov 2026."
)


def pinned(world):
    world.agreement()
    world.say(ops.pin, "ACME-7 notice", on=date(2026, 11, 27), because="the board meets on the 30th")


def amended(world, days):
    notices = (Notice(Period(days=days), Side.EITHER),)
    world.amend(provisions=replace(world.get().provisions, notices=notices))


def found(world):
    row, agreement = world.row("ACME-7 notice"), world.get()
    with world.monitor.look() as work:
        return explained(work, DeadlineRow(row, agreement)).facts


def test_explain_and_page_say_that_it_is_too_late(world):
    pinned(world)
    assert pin_doubt(found(world)) == ""
    amended(world, 90)
    assert world.row("ACME-7 notice").safe_on == date(2026, 11, 27)
    assert pin_doubt(found(world)) == TOO_LATE
    assert TOO_LATE in why_card(found(world), date(2026, 2, 1))
    amended(world, 62)
    assert pin_doubt(found(world)) == ""


def test_the_reminder_says_so_too(world):
    pinned(world)
    amended(world, 90)
    world.live_until("2026-10-29T12:00")
    assert world.unexpected[-1].endswith("olga: ACME-7 notice -30d.0")
    world.expect(*world.unexpected)
    *_, facts = [one for one in world.mail.sheets.values() if one.stage == "-30d"]
    told = letter(facts)
    assert f"A person has set this day against the computation. {TOO_LATE}" in told.unknown


def test_a_day_that_is_over_is_pinned_and_said_to_be(world):
    world.agreement()
    ahead = world.say(ops.pin, "ACME-7 notice", on=date(2026, 11, 27), because="the board meets on the 30th")
    assert ahead.said == "Pinned to 27 Nov 2026."
    over = world.say(ops.pin, "ACME-7 notice", on=date(2025, 11, 27), because="the board meets on the 30th")
    assert over.said == "Pinned to 27 Nov 2025. That day is already over."
