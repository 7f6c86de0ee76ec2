"""``/assets``: what is worth protecting, until when it is, and one asset with its form (INTERFACE.md P15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine import operations as ops
from engine.asset_rights import covering, may_change, must_be_theirs
from engine.documents.relationship import asset_document
from engine.operations.assets import AssetRefused
from lifecycle.errors import LifecycleError
from lifecycle.findings.of_assets import findings_of
from lifecycle.rights import Act, Standing
from store.queries.assets import asset_page, seen_asset
from web.agreements.said import FormRefused, refusal
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn, Viewer
from web.govern.places import REGISTER
from web.relationship.asset_form import KINDS, OWNERS, filled_in, made_of, words

if TYPE_CHECKING:
    from engine.monitor import Work
    from store.queries.assets import SeenAsset
    from web.frame.forms import Form
    from web.frame.site import Site

_LISTED: Final = 50  # assets on a page


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """The list, one asset, and what is done with it."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/assets", methods=["GET", "HEAD"])
    def listed(viewer: SignedIn, after: str = "") -> HTMLResponse:
        """What may be seen, by name, with what does not fit."""
        return _list(viewer, after)

    @made.api_route("/assets/new", methods=["GET", "HEAD"])
    def adding(viewer: SignedIn) -> HTMLResponse:
        """The empty form; agreements that the address names are filled in."""
        _may_add(viewer)
        return _form(viewer, None, {"agreements": viewer.request.query_params.get("agreements", "")[:200]})

    @made.post("/assets/new", response_model=None)
    def add(viewer: SignedIn, form: Posted) -> HTMLResponse | RedirectResponse:
        """Take it into the register."""
        return _kept(viewer, None, form)

    @made.api_route("/assets/{asset_id}", methods=["GET", "HEAD"])
    def one(viewer: SignedIn, asset_id: str) -> HTMLResponse:
        """What it is, what covers it, and the form that changes it."""
        return _form(viewer, asset_id, None)

    @made.post("/assets/{asset_id}", response_model=None)
    def change(viewer: SignedIn, asset_id: str, form: Posted) -> HTMLResponse | RedirectResponse:
        """Change its facts."""
        return _kept(viewer, asset_id, form)

    @made.post("/assets/{asset_id}/retire", response_model=None)
    def retire(viewer: SignedIn, asset_id: str, form: Posted) -> HTMLResponse | RedirectResponse:
        """It is watched no longer."""
        try:
            with viewer.work() as work:
                known = seen_asset(work, asset_id, viewer.person).asset
                must_be_theirs(work, viewer.person, known.agreements)
                ops.retire_asset(work, known.id, because=form.get("because"))
        except AssetRefused as error:
            return _form(viewer, asset_id, None, {"because": error.sentence})
        return go(viewer, "/assets", f"{known.name} is watched no longer.")

    return made


def _list(viewer: Viewer, after: str) -> HTMLResponse:
    with viewer.look() as work:
        page = asset_page(work, viewer.person, after=after, limit=_LISTED)
        rows = [(asset_document(one), one.agreements, _wrong(viewer, work, one)) for one in page.rows]
    return show(
        viewer, "assets.html", places=REGISTER, rows=rows, may_add=_adds(viewer), after=after, following=page.following
    )


def _adds(viewer: Viewer) -> bool:
    """Whether they may add one: for any agreement, or for those of their own."""
    return viewer.may(Act.REGISTER, Standing(is_own=True))


def _may_add(viewer: Viewer) -> None:
    viewer.require(Act.REGISTER, Standing(is_own=True))


def _wrong(viewer: Viewer, work: Work, seen: SeenAsset) -> list[str]:
    """What does not fit about an asset; nothing is said where an unseen agreement may settle it."""
    known = work.agreements.many(seen.asset.agreements)
    if len(seen.agreements) < len(known):
        return []
    return [one.text for one in findings_of(seen.asset, list(known.values()), viewer.today)]


def _kept(viewer: Viewer, asset_id: str | None, form: Form) -> HTMLResponse | RedirectResponse:
    try:
        with viewer.work() as work:
            known = seen_asset(work, asset_id, viewer.person).asset if asset_id else None
            ids = _agreements(viewer, work, form.get("agreements"))
            ids = covering(work, viewer.person, known, ids) if known else ids
            must_be_theirs(work, viewer.person, known.agreements if known else (), ids)
            made = made_of(form.typed, known, ids)
            because = form.get("because") or "changed on its page"
            kept = ops.change_asset(work, made, because=because) if known else ops.add_asset(work, made)
    except LifecycleError as error:
        if error.code in {"not-found", "forbidden"}:
            raise
        return _form(viewer, asset_id, form.typed, refusal(error).errors)
    return go(viewer, f"/assets/{kept.id}", f"{kept.name} is {'changed' if asset_id else 'in the register'}.")


def _agreements(viewer: Viewer, work: Work, text: str) -> tuple[str, ...]:
    """The ids of references; those that they may not see are not found. Raises FormRefused."""
    found = []
    for reference in words(text):
        try:
            found.append(viewer.queries(work).agreement(reference).id)
        except LifecycleError:
            raise FormRefused({"agreements": f"There is no agreement {reference}."}) from None
    return tuple(found)


def _form(
    viewer: Viewer, asset_id: str | None, texts: dict[str, str] | None, errors: dict[str, str] | None = None
) -> HTMLResponse:
    known: dict[str, Any] = {"covering": (), "document": None, "wrong": [], "may_change": True}
    if asset_id:
        with viewer.look() as work:
            seen = seen_asset(work, asset_id, viewer.person)
            known = {
                "covering": seen.agreements,
                "document": asset_document(seen),
                "wrong": _wrong(viewer, work, seen),
                "may_change": may_change(work, viewer.person, seen.asset) and not seen.asset.is_retired,
            }
            texts = filled_in(seen.asset, seen.agreements) if texts is None else texts
    return show(
        viewer,
        "asset.html",
        status=422 if errors else 200,
        **known,
        texts=texts or {},
        errors=errors or {},
        kinds=KINDS,
        owners=OWNERS,
    )
