"""Level 4: Hypothesis writes the story, one rule after the other, and shortens whatever fails."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from structlog.testing import capture_logs

from tests.simulation import plans
from tests.simulation.plans import Plan, Trouble
from tests.simulation.run import Run
from tests.simulation.troubles import Violated

SOON = st.integers(1, 4)  # the how-manieth time from now


class Life(RuleBasedStateMachine):
    """A register, and whatever happens to it; at its end all is healed and the oracle asks what was owed."""

    run = None

    @initialize(register=st.sampled_from(sorted(plans.REGISTERS)), workers=st.integers(1, 3))
    def begins(self, register, workers):
        self.run = Run(Plan(register, workers))

    @rule(minutes=st.sampled_from([1, 10, 60, 600, 1440, 4320]))
    def time_passes(self, minutes):
        self._must_hold(lambda: self.run.live_until(self.run.time.passed + minutes * 60))

    @rule(what=st.sampled_from(sorted({*plans.ACTS, *plans.SELDOM})), whom=st.integers(0, 63))
    def somebody_acts(self, what, whom):
        self._must_hold(lambda: self.run.meet(Trouble("now", 1, what, whom)))

    @rule(name=st.sampled_from(sorted(plans.TRANSACTIONS)), nth=SOON, what=st.sampled_from(["crash", "busy", "full"]))
    def a_transaction_will_fail(self, name, nth, what):
        self.run.expect(Trouble(f"{name}/before", nth, what))

    @rule(name=st.sampled_from(sorted(plans.TRANSACTIONS | plans.STEPS)), nth=SOON, what=st.sampled_from(["crash", ""]))
    def a_worker_will_stop(self, name, nth, what):
        self.run.expect(Trouble(f"{name}/after", nth, what or "pause", 61))

    @rule(channel=st.sampled_from(["email", "slack"]), nth=SOON, what=st.sampled_from(sorted(plans.ON_POST)))
    def a_channel_will_err(self, channel, nth, what):
        self.run.expect(Trouble(f"send/{channel}", nth, what, plans.SECONDS.get(what, (0,))[-1]))

    @rule(much=st.sampled_from([-3600, 3600]))
    def the_wall_jumps(self, much):
        self._must_hold(lambda: self.run.meet(Trouble("now", 1, "jump", much)))

    @rule(hours=st.sampled_from([1, 24, 120]))
    def the_machine_sleeps(self, hours):
        self._must_hold(lambda: self.run.meet(Trouble("now", 1, "sleep", hours * 3600)))

    def teardown(self):
        if self.run is None:
            return
        try:
            self._must_hold(self.run.come_to_rest)
        finally:
            self.run.end()

    @staticmethod
    def _must_hold(what):
        try:
            with capture_logs():
                what()
        except Violated as violated:
            raise AssertionError(str(violated)) from violated


def tell(stories):
    """So many stories. Raises AssertionError with the shortest that breaks an invariant."""
    run_state_machine_as_test(Life, settings=settings(max_examples=stories, stateful_step_count=15, deadline=None))
