"""A trial is rolled back, and so is what it finds wrong: nobody hears of it."""

import pytest
from structlog.testing import capture_logs

from engine.incidents import open_incident
from engine.trial import tried
from lifecycle.events import Actor
from tests.support.world import living

BEN = Actor("ben@example.com", "cli")


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_an_incident_of_a_trial_stands_in_no_log(is_dry_run):
    with living("2026-01-05T09:00") as world:
        with capture_logs() as logs, tried(world.monitor, BEN, is_dry_run=is_dry_run) as work:
            assert open_incident(work, kind="set_aside", subject="ACME-7", text="It could not be worked on.")
        with world.monitor.look() as work:
            kept = [one.kind for one in work.keeping.incidents()]
    told = [one["incident"] for one in logs if one["event"] == "incident"]
    assert told == kept == ([] if is_dry_run else ["set_aside"])
