"""Calls that wait for a person, as scripts read them, and the doors by which calls come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.incoming.results import Result
    from engine.incoming.waiting import Waiting
    from lifecycle.hooks import Hook


def call_document(one: Waiting) -> dict[str, Any]:
    """A call that waits; its body, which may hold anything, is not in it."""
    heard = one.heard
    return {
        "id": one.id,
        "received_at": one.received_at,
        "hook": heard.hook,
        "operation": heard.operation.value if heard.operation else None,
        "values": dict(heard.values),
        "why": heard.why,
    }


def whole_call(one: Waiting) -> dict[str, Any]:
    """A call that waits, with its body as it came."""
    return {**call_document(one), "body": one.heard.body}


def call_changed(call_id: str, result: Result, operation: str, *, is_dry_run: bool) -> dict[str, Any]:
    """What became of a call that waited."""
    return {
        "id": call_id,
        "operation": operation,
        "result": result.outcome.value,
        "said": result.said,
        "remedy": result.remedy or None,
        "is_dry_run": is_dry_run,
    }


def hook_document(hook: Hook, address: str, waiting: int) -> dict[str, Any]:
    """A door, without its secrets; *waiting* calls of it wait for a person."""
    return {
        "name": hook.name,
        "address": address,
        "scheme": hook.scheme,
        "header": hook.header or None,
        "operation": hook.operation,
        "when": {pointer: list(values) for pointer, values in hook.when.items()},
        "fields": dict(hook.fields),
        "constants": dict(hook.constants),
        "event_id": hook.event_id or None,
        "waiting": waiting,
    }
