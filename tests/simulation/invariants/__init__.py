"""The invariants, each a small module; one that is added here is asked in every run."""

from tests.simulation.invariants.i00_no_stumble import NoStumble
from tests.simulation.invariants.i01_owed import Nobody, Owed
from tests.simulation.invariants.i02_copies import Copies, SameBytes
from tests.simulation.invariants.i03_raised_once import LatestOnly, NextLook, RaisedOnce
from tests.simulation.invariants.i04_fence import Corrected, Fence, Over, Tokens, Unheard
from tests.simulation.invariants.i06_quiet import Growing, QuietEnds, SnoozeEnds
from tests.simulation.invariants.i08_in_time import Hushed, InTime, Released
from tests.simulation.invariants.i10_shown import Shown
from tests.simulation.invariants.i11_once import Once, ShownDay
from tests.simulation.invariants.i12_pace import Pace
from tests.simulation.invariants.i15_inbox import ActsOnce
from tests.simulation.invariants.i18_fallbacks import Delegation, Fallbacks
from tests.simulation.invariants.i21_audit import Watched
from tests.simulation.invariants.i22_log import Discreet, Log
from tests.simulation.invariants.i23_reached import Reached

INVARIANTS = (
    NoStumble, Copies, SameBytes, RaisedOnce, LatestOnly, NextLook, Fence, Over, Corrected, Unheard, Tokens, QuietEnds,
    SnoozeEnds, Growing, Once, ShownDay, Fallbacks, Delegation, Nobody, Owed, InTime, Released, Hushed, Pace, ActsOnce,
    Log, Discreet, Reached, Shown, Watched,
)  # fmt: skip
