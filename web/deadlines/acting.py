"""What can be done to a deadline from its page, and how a form asks for it.

The rules are those of the engine; what a form gets wrong is said at its field before anything is tried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from engine import operations as ops
from engine.incoming.as_shown import AGAIN, AsShown, changed_since
from engine.operations.answering import judged
from engine.operations.documents import Given as Handed
from engine.operations.documents import keep_document
from engine.standing import standing
from lifecycle.agreements.documents import Purpose
from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act, require
from notifiers.wording import one_line
from web.frame.forms import whole

if TYPE_CHECKING:
    from engine.monitor import Work
    from engine.operations import Answered
    from lifecycle.milestones.milestone import Milestone
    from store.queries import DeadlineRow
    from web.frame.forms import Form, Upload
    from web.frame.viewer import Viewer

_TEXT_MOST: Final = 2000
_NAME_MOST: Final = 120
_BACK: Final = ("/audits", "/deadlines", "/search", "/verify", "/agreements/")


class FieldRefused(LifecycleError):
    """A field of a form cannot be used. *field* is its name."""

    code = "field-refused"

    def __init__(self, field: str, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence, remedy=remedy)
        self.field = field


def stood(milestone: Milestone, asks: str) -> str:
    """How a deadline stands, in the address of a button of a list."""
    return f"{milestone.generation} {asks}"


def stood_then(text: str) -> AsShown:
    """What ``stood`` has told; of nothing it says nothing."""
    generation, _, asks = text.partition(" ")
    return AsShown(whole(generation), asks)


class ChangedMeanwhile(LifecycleError):
    """Somebody has answered since the form was opened, or the day has moved: it may no longer be meant."""

    code = "changed-meanwhile"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, remedy=AGAIN)


@dataclass(frozen=True, slots=True)
class Given:
    """What a form or a button says: its fields, and the revision that was looked at."""

    form: Form
    revision: int | None
    until: str = ""
    shown: AsShown | None = None  # how it stood on the page that was looked at; None: a program asks

    def text(self, name: str, missing: str) -> str:
        """A text that has to be there. Raises FieldRefused."""
        found = self.form.get(name)
        if not found:
            raise FieldRefused(name, missing)
        if len(found) > _TEXT_MOST:
            raise FieldRefused(name, f"That is longer than {_TEXT_MOST} characters.", "Say it shorter.")
        return found

    def day(self, name: str, given: str = "") -> date:
        """A day that has to be there. Raises FieldRefused."""
        try:
            return parse_day(given or self.form.get(name))
        except ValueError:
            raise FieldRefused(name, "That is no day.", "Choose one, or write it as 2026-12-01.") from None


Doing = Callable[["Work", "DeadlineRow", Given], "Answered"]


def _ack(work: Work, row: DeadlineRow, given: Given) -> Answered:
    return ops.acknowledge(work, row.milestone.id, revision=given.revision)


def _snooze(work: Work, row: DeadlineRow, given: Given) -> Answered:
    until = given.day("until", given.until)
    return ops.snooze(work, row.milestone.id, until=until, revision=given.revision)


def _undo(work: Work, row: DeadlineRow, given: Given) -> Answered:
    del given
    return ops.undo(work, row.milestone.id)


def _done(work: Work, row: DeadlineRow, given: Given) -> Answered:
    file = given.form.file("file")
    told = [text] if (text := given.form.get("evidence")) else []
    told += [_kept(work, row, file)] if file else []
    if not told:
        raise FieldRefused("evidence", "Done needs evidence.", "Choose a file, or write a link or a sentence.")
    on = given.day("done_on") if given.form.get("done_on") else None
    if on is not None and on > work.today(row.agreement):
        raise FieldRefused("done_on", "That day has not come yet.", "Say when it was done.")
    evidence = "; ".join(told)[:_TEXT_MOST]
    return ops.done(
        work, row.milestone.id, evidence=evidence, on=on, revision=given.revision, result=_result(given)
    )  # fmt: skip


def _result(given: Given) -> ops.Result | None:
    """What an audit or a test has shown, where that is said."""
    said = given.form.get("result")
    remedied, again = (given.day(name) if given.form.get(name) else None for name in ("remedy_by_on", "retest_by_on"))
    if said not in {"passed", "failed"}:
        if said or remedied or again:
            raise FieldRefused("result", "It is not said what it has shown.", "Say passed, or failed.")
        return None
    if said == "failed" and remedied is None:
        raise FieldRefused("remedy_by_on", "It did not hold, and nobody knows by when that is remedied.", "Give a day.")
    return ops.Result(is_passed=said == "passed", remedy_by_on=remedied, retest_by_on=again)


def _decide(work: Work, row: DeadlineRow, given: Given) -> Answered:
    choice = given.text("choice", "Say what was decided.")
    return ops.decide(
        work, row.milestone.id, choice=choice, note=given.form.get("note")[:_TEXT_MOST], revision=given.revision
    )


def _waive(work: Work, row: DeadlineRow, given: Given) -> Answered:
    because = given.text("because", "Waiving needs a reason.")
    return ops.waive(work, row.milestone.id, because=because, revision=given.revision)


def _assign(work: Work, row: DeadlineRow, given: Given) -> Answered:
    owner_id = _person(work, given, "to")
    backup_id = _person(work, given, "backup") if given.form.get("backup") else None
    return ops.assign(work, row.milestone.id, owner_id=owner_id, backup_id=backup_id)


def _reopen(work: Work, row: DeadlineRow, given: Given) -> Answered:
    return ops.reopen(work, row.milestone.id, because=given.text("because", "Opening it again needs a reason."))


def _verify(work: Work, row: DeadlineRow, given: Given) -> Answered:
    del given
    return ops.verify(work, row.milestone.id)


def _accept(work: Work, row: DeadlineRow, given: Given) -> Answered:
    del given
    return ops.accept(work, row.milestone.id)


def _pin(work: Work, row: DeadlineRow, given: Given) -> Answered:
    on, because = given.day("pin_on"), given.text("pin_because", "A pinned day needs a reason.")
    return ops.pin(work, row.milestone.id, on=on, because=because)


#: The operations by their name in the address: the right that each needs, and what it does.
OPERATIONS: Final[Mapping[str, tuple[Act, Doing]]] = {
    "ack": (Act.ANSWER, _ack),
    "snooze": (Act.ANSWER, _snooze),
    "undo": (Act.ANSWER, _undo),
    "done": (Act.ANSWER, _done),
    "decide": (Act.DECIDE, _decide),
    "assign": (Act.DECIDE, _assign),
    "waive": (Act.GOVERN, _waive),
    "reopen": (Act.GOVERN, _reopen),
    "verify": (Act.GOVERN, _verify),
    "accept": (Act.GOVERN, _accept),
    "pin": (Act.GOVERN, _pin),
}
#: What is said with a form, or takes something away from somebody: it has to be meant as it stands now.
_MEANT: Final = frozenset({"snooze", "done", "decide", "assign", "waive", "reopen", "pin"})
#: What can be taken back at once, by whoever did it.
UNDOABLE: Final = frozenset({"ack", "snooze"})
#: The field at which a refusal of the engine is said.
FIELDS: Final[Mapping[str, str]] = {
    "snooze": "until", "done": "evidence", "decide": "choice", "assign": "to", "waive": "because",
    "reopen": "because", "pin": "pin_on",
}  # fmt: skip


def acted(work: Work, viewer: Viewer, row: DeadlineRow, operation: str, given: Given) -> Answered:
    """Do it, as far as *viewer* may. Raises Forbidden, ChangedMeanwhile, FieldRefused, what the operation raises."""
    act, do = OPERATIONS[operation]
    require(viewer.person, act, standing(work, viewer.person, row.agreement, row.milestone))
    if given.shown is not None and operation in _MEANT:
        _still_meant(work, row, given, given.shown, operation)
    return do(work, row, given)


def _still_meant(work: Work, row: DeadlineRow, given: Given, shown: AsShown, operation: str) -> None:
    """Raises ChangedMeanwhile. What has ended already is for the operation to say."""
    early = None if operation == "reopen" else judged(row.milestone, given.revision)
    if early is not None and early.result is ops.Verdict.STALE:
        raise ChangedMeanwhile(early.said)
    said = changed_since(work, row.agreement, row.milestone, shown, is_done=operation == "done")
    if early is None and said:
        raise ChangedMeanwhile(said)


def _kept(work: Work, row: DeadlineRow, file: Upload) -> str:
    """Keep a file with the agreement, where the house has a shelf; how it is told as evidence."""
    if work.monitor.shelf is not None:
        handed_in = Handed(
            name=file.name,
            content=file.content,
            media_type=file.media_type,
            purpose=Purpose.EVIDENCE,
            milestone_id=row.milestone.id,
        )
        keep_document(work, row.agreement, handed_in)
    return evidence_of(file)


def evidence_of(file: Upload) -> str:
    """A file's name with the SHA-256 of its content, so that it can be known again."""
    name = one_line(file.name.replace("\\", "/").rpartition("/")[2], _NAME_MOST) or "a file"
    return f"{name} (sha256 {hashlib.sha256(file.content).hexdigest()})"


def back_to(wanted: str, usual: str) -> str:
    """Where an answer leads: to the list from which it was given, if that is one of ours."""
    is_ours = wanted.partition("?")[0].startswith(_BACK) and not {"\\", "\n", "\r"} & set(wanted)
    return wanted if is_ours and "//" not in wanted.partition("?")[0] else usual


def words_of(error: LifecycleError) -> str:
    """What a page says of a refusal."""
    return f"{error.sentence} {error.remedy}".strip()


def _person(work: Work, given: Given, name: str) -> str:
    wanted = given.text(name, "Nobody is named.").casefold()
    found = [one for one in work.people.all() if wanted in {one.email.casefold(), one.name.casefold()}]
    if len(found) != 1:
        raise FieldRefused(name, f"Nobody here is {given.form.get(name)}.", "Write the e-mail address.")
    if found[0].is_disabled:
        raise FieldRefused(name, f"{found[0].label} has left.", "Name somebody who is there.")
    return found[0].id
