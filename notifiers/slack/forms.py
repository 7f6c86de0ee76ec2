"""The forms that Slack opens over a message, and what was typed into them (INTERFACE.md M3).

A form carries the deadline as its reader saw it, so that a day that has moved meanwhile is noticed. The names of its
fields are those of the answer: ``until``, ``evidence``, ``on``, ``choice``, ``note``, ``to``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from lifecycle.words import spoken
from notifiers.slack import limits, parts
from notifiers.wording import addressed, label, lead_line
from notifiers.words.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from notifiers.sheet import Deadline
    from notifiers.slack.parts import Block

_TITLES: Final = {"snooze": "Snooze", "done": "Done", "decide": "Decide", "assign": "Assign"}
_SUBMITS: Final = {"snooze": "Snooze", "done": "Say it is done", "decide": "Record", "assign": "Assign"}
_NOTE_LIMIT: Final = 3000
#: The field at which a form says what is wrong.
MAIN_FIELD: Final = {"snooze": "until", "done": "evidence", "decide": "choice", "assign": "to"}


def snooze_form(deadline: Deadline, today: date, meta: Mapping[str, Any], *, first_on: date, last_on: date) -> Block:
    """Pick a day."""
    hint = f"At the latest {spoken(last_on)}. It stays open."
    asked = _input("until", "Quiet until", _day(first_on), hint=hint)
    return _form("snooze", deadline, today, meta, [asked])


def done_form(deadline: Deadline, today: date, meta: Mapping[str, Any]) -> Block:
    """What proves it, and when it was done."""
    wanted = one_line(deadline.proof, 100)
    hint = f"Wanted: {wanted}. A file, a link or a sentence." if wanted else ""
    proof = _input("evidence", "What proves it", _text(), hint=hint or "A file, a link or a sentence.")
    return _form("done", deadline, today, meta, [proof, _input("on", "When it was done", _day(today))])


def decide_form(deadline: Deadline, today: date, meta: Mapping[str, Any], *, choices: Iterable[str]) -> Block:
    """Choose, and say why."""
    options = [{"text": parts.plain_text(one.replace("-", " ").capitalize()), "value": one} for one in choices]
    chosen = {"type": "static_select", "action_id": "value", "options": options[: limits.OPTIONS]}
    asked = _input("choice", "What was decided", chosen, hint="The counterparty hears nothing of it.")
    return _form("decide", deadline, today, meta, [asked, _input("note", "Why", _text())])


def assign_form(deadline: Deadline, today: date, meta: Mapping[str, Any]) -> Block:
    """Pick somebody of the workspace."""
    asked = _input("to", "Who answers for it", {"type": "users_select", "action_id": "value"})
    return _form("assign", deadline, today, meta, [asked])


def notice(heading: str, said: str, remedy: str = "") -> Block:
    """A few sentences for one person alone."""
    blocks = [parts.section(clean(text, limits.SECTION)) for text in (said, remedy) if text]
    return {"type": "modal", "title": parts.plain_text(one_line(heading), limits.MODAL_TITLE), "blocks": blocks,
            "close": parts.plain_text("Close")}  # fmt: skip


def values_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into a form, by field."""
    found: dict[str, str] = {}
    for name, given in view.get("state", {}).get("values", {}).items():
        said = given.get("value", {})
        chosen = said.get("selected_option") or {}
        text = said.get("value") or said.get("selected_date") or said.get("selected_user") or chosen.get("value") or ""
        found[str(name)] = str(text).strip()
    return found


def _form(
    operation: str, deadline: Deadline, today: date, meta: Mapping[str, Any], fields: list[Block]
) -> Block:  # fmt: skip
    lead = [parts.section(lead_line(deadline, today)), *parts.context([f"{label(deadline)}: {addressed(deadline)}"])]
    return {
        "type": "modal",
        "callback_id": operation,
        "title": parts.plain_text(_TITLES[operation], limits.MODAL_TITLE),
        "submit": parts.plain_text(_SUBMITS[operation], limits.MODAL_TITLE),
        "close": parts.plain_text("Cancel"),
        "private_metadata": json.dumps(dict(meta), separators=(",", ":"), sort_keys=True),
        "blocks": [*lead, *fields],
    }


def _input(name: str, label_text: str, element: Block, *, hint: str = "") -> Block:
    made: Block = {"type": "input", "block_id": name, "label": parts.plain_text(label_text), "element": element}
    return made | {"hint": parts.plain_text(hint, limits.PLACEHOLDER)} if hint else made


def _text() -> Block:
    return {"type": "plain_text_input", "action_id": "value", "multiline": True, "max_length": _NOTE_LIMIT}


def _day(on: date) -> Block:
    return {"type": "datepicker", "action_id": "value", "initial_date": on.isoformat()}
