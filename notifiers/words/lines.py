"""The lines that lead every surface: what to do, by which day, what happens otherwise (INTERFACE.md G1).

The day is the last safe day and no other; the target day stands beside it, smaller; the other readings only in the
derivation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.milestone import MilestoneKind
from notifiers.words.acts import action, addressed, consequence, is_marker, thing
from notifiers.words.days import brief_day, day, days_left, relative, short_day
from notifiers.words.requesting import request_subject
from notifiers.words.text import capital, counted, cut, joined, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lifecycle.milestones.milestone import Answer, Decision
    from notifiers.sheet import Deadline, FactSheet

_LEGAL_FORMS = frozenset(
    {"gmbh", "ag", "se", "ltd", "limited", "inc", "corp", "llc", "llp", "plc", "bv", "sa", "kg", "co"}
)
DASH = "\N{EN DASH}"
_SILENCES = {"acknowledgement": "No acknowledgement", "decision": "No decision", "outcome": "No outcome"}
_SUBJECT_LIMIT = 200
_PROOF_LIMIT = 300
#: What has no effect before the first day on which it may be given.
_VOID_BEFORE = frozenset({MilestoneKind.NOTICE, MilestoneKind.OPTION})
#: What has no effect once its day is over.
_NO_LONGER = frozenset({MilestoneKind.NOTICE, MilestoneKind.OPTION, MilestoneKind.LEAVING})


def lead_line(deadline: Deadline, today: date | None = None) -> str:
    """Say what to do, by which day, what otherwise: ``Send notice by Tue 1 Dec 2026 (in 10 days), or it renews.``.

    Without *today* no relative day is said: for what is read at another time than it was written.
    """
    near = f" ({relative(deadline.safe_on, today)})" if today else ""
    if is_marker(deadline):
        return f"{capital(addressed(deadline))}: {day(deadline.safe_on)}{near}."
    what, otherwise = capital(addressed(deadline)), consequence(deadline)
    if today and today > deadline.safe_on:
        gone = f"last safe day was {day(deadline.safe_on)}{near}"
        if is_too_late(deadline, today):
            late = f"It is too late to {addressed(deadline)}: the {gone}, and {otherwise} unless they agree otherwise."
            return f"{late} Ask them, and record what was decided."
        return f"{what} now, or {otherwise}. The {gone}."
    return f"{what} {_not_before(deadline, today)}by {day(deadline.safe_on)}{near}, or {otherwise}."


def _not_before(deadline: Deadline, today: date | None) -> str:
    """From which day on it counts, as long as that lies ahead: notice before it is void."""
    opens_on = deadline.opens_on
    if opens_on is None or deadline.kind not in _VOID_BEFORE or (today is not None and opens_on <= today):
        return ""
    return f"from {day(opens_on)} on, "


def is_too_late(deadline: Deadline, today: date) -> bool:
    """Whether what should have been done has no effect any more, by no reading of the terms."""
    return today > deadline.latest_on and deadline.kind in _NO_LONGER


def row_lead(deadline: Deadline, today: date) -> tuple[str, str]:
    """What to do, and what happens otherwise, where the day stands beside it: two halves of one sentence."""
    what, otherwise = capital(action(deadline)), consequence(deadline)
    if is_too_late(deadline, today):
        return f"Too late to {action(deadline)}", f": ask them to agree, or {otherwise}"
    return what, f" or {otherwise}" if otherwise else ""


def label(deadline: Deadline) -> str:
    """What people call the agreement: ``Acme Labs MSA``, or counterparty and title, else the reference."""
    who, title = one_line(deadline.counterparty, 60), one_line(deadline.title, 80)
    if not who or not title:
        return title or who or one_line(deadline.reference, 60)
    words = [word for word in who.casefold().replace(".", "").split() if word.strip(",") not in _LEGAL_FORMS]
    return title if " ".join(words).rstrip(",") in title.casefold() else f"{who} {DASH} {title}"


def title_line(deadline: Deadline, today: date, limit: int = 150) -> str:
    """``10 days left: Acme Labs MSA, send non-renewal notice``; at most *limit* characters."""
    if is_marker(deadline):
        return cut(f"{capital(relative(deadline.safe_on, today))}: {label(deadline)}, {action(deadline)}", limit)
    return cut(f"{days_left(deadline.safe_on, today)}: {label(deadline)}, {action(deadline)}", limit)


def mail_subject(facts: FactSheet, *, is_redacted: bool = False) -> str:
    """``[Action by 1 Dec] Acme Labs MSA: send non-renewal notice``, with what is special about it before it.

    *is_redacted*: the reference alone stands for the agreement, its counterparty and what is to be done.
    """
    if facts.asked is not None:
        return request_subject(facts, facts.asked, is_redacted=is_redacted)
    if facts.kind is DeliveryKind.TEST:
        return cut(one_line(facts.heading, _SUBJECT_LIMIT) or "Test message from Longstop", _SUBJECT_LIMIT)
    if facts.kind is DeliveryKind.INCIDENT:
        return _incident_subject(facts, is_redacted=is_redacted)
    if facts.kind is DeliveryKind.DIGEST or len(facts.deadlines) != 1:
        return digest_heading(facts)
    deadline = facts.deadlines[0]
    if facts.recipient.is_external:
        what = one_line(deadline.reference) if is_redacted else thing(deadline)
        return cut(f"{_asker(facts)}{capital(what)} by {brief_day(deadline.safe_on, facts.today)}", _SUBJECT_LIMIT)
    is_nameless = is_redacted or facts.is_outsider
    what = one_line(deadline.reference) if is_nameless else f"{label(deadline)}: {action(deadline)}"
    return cut(" ".join([*_tags(facts, deadline), what]), _SUBJECT_LIMIT)


def digest_heading(facts: FactSheet) -> str:
    """``Your deadlines: 2 overdue, 5 ahead, next Tue 1 Dec 2026``; of a quiet week ``All quiet, next ...``."""
    if not facts.deadlines and facts.ahead is not None:
        next_on, but = facts.ahead[1], f" but for {facts.overdue} overdue" if facts.overdue else ""
        return f"All quiet{but}, next {day(next_on)}" if next_on else f"All quiet{but}, nothing ahead"
    late = sum(1 for each in facts.deadlines if not is_marker(each) and each.safe_on < facts.today)
    ahead = sorted(each.safe_on for each in facts.deadlines if each.safe_on >= facts.today)
    said = [f"{late} overdue"] if late else []
    said += [f"{len(ahead)} ahead", f"next {day(ahead[0])}"] if ahead else []
    return ": ".join(part for part in (one_line(facts.heading) or "Your deadlines", ", ".join(said)) if part)


def escalation_line(facts: FactSheet) -> str:
    """``No decision since Mon 2 Nov.``: an escalation names the silence."""
    if not facts.is_escalation:
        return ""
    silence = _SILENCES.get(facts.require, "No answer")
    since = f" since {short_day(facts.silent_since_on, facts.today)}" if facts.silent_since_on else ""
    return f"{silence}{since}."


def late_line(facts: FactSheet) -> str:
    """Says that the message comes late, and how many it stands for."""
    if not facts.is_late:
        return ""
    passed = f" It stands for {counted(facts.skipped, 'earlier message')} that did not leave." if facts.skipped else ""
    return f"This message is late.{passed}"


def moved_line(facts: FactSheet, deadline: Deadline) -> str:
    """Says from which day the deadline moved; nothing where it did not."""
    if facts.moved_from_on is None or facts.moved_from_on == deadline.safe_on:
        return ""
    days = (deadline.safe_on - facts.moved_from_on).days
    way = "earlier" if days < 0 else "later"
    return f"The day has moved: it was {day(facts.moved_from_on)}, now it is {counted(abs(days), 'day')} {way}."


def yours_line(facts: FactSheet, deadline: Deadline) -> str:
    """Tells the new owner of a deadline so, as long as the message is new."""
    is_change = facts.kind is DeliveryKind.CHANGED and facts.standing is None
    is_handed_over = is_change and facts.moved_from_on is None and not (facts.is_resumed or facts.is_restored)
    is_theirs = bool(deadline.owner) and facts.recipient.name == deadline.owner
    return "You answer for it now." if is_handed_over and is_theirs else ""


def restored_line(facts: FactSheet) -> str:
    """Takes back what was said to somebody who was told that nothing is due."""
    return (
        "You were told that it is no longer due: it is due again." if facts.is_restored and not facts.standing else ""
    )


def resumed_line(facts: FactSheet) -> str:
    """Reminds whoever put a deadline off."""
    is_new = facts.is_resumed and facts.standing is None
    return "The day has come until which it was put off: it is still open." if is_new else ""


def proof_line(deadline: Deadline) -> str:
    """``Wanted as proof: Search report.``, where it is said what proves that it was done."""
    wanted = one_line(deadline.proof, _PROOF_LIMIT)
    return f"Wanted as proof: {wanted}{'' if wanted.endswith('.') else '.'}" if wanted else ""


def decision_line(deadline: Deadline) -> str:
    """A decision that leaves a duty is no outcome, and says so."""
    decision = deadline.decision
    if decision is None:
        return ""
    return _still_open("Decided", decision, deadline, f": {one_line(decision.choice)}")


def taken_line(facts: FactSheet, deadline: Deadline) -> str:
    """Who had said that they have it when the message was new, for whoever is asked next; not beside a decision."""
    taken = deadline.acknowledged
    if taken is None or deadline.decision is not None or facts.standing is not None:
        return ""
    return _still_open("Acknowledged", taken, deadline)


def _still_open(what: str, said: Answer | Decision, deadline: Deadline, more: str = "") -> str:
    on = said.at.astimezone(ZoneInfo(deadline.time_zone)).date()
    return f"{what} by {one_line(said.by)} on {day(on)}{more}. Still open until it is done."


def next_lines(facts: FactSheet) -> tuple[str, ...]:
    """``Mon 23 Nov: you and the backup``, a line for each step to come."""
    return tuple(
        f"{short_day(step.on, facts.today)}: {asked_words([one_line(name, 60) for name in step.audience])}"
        for step in facts.next_steps
    )


def asked_words(names: Sequence[str], meant: Sequence[str] = ()) -> str:
    """``Olga and Ben``; where there is nobody, such as the manager of somebody who has none, why that is.

    *meant* are those whom the step means: ``manager``.
    """
    if names:
        return joined(tuple(names))
    return f"nobody: no {' or '.join(meant)} is named" if meant else "nobody: whoever is asked then is not named"


def outsider_line(deadline: Deadline) -> str:
    """All that somebody may read who is outside a restricted agreement (INTERFACE.md R4)."""
    return f"{one_line(deadline.reference)}: {day(deadline.safe_on)}. Ask the owner for access."


def no_longer_line(deadline: Deadline, *, is_outsider: bool = False) -> str:
    """``MSA-9, Acme Labs MSA: notice of non-renewal by Tue 1 Dec 2026 is no longer due.``; outsiders read less (R4)."""
    if is_outsider:
        return f"{one_line(deadline.reference)}: {day(deadline.safe_on)} is no longer due."
    about = f"{one_line(deadline.reference, 60)}, {label(deadline)}"
    return f"{about}: {thing(deadline)} by {day(deadline.safe_on)} is no longer due."


def external_line(deadline: Deadline) -> str:
    """What a counterparty reads: the thing, the agreement, the day; nothing of our ladder, people or links."""
    under = f"“{title}”" if (title := one_line(deadline.title, 80)) else "our agreement"
    what = capital(thing(deadline))
    on, reference = day(deadline.safe_on), one_line(deadline.reference)
    if deadline.kind is MilestoneKind.SIGNATURE:
        return f"{what} of {under} is awaited by {on} (our reference: {reference})."
    return f"{what} is due by {on} under {under} (our reference: {reference})."


def _asker(facts: FactSheet) -> str:
    return f"{one_line(facts.organisation, 60)}: " if facts.organisation else ""


def _incident_subject(facts: FactSheet, *, is_redacted: bool) -> str:
    about = ", ".join(one_line(each.reference, 60) for each in facts.deadlines[:3])
    heading = one_line(facts.heading, _SUBJECT_LIMIT) or "Something needs your attention"
    if is_redacted or facts.is_outsider:
        return cut(f"[Attention] {about}" if about else "[Attention] Longstop", _SUBJECT_LIMIT)
    return cut(f"[Attention] {heading}", _SUBJECT_LIMIT)


def _tags(facts: FactSheet, deadline: Deadline) -> list[str]:
    """What is special stands before the day and never instead of it: an overdue deadline still has its day (M4)."""
    days = (facts.today - deadline.safe_on).days
    marker = is_marker(deadline)
    by = brief_day(deadline.safe_on, facts.today)
    tags = (
        ("[Late]", facts.is_late),
        ("[Escalated]", facts.is_escalation),
        (f"[OVERDUE {counted(days, 'day')}]", days > 0 and not marker),
        ("[Moved]", facts.kind is DeliveryKind.CHANGED and facts.moved_from_on is not None),
        (f"[{by}]" if marker else f"[Action by {by}]", True),
    )
    return [tag for tag, holds in tags if holds]
