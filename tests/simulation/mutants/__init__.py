"""Ways in which such an engine goes wrong, each as small as can be. Every one has to be found within fifty seeds.

An answer may be written down by the transaction in which the next message passes its gate, so whoever bends what
settles bends both.
"""

from engine.points import Point
from tests.simulation.mutants import ladder, outbox, watch, wire
from tests.simulation.variants import Variant, keeping_of, milestones_of, outbox_of, waiting

_SETTLING = (Point.SETTLED, Point.GATED)
_NOT_RAISING = tuple(point for point in Point if point is not Point.RAISED)

_ALL = (
    # Whatever was claimed is sent, answered or not.
    Variant(name="no gate", at=(Point.GATED,), bend=outbox.forget_answers),
    # An answer moves the row, whoever holds it by now.
    Variant(name="settle without token", at=_SETTLING, bend=outbox_of(outbox.Tokenless)),
    # A step is raised in one transaction, its messages are written in another.
    Variant(name="raise in two transactions", at=(Point.RAISED,), bend=outbox.put_steps_aside, follow=outbox.rest),
    # Nothing keeps a step, or a message, from existing twice.
    Variant(name="no unique key", prepare=ladder.without_key, bend=ladder.forget_raised),
    # A doubt is looked up at once, while the history is still behind.
    Variant(name="quarantine 0 under lag", house=waiting(quarantine=0.0)),
    # What is in doubt is sent again unseen.
    Variant(name="blind resend", channel=wire.NeverFinds),
    # A library tries again by itself when a connection breaks.
    Variant(name="SDK retries", channel=wire.Stubborn),
    # An answer leaves what waits where it is.
    Variant(name="act cancels nothing", at=(Point.ACTED,), bend=outbox_of(outbox.Unmoved)),
    # The next step stands so long after this one was raised as it was planned after this one's instant.
    Variant(name="now + delay", at=(Point.RAISED,), bend=ladder.drift),
    # A stage that falls on a closed day waits for the next open one.
    Variant(name="roll later", collaborators={"calendars": ladder.rolling_later}),
    # What a silence ought to hold is gone.
    Variant(name="silence drops", bend=outbox_of(outbox.Lossy)),
    # Who has it, has it for ever.
    Variant(name="endless acknowledgement", at=(Point.ACTED,), bend=milestones_of(ladder.Endless)),
    # A sender that is gone has surely sent nothing.
    Variant(name="lapsed lease to pending", at=(Point.SWEPT,), bend=outbox_of(outbox.Sure)),
    # The lease is not looked at right before the first byte.
    Variant(name="no check before the write", channel=wire.Unchecked),
    # What a channel has no room for now is dropped.
    Variant(name="429 drops", at=_SETTLING, bend=outbox_of(outbox.Dropping)),
    # A refusal is written down first, whoever is told instead afterwards.
    Variant(
        name="fallback in a second transaction", at=_NOT_RAISING, bend=outbox.put_fallbacks_aside, follow=outbox.rest
    ),
    # After a downtime each step that was missed is raised, one after the other.
    Variant(name="every missed step raised", at=(Point.RAISED,), bend=ladder.go_back),
    # A message counts as sent when it may be sent.
    Variant(name="accepted before the send", at=(Point.GATED,), bend=outbox_of(outbox.Hasty)),
    # Each attempt is a mail of its own.
    Variant(name="new Message-ID", channel=wire.Renaming),
    # The heart beats, whatever the audit has found.
    Variant(name="heartbeat though unclean", bend_look=keeping_of(watch.Rosy)),
    # A step that asks nobody is left at that.
    Variant(name="empty audience waits", at=(Point.RAISED,), bend=keeping_of(watch.Silent)),
)
MUTANTS = {one.name: one for one in _ALL}
