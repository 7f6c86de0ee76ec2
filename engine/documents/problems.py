"""What is wrong, for programs: the parts of an error that holds several, each with its place and its remedy (H7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.errors import LifecycleError


def details(error: LifecycleError) -> Iterable[dict[str, Any]]:
    """The parts of an error that holds several: problems of terms, of settings, findings of files, fields of a form."""
    for part in (*getattr(error, "problems", ()), *getattr(error, "findings", ())):
        yield {
            "pointer": getattr(part, "field", None) or getattr(part, "name", None) or str(getattr(part, "place", "")),
            "code": getattr(part, "code", error.code),
            "message": getattr(part, "text", None) or getattr(part, "sentence", None) or str(part),
            "remedy": getattr(part, "remedy", ""),
            "allowed": None,
        }
    if choices := getattr(error, "choices", ()):
        yield detail("", error.code, error.sentence, remedy=error.remedy, allowed=[str(choice) for choice in choices])


def detail(
    pointer: str, code: str, message: str, *, remedy: str = "", allowed: list[str] | None = None
) -> dict[str, Any]:  # fmt: skip
    """One of them; *pointer* says where in what was sent."""
    return {"pointer": pointer, "code": code, "message": message, "remedy": remedy, "allowed": allowed}
