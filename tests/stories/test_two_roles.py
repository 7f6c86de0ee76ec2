"""A deadline is assigned to somebody who is its backup, its owner's manager or legal: who is asked when."""

import pytest

from engine import operations as ops


def assigned(world, name, *, acknowledged=True):
    world.agreement()
    world.live_until("2026-10-01T09:00")
    world.expect("2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice")
    world.say(ops.assign, "ACME-7 notice", owner_id=world.id_of(name), by="ada")
    if acknowledged:
        world.say(ops.acknowledge, "ACME-7 notice", by=name)
    world.live_until("2026-10-02T09:00")
    world.expect(f"2026-10-01 09:00 {name}: ACME-7 notice is yours")


def test_behind_a_backup_whose_it_is_stands_the_owner_and_above_them_the_owners_manager(world):
    assigned(world, "ben")
    world.live_until("2026-12-04T09:00")
    world.expect(
        "2026-11-02 08:30 ben: ACME-7 notice -30d.0",
        "2026-11-05 08:30 olga: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
        "2026-11-27 08:30 leo: ACME-7 notice -7d.1",
        "2026-12-01 08:30 ben olga: ACME-7 notice -1bd.0",
        "2026-12-02 08:30 ben mia olga: ACME-7 notice -1bd.1",
        "2026-12-03 08:30 ben mia olga: ACME-7 notice +1d.0",
    )
    said = world.mail.sheets[world.mail.taken[-1].delivery_id].deadlines[0]
    assert (said.owner, said.backup) == ("Ben", "Olga")


def test_until_the_backup_acknowledges_the_owner_is_asked_as_well_and_each_once(world):
    assigned(world, "ben", acknowledged=False)
    world.live_until("2026-11-25T09:00")
    world.expect(
        "2026-11-02 08:30 ben olga: ACME-7 notice -30d.0",
        "2026-11-05 08:30 olga: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
    )


def test_above_a_manager_whose_it_is_and_who_has_none_is_nobody_and_the_operators_hear_of_it(world):
    assigned(world, "mia")
    world.live_until("2026-12-04T09:00")
    world.expect(
        "2026-11-02 08:30 mia: ACME-7 notice -30d.0",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 ada: ACME-7: no recipient",
        "2026-11-25 08:30 ben mia: ACME-7 notice -7d.0",
        "2026-11-27 08:30 leo: ACME-7 notice -7d.1",
        "2026-12-01 08:30 ben mia: ACME-7 notice -1bd.0",
        "2026-12-02 08:30 ben mia: ACME-7 notice -1bd.1",
        "2026-12-03 08:30 ben mia: ACME-7 notice +1d.0",
    )


def test_above_legal_whose_it_is_stands_the_owners_manager(world):
    assigned(world, "leo")
    world.live_until("2026-11-25T09:00")
    world.expect(
        "2026-11-02 08:30 leo: ACME-7 notice -30d.0",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben leo: ACME-7 notice -7d.0",
    )


@pytest.mark.parametrize("name", ["ben", "mia", "leo"])
def test_who_is_asked_in_several_ways_by_one_step_is_told_once(world, name):
    world.playbooks("""{playbook: all, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, steps: [{ask: [owner, backup, manager, "role:legal"], via: all}]},
      {at: +1d, steps: [{ask: manager}]}]}""")
    world.agreement()
    world.say(ops.assign, "ACME-7 notice", owner_id=world.id_of(name), by="ada")
    world.live_until("2026-11-02T09:00")
    world.expect(
        f"2026-01-05 09:00 {name}: ACME-7 notice is yours",
        "2026-11-02 08:30 ben leo mia olga: ACME-7 notice -30d.0",
    )


def test_an_owner_who_is_the_backup_too_is_asked_again_and_then_their_manager(world):
    world.person("Rex", manager="mia")
    world.agreement(owner="rex", backup="rex")
    world.live_until("2026-11-11T09:00")
    world.expect(
        "2026-09-07 08:30 rex: Your deadlines ahead: ACME-7 notice",
        "2026-11-02 08:30 rex: ACME-7 notice -30d.0",
        "2026-11-05 08:30 rex: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
    )


def test_instead_of_a_backup_whose_it_is_and_who_has_left_the_owner_and_their_manager_are_asked_once(world):
    assigned(world, "ben")
    world.leave("ben")
    world.live_until("2026-11-11T09:00")
    world.expect(
        "2026-11-02 08:30 mia olga: ACME-7 notice -30d.0",
        "2026-11-05 08:30 olga: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
    )
