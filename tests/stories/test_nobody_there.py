"""Owners who do not exist, have left, or cannot be reached: somebody is told all the same."""

from dataclasses import replace

from engine import operations as ops
from tests.support.world import living


def test_a_step_that_reaches_nobody_hurries_to_the_next(world):
    """The owner and the backup of the stage are missing: legal is asked on the same day, not two days later."""
    world.agreement(owner=None, backup=None, end="2026-03-31")
    world.live_until("2026-01-27T09:00")
    world.expect("2026-01-05 09:00 ada: ACME-7: no recipient", "2026-01-23 08:30 leo: ACME-7 notice -7d.1")
    assert world.incidents() == ["no_recipient"]


def test_that_nobody_could_be_told_is_over_with_the_deadline(world):
    world.agreement(owner=None, backup=None, end="2026-02-09")
    world.agreement("BETA-2", owner=None, backup=None, end="2026-02-09")
    world.tick()
    world.expect("2026-01-05 09:00 ada: ACME-7: no recipient", "2026-01-05 09:00 ada: BETA-2: no recipient")
    assert world.incidents() == ["no_recipient", "no_recipient"]
    world.say(ops.acknowledge, "ACME-7 notice", by="leo")
    assert world.incidents() == ["no_recipient", "no_recipient"]
    world.say(ops.done, "ACME-7 notice", by="leo", evidence="courier receipt 4711")
    assert world.incidents() == ["no_recipient"]
    world.do(ops.archive, "BETA-2", by="leo", because="it was never signed")
    assert world.incidents() == []


def test_whoever_was_to_be_told_is_named_where_nobody_is_there(world):
    world.agreement(owner=None, backup=None, end="2026-02-09")
    world.tick()
    world.expect("2026-01-05 09:00 ada: ACME-7: no recipient")
    with world.monitor.look() as work:
        (said,) = work.keeping.incidents()
    assert "told about notice of 11 Dec 2025: owner, backup, manager resolve to nobody. Name an owner" in said.text


def test_instead_of_an_owner_who_has_left_backup_and_manager_are_asked_and_it_is_said_weekly(world):
    world.agreement()
    world.agreement("BETA-2", end="2028-06-30")
    world.live_until("2026-10-30T09:00")
    world.expect("2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice")
    world.leave("olga")
    world.live_until("2026-11-11T09:00")
    world.expect(
        "2026-10-30 09:00 ada ben leo mia: ACME-7 and BETA-2: owner left",
        "2026-11-02 08:30 ben mia: ACME-7 notice -30d.0",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-09 08:30 ada ben leo mia: ACME-7 and BETA-2: owner left",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
    )
    assert world.incidents() == ["owner_left", "owner_left"]
    said = world.mail.sheets[world.mail.taken[-2].delivery_id].text
    assert said == (
        "Olga, the owner of ACME-7 and BETA-2, has left.\nThe backup and the manager are asked instead. Name another "
        "owner of each on its page, or with `longstop agreement amend REFERENCE --set owner=ADDRESS --because TEXT`."
    )


def test_of_several_who_have_left_each_is_named_once_and_the_remedy_once(world):
    world.agreement()
    world.agreement("BETA-2", owner="leo")
    world.agreement("BETA-3", owner="leo")
    world.leave("olga")
    world.leave("leo")
    world.live_until("2026-01-19T09:00")
    world.expect(*world.unexpected)
    said = world.mail.sheets[world.mail.taken[-1].delivery_id].text
    assert said.splitlines()[:2] == [
        "Leo, the owner of BETA-2 and BETA-3, has left.",
        "Olga, the owner of ACME-7, has left.",
    ]
    assert said.count("Name another owner of each") == 1


def test_another_owner_ends_the_incident_of_one_who_has_left(world):
    world.agreement(backup=None)
    world.leave("olga")
    world.amend(owner_id=world.id_of("mia"))
    world.live_until("2026-01-20T09:00")
    world.expect("2026-01-06 08:30 mia: Yours now: ACME-7 notice")
    assert world.incidents() == []


def test_that_an_owner_has_left_is_not_said_in_the_morning_where_somebody_answers_for_it_since_the_night(world):
    world.agreement()
    world.agreement("BETA-2", backup="mia")
    world.live_until("2026-01-13T02:00")
    world.leave("olga")
    world.amend("ACME-7", owner_id=world.id_of("ben"))
    world.live_until("2026-01-13T09:00")
    world.expect("2026-01-13 08:30 ada leo mia: BETA-2: owner left", "2026-01-13 08:30 ben: Yours now: ACME-7 notice")
    said = [world.mail.sheets[one.delivery_id].text for one in world.mail.taken if one.address == "ada@example.com"]
    assert said[-1].startswith("Olga, the owner of BETA-2, has left.\nThe backup and")


def test_a_dead_mailbox_hands_on_to_backup_and_manager_and_tells_nobody_twice(world):
    world.unclean = {"dead_contact"}
    world.mail.dead.add("olga@example.com")
    world.agreement()
    world.live_until("2026-11-26T09:00")
    world.expect(
        "2026-09-07 08:30 ben: ACME-7 notice -90d.0 instead",
        "2026-11-02 08:30 ben: ACME-7 notice -30d.0 instead",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-02 08:30 ada ben leo mia: ACME-7: owner left",
        "2026-11-09 08:30 ada ben leo mia: ACME-7: owner left",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-16 08:30 ada ben leo mia: ACME-7: owner left",
        "2026-11-23 08:30 ada ben leo mia: ACME-7: owner left",
        "2026-11-25 08:30 ben mia: ACME-7 notice -7d.0",
    )
    assert world.incidents() == ["owner_left"]


def test_an_address_at_which_something_arrives_again_is_good_again(world):
    world.unclean = {"dead_contact"}
    world.mail.dead.add("olga@example.com")
    world.agreement()
    world.live_until("2026-11-03T09:00")
    world.expect(*world.unexpected)
    assert world.incidents() == ["owner_left"]
    world.mail.dead.clear()
    with world.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email("olga@example.com"), email="olga.new@example.com"))
    assert world.incidents() == []
    world.live_until("2026-11-25T09:00")
    lines = world.unexpected
    world.expect(*lines)
    assert "2026-11-25 08:30 ben olga.new: ACME-7 notice -7d.0" in lines


def test_somebody_with_two_channels_is_told_through_the_other(world):
    world.person("Tom", channels=("slack", "email"))
    world.slack.dead.add("tom@example.com")
    world.agreement(owner="tom", backup=None, end="2026-03-09")
    world.live_until("2026-01-05T12:00")
    world.expect("2026-01-05 09:00 tom: ACME-7 notice -7d.0 instead")


def test_where_a_whole_chain_fails_the_next_step_comes_at_once_and_an_incident_says_so(world):
    """Step 7 days before asks owner and backup; legal would be asked two business days later."""
    world.mail.dead.update(f"{name}@example.com" for name in ("olga", "ben", "mia", "ada"))
    world.agreement(end="2026-03-09", backup=None)
    world.live_until("2026-01-05T12:00")
    world.expect("2026-01-05 09:00 leo: ACME-7 notice -7d.1")
    assert "no_recipient" in world.incidents()


def test_the_channel_of_the_house_hears_what_reached_nobody_but_of_what_is_restricted():
    with living(room=("slack", "#deadlines")) as world:
        world.staff()
        world.mail.dead.update(f"{name}@example.com" for name in ("olga", "ben", "mia"))
        world.agreement(end="2026-03-09")
        world.agreement("SECRET-1", end="2026-03-09", restricted_to=("olga@example.com",))
        world.live_until("2026-01-05T12:00")
        world.expect(
            "2026-01-05 09:00 #deadlines@slack ada: ACME-7 notice -7d.0 instead",
            "2026-01-05 09:00 ada: SECRET-1: delivery failed",  # of Ben's message: whoever is left has the step already
            "2026-01-05 09:00 ada: SECRET-1 notice -7d.0 instead",
        )
