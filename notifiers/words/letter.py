"""One message in words, before any layout: what mail, console and every later channel lay out.

A letter is made from a fact sheet by ``letter``: for our people, for an outsider of a restricted agreement, for a
counterparty. Its parts are plain text; a layout escapes them and adds nothing.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lifecycle.counting.derivation import DISCLAIMER
from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.milestone import LIVE
from lifecycle.playbooks.ladder import SILENT_AFTER
from notifiers.words.acts import is_marker
from notifiers.words.days import amount, day, relative, stage_words
from notifiers.words.groups import Group, Row, digest_groups
from notifiers.words.inviting import invitation_heading, invitation_text, is_over
from notifiers.words.lines import (
    decision_line,
    digest_heading,
    escalation_line,
    external_line,
    label,
    late_line,
    lead_line,
    moved_line,
    next_lines,
    outsider_line,
    proof_line,
    restored_line,
    resumed_line,
    taken_line,
    yours_line,
)
from notifiers.words.requesting import draft_lines, request_heading, request_lines
from notifiers.words.text import clean, counted, cut, one_line
from notifiers.words.why import assumption_lines, clause_words, cutoff_words, pin_doubt, why_lines

if TYPE_CHECKING:
    from notifiers.sheet import Deadline, FactSheet
    from notifiers.words.requesting import AskedFor

_TEXT_LIMIT = 4000
_SHORTEST = 200
NOT_VERIFIED = "Not verified: nobody has compared this day with the document yet."
NO_OWNER = "Nobody owns this agreement."
PINNED = "A person has set this day against the computation."
#: How the answers of a message are said.
ANSWERS = {"acknowledge": "Acknowledge", "snooze": "Snooze", "assign": "Assign", "done": "Done", "decide": "Decide"}
EXTERNAL_ENDING = "Please answer this message if anything about it is unclear."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The parts of a message in their order; what is empty is left out."""

    heading: str  # the lead line, or a digest's heading
    day: str = ""  # the last safe day, set large where a layout can
    beside: str = ""  # what stands small beside the day
    before: tuple[str, ...] = ()  # what is special: moved, late, escalated
    text: tuple[str, ...] = ()  # paragraphs already written
    groups: tuple[Group, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    why: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # what is not verified, assumed, missing
    unknown_title: str = "What is not known"
    next: tuple[str, ...] = ()
    answer: str = ""  # how to answer where there is no page to open
    buttons: tuple[tuple[str, str], ...] = ()  # what is done most, and where
    links: tuple[tuple[str, str], ...] = ()  # what else can be answered, and where
    url: str = ""
    ending: str = ""
    way_out: str = ""  # where digests are switched off


def letter(facts: FactSheet) -> Letter:
    """The message that *facts* tell to their recipient."""
    if facts.asked is not None or facts.recipient.is_external:
        return _outwards(facts)
    if facts.is_outsider:
        return _outsider(facts)
    if facts.kind in {DeliveryKind.INCIDENT, DeliveryKind.TEST}:
        return _written(facts)
    if facts.kind is DeliveryKind.DIGEST or len(facts.deadlines) != 1:
        return _digest(facts)
    if facts.kind is DeliveryKind.INVITATION:
        return _invitation(facts, facts.deadlines[0])
    return _single(facts, facts.deadlines[0])


def shorter(said: Letter) -> Letter:
    """About half of what can be long: rows of lists (what is left out is counted), paragraphs, gaps."""
    groups = tuple(_halved(group) for group in said.groups)
    text = tuple(cut(line, max(_SHORTEST, len(line) // 2)) for line in said.text[: _half(said.text)])
    return replace(said, groups=groups, text=text, unknown=said.unknown[: _half(said.unknown)])


def fields(deadline: Deadline, facts: FactSheet | None = None) -> tuple[tuple[str, str], ...]:
    """What stands beside the lead line: agreement, people, stage, value, clause; only what is known."""
    is_aimed = deadline.target_on < deadline.safe_on and not is_marker(deadline)
    pairs = (
        ("Agreement", f"{label(deadline)} ({one_line(deadline.reference, 60)})"),
        ("Counterparty", one_line(deadline.counterparty)),
        ("Owner", one_line(deadline.owner, 80) or "nobody"),
        ("Backup", one_line(deadline.backup, 80)),
        ("Stage", stage_line(facts) if facts else ""),
        ("Target day", day(deadline.target_on) if is_aimed else ""),
        ("Counts until", "" if is_marker(deadline) else cutoff_words(deadline).removeprefix(", ")),
        ("Value", amount(deadline.value) if deadline.value else ""),
        ("Clause", clause_words(deadline.clause)),
    )
    return tuple((name, value) for name, value in pairs if value)


def stage_line(facts: FactSheet) -> str:
    """``2 of 4, 30 days before``."""
    count = f"{facts.stage_number} of {facts.stage_count}" if facts.stage_count else ""
    return ", ".join(part for part in (count, stage_words(facts.stage) if facts.stage else "") if part)


def unknown_lines(deadline: Deadline) -> tuple[str, ...]:
    """What we do not know, and say: no owner, not verified, assumed, pinned (INTERFACE.md G8)."""
    said = (
        NO_OWNER if not deadline.owner else "",
        NOT_VERIFIED if deadline.is_unverified else "",
        f"{PINNED} {pin_doubt(deadline)}".rstrip() if deadline.is_pinned else "",
    )
    return (*(line for line in said if line), *assumption_lines(deadline))


def command(deadline: Deadline) -> str:
    """How to acknowledge exactly this one on the command line; of duties an agreement may have several of a kind."""
    if deadline.name:
        return f"longstop ack {deadline.milestone_id}"
    cycle = "" if deadline.cycle in {"", "0"} else f" --cycle {shlex.quote(deadline.cycle)}"
    return f"longstop ack {shlex.quote(one_line(deadline.reference))} {deadline.kind.value}{cycle}"


def _single(facts: FactSheet, deadline: Deadline) -> Letter:
    answered = (decision_line(deadline) or taken_line(facts, deadline)) if _is_asked(facts) else ""
    changed = (moved_line(facts, deadline), yours_line(facts, deadline), resumed_line(facts), restored_line(facts))
    special = (*changed, escalation_line(facts), late_line(facts), answered)
    offered = tuple((ANSWERS[name], url) for name, url in deadline.answers if name in ANSWERS and _safe_url(url))
    return Letter(
        heading=lead_line(deadline, facts.today),
        day=day(deadline.safe_on),
        beside=f"{'' if is_marker(deadline) else 'last safe day, '}{relative(deadline.safe_on, facts.today)}",
        before=tuple(line for line in special if line),
        text=_single_text(facts, deadline),
        fields=fields(deadline, facts),
        why=why_lines(deadline),
        unknown=unknown_lines(deadline),
        next=next_lines(facts),
        answer="" if deadline.url or is_marker(deadline) else f"To acknowledge: {command(deadline)}",
        buttons=offered[:1],
        links=offered[1:],
        url=_safe_url(deadline.url),
        ending=DISCLAIMER,
    )


def _single_text(facts: FactSheet, deadline: Deadline) -> tuple[str, ...]:
    """What proves that it was done, as long as that is asked, and what is written already."""
    proof = proof_line(deadline) if _is_asked(facts) else ""
    return (*((proof,) if proof else ()), *_paragraphs(facts.text))


def _is_asked(facts: FactSheet) -> bool:
    """Whether an answer is still wanted, as far as is known."""
    return facts.standing is None or facts.standing.state in LIVE


def _invitation(facts: FactSheet, deadline: Deadline) -> Letter:
    said = Letter(
        heading=invitation_heading(facts, deadline),
        text=invitation_text(facts),
        url=_safe_url(deadline.url),
        ending=DISCLAIMER,
    )
    if is_over(facts):
        return said
    near = f"last safe day, {relative(deadline.safe_on, facts.today)}"
    return replace(said, day=day(deadline.safe_on), beside=near, fields=fields(deadline))


def _digest(facts: FactSheet) -> Letter:
    quiet = ""
    if not facts.deadlines and facts.ahead is not None:
        number, next_on = facts.ahead
        ahead = f" {number} ahead; the next is {day(next_on)}." if next_on else " None is ahead."
        quiet = f"Longstop works, and {_quiet(facts.overdue, facts.silent)}.{ahead}"
    return Letter(
        heading=digest_heading(facts),
        before=tuple(line for line in (late_line(facts),) if line),
        text=(*_paragraphs(facts.text), *((quiet,) if quiet else ())),
        groups=digest_groups(facts),
        unknown=tuple(one_line(gap, 200) for gap in facts.gaps[:25]),
        unknown_title="What to mend",
        url=_safe_url(facts.base_url),
        ending=DISCLAIMER if facts.deadlines else "",
        way_out=_safe_url(facts.unsubscribe_url),
    )


def _quiet(overdue: int, silent: int) -> str:
    if not overdue:
        return "no deadline needs you now"
    said = f"nothing else left in a week; but {counted(overdue, 'deadline')} {'is' if overdue == 1 else 'are'} overdue"
    came = f"{'that came' if silent == 1 else 'they came'} more than {SILENT_AFTER.days} days after the day"
    return f"{said}, and of {silent} nobody is reminded: {came}" if silent else said


def _written(facts: FactSheet) -> Letter:
    rows = tuple(Row.of(each, facts.today) for each in facts.deadlines)
    is_test = facts.kind is DeliveryKind.TEST
    heading = one_line(facts.heading, 200) or ("Test message" if is_test else "Something needs your attention")
    text = _paragraphs(facts.text) or (("This channel works. Nobody has to do anything.",) if is_test else ())
    return Letter(
        heading=heading,
        text=text,
        groups=(Group("About", rows),) if rows else (),
        url=_safe_url(facts.deadlines[0].url) if len(facts.deadlines) == 1 else "",
        ending=DISCLAIMER if rows else "",
    )


def _outsider(facts: FactSheet) -> Letter:
    said = tuple(outsider_line(each) for each in facts.deadlines)
    if len(said) == 1:
        return Letter(heading=said[0])
    return Letter(heading="Deadlines of agreements that you may not see", text=said)


def _outwards(facts: FactSheet) -> Letter:
    return _external(facts) if facts.asked is None else _requested(facts, facts.asked)


def _external(facts: FactSheet) -> Letter:
    name, organisation = one_line(facts.recipient.name, 80), one_line(facts.organisation, 80)
    said = tuple(external_line(each) for each in facts.deadlines)
    return Letter(
        heading=said[0] if len(said) == 1 else "What is due under our agreements",
        before=(f"Dear {name},",) if name else (),
        text=() if len(said) == 1 else said,
        ending=" ".join(part for part in (EXTERNAL_ENDING, organisation) if part),
    )


def _requested(facts: FactSheet, asked: AskedFor) -> Letter:
    if not facts.recipient.is_external:
        return Letter(heading=f"Please pass this on to {one_line(asked.contact)}", text=draft_lines(facts, asked))
    name, organisation = one_line(facts.recipient.name, 80), one_line(facts.organisation, 80)
    return Letter(
        heading=request_heading(facts, asked),
        before=(f"Dear {name},",) if name else (),
        text=request_lines(asked),
        buttons=(("Upload the file", _safe_url(asked.upload_url)),),
        ending=" ".join(part for part in (EXTERNAL_ENDING, organisation) if part),
    )


def _half(items: tuple[object, ...]) -> int:
    return (len(items) + 1) // 2


def _halved(group: Group) -> Group:
    kept = group.rows[: _half(group.rows)]
    return Group(group.title, kept, group.more + len(group.rows) - len(kept))


def _paragraphs(text: str) -> tuple[str, ...]:
    lines = clean(text, _TEXT_LIMIT, is_multiline=True).split("\n")
    return tuple(line.strip() for line in lines if line.strip())


def _safe_url(url: str) -> str:
    return url if url.startswith(("https://", "http://")) and not set(url) & set(' "<>\r\n\t') else ""
