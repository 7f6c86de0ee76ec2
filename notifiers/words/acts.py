"""What has to be done, and what happens otherwise: one row for each kind of milestone.

A deadline has an act (a verb phrase that can follow "to") and a consequence (that can follow "or"); a marker has a
name for its day. ``{what}`` is the duty's own name in quotation marks; what stands in brackets is left out without it.
What is of a kind and yet another thing, as to test again what an audit has found, has a row of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.assets.asset import RENEW_LICENCE, renews_licence
from lifecycle.milestones.milestone import MARKERS, MilestoneKind
from lifecycle.obligations.audits import ANNOUNCE, RETEST, announces_audit, tests_again
from notifiers.words.days import day
from notifiers.words.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notifiers.sheet import Deadline


_NAME_MOST = 200  # characters: a duty is told in full, or nobody knows what is asked
_NAMED = re.compile(r"\[[^]]*\]")
_BRACKETS = str.maketrans("", "", "[]")


class Act(NamedTuple):
    """How one kind of deadline is said."""

    act: str  # what we do
    toward: str  # how the counterparty is joined to it: "to", "of"; nothing: not at all
    otherwise: str | Callable[[Deadline], str]
    thing: str  # the thing itself, for a counterparty's eyes
    theirs: str = ""  # what they do, if it is said in other words
    begins: str = ""  # how the duty's name begins, which the act says already


def is_marker(deadline: Deadline) -> bool:
    """Whether time passes it and nobody owes an outcome."""
    return not deadline.is_deadline or deadline.kind in MARKERS


def action(deadline: Deadline) -> str:
    """``send non-renewal notice``; of a marker what its day is: ``last day in force``."""
    if deadline.kind in MARKERS:
        return _marker(deadline)
    row = _row(deadline)
    if deadline.side != "theirs":
        ours = _filled(row.act, row, deadline)
        return ours if deadline.is_deadline else f"last day to {ours}"
    verb = _filled(row.theirs or row.act, row, deadline)
    return (
        f"remind {_other(deadline)} to {verb}" if deadline.is_deadline else f"last day for {_other(deadline)} to {verb}"
    )


def addressed(deadline: Deadline) -> str:
    """The action with the counterparty in it: ``send non-renewal notice to Acme Labs GmbH``."""
    who = one_line(deadline.counterparty, 80)
    if deadline.kind in MARKERS or deadline.side == "theirs" or not who:
        return action(deadline)
    toward = _row(deadline).toward
    return f"{action(deadline)} {toward} {who}" if toward else action(deadline)


def consequence(deadline: Deadline) -> str:
    """What happens if nobody acts: ``it renews for 12 months``; nothing for a marker."""
    if is_marker(deadline):
        return ""
    otherwise = _row(deadline).otherwise
    return otherwise if isinstance(otherwise, str) else otherwise(deadline)


def brief_action(kind: MilestoneKind) -> str:
    """The action in words that tell no fact of the agreement: ``send notice``; for *redacted* surfaces."""
    if kind is MilestoneKind.NOTICE:
        return "send notice"
    if kind in MARKERS:
        return _NAMELESS_MARKERS[kind]
    return _without_name(ACTS[kind].act)


def thing(deadline: Deadline) -> str:
    """What is due, for a counterparty's eyes: ``the evidence “SOC 2 report”``."""
    if deadline.kind in MARKERS:
        return _marker(deadline)
    row = _row(deadline)
    return _filled(row.thing, row, deadline)


def _row(deadline: Deadline) -> Act:
    if deadline.kind is MilestoneKind.DUTY and announces_audit(deadline.subject):
        return _ANNOUNCEMENT
    if deadline.kind is MilestoneKind.AUDIT and tests_again(deadline.subject):
        return _RETEST
    if deadline.kind is MilestoneKind.DUTY and renews_licence(deadline.subject):
        return _LICENCE
    return ACTS[deadline.kind]


def _filled(pattern: str, row: Act, deadline: Deadline) -> str:
    name = one_line(deadline.name, _NAME_MOST)
    name = name.removeprefix(row.begins).lstrip(" :") if row.begins else name
    if not name:
        return _without_name(pattern)
    return pattern.translate(_BRACKETS).replace("{what}", f"“{name}”")


def _without_name(pattern: str) -> str:
    return _NAMED.sub("", pattern)


def _other(deadline: Deadline) -> str:
    return one_line(deadline.counterparty, 80) or "the other side"


def _marker(deadline: Deadline) -> str:
    name = one_line(deadline.name, 80)
    if deadline.kind is MilestoneKind.RENEWAL and deadline.then is not None:
        return f"renews for {deadline.then}"
    if name and deadline.kind in {MilestoneKind.SURVIVAL_END, MilestoneKind.RESTRICTION_END}:
        return f"last day of “{name}”"
    return _NAMELESS_MARKERS[deadline.kind]


def _renews(deadline: Deadline) -> str:
    if deadline.then is not None:
        return f"it renews for {deadline.then}"
    return f"it renews on {day(deadline.then_on)}" if deadline.then_on else "it goes on"


def _goes_on(deadline: Deadline) -> str:
    return f"it goes on from {day(deadline.then_on)}" if deadline.then_on else "it goes on"


def _ends(deadline: Deadline) -> str:
    return f"it ends with {day(deadline.over_on)}" if deadline.over_on else "it lapses"


def _unsigned(deadline: Deadline) -> str:
    return f"it is to start on {day(deadline.then_on)} unsigned" if deadline.then_on else "nothing binds either side"


def _exit_late(deadline: Deadline) -> str:
    last = f", {day(deadline.over_on)}" if deadline.over_on else ""
    return f"the exit is not finished by the last day in force{last}"


_K = MilestoneKind
_NAMELESS_MARKERS: Mapping[MilestoneKind, str] = {
    _K.EFFECTIVE: "comes into force",
    _K.NOTICE_OPENS: "first day on which notice can be given",
    _K.RENEWAL: "renews by itself",
    _K.TERM_END: "last day in force",
    _K.SURVIVAL_END: "last day of a surviving duty",
    _K.RESTRICTION_END: "last day of a restriction",
}
ACTS: Mapping[MilestoneKind, Act] = {
    _K.SIGNATURE: Act("get the signature", "of", _unsigned, "your signature", "sign"),
    _K.NOTICE: Act("send non-renewal notice", "to", _renews, "notice of non-renewal"),
    _K.LEAVING: Act("send notice to end it", "to", _goes_on, "notice to end it"),
    _K.OPTION: Act("send notice to renew", "to", _ends, "notice to renew"),
    _K.RENEWAL_AGREEMENT: Act("sign the renewal", "with", _ends, "the signed renewal"),
    _K.CONFIRM_END: Act(
        "confirm the end[, which waits for {what}]",
        "",
        "its days rest on an end that nobody knows",
        "the end of the agreement",
    ),
    _K.EXIT_START: Act("start the exit", "from", _exit_late, "the start of the exit"),
    _K.DUE_DILIGENCE: Act(
        "complete the due diligence[ {what}]", "on", "the agreement goes ahead unchecked", "the due diligence[ {what}]"
    ),
    _K.REVIEW: Act("complete the review[ {what}]", "of", "it goes on unreviewed", "the review[ {what}]"),
    _K.AUDIT: Act("carry out the audit[ {what}]", "of", "this period stays unaudited", "the audit[ {what}]"),
    _K.EVIDENCE: Act(
        "have the evidence[ {what}]",
        "from",
        "nothing proves it",
        "the evidence[ {what}]",
        "provide the evidence[ {what}]",
    ),
    _K.FINDING: Act("close the finding[ {what}]", "with", "it stays open past the day agreed", "the finding[ {what}]"),
    _K.TRAINING: Act("complete the training[ {what}]", "for", "people work untrained", "the training[ {what}]"),
    _K.SCREENING: Act("complete the screening[ {what}]", "for", "people work unscreened", "the screening[ {what}]"),
    _K.CERTIFICATE: Act(
        "have the new certificate[ {what}]",
        "from",
        "no valid one is at hand",
        "the certificate[ {what}]",
        "renew the certificate[ {what}]",
    ),
    _K.FEE: Act("pay the fee[ {what}]", "to", "the payment is late", "the fee[ {what}]"),
    _K.REGULATORY_REVIEW: Act(
        "complete the regulatory review[ {what}]", "of", "it goes on unreviewed", "the regulatory review[ {what}]"
    ),
    _K.RETURN: Act(
        "settle the return[ {what}]",
        "with",
        "what was handed over stays where it is",
        "the return or destruction of what was handed over[ ({what})]",
    ),
    _K.DUTY: Act("fulfil the duty[ {what}]", "to", "the duty is broken", "the duty[ {what}]"),
    _K.EXIT_STEP: Act(
        "complete the exit step[ {what}]", "with", "the exit falls behind its plan", "the exit step[ {what}]"
    ),
    _K.EXIT_TEST: Act(
        "test the exit plan[ {what}]", "for", "nobody knows whether it works", "the test of the exit plan[ {what}]"
    ),
}
_ANNOUNCEMENT = Act(
    "announce the audit[ {what}]",
    "to",
    "they may refuse to be audited in time",
    "the announcement of the audit[ {what}]",
    begins=ANNOUNCE,
)
_RETEST = Act(
    "test again[ what was found: {what}]",
    "at",
    "nobody knows whether it is remedied",
    "the test of what was remedied[: {what}]",
    begins=RETEST,
)
_LICENCE = Act(
    "renew or replace the licence[ of {what}]",
    "",
    "it may be used no longer",
    "the renewal of the licence[ of {what}]",
    begins=RENEW_LICENCE,
)
