"""Forms that change agreements: add, amend, and every operation of their life. Saving shows first what moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine import operations as ops
from engine.documents.changes import renewal_remarks
from engine.intake.findings import Finding
from lifecycle.rights import Act, is_inside, may, require, require_to_add
from store.queries.agreement_lists import agreement_by_id
from web.agreements.acts import BY_NAME, LED_TO, NotNow, possible, standing_of
from web.agreements.fields import facts_of_an_agreement, filled
from web.agreements.operations import OPERATIONS
from web.agreements.said import ACCEPT, FormRefused, Said, made_of, texts_of
from web.agreements.trying import mark_of, tried
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn, Viewer
from web.pages.agreements import may_add

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from web.agreements.fields import Group
    from web.agreements.operations import Operation
    from web.agreements.trying import Tried
    from web.frame.forms import Form
    from web.frame.site import Site

Answer = HTMLResponse | RedirectResponse


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/agreements/new", methods=["GET", "HEAD"])
    def adding(viewer: SignedIn, like: str = "") -> HTMLResponse:
        """The empty form; *like* is the id of an agreement that it begins with."""
        return _adding(viewer, like)

    @made.post("/agreements/new", response_model=None)
    def add(viewer: SignedIn, form: Posted) -> Answer:
        """Look at what it would bring, or register it."""
        return _add(viewer, form)

    @made.api_route("/agreements/{agreement_id}/amend", methods=["GET", "HEAD"])
    def amending(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """All its facts; those in the address are filled in."""
        return _amending(viewer, agreement_id)

    @made.post("/agreements/{agreement_id}/amend", response_model=None)
    def amend(viewer: SignedIn, agreement_id: str, form: Posted) -> Answer:
        """Look at what it would move, or keep it."""
        return _amend(viewer, agreement_id, form)

    for name in OPERATIONS:
        _serve(made, name)
    return made


def _serve(made: APIRouter, name: str) -> None:
    @made.api_route(f"/agreements/{{agreement_id}}/{name}", methods=["GET", "HEAD"])
    def asking(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        return _asking(viewer, agreement_id, name)

    @made.post(f"/agreements/{{agreement_id}}/{name}", response_model=None)
    def do(viewer: SignedIn, agreement_id: str, form: Posted) -> Answer:
        return _do(viewer, agreement_id, name, form)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A form: what it is about, where it is sent, its fields."""

    title: str
    path: str
    groups: tuple[Group, ...]
    agreement: Agreement | None = None
    operation: Operation | None = None

    def with_texts(self, texts: Mapping[str, str], errors: Mapping[str, str] | None = None) -> _Page:
        """Filled in."""
        return replace(self, groups=filled(self.groups, texts, errors or {}))

    @property
    def version(self) -> int:
        """Of what it speaks."""
        return self.agreement.version if self.agreement else 0

    @property
    def done(self) -> str:
        """What is said when it is kept."""
        if self.operation is not None:
            return self.operation.done
        return "It is amended." if self.agreement else "It is in the register."


def _adding(viewer: Viewer, like: str) -> HTMLResponse:
    with viewer.look() as work:
        page = _new(viewer, work)
        texts = {"owner": viewer.person.email, "time_zone": work.house.time_zone}
        if like:
            known = texts_of(work, agreement_by_id(work, like, viewer.person))
            texts = {name: text for name, text in known.items() if name not in {"reference", "restricted_to"}}
        return _shown(viewer, page.with_texts({**texts, **_in_address(viewer)}))


def _add(viewer: Viewer, form: Form) -> Answer:
    with viewer.look() as work:
        page = _new(viewer, work)

    def change(work: Work, _: Agreement | None) -> tuple[Agreement, tuple[Finding, ...]]:
        new, remarks = made_of(work, form.typed, page.groups)
        require_to_add(viewer.person, standing_of(viewer.person, new))
        return ops.register(work, new), remarks

    return _answered(viewer, form, page, partial(tried, viewer, lambda _: None, change))


def _amending(viewer: Viewer, agreement_id: str) -> HTMLResponse:
    with viewer.look() as work:
        page = _known(viewer, work, agreement_id)
        texts = texts_of(work, agreement_by_id(work, agreement_id, viewer.person))
        return _shown(viewer, page.with_texts({**texts, **_in_address(viewer)}))


def _amend(viewer: Viewer, agreement_id: str, form: Form) -> Answer:
    with viewer.look() as work:
        page = _known(viewer, work, agreement_id)

    def change(work: Work, known: Agreement | None) -> tuple[Agreement, tuple[Finding, ...]]:
        because = form.get("because")
        if not because:
            raise FormRefused({"because": "Say why: it is kept in the history."})
        new, remarks = made_of(work, form.typed, page.groups, existing=known)
        return ops.amend(work, new, because=because), remarks

    attempt = partial(tried, viewer, lambda work: _allowed(viewer, work, agreement_id, "amend"), change)
    return _answered(viewer, form, page, attempt)


def _asking(viewer: Viewer, agreement_id: str, name: str) -> HTMLResponse:
    with viewer.look() as work:
        page = _operating(viewer, work, agreement_id, name)
        return _shown(viewer, page.with_texts(_in_address(viewer)))


def _do(viewer: Viewer, agreement_id: str, name: str, form: Form) -> Answer:
    with viewer.look() as work:
        page = _operating(viewer, work, agreement_id, name)

    def change(work: Work, known: Agreement | None) -> tuple[Agreement, tuple[Finding, ...]]:
        if known is None:
            raise AssertionError(agreement_id)
        done = OPERATIONS[name].do(work, known, Said(form.typed))
        return done, tuple(_remark(told) for told in renewal_remarks(work, done))

    attempt = partial(tried, viewer, lambda work: _allowed(viewer, work, agreement_id, name), change)
    return _answered(viewer, form, page, attempt)


def _remark(told: str) -> Finding:
    return Finding("", "", "renewal", "", "renewal", told, "", is_error=False)


def _answered(viewer: Viewer, form: Form, page: _Page, attempt: Callable[..., Tried]) -> Answer:
    """Kept, if what was looked at is what is sent now; else shown with what it would move, or what is wrong."""
    is_kept = form.get("step") == "save" and form.get("mark") == mark_of(form.typed, page.version)
    try:
        found = attempt(is_kept=is_kept)
    except FormRefused as error:
        return _shown(viewer, page.with_texts(form.typed, error.errors), form=form, error=error)
    if is_kept:
        return go(viewer, f"/agreements/{found.agreement.id}", f"{found.agreement.reference}: {page.done}")
    return _shown(viewer, page.with_texts(form.typed), form=form, found=found)


def _shown(
    viewer: Viewer,
    page: _Page,
    *,
    form: Form | None = None,
    error: FormRefused | None = None,
    found: Tried | None = None,
) -> HTMLResponse:
    typed = form.typed if form else {}
    return show(
        viewer,
        "agreement-form.html",
        status=422 if error else 200,
        page=page,
        because=typed.get("because", viewer.request.query_params.get("because", "")),
        reasons={name: text for name, text in typed.items() if name.startswith(ACCEPT)},
        back=f"/agreements/{page.agreement.id}" if page.agreement else "/agreements",
        sees_it_then=found is None or is_inside(viewer.person, found.agreement),
        found=found,
        mark=mark_of(typed, page.version) if found else "",
        is_changed=found is not None and typed.get("step") == "save",
        error=error,
    )


def _new(viewer: Viewer, work: Work) -> _Page:
    """The form for a new one. Raises Forbidden."""
    if not may_add(viewer):
        require(viewer.person, Act.REGISTER)
    groups = facts_of_an_agreement(work.people.all(), is_new=True, may_restrict=True)
    return _Page(title="Add an agreement", path="/agreements/new", groups=groups)


def _known(viewer: Viewer, work: Work, agreement_id: str) -> _Page:
    """The form for the facts of a known one. Raises NotFound, Forbidden, NotNow."""
    agreement = _allowed(viewer, work, agreement_id, "amend")
    may_restrict = may(viewer.person.role, Act.GOVERN, standing_of(viewer.person, agreement))
    groups = facts_of_an_agreement(work.people.all(), is_new=False, may_restrict=may_restrict)
    return _Page(title="Amend", path=f"/agreements/{agreement.id}/amend", groups=groups, agreement=agreement)


def _operating(viewer: Viewer, work: Work, agreement_id: str, name: str) -> _Page:
    """The form of an operation. Raises NotFound, Forbidden, NotNow."""
    agreement = _allowed(viewer, work, agreement_id, name)
    operation = OPERATIONS[name]
    groups = operation.groups(work, agreement, work.today(agreement))
    path = f"/agreements/{agreement.id}/{name}"
    return _Page(title=operation.title, path=path, groups=groups, agreement=agreement, operation=operation)


def _allowed(viewer: Viewer, work: Work, agreement_id: str, name: str) -> Agreement:
    """The agreement, if it may be seen and the operation is possible now. Raises NotFound, Forbidden, NotNow."""
    agreement = agreement_by_id(work, agreement_id, viewer.person)
    entry = BY_NAME[name]
    require(viewer.person, entry.act, standing_of(viewer.person, agreement))
    if name not in LED_TO and entry not in tuple(possible(viewer.person, agreement)):
        raise NotNow(agreement, entry.label)
    return agreement


def _in_address(viewer: Viewer) -> Mapping[str, str]:
    """Fields that another page has filled in."""
    return dict(viewer.request.query_params)
