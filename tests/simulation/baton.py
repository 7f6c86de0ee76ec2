"""Programs that take turns: each has a thread of its own, and exactly one of them runs at any time.

Whoever holds the baton runs; ``rest`` hands it back in the middle of a program, however deep its calls are. So the
order in which programs go on is decided by the simulation alone, and is the same whenever the same is decided.
"""

from threading import Lock, Thread


class Ended(BaseException):
    """The run is over: the program is to unwind from where it rests."""


class Runner:
    """A program, which is given its runner so that it can rest."""

    def __init__(self, program):
        self._program = program
        self._mine, self._theirs = Lock(), Lock()
        self._mine.acquire()
        self._theirs.acquire()
        self._thread = Thread(target=self._run, daemon=True)
        self._error, self._is_ending = None, False
        self.is_over = False

    def go_on(self):
        """Run it until it rests or is over. Raises what it raised."""
        if self._thread.ident is None:
            self._thread.start()
        else:
            self._mine.release()
        self._theirs.acquire()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def rest(self):
        """Called by the program: let others run until somebody goes on with it."""
        self._theirs.release()
        self._mine.acquire()
        if self._is_ending:
            raise Ended

    def end(self):
        """Unwind it where it rests."""
        if self._thread.ident is not None and not self.is_over:
            self._is_ending = True
            self.go_on()
        self._thread.join() if self._thread.ident is not None else None

    def _run(self):
        try:
            self._program(self)
        except Ended:
            pass
        except BaseException as error:  # noqa: BLE001 - whatever ended it, whoever let it go on hears of it
            self._error = error
        finally:
            self.is_over = True
            self._theirs.release()
