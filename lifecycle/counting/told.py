"""What is told only when somebody asks.

A register derives days by the million and is asked about few of them. So a reading carries its days, and how to tell
its reasons. Told or not yet, it is equal to a tuple of the same members.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, overload

_Member_co = TypeVar("_Member_co", covariant=True)


class Told(Sequence[_Member_co]):
    """The members that *tell* gives, asked for once, at the first look at any of them."""

    __slots__ = ("_members", "_tell")

    def __init__(self, tell: Callable[[], Iterable[_Member_co]]) -> None:
        """*tell* must be pure: nobody knows when it is called."""
        self._tell: Callable[[], Iterable[_Member_co]] = tell
        self._members: tuple[_Member_co, ...] | None = None

    @overload
    def __getitem__(self, place: int) -> _Member_co: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[_Member_co, ...]: ...

    def __getitem__(self, place: int | slice) -> _Member_co | tuple[_Member_co, ...]:
        return self._all()[place]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[_Member_co]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | Told) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> tuple[_Member_co, ...]:
        if self._members is None:
            self._members = tuple(self._tell())
        return self._members
