"""A deadline that nobody answers is told stage by stage to those whom it concerns, until its term is over."""

from datetime import date

from tests.support.world import living


def test_a_deadline_climbs_its_ladder_until_the_term_is_over(world):
    world.agreement()
    world.live_until("2027-03-01T12:00")
    world.expect(
        "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice",
        "2026-11-02 08:30 olga: ACME-7 notice -30d.0",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
        "2026-11-27 08:30 leo: ACME-7 notice -7d.1",
        "2026-12-03 08:30 ben mia olga: ACME-7 notice +1d.0",
        "2026-12-07 08:30 ben mia olga: ACME-7 notice +1d.0.1",
        "2026-12-09 08:30 ben mia olga: ACME-7 notice +1d.0.2",
        "2026-12-11 08:30 ben mia olga: ACME-7 notice +1d.0.3",
        "2026-12-15 08:30 ben mia olga: ACME-7 notice +1d.0.4",
        "2026-12-17 08:30 ben mia olga: ACME-7 notice +1d.0.5",
        "2026-12-24 08:30 ben mia olga: ACME-7 notice +1d.0.6",
        "2027-01-04 08:30 ben mia olga: ACME-7 notice +1d.0.7",
        "2027-01-11 08:30 ben mia olga: ACME-7 notice +1d.0.8",
        "2027-01-18 08:30 ben mia olga: ACME-7 notice +1d.0.9",
        "2027-01-25 08:30 ben mia olga: ACME-7 notice +1d.0.10",
        "2027-02-01 08:30 ada ben leo mia olga: ACME-7: renewed without decision",
    )
    assert world.row("ACME-7 notice 0").state == "mooted"
    assert world.get().term_number == 1


def test_the_day_since_when_nobody_answers_is_that_of_the_agreement():
    """Half past eight in Tokyo is still the day before in Greenwich."""
    with living(zone="Asia/Tokyo") as world:
        world.staff()
        world.agreement(time_zone="Asia/Tokyo", calendar="SAT_SUN", end="2026-04-10")
        world.live_until("2026-01-14T10:00")
        world.expect(*world.unexpected)
        assert world.mail.sheets[world.mail.taken[-1].delivery_id].silent_since_on == date(2026, 1, 9)


def test_what_comes_next_is_said_once_where_several_steps_of_a_day_ask_nobody():
    with living("2026-11-23T09:00") as world:
        world.person("Solo")
        world.agreement(owner="solo", backup=None)
        world.live_until("2026-11-23T10:00")
        world.expect(*world.unexpected)
        steps = world.mail.sheets[world.mail.taken[-1].delivery_id].next_steps
        assert [(str(one.on), one.audience) for one in steps] == [("2026-11-25", ()), ("2026-11-25", ("Solo",))]
