"""I22. The log is whole and tells the same story as the rows. I24: the process's own log names no agreement."""

from tests.simulation.invariants.base import Invariant

SECRETS = ("Secret of", "Other side of", "an addendum", "the letter")
#: What an event makes of a milestone.
BECOMES = {
    "MilestoneSnoozed": "snoozed",
    "MilestoneDone": "done",
    "MilestoneWaived": "waived",
    "MilestoneUndone": "open",
    "MilestoneReopened": "open",
    "MilestoneMooted": "mooted",
}


class Log(Invariant):
    name = "I22"

    def at_rest(self):
        with self.run.people.monitor.look() as work:
            work.log.verify()
            told = told_by(work.log.all())
        for row in self.rows.milestones.values():
            if row.is_deadline and told.get(row.id) != row.state:
                yield f"the log says that a milestone is {told.get(row.id)}: {row}"


def told_by(events):
    """The state of each milestone as its events tell it."""
    told = {}
    for event in events:
        payload, name = event["payload"], event["milestone_id"]
        match event["type"]:
            case "MilestonesReplanned":
                told |= dict.fromkeys([*payload.get("added", ()), *payload.get("reopened", ())], "open")
                told |= {one[0]: "open" for one in payload.get("moved", ())}
                told |= dict.fromkeys(payload.get("withdrawn", ()), "withdrawn")
            case "MilestoneAcknowledged" if not payload.get("is_noted"):
                told[name] = "acknowledged"
            case "MilestoneDecided" if payload.get("is_closing"):
                told[name] = "decided"
            case "MoveAccepted":
                told[name] = "open"
            case kind if kind in BECOMES:
                told[name] = BECOMES[kind]
    return told


class Discreet(Invariant):
    name = "I24"

    def at_rest(self):
        for entry in self.run.logs:
            if any(secret in str(entry) for secret in SECRETS):
                yield f"the log of the process tells of an agreement: {entry}"
