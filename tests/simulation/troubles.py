"""What can be raised out of the engine at a point, and what a run may find."""


class SimulatedCrash(BaseException):
    """The process is gone: nothing of it runs any more, not even what catches every exception."""


class Violated(BaseException):
    """An invariant does not hold. Not an exception that the engine could catch."""

    def __init__(self, name, text):
        super().__init__(f"{name}: {text}")
        self.name, self.text = name, text
