"""What a process has when it begins to look is not looked through again."""

import gc

from jobs.heap import keep_for_good


class Knot:
    def __init__(self):
        self.itself = self


def test_what_is_there_is_looked_through_no_more_and_what_nobody_needs_is_gone():
    kept, before = Knot(), sum(isinstance(one, Knot) for one in gc.get_objects())
    Knot()
    try:
        keep_for_good()
        assert gc.get_freeze_count() > 0
        assert not any(one is kept for one in gc.get_objects())
    finally:
        gc.unfreeze()
    assert sum(isinstance(one, Knot) for one in gc.get_objects()) == before
