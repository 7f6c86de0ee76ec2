"""What an invariant is: questions that a run asks, and sentences about what does not hold."""


class Invariant:
    """``name`` as in the design (I1 to I24); each question answers with sentences, none where all is well."""

    name = ""

    def __init__(self, oracle):
        self.oracle, self.run, self.ladders = oracle, oracle.run, oracle.ladders

    @property
    def rows(self):
        return self.oracle.rows

    def after(self, step):
        """A transaction was kept."""

    def offered(self, channel, outgoing):
        """First bytes are about to leave."""

    def took(self, channel, taken):
        """A channel has a message."""

    def at_rest(self):
        """All faults are healed, and time enough has passed."""
