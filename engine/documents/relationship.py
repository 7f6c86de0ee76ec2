"""Assets, disclosures and documents as scripts and people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.assets import returning
from lifecycle.assets.protection import longest, protection_by
from lifecycle.errors import LifecycleError
from lifecycle.findings.of_assets import unprotected_why
from lifecycle.milestones.milestone import MilestoneState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.agreements.disclosures import Disclosure
    from lifecycle.agreements.documents import Document
    from lifecycle.assets.asset import Licence
    from lifecycle.assets.protection import Protection
    from lifecycle.milestones.milestone import Milestone
    from store.queries.assets import SeenAsset


def asset_document(seen: SeenAsset) -> dict[str, Any]:
    """An asset; of agreements only those that may be seen, and how long those protect it."""
    asset = seen.asset
    return {
        "id": asset.id,
        "name": asset.name,
        "kind": asset.kind.value,
        "ownership": asset.ownership.value,
        "is_shared": asset.is_shared,
        "holders": list(asset.holders),
        "agreements": [one.reference for one in seen.agreements],
        "protected": protected_document(_longest(seen.agreements)),
        "licence": licence_document(asset.licence) if asset.licence else None,
        "note": asset.note or None,
        "retired_because": asset.retired_because or None,
    }


def licence_document(licence: Licence) -> dict[str, Any]:
    """Under what it is used."""
    return {
        "from_whom": licence.from_whom or None,
        "ends_on": licence.ends_on,
        "fee": licence.fee,
        "fee_due_on": licence.fee_due_on,
        "fee_every": str(licence.fee_every) if licence.fee_every else None,
    }


def protected_document(found: Protection | None) -> dict[str, Any] | None:
    """By which agreement, until when (null: nobody knows an end); null where nothing protects it."""
    return None if found is None else {"by": found.by, "until_on": found.until_on}


def disclosure_documents(
    agreement: Agreement, rows: Iterable[Milestone], assets: Mapping[str, str]
) -> list[dict[str, Any]]:
    """All disclosures of an agreement; *rows* are the milestones by which something has to come back to us.

    *assets* are the names of those that may be seen, by id.
    """
    owed = {one.subject: one for one in (_Owed(row) for row in rows if row.is_live or row.outcome is not None)}
    return [_disclosure(agreement, place, one, owed, assets) for place, one in enumerate(agreement.disclosures)]


def document_document(one: Document) -> dict[str, Any]:
    """A document that is kept, or where it lies."""
    return {
        "id": one.id,
        "purpose": one.purpose.value,
        "name": one.name,
        "sha256": one.sha256,
        "size": one.size,
        "media_type": one.media_type or None,
        "link": one.link or None,
        "held_by": one.held_by or None,
        "milestone_id": one.milestone_id,
        "added_at": one.added_at,
        "added_by": one.added_by,
    }


def _disclosure(
    agreement: Agreement, place: int, one: Disclosure, owed: Mapping[str, _Owed], assets: Mapping[str, str]
) -> dict[str, Any]:
    warning = _warning(agreement, one) if one.counts else None
    back = owed.get(returning.subject(one)) or owed.get(f"exit.{returning.step_of(one)}")
    return {
        "id": one.id,
        "given_on": one.given_on,
        "what": one.what,
        "to": one.to or None,
        "asset": assets.get(one.asset_id or ""),
        "withdrawn_because": one.withdrawn_because or None,
        "protected": protected_document(_protected(agreement, place)) if one.counts and not warning else None,
        "warning": warning,
        "return_requested_on": one.return_requested_on,
        "return_due_on": back.due_on if back and one.counts else None,
        "returned_on": back.done_on if back and one.counts else None,
        "return_milestone_id": back.milestone_id if back and one.counts else None,
    }


class _Owed:
    """What became of the duty to return something."""

    __slots__ = ("done_on", "due_on", "milestone_id", "subject")

    def __init__(self, row: Milestone) -> None:
        outcome = row.outcome if row.state is MilestoneState.DONE else None
        self.subject, self.milestone_id = row.key.subject, row.id
        self.due_on, self.done_on = row.safe_on, outcome.on if outcome else None


def _protected(agreement: Agreement, place: int) -> Protection | None:
    try:
        return protection_by(agreement, place)
    except LifecycleError:
        return None


def _longest(covering: Iterable[Agreement]) -> Protection | None:
    try:
        return longest(tuple(covering))
    except LifecycleError:
        return None


def _warning(agreement: Agreement, one: Disclosure) -> str | None:
    try:
        return unprotected_why(agreement, one)
    except LifecycleError:
        return None
