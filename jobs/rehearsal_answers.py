"""What people answer in a rehearsal: JSON lines ``{"at", "by", "deadline", "operation"}`` and an operation's arguments.

``at`` is an instant with its offset, or local time of the organisation; ``by`` an address; ``deadline`` is
``REFERENCE KIND`` or ``REFERENCE KIND CYCLE``. A test is done with its ``result``, ``passed`` or ``failed``, an audit
may be; of what failed ``remedy_by`` and ``retest_by`` say what follows. A refused one is reported and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from engine import operations
from lifecycle.days.dates import parse_day
from lifecycle.errors import DayOutOfRange, LifecycleError
from lifecycle.events import Actor
from lifecycle.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.monitor import Monitor, Work
    from engine.operations.answering import Answered
    from lifecycle.milestones.milestone import Milestone

_ASKED: Final = ("at", "by", "deadline", "operation")
_DAYS: Final = ("until", "on", "remedy_by", "retest_by")
_RESULTS: Final = ("passed", "failed")


class AnswersRefused(LifecycleError):
    """A line of the answers cannot be understood."""

    code = "answers-refused"

    def __init__(self, line: int, why: str) -> None:
        super().__init__(
            f"Line {line} of the answers: {why}",
            remedy='Write {"at": "2026-11-02T10:00", "by": "olga@example.com", "deadline": "ACME-7 notice", '
            '"operation": "ack"}.',
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to come; *said* are the arguments of its operation."""

    at: datetime
    by: str
    deadline: str
    operation: str
    said: Mapping[str, str] = field(default_factory=dict)


def read_answers(lines: Iterable[str], time_zone: str) -> tuple[Answer, ...]:
    """The answers in the order of time; local times are of *time_zone*. Raises AnswersRefused with the line."""
    found = [_read(number, line, time_zone) for number, line in enumerate(lines, 1) if line.strip()]
    return tuple(sorted(found, key=lambda one: one.at))


def give(monitor: Monitor, answer: Answer) -> dict[str, str]:
    """Give an answer; what became of it, in words."""
    told = {"deadline": answer.deadline, "operation": answer.operation, "by": answer.by}
    try:
        with monitor.work(Actor(answer.by, "rehearsal")) as work:
            done = _OPERATIONS[answer.operation](work, _row(work, answer.deadline).id, answer.said)
    except LifecycleError as error:
        return {**told, "result": "refused", "said": error.sentence}
    return {**told, "result": done.result.value, "said": done.said}


class NoSuchDeadline(LifecycleError):
    """Nothing of that name is known on that day."""

    code = "no-such-deadline"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no deadline {name}.", remedy="Write REFERENCE KIND, and the cycle if it matters.")


def _read(number: int, line: str, time_zone: str) -> Answer:
    try:
        said = json.loads(line)
        at = datetime.fromisoformat(said["at"])
        answer = Answer(
            at=(at if at.tzinfo else at.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC),
            by=said["by"],
            deadline=said["deadline"],
            operation=said["operation"],
            said={name: str(value) for name, value in said.items() if name not in _ASKED},
        )
    except KeyError as error:
        raise AnswersRefused(number, f"it does not say {error.args[0]}.") from error
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise AnswersRefused(number, "it is not understood.") from error
    if answer.operation not in _OPERATIONS:
        raise AnswersRefused(number, f"there is no operation {answer.operation}.")
    if missing := [name for name in _NEEDED.get(answer.operation, ()) if name not in answer.said]:
        raise AnswersRefused(number, f"{answer.operation} needs {missing[0]}.")
    for name in _DAYS:
        _must_be_day(number, name, answer.said.get(name))
    _must_have_shown(number, answer.said)
    return answer


def _must_have_shown(number: int, said: Mapping[str, str]) -> None:
    """The days of a remedy belong to a result."""
    result = said.get("result")
    if result is not None and result not in _RESULTS:
        raise AnswersRefused(number, f"result: {shown(result)} is none; write passed, or failed.")
    if result is None and ("remedy_by" in said or "retest_by" in said):
        raise AnswersRefused(number, "it is not said what it has shown; write a result, passed or failed.")


def _must_be_day(number: int, name: str, text: str | None) -> None:
    try:
        if text:
            parse_day(text)
    except ValueError:
        raise AnswersRefused(number, f"{name}: {shown(text or '')} is no day; write 2026-12-01.") from None
    except DayOutOfRange as error:
        raise AnswersRefused(number, f"{name}: {error.sentence}") from None


def _row(work: Work, name: str) -> Milestone:
    """The earliest live one; where none lives the last that there was."""
    reference, kind, cycle = [*name.split(), "", ""][:3]
    agreement = work.agreements.find(reference)
    rows = work.milestones.of(agreement.id) if agreement else []
    found = [row for row in rows if row.key.kind == kind and cycle in {"", row.key.cycle}]
    if not found:
        raise NoSuchDeadline(name)
    return next((row for row in found if row.is_live), found[-1])


def _assign(work: Work, row_id: str, said: Mapping[str, str]) -> Answered:
    backup = said.get("backup")
    return operations.assign(
        work,
        row_id,
        owner_id=work.people.by_email(said["to"]).id,
        backup_id=work.people.by_email(backup).id if backup else None,
    )


def _done(work: Work, row_id: str, said: Mapping[str, str]) -> Answered:
    on, remedy_by_on, retest_by_on = (_day(said.get(name)) for name in ("on", "remedy_by", "retest_by"))
    how = said.get("result")
    result = how and operations.Result(is_passed=how == "passed", remedy_by_on=remedy_by_on, retest_by_on=retest_by_on)
    return operations.done(work, row_id, evidence=said["evidence"], on=on, result=result or None)


def _day(text: str | None) -> date | None:
    return parse_day(text) if text else None


_OPERATIONS: Final[Mapping[str, Callable[[Any, str, Mapping[str, str]], Any]]] = {
    "ack": lambda work, row_id, _: operations.acknowledge(work, row_id),
    "snooze": lambda work, row_id, said: operations.snooze(work, row_id, until=parse_day(said["until"])),
    "done": _done,
    "decide": lambda work, row_id, said: operations.decide(
        work, row_id, choice=said["choice"], note=said.get("note", "")
    ),
    "waive": lambda work, row_id, said: operations.waive(work, row_id, because=said["because"]),
    "assign": _assign,
    "undo": lambda work, row_id, _: operations.undo(work, row_id),
    "reopen": lambda work, row_id, said: operations.reopen(work, row_id, because=said["because"]),
}
_NEEDED: Final = {
    "snooze": ("until",), "done": ("evidence",), "decide": ("choice",), "waive": ("because",), "assign": ("to",),
    "reopen": ("because",),
}  # fmt: skip
