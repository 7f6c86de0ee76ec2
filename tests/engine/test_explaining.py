"""Why a day is what it is, derived anew for one milestone."""

from lifecycle.milestones.milestone import MARKERS, MilestoneKind
from lifecycle.milestones.of_duties import OF_DUTIES
from tests.support.mixed import mixed
from tests.support.world import staffed


def test_every_milestone_is_derived_alone_as_among_all():
    world = staffed()
    mixed(world)
    with world.monitor.look() as work:
        rows = list(work.milestones.live())
        alone = [work.planner.explained(work.agreements.get(row.key.holder), row) for row in rows]
    assert [(one.key, one.safe_on, one.target_on) for one in alone] == [
        (row.key, row.safe_on, row.target_on) for row in rows
    ]
    world.monitor.database.close()
    told = {row.key.kind for row in rows}
    assert told & OF_DUTIES
    assert told & MARKERS
    assert told & {MilestoneKind.SIGNATURE, MilestoneKind.NOTICE}
