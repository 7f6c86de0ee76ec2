"""What is done with an agreement, one endpoint for each operation of its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from fastapi import Response

from engine.documents.changes import change_document
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from web.agreements import terms
from web.agreements.acts import BY_NAME, standing_of
from web.agreements.operations import OPERATIONS
from web.agreements.said import Said as Texts
from web.agreements.verifying import verified
from web.api.answers import Pages, changed, items, some
from web.api.bodies import Because, Body, Day, Said, Text, texts
from web.api.caller import Acts, Caller, Reads, Registers

if TYPE_CHECKING:
    from pydantic import BaseModel

    from engine.intake.findings import Finding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


class RequestSignature(Body):
    on: Day
    sign_by_on: Day | None = None


class Sign(Body):
    on: Day
    document: Text = ""
    review_every: Text = ""


class GiveNotice(Body):
    by: Literal["us", "them"]
    sent_on: Day
    received_on: Day | None = None
    method: Text = ""
    proof: Text = ""


class Renew(Body):
    lasting: Text = ""
    until: Day | None = None


class Terminate(Because):
    last_on: Day


class MaybeBecause(Body):
    because: Text = ""


class NamedFact(Body):
    """By the name that `facts` gives it."""

    fact: Said


class Restrict(Because):
    """People and teams with ; between them; empty: everybody."""

    restricted_to: Text


def _request_signature(caller: Registers, agreement_id: str, said: RequestSignature) -> Response:
    """It was sent out for signature."""
    return _operate(caller, agreement_id, "request-signature", said)


def _sign(caller: Registers, agreement_id: str, said: Sign) -> Response:
    """Both sides have signed."""
    return _operate(caller, agreement_id, "sign", said)


def _abandon(caller: Registers, agreement_id: str, said: Because) -> Response:
    """It will never be signed."""
    return _operate(caller, agreement_id, "abandon", said)


def _give_notice(caller: Registers, agreement_id: str, said: GiveNotice) -> Response:
    """A side has said that it will not renew, or that it leaves."""
    return _operate(caller, agreement_id, "give-notice", said)


def _revoke_notice(caller: Registers, agreement_id: str, said: Because) -> Response:
    """A notice was taken back."""
    return _operate(caller, agreement_id, "revoke-notice", said)


def _renew(caller: Registers, agreement_id: str, said: Renew) -> Response:
    """An option was exercised, or the next term was signed."""
    return _operate(caller, agreement_id, "renew", said)


def _terminate(caller: Registers, agreement_id: str, said: Terminate) -> Response:
    """It ends before its term is over."""
    return _operate(caller, agreement_id, "terminate", said)


def _archive(caller: Registers, agreement_id: str, said: MaybeBecause) -> Response:
    """Put it aside; nothing is deleted."""
    return _operate(caller, agreement_id, "archive", said)


def _restore(caller: Registers, agreement_id: str, said: MaybeBecause) -> Response:
    """Take it back from the archive."""
    return _operate(caller, agreement_id, "restore", said)


def _restrict(caller: Registers, agreement_id: str, said: Restrict) -> Response:
    """Who may see it; no role sees through."""
    return _operate(caller, agreement_id, "restrict", said)


ENDPOINTS: Final[Mapping[str, Callable[..., Response]]] = {
    "request-signature": _request_signature, "sign": _sign, "abandon": _abandon, "give-notice": _give_notice,
    "revoke-notice": _revoke_notice, "renew": _renew, "terminate": _terminate, "archive": _archive,
    "restore": _restore, "restrict": _restrict,
}  # fmt: skip


def verify(caller: Acts, agreement_id: str, said: NamedFact) -> Response:
    """Somebody compared a fact with the document: the days that rest on it are verified."""

    def change(work: Work) -> dict[str, Any]:
        known = agreement_by_id(work, agreement_id, caller.person)
        caller.require(Act.GOVERN, standing_of(caller.person, known))
        about = {"agreement_id": known.id, "reference": known.reference, "fact": said.fact}
        return {**about, "verified": verified(work, known, said.fact), "is_dry_run": caller.is_dry_run}

    return changed(caller, "fact-verified", change)


def facts(caller: Reads, agreement_id: str, asked: Pages) -> Response:
    """Each fact of the terms, where it is written, and how many days that nobody has verified rest on it."""
    with caller.look() as work:
        known = agreement_by_id(work, agreement_id, caller.person)
        told = list(enumerate(terms.facts(known, work.milestones.of(known.id))))
    page, following = some(told, lambda one: f"{one[0]:04}", asked)
    return items(caller, "facts", [_fact(one) for _, one in page], following)


def _fact(one: terms.Fact) -> dict[str, Any]:
    return {
        "fact": one.key or None,
        "name": one.name,
        "words": one.words,
        "place": one.place or None,
        "quote": one.quote or None,
        "is_assumed": one.is_assumed,
        "unverified": one.unverified,
    }


def _operate(caller: Caller, agreement_id: str, name: str, body: BaseModel) -> Response:
    return operated(caller, agreement_id, name, texts(body))


def operated(
    caller: Caller, agreement_id: str, name: str, said: dict[str, str], *, status: int = 200
) -> Response:  # fmt: skip
    """Do what the page of the same name does."""

    def change(work: Work) -> dict[str, Any]:
        known = agreement_by_id(work, agreement_id, caller.person)
        caller.require(BY_NAME[name].act, standing_of(caller.person, known))
        return told(caller, work, OPERATIONS[name].do(work, known, Texts(said)), name)

    return changed(caller, "agreement-changed", change, status=status)


def told(
    caller: Caller, work: Work, agreement: Agreement, result: str, remarks: tuple[Finding, ...] = ()
) -> dict[str, Any]:  # fmt: skip
    said = [f"{one.column}: {one.message} {one.remedy}".strip() for one in remarks]
    return change_document(work, agreement, result, is_dry_run=caller.is_dry_run, remarks=said)
