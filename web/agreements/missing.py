"""What a page asks for and is not there, or not for its reader to see: the two are never told apart."""

from lifecycle.errors import LifecycleError


class Missing(LifecycleError):
    """There is no such thing here."""

    code = "not-found"

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"There is no {what} here.", remedy=remedy)
