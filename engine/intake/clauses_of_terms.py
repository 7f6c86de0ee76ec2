"""Renewal, notice and survival, from what a row says of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from engine.intake.cells import WITHOUT_END, SaidRenewal
from engine.intake.complaints import Complaint, remark, wrong
from engine.intake.methods import delivery_method
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Counting, StatedPeriod
from lifecycle.terms.terms import (
    Anchor,
    DeliveryMethod,
    End,
    EndsAt,
    ForConvenience,
    Notice,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Until,
)

RENEWAL_FIELDS: Final = ("renewal", "renewal_term", "renewal_limit")
NOTICE_FIELDS: Final = (
    "notice_period", "notice_ends", "earliest_end_on", "notice_opens", "notice_counts", "notice_via"
)  # fmt: skip
SURVIVAL_FIELDS: Final = ("survival", "survival_from")
CONFIDENTIALITY: Final = "confidentiality"


class SaidPart(NamedTuple):
    """A part of the provisions, what nobody stated, and what is wrong with it."""

    value: Any
    assumed: tuple[str, ...] = ()
    complaints: tuple[Complaint, ...] = ()


def renewal_of(said: Mapping[str, Any], end: End, clause: Clause | None, known: Renewal | None) -> SaidPart:
    """A Renewal; *known* is the one so far, of which holder and clause stay."""
    words: SaidRenewal | None = said.get("renewal")
    length: StatedPeriod | None = said.get("renewal_term")
    limit: int | None = said.get("renewal_limit")
    kind, complaints = _kind(words, length, limit)
    if kind is RenewalKind.NEVER:
        return SaidPart(Renewal(kind, clause=clause), () if words else ("renewal",), complaints)
    complaints += _length_complaints(words, length)
    period = (length.period if length else None) or (words.period if words else None)
    if period is None and isinstance(end, Until) and end.beside:
        period = end.beside.period
    most = limit if limit is not None else _times(length, words)
    if known is not None and known.kind is kind:
        renewal = replace(known, period=period, most=most, clause=clause or known.clause)
    else:
        renewal = Renewal(kind, period, most, clause=clause)
    return SaidPart(renewal, (), complaints)


def said_of_renewal(renewal: Renewal, end: End, *, is_assumed: bool) -> dict[str, Any]:
    """What a row would say of *renewal*."""
    if is_assumed:
        return {}
    said: dict[str, Any] = {"renewal": SaidRenewal(renewal.kind)}
    beside = end.beside.period if isinstance(end, Until) and end.beside else None
    if renewal.period is not None and renewal.period != beside:
        said["renewal_term"] = StatedPeriod(renewal.period)
    if renewal.most is not None:
        said["renewal_limit"] = renewal.most
    return said


def notice_of(said: Mapping[str, Any], clause: Clause | None, known: Notice | None) -> SaidPart:
    """A Notice or None; *known* is the one so far, of which stays what columns cannot say."""
    stated: StatedPeriod | None = said.get("notice_period")
    if stated is None:
        unused = [name for name in NOTICE_FIELDS[1:] if name in said]
        message = "There is no notice period: this is left out."
        return SaidPart(None, (), tuple(remark(name, "no_notice_period", message) for name in unused))
    if stated.period is None:
        return SaidPart(None, (), (wrong("notice_period", "period", "This is no length.", 'Write "60 days".'),))
    if stated.times or stated.successive:
        message = "A notice is given once: this says how often something comes."
        return SaidPart(None, (), (wrong("notice_period", "notice_repeats", message, 'Write its length, "60 days".'),))
    method, complaints = _method(said.get("notice_via"), known.method if known else None)
    counting = stated.counting
    is_same = known is not None and known.period == stated.period and known.counting is not Counting.CLEAR
    if known and counting is None and is_same:
        counting = known.counting  # no word of a cell says INCLUSIVE: it stays as it is
    parts: dict[str, Any] = {
        "counting": counting,
        "at_least": stated.at_least,
        "opens": said.get("notice_opens"),
        "counts_as": said.get("notice_counts"),
        "method": method,
    }
    if known is None:
        return SaidPart(Notice(stated.period, Side.EITHER, **parts, clause=clause), (), complaints)
    notice = replace(known, period=stated.period, **parts, clause=clause or known.clause)
    return SaidPart(notice, (), complaints)


def said_of_notice(notice: Notice | ForConvenience | None) -> dict[str, Any]:
    """What a row would say of *notice*."""
    if notice is None:
        return {}
    counting = notice.counting if notice.counting is Counting.CLEAR else None
    said: dict[str, Any] = {"notice_period": StatedPeriod(notice.period, counting=counting, at_least=notice.at_least)}
    if isinstance(notice, Notice) and notice.opens is not None:
        said["notice_opens"] = notice.opens
    if notice.counts_as is not None:
        said["notice_counts"] = notice.counts_as
    if notice.method is not None:
        said["notice_via"] = notice.method.name
    return said


def leaving(
    notice: Notice, ends: EndsAt, known: ForConvenience | None, *, not_before_on: date | None = None
) -> ForConvenience:
    """The same notice as a right to leave to *ends*: where nothing renews, or the paper names the days."""
    base = known or ForConvenience(notice.side, notice.period)
    parts: dict[str, Any] = {
        "period": notice.period, "ends": ends, "not_before_on": not_before_on, "counts_as": notice.counts_as,
        "method": notice.method, "counting": notice.counting, "at_least": notice.at_least,
    }  # fmt: skip
    return replace(base, **parts, clause=notice.clause or base.clause)


def survival_of(said: Mapping[str, Any], clause: Clause | None, known: Survival | None) -> SaidPart:
    """The Survival of confidentiality, or None."""
    stated: StatedPeriod | None = said.get("survival")
    anchor: Anchor | None = said.get("survival_from")
    if stated is None:
        message = "There is no survival period: this is left out."
        lost = (remark("survival_from", "no_survival", message),) if anchor else ()
        return SaidPart(None, (), lost)
    base = known or Survival(CONFIDENTIALITY, None, Anchor.TERMINATION)
    survival = replace(base, period=stated.period, anchor=anchor or Anchor.TERMINATION, clause=clause or base.clause)
    return SaidPart(survival, () if anchor else ("survival_from",))


def said_of_survival(survival: Survival | None, *, is_anchor_assumed: bool) -> dict[str, Any]:
    """What a row would say of *survival*."""
    if survival is None:
        return {}
    stated = StatedPeriod(survival.period, perpetual=survival.period is None)
    return {"survival": stated} | ({} if is_anchor_assumed else {"survival_from": survival.anchor})


def _kind(
    words: SaidRenewal | None, length: StatedPeriod | None, limit: int | None
) -> tuple[RenewalKind, tuple[Complaint, ...]]:
    lengths = [name for name, value in (("renewal_term", length), ("renewal_limit", limit)) if value is not None]
    if words is not None and words.kind is RenewalKind.NEVER:
        message = "It does not renew: this is left out."
        return words.kind, tuple(remark(name, "no_renewal", message, "Check renewal.") for name in lengths)
    if words is not None:
        return words.kind, ()
    if length is None:
        message = "Nobody says that it renews: this is left out."
        return RenewalKind.NEVER, tuple(remark(name, "no_renewal", message, "Fill in renewal.") for name in lengths)
    message = "It says for how long it renews, but not how: taken as automatic."
    return RenewalKind.AUTOMATIC, (remark("renewal_term", "renewal_assumed", message, "Fill in renewal."),)


def _length_complaints(words: SaidRenewal | None, length: StatedPeriod | None) -> tuple[Complaint, ...]:
    if length is not None and length.period is None:
        message = "It renews, but nobody knows for how long."
        return (
            wrong(
                "renewal_term", "renewal-length-unknown", message, f'Write a length, such as "12 months". {WITHOUT_END}'
            ),
        )
    if words and words.period and length and length.period != words.period:
        message = f"Renewal says {words.period}, the renewal term {length.period}."
        return (wrong("renewal_term", "two_renewal_terms", message, "Keep one."),)
    return ()


def _times(length: StatedPeriod | None, words: SaidRenewal | None) -> int | None:
    return (length.times if length else None) or (words.times if words else None)


def _method(name: str | None, known: DeliveryMethod | None) -> tuple[DeliveryMethod | None, tuple[Complaint, ...]]:
    if name is None:
        return None, ()
    if known is not None and known.name == name:
        return known, ()
    method, is_known = delivery_method(name)
    if is_known:
        return method, ()
    message = f"How long this takes is not known: reckoned with {method.receipt}, as for post."
    return method, (remark("notice_via", "unknown_method", message, "Write email, courier or post."),)
