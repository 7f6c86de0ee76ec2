"""Doing what a form says to one agreement: each reads its fields, says what is wrong with them, and asks the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine import operations as ops
from engine.intake.one_row import from_row
from engine.operations import NoticeFacts
from lifecycle.agreements.agreement import first_day
from lifecycle.errors import LifecycleError
from lifecycle.obligations.due_words import due_in_words
from lifecycle.obligations.duties import Obligation, ObligationKind, Once, Recurrence, RecurrenceError, amended_due
from web.agreements.said import FormRefused, somebody

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.duties import Due
    from web.agreements.said import Said


NONE: Final = "none"  # clears what stays when nothing is said


def request_signature(work: Work, agreement: Agreement, said: Said) -> Agreement:
    on, sign_by_on = said.day("on", missing="Say when it was sent out."), said.day("sign_by_on")
    said.check()
    return ops.request_signature(work, agreement, on=_known(on), sign_by_on=sign_by_on)


def sign(work: Work, agreement: Agreement, said: Said) -> Agreement:
    on, every = said.day("on", missing="Say when both had signed."), said.length("review_every")
    said.check()
    return ops.sign(work, agreement, on=_known(on), document=said.text("document"), review_every=every)


def abandon(work: Work, agreement: Agreement, said: Said) -> Agreement:
    because = said.text("because", missing="Say why.")
    said.check()
    return ops.abandon(work, agreement, because=because)


def give_notice(work: Work, agreement: Agreement, said: Said) -> Agreement:
    sent_on = said.day("sent_on", missing="Say when it left.")
    received_on = said.day("received_on")
    if said.text("by") not in {"us", "them"}:
        said.errors["by"] = "Say whose notice it is."
    said.check()
    facts = NoticeFacts(
        sent_on=_known(sent_on),
        by=said.text("by"),
        method=said.text("method"),
        received_on=received_on,
        proof=said.text("proof"),
    )
    return ops.give_notice(work, agreement, facts)


def revoke_notice(work: Work, agreement: Agreement, said: Said) -> Agreement:
    because = said.text("because", missing="Say why it was taken back.")
    said.check()
    return ops.revoke_notice(work, agreement, because=because)


def renew(work: Work, agreement: Agreement, said: Said) -> Agreement:
    lasting, until = said.length("lasting"), said.day("until")
    if lasting is not None and until is not None:
        said.errors["until"] = "Say either how long or until when."
    said.check()
    return ops.renew(work, agreement, lasting=lasting, until=until)


def terminate(work: Work, agreement: Agreement, said: Said) -> Agreement:
    last_on = said.day("last_on", missing="Say the last day in force.")
    because = said.text("because", missing="Say why.")
    said.check()
    return ops.terminate(work, agreement, last_on=_known(last_on), because=because)


def archive(work: Work, agreement: Agreement, said: Said) -> Agreement:
    return ops.archive(work, agreement, because=said.text("because"))


def restore(work: Work, agreement: Agreement, said: Said) -> Agreement:
    return ops.restore(work, agreement, because=said.text("because"))


def restrict(work: Work, agreement: Agreement, said: Said) -> Agreement:
    because = said.text("because", missing="Say why.")
    said.check()
    new, _ = from_row(work, {"restricted_to": said.text("restricted_to") or "none"}, existing=agreement)
    return ops.amend(work, new, because=because)


def add_obligation(work: Work, agreement: Agreement, said: Said) -> Agreement:
    name, owner = said.text("name", missing="Say what is to be done."), said.text("owner")
    due = _first_due(said, agreement, work.today(agreement))
    if said.text("kind") not in set(ObligationKind):
        said.errors["kind"] = "Choose one of them."
    said.check()
    if due is None:  # said.check() has not let it through
        raise AssertionError
    owner_id = somebody(work, "owner", owner).id if owner else None
    duty = Obligation(id="", kind=ObligationKind(said.text("kind")), name=name, due=due, owner_id=owner_id)
    return ops.add_obligation(work, agreement, duty)


def _first_due(said: Said, agreement: Agreement, today: date) -> Due | None:
    """When a new duty is due: on a day, from a day on again and again, or by words; None with the error said."""
    words = said.text("due")
    on = said.day("due_on", missing="" if words else "Say when.")
    every = said.length("every")
    if words and (on or every):
        said.errors["due"] = "Say either from which day on it is due, or after what; not both."
    if said.errors or not words:
        return None if on is None else Recurrence(every, on, first=0) if every else Once(on)
    try:
        return due_in_words(words, first_day(agreement) or today)
    except LifecycleError as error:
        said.errors["due"] = f"{error.sentence} {error.remedy}"
        return None


def amend_obligation(work: Work, agreement: Agreement, said: Said) -> Agreement:
    """What is left empty stays as it is; ``none`` says once, or the agreement's owner."""
    because = said.text("because", missing="Say why.")
    old = next((one for one in agreement.obligations if one.id == said.text("obligation")), None)
    if old is None:
        said.errors["obligation"] = "Choose one of them."
    due = _due(said, old.due) if old else None
    said.check()
    if old is None or due is None:  # said.check() has not let it through
        raise AssertionError
    owner = said.text("owner")
    owner_id = None if owner == NONE else somebody(work, "owner", owner).id if owner else old.owner_id
    wanted = replace(old, name=said.text("name") or old.name, due=due, owner_id=owner_id)
    return ops.amend_obligation(work, agreement, wanted, because=because)


def _due(said: Said, old: Due) -> Due:
    """When it is due now; *old* where that cannot be read."""
    on, often = said.day("due_on"), said.text("every")
    every = said.length("every") if often != NONE else None
    try:
        return old if said.errors else amended_due(old, on=on, every=every, is_once=often == NONE)
    except RecurrenceError as error:
        said.errors["due_on"] = f"{error.sentence} {error.remedy}"
        return old


def end_obligation(work: Work, agreement: Agreement, said: Said) -> Agreement:
    on, because = said.day("on", missing="Say from when."), said.text("because", missing="Say why.")
    said.check()
    if said.text("obligation") not in {one.id for one in agreement.obligations}:
        raise FormRefused({"obligation": "Choose one of them."})
    return ops.end_obligation(work, agreement, said.text("obligation"), on=_known(on), because=because)


def disclose(work: Work, agreement: Agreement, said: Said) -> Agreement:
    given_on, asset_id = said.day("given_on", missing="Say when it was given."), said.text("asset") or None
    if asset_id is None:
        said.text("what", missing="Say in a few words what it was, or choose an asset.")
    elif asset_id not in {one.id for one in work.assets.covered_by([agreement.id])}:
        said.errors["asset"] = "Choose one that this agreement covers."
    said.check()
    found = ops.disclose(
        work, agreement, given_on=_known(given_on), what=said.text("what"), to=said.text("to"), asset_id=asset_id
    )
    return found.agreement


def withdraw_disclosure(work: Work, agreement: Agreement, said: Said) -> Agreement:
    because = said.text("because", missing="Say why.")
    disclosure_id = _disclosure(agreement, said)
    said.check()
    return ops.withdraw_disclosure(work, agreement, disclosure_id, because=because)


def request_return(work: Work, agreement: Agreement, said: Said) -> Agreement:
    by_on, disclosure_id = said.day("by_on"), _disclosure(agreement, said)
    said.check()
    return ops.request_return(work, agreement, disclosure_id, by_on=by_on)


def _disclosure(agreement: Agreement, said: Said) -> str:
    wanted = said.text("disclosure", missing="Choose one of them.")
    if wanted and wanted not in {one.id for one in agreement.disclosures if one.counts}:
        said.errors["disclosure"] = "Choose one of them."
    return wanted


def _known(on: date | None) -> date:
    if on is None:  # said.check() has let it through
        raise AssertionError
    return on
