"""What stands wrong since the last end is known before the first message leaves (DELIVERY.md A6)."""

import time
from dataclasses import replace

from engine.watcher.audit import last_report
from engine.watcher.watching import Finding, Watching
from jobs.scheduler import Scheduler
from store.database import open_database
from tests.support.databases import fresh_at
from tests.support.world import World


def test_a_process_audits_the_house_before_it_sends_anything(tmp_path):
    """Nobody else audits here: there is no job that watches."""
    scheduler = Scheduler("one", watch=())
    world = World(database=open_database(fresh_at(tmp_path)), wake=scheduler.wake)
    sent = []

    def surroundings(_now):
        sent.append(len(world.mail.taken))
        return [Finding("disk", 1, "The disk is full.")]

    world.monitor = replace(world.monitor, watching=Watching(surroundings=surroundings))
    world.staff()
    world.playbooks("{playbook: default, ladder: [{at: -30d, urgency: critical, steps: [{ask: owner}]}]}")
    world.agreement(end="2026-03-09")  # told at once
    scheduler.start(world.monitor)
    end = time.monotonic() + 10
    while not world.mail.taken and time.monotonic() < end:
        time.sleep(0.005)
    assert scheduler.stop()
    assert (len(world.mail.taken), sent) == (1, [0])
    with world.monitor.look() as work:
        assert "disk" in str(last_report(work))
    world.monitor.database.close()
