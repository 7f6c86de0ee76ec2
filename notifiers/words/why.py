"""Why this day: the derivation as rows, as three lines and as a card (INTERFACE.md P10).

Steps that change nothing are folded, and so are those of another reading, which lead to another day; numbers stay. The
last safe day is marked where the steps reach it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lifecycle.counting.derivation import ASSUMPTIONS, DISCLAIMER, Source
from lifecycle.days.calendars import SAT_SUN
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.words import spoken
from notifiers.words.acts import consequence, is_marker
from notifiers.words.days import amount, brief_day, day
from notifiers.words.lines import lead_line
from notifiers.words.text import capital, clean, one_line

if TYPE_CHECKING:
    from lifecycle.counting.derivation import Clause, DerivationStep, Sensitivity
    from notifiers.sheet import Deadline

    _Numbered = tuple[int, DerivationStep]

_TEXT_WIDTH = 110
_BUFFER = "buffer"
_HEADS = {"term-end": "the term ends: ", "pin": "pinned: "}
_COUNTED_BACK = frozenset({"notice-before", "months-fit", _BUFFER})
_OUTLIVING = frozenset({MilestoneKind.SURVIVAL_END, MilestoneKind.RESTRICTION_END})
_LENGTH = re.compile(r"\d+ (business )?[a-z]+(, \d+ (business )?[a-z]+)*")
#: Another fact than the one taken, as a reader of agreements would say it.
_OTHERWISE = {
    ("counts_as", "sent"): "sent, not received",
    ("counts_as", "received"): "received, not sent",
    ("counting", "plain"): "days not clear",
    ("counting", "clear"): "clear days",
    ("convention", "day-before"): "a term that ends the day before",
    ("convention", "anniversary"): "a term that ends on the anniversary",
    ("calendar", "SAT_SUN"): "without holidays",
}
#: Assumptions that come from one gap, the most of them first, and the sentence that says them together.
_TOGETHER = {
    ("rule-set-assumed", "weekends-assumed", "receipt-assumed", "method-assumed"): (
        "No law is known and no way of giving notice: US contract rules are taken, weekends without holidays, and that "
        "notice counts when it is received in the usual way."
    ),
    ("rule-set-assumed", "weekends-assumed"): (
        "No law is known that gives rules and holidays: US contract rules are taken, and weekends alone."
    ),
    ("receipt-assumed", "method-assumed"): (
        "Neither how notice is sent nor when it counts is stated: received, in the usual way, is taken."
    ),
}
_CALENDARS = {SAT_SUN.code: "weekends"}
_PLACES = {Source.PLAYBOOK: "playbook", Source.ASSUMED: "assumed", Source.PINNED: "pinned"}


@dataclass(frozen=True, slots=True)
class WhyRow:
    """A step that changes the day, as people read it."""

    number: int
    on: date
    text: str
    place: str  # where it is written
    is_safe: bool


def why_rows(deadline: Deadline) -> tuple[WhyRow, ...]:
    """The steps that change something, with the numbers that they have among all."""
    visible = _visible(deadline)
    safe = max((n for n, step in visible if step.on == deadline.safe_on and step.rule != _BUFFER), default=0)
    return tuple(
        WhyRow(number, step.on, _step_text(step, deadline, is_safe=number == safe), _place(step), number == safe)
        for number, step in visible
    )


def why_lines(deadline: Deadline, at_most: int = 3) -> tuple[str, ...]:
    """The reason in few lines: the first step and the last ones before the buffer; nothing quoted."""
    steps = [step for _, step in _visible(deadline) if step.rule != _BUFFER]
    if len(steps) > at_most:
        steps = [steps[0], *steps[len(steps) - at_most + 1 :]] if at_most > 1 else steps[-1:]
    return tuple(_line(step) for step in steps)


def why_card(deadline: Deadline, today: date) -> str:
    """The whole card: lead line with the amount, steps, readings, what would move it, what is not known."""
    rows = why_rows(deadline)
    width = max((len(row.text) for row in rows), default=0)
    lines = [_card_lead(deadline, today)]
    lines += [f"{row.number:>2}  {spoken(row.on):>11}  {row.text:<{width}}  {row.place}".rstrip() for row in rows]
    return "\n".join([*lines, *_ending(deadline)])


def readings(deadline: Deadline) -> str:
    """``Nominal 2 Dec, latest 2 Dec.``; nothing where all three days are one."""
    if is_marker(deadline) or deadline.safe_on == deadline.nominal_on == deadline.latest_on:
        return _outliving(deadline)
    nominal, latest = (brief_day(on, deadline.safe_on) for on in (deadline.nominal_on, deadline.latest_on))
    return f"Nominal {nominal}, latest {latest}."


def readings_line(deadline: Deadline) -> str:
    """``Readings: safe 1, nominal 2, latest 2 Dec 2026.``; nothing where all three days are one."""
    days = (deadline.safe_on, deadline.nominal_on, deadline.latest_on)
    if is_marker(deadline) or len(set(days)) == 1:
        return _outliving(deadline)
    safe, nominal, latest = days
    spoken_days = [_as_far_as(safe, latest), _as_far_as(nominal, latest), spoken(latest)]
    named = zip(("safe", "nominal", "latest"), spoken_days, strict=True)
    return f"Readings: {', '.join(f'{name} {on}' for name, on in named)}."


def _outliving(deadline: Deadline) -> str:
    """Of a duty that outlives the agreement, what either side has to reckon with (DATES.md S2)."""
    if deadline.kind not in _OUTLIVING or deadline.safe_on == deadline.latest_on:
        return ""
    return f"Rely on it until {spoken(deadline.safe_on)}, keep to it until {spoken(deadline.latest_on)}."


def _as_far_as(on: date, last: date) -> str:
    """*on* without what it shares with *last*, which is said after it."""
    words = spoken(on).split()
    if on.year != last.year:
        return " ".join(words)
    return words[0] if on.month == last.month else " ".join(words[:2])


def sensitivity_line(sensitivities: tuple[Sensitivity, ...], at_most: int = 3) -> str:
    """``Sent, not received: +1 day; clear days: -1.``; nothing where nothing moves the day."""
    moves = [each for each in sensitivities if each.moves_safe_by][:at_most]
    said = [f"{_instead(each)}: {each.moves_safe_by:+d}" for each in moves]
    if not said:
        return ""
    said[0] += " day" if abs(moves[0].moves_safe_by) == 1 else " days"
    return capital("; ".join(said)) + "."


def _instead(what_if: Sensitivity) -> str:
    return _OTHERWISE.get((what_if.fact, what_if.instead)) or one_line(what_if.instead, 60)


def pin_doubt(deadline: Deadline) -> str:
    """That a pinned day is too late by the terms as they have become; nothing while somebody can argue for it."""
    latest = next((dict(step.inputs).get("latest") for step in reversed(deadline.why) if step.rule == "pin"), None)
    if latest is None:
        return ""
    return (
        f"By the terms as they are now the pinned day, {day(deadline.safe_on)}, is too late: "
        f"the latest arguable one is {day(date.fromisoformat(latest))}."
    )


def assumption_lines(deadline: Deadline) -> tuple[str, ...]:
    """What was taken for granted, in sentences; what goes together is one of them."""
    codes = list(deadline.assumptions)
    for together, sentence in _TOGETHER.items():
        if set(together) <= set(codes):
            place = min(codes.index(code) for code in together)
            codes = [*codes[:place], sentence, *(code for code in codes[place:] if code not in together)]
    sentences = {**ASSUMPTIONS, **{sentence: sentence for sentence in _TOGETHER.values()}}
    return tuple(sentences.get(code, f"Assumed: {one_line(code)}.") for code in codes)


def clause_words(clause: Clause | None) -> str:
    """``cl. 12.3, p. 9``; nothing where nobody knows the place."""
    if clause is None or not clause.ref:
        return ""
    ref = one_line(clause.ref, 60)
    place = f"cl. {ref}" if ref[0].isdigit() else ref
    return f"{place}, p. {clause.page}" if clause.page is not None else place


def _card_lead(deadline: Deadline, today: date) -> str:
    lead = lead_line(deadline, today)
    if deadline.value is None or is_marker(deadline):
        return lead
    otherwise = f"or {consequence(deadline)}"
    return lead.replace(otherwise, f"{otherwise} ({amount(deadline.value)})", 1)


def _ending(deadline: Deadline) -> list[str]:
    moves = sensitivity_line(deadline.sensitivities)
    verified = "Not verified." if deadline.is_unverified else ""
    last = " ".join(part for part in (readings(deadline), moves, verified, DISCLAIMER) if part)
    doubts = [doubt] if (doubt := pin_doubt(deadline)) else []
    return [*doubts, *assumption_lines(deadline), last]


def _visible(deadline: Deadline) -> list[tuple[int, DerivationStep]]:
    leading = _leading(deadline)
    return [each for each in leading if each[1].was_on != each[1].on or each is leading[0] or each[1].rule == "pin"]


def _leading(deadline: Deadline) -> list[tuple[int, DerivationStep]]:
    """The steps that lead to the last safe day, each from where the one before it came to, and the buffer behind.

    Where several readings come to that day, it is the ordinary one, which is told first.
    """
    steps = list(enumerate(deadline.why, 1))
    reached = [each for each in steps if each[1].on == deadline.safe_on and each[1].rule != _BUFFER]
    if not reached:
        return steps
    ends = reached[-1:] if reached[-1][1].rule == "pin" else reached
    chain = _ordinary([_chain(steps, each) for each in reversed(ends)])
    return chain + [each for each in steps[reached[-1][0] :] if each[1].rule == _BUFFER]


def _chain(steps: list[_Numbered], last: _Numbered) -> list[_Numbered]:
    """The way to a step, from where it begins."""
    before = [each for each in steps[: last[0] - 1] if each[1].on == last[1].was_on]
    return [*_ordinary([_chain(steps, each) for each in reversed(before)]), last] if before else [last]


def _ordinary(chains: list[list[_Numbered]]) -> list[_Numbered]:
    """The first of the ways that begins with the first step, else the first of all."""
    return next((chain for chain in chains if chain[0][0] == 1), chains[0])


def _step_text(step: DerivationStep, deadline: Deadline, *, is_safe: bool) -> str:
    text = _plain(step)
    quote = step.clause.quote if step.clause else None
    if quote:
        text += f': "{one_line(quote, 40)}"'
    if step.rule == _BUFFER:
        text += ": target day"
    if is_safe and not is_marker(deadline):
        text += f". LAST SAFE DAY{cutoff_words(deadline)}"
    return text


def cutoff_words(deadline: Deadline) -> str:
    """``, 17:00 Europe/Berlin``; nothing where the whole day counts."""
    return f", {deadline.cutoff:%H:%M} {deadline.time_zone}" if deadline.cutoff else ""


def _plain(step: DerivationStep) -> str:
    head = _HEADS.get(step.rule, "")
    text = clean(step.text, _TEXT_WIDTH) or step.rule
    if step.rule in _COUNTED_BACK and (length := _LENGTH.match(text)):
        text = f"{length[0]} before{text[length.end() :]}"
    return text if text.startswith(head) else head + text


def _line(step: DerivationStep) -> str:
    place = _place(step)
    return f"{spoken(step.on)}: {_plain(step)}{f' ({place})' if place else ''}."


def _place(step: DerivationStep) -> str:
    written = clause_words(step.clause) or _PLACES.get(step.source, "")
    return written or ", ".join(dict.fromkeys(_CALENDARS.get(each.code, each.code) for each in step.calendar))
