"""``agreements``: what is agreed, as it is and as it was known; everything that can be done with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Header, Query, Response
from pydantic import Field, create_model

from engine import operations as ops
from engine.documents.agreements import agreement_document, history_document, whole_agreement
from engine.intake.headers import AGREEMENT_FIELDS
from engine.intake.one_row import AgreementRefused, from_row
from engine.known import end_of, known_on
from lifecycle.agreements.status import Status
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act, Standing, require_to_add
from store.queries.agreement_lists import AgreementFilter, agreement_by_id, agreement_page
from store.queries.search import typed_search_of_agreements
from web.agreements.acts import standing_of
from web.agreements.missing import Missing
from web.api.agreement_acts import ENDPOINTS, facts, told, verify
from web.api.answers import OfAgreements, Paged, Pages, changed, item, items, some
from web.api.bodies import Because, Body, Day, Text
from web.api.bodies import Said as Needed
from web.api.caller import Administers, Reads, Registers
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.intake.findings import Finding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement

_COLUMNS: Final = (*AGREEMENT_FIELDS, *(f"{name}_clause" for name in AGREEMENT_FIELDS if name != "reference"))
#: The columns of the spreadsheet, each as text; null clears a value, what is left out stays as it is.
_DEFINED: Final[dict[str, Any]] = dict.fromkeys(_COLUMNS, (Text | None, None))
Columns: Any = create_model("Columns", __base__=Body, **_DEFINED)


class VersionNeeded(LifecycleError):
    """An amendment that does not say which version it amends."""

    code = "version-needed"

    def __init__(self) -> None:
        super().__init__("It is not said which version is amended.", remedy="Send If-Match with its ETag or version.")


class StaleVersion(LifecycleError):
    """The agreement has changed since it was looked at; *present* is how it is now."""

    code = "stale-version"

    def __init__(self, present: dict[str, Any]) -> None:
        self.present = present
        super().__init__("The agreement has changed since you looked.", remedy="Look again, then amend that version.")


class Create(Body):
    """*accept*: contradictions taken on purpose, code -> reason."""

    fields: Columns
    accept: Annotated[dict[Needed, Needed], Field(default_factory=dict)]


class TakenAccess(Because):
    """To which agreement, and why: its owner reads it."""

    reference: Needed


class Amend(Create, Because):
    """What changes, and why."""


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/agreements", _listed, "Agreement", many=True)
    get(made, "/agreements/{agreement_id}", _one, "WholeAgreement")
    get(made, "/agreements/{agreement_id}/events", _events, "History", many=True)
    post(made, "/agreements", _create, "AgreementChanged", status=201)
    post(made, "/agreements/access", _access, "Access")
    post(made, "/agreements/{agreement_id}/amend", _amend, "AgreementChanged", also=(412, 428))
    get(made, "/agreements/{agreement_id}/facts", facts, "Fact", many=True)
    post(made, "/agreements/{agreement_id}/verify", verify, "FactVerified")
    for name, endpoint in ENDPOINTS.items():
        post(made, f"/agreements/{{agreement_id}}/{name}", endpoint, "AgreementChanged")


class Listing(Paged):
    """Which agreements; of the archive, or else none of it."""

    search: OfAgreements = ""
    status: Status | None = None
    archived: bool = False


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """By reference."""
    search = typed_search_of_agreements(asked.search)
    wanted = AgreementFilter(search=search, status=asked.status, is_archived=asked.archived)
    with caller.look() as work:
        page = agreement_page(work, wanted, caller.person, after=asked.cursor, limit=asked.limit)
        near = caller.queries(work).nearest([row.agreement for row in page.rows])
        found = [agreement_document(work, row.agreement, near[row.agreement.id]) for row in page.rows]
    return items(caller, "agreements", found, page.next_cursor, total=page.total)


def _one(caller: Reads, agreement_id: str, as_of: Annotated[Day | None, Query()] = None) -> Response:
    """All that is known of it, or was known at the end of a day."""
    with caller.look() as work:
        known = agreement_by_id(work, agreement_id, caller.person)
        history = work.log.of_agreement(known.id)
        if as_of is not None:
            history = [one for one in history if one.at < end_of(known, as_of)]
            known = known_on(work, known, as_of) or _not_yet(known)
        document = {**whole_agreement(work, known, history), "as_of": as_of}
        return item(caller, "agreement", document, mark=str(known.version))


def _events(caller: Reads, agreement_id: str, asked: Pages) -> Response:
    """What has happened to it, oldest first."""
    with caller.look() as work:
        known = agreement_by_id(work, agreement_id, caller.person)
        caller.require(Act.READ_LOG, standing_of(caller.person, known))
        history = work.log.of_agreement(known.id)
        page, following = some(history, lambda one: f"{one.position:020}", asked)
        return items(caller, "history", [history_document(one) for one in page], following)


def _create(caller: Registers, said: Create) -> Response:
    """Take an agreement into the register."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.REGISTER, Standing(is_own=True))
        made, remarks = _made(work, said)
        require_to_add(caller.person, standing_of(caller.person, made))
        return told(caller, work, ops.register(work, made), "added", remarks)

    return changed(caller, "agreement-changed", change, status=201)


def _access(caller: Administers, said: TakenAccess) -> Response:
    """Let oneself see a restricted agreement; its owner and backup are told. Nothing of it stands in the answer."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        known = ops.take_access(work, said.reference, caller.person, because=said.because)
        return {
            "agreement_id": known.id,
            "reference": known.reference,
            "result": "seen",
            "is_dry_run": caller.is_dry_run,
        }

    return changed(caller, "agreement-access", change)


def _amend(
    caller: Registers,
    agreement_id: str,
    said: Amend,
    if_match: Annotated[str, Header(max_length=200, description="The ETag of what was looked at, or *.")] = "",
) -> Response:
    """Change facts; the answer says which days move."""

    def change(work: Work) -> dict[str, Any]:
        known = agreement_by_id(work, agreement_id, caller.person)
        how = standing_of(caller.person, known)
        caller.require(Act.REGISTER, how)
        if "restricted_to" in said.fields.model_fields_set:
            caller.require(Act.GOVERN, how)
        _must_match(work, known, if_match)
        new, remarks = _made(work, said, known)
        amended = ops.amend(work, new, because=said.because)
        result = "unchanged" if amended.version == known.version else "amended"
        return told(caller, work, amended, result, remarks)

    return changed(caller, "agreement-changed", change)


def _made(work: Work, said: Create, known: Agreement | None = None) -> tuple[Agreement, tuple[Finding, ...]]:
    """The agreement that is meant, and all remarks. Raises AgreementRefused, with places in the body."""
    try:
        return from_row(work, _columns(said), existing=known, accept=said.accept)
    except AgreementRefused as error:
        error.within = "/fields/"
        raise


def _columns(said: Create) -> dict[str, str]:
    found: dict[str, str | None] = said.fields.model_dump(exclude_unset=True)
    return {name: "none" if text is None else text for name, text in found.items()}


def _must_match(work: Work, known: Agreement, if_match: str) -> None:
    if not if_match:
        raise VersionNeeded
    wanted = {one.strip().removeprefix("W/").strip('"').partition(".")[0] for one in if_match.split(",")}
    if "*" not in wanted and str(known.version) not in wanted:
        raise StaleVersion(whole_agreement(work, known, []))


def _not_yet(known: Agreement) -> Agreement:
    raise Missing(f"agreement {known.reference} on that day", "Ask for a later day.")
