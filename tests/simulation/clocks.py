"""The time of a run: it passes only when the simulation lets it, and what clocks show of it may be wrong.

*Elapsed* seconds are true. The wall shows them from an origin, shifted by whatever jumped, and each process's own wall
may be a little off besides.
"""

from datetime import timedelta


class SimulatedTime:
    """``passed`` is in true seconds since the run began."""

    def __init__(self, origin):
        self._origin = origin
        self.passed = 0.0
        self.shift = 0.0  # by which the wall has jumped

    def now(self):
        return self._origin + timedelta(seconds=round(self.passed + self.shift, 6))

    def true_now(self):
        """What a clock shows that never jumped."""
        return self._origin + timedelta(seconds=round(self.passed, 6))

    def elapsed(self):
        return self.passed


class OwnClock:
    """One process's clock: the same steps, a wall that is off by *skew* seconds."""

    def __init__(self, time):
        self._time, self.skew = time, 0.0

    def now(self):
        return self._time.now() + timedelta(seconds=self.skew)

    def elapsed(self):
        return self._time.elapsed()

    def until(self, at):
        """Seconds until it shows *at*, as things stand; never negative."""
        return max(0.0, (at - self.now()).total_seconds())
