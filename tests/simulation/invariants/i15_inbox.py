"""I15. What comes in under one key acts once, however often and in whatever order it comes."""

from tests.simulation.invariants.base import Invariant


class ActsOnce(Invariant):
    name = "I15"

    def at_rest(self):
        for key, heard in self.run.people.clicks.heard.items():
            kept = [one for one in heard if one.is_kept]
            if any(one.events != kept[0].events for one in kept):
                yield f"{key} acted more than once: {kept}"
            if len({one.said for one in kept if one.said}) > 1:
                yield f"{key} is answered otherwise the second time: {kept}"
        waiting = self.oracle.reader.ask("SELECT dedupe_key, failures FROM inbox WHERE applied_at IS NULL")
        if waiting:
            yield f"what came in was never done: {waiting}"
