"""``/admin/people``: who is here, in which role; who is away, who has left, and what they owned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine import operations
from engine.access.password_links import HOLDS, link_for
from engine.operations.leaving import leave, standing_with
from engine.operations.people import keep_an_admin
from engine.zones import names
from lifecycle.errors import LifecycleError
from lifecycle.people import Absence, AbsenceMode, Person, Role
from lifecycle.rights import Act
from store.queries import visible
from store.queries.people import owned_counts
from web.frame.forms import Posted
from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.operating.entering import password_address
from web.pages.admin.frame import page, refused
from web.pages.admin.people_form import Wrong, day_of, email_of, filled, somebody

if TYPE_CHECKING:
    from engine.monitor import Work
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

HERE: Final = "/admin/people"
ROLES: Final = tuple((role.value, role.value.capitalize()) for role in Role)


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        return _list(viewer)

    @made.post(HERE, response_model=None)
    def add(viewer: SignedIn, form: Posted) -> HTMLResponse | RedirectResponse:
        viewer.require(Act.ADMINISTER)
        return _added(viewer, form)

    @made.api_route(f"{HERE}/{{person_id}}", methods=["GET", "HEAD"])
    def one(viewer: SignedIn, person_id: str) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        return _one(viewer, person_id)

    @made.post(f"{HERE}/{{person_id}}", response_model=None)
    def change(viewer: SignedIn, person_id: str, form: Posted) -> HTMLResponse | RedirectResponse:
        viewer.require(Act.ADMINISTER)
        return _changed(viewer, person_id, form)

    for path, act in (("leave", _leave), ("back", _back), ("away", _away), ("away/end", _home)):
        made.post(f"{HERE}/{{person_id}}/{path}")(_endpoint(act))

    @made.post(f"{HERE}/{{person_id}}/password-link")
    def password_link(viewer: SignedIn, person_id: str, _form: Posted) -> HTMLResponse:
        """A link is shown once, in the answer itself."""
        viewer.require(Act.ADMINISTER)
        with viewer.look() as work:
            token = link_for(work, work.people.get(person_id), viewer.site.key)
        return _one(viewer, person_id, link=password_address(viewer, token))

    return made


def _added(viewer: Viewer, form: Form) -> HTMLResponse | RedirectResponse:
    try:
        with viewer.work() as work:
            known = operations.add_person(work, filled(work, Person(id="", email=email_of(form)), form))
    except Wrong as error:
        return _list(viewer, form, {error.field: error.sentence})
    except LifecycleError as error:
        return _list(viewer, form, {"email": f"{error.sentence} {error.remedy}"})
    return go(viewer, f"{HERE}/{known.id}", f"{known.label} is here now. Give them a way in: make a password link.")


def _changed(viewer: Viewer, person_id: str, form: Form) -> HTMLResponse | RedirectResponse:
    try:
        with viewer.work() as work:
            old = work.people.get(person_id)
            new = filled(work, old, form)
            if new.role is not old.role:
                keep_an_admin(work, old)
            operations.change_person(work, new)
    except Wrong as error:
        return _one(viewer, person_id, form, {error.field: error.sentence})
    except LifecycleError as error:
        return refused(viewer, f"{HERE}/{person_id}", error)
    return go(viewer, f"{HERE}/{person_id}", "Kept.")


def _endpoint(act: Any) -> Any:  # noqa: ANN401 - an endpoint, whose type is FastAPI's to read
    def answer(viewer: SignedIn, person_id: str, form: Posted) -> RedirectResponse:
        viewer.require(Act.ADMINISTER)
        path = f"{HERE}/{person_id}"
        try:
            with viewer.work() as work:
                said = act(work, viewer, work.people.get(person_id), form)
        except Wrong as error:
            return go(viewer, path, error.sentence, tone="bad")
        except LifecycleError as error:
            return refused(viewer, path, error)
        return go(viewer, path, said)

    return answer


def _leave(work: Work, viewer: Viewer, person: Person, form: Form) -> str:
    """They leave; what they own goes to whoever is named."""
    to = somebody(work, "to", form.get("to")) if form.get("to") else None
    mine = standing_with(work, person, visible(viewer.person))
    said = leave(work, person, standing=mine, to=to).said
    handed = f" {to.label} has taken over {said}." if to and said else ""
    return f"{person.label} has left: sessions, tokens and feeds ended.{handed}"


def _back(work: Work, _viewer: Viewer, person: Person, _form: Form) -> str:
    operations.change_person(work, replace(person, is_disabled=False))
    return f"{person.label} is here again. Other agreements than they own now are not given back."


def _away(work: Work, _viewer: Viewer, person: Person, form: Form) -> str:
    delegate = somebody(work, "delegate", form.get("delegate"))
    wanted = Absence(
        id="",
        person_id=person.id,
        delegate_id=delegate.id,
        mode=AbsenceMode.ALSO if form.is_on("also") else AbsenceMode.INSTEAD,
        from_on=day_of(form, "from_on"),
        until_on=day_of(form, "until_on"),
    )
    operations.set_absence(work, wanted)
    return f"{delegate.label} is asked while {person.label} is away."


def _home(work: Work, _viewer: Viewer, person: Person, _form: Form) -> str:
    operations.end_absences(work, person.id)
    return f"{person.label} is back: messages come to them again."


def _list(viewer: Viewer, form: Form | None = None, wrong: dict[str, str] | None = None) -> HTMLResponse:
    with viewer.look() as work:
        people = work.people.all()
        owned = owned_counts(work, viewer.person)
        away = {one.person_id for one in work.absences.open() if one.covers(viewer.today)}
        bad = {person_id for person_id, _, _ in work.contact_points.bad()}
    labels = {one.id: one.label for one in people}
    rows = [
        {
            "person": one,
            "manager": labels.get(one.manager_id or "", ""),
            "owned": owned.get(one.id, 0),
            "is_away": one.id in away,
            "has_bad": one.id in bad,
        }
        for one in sorted(people, key=lambda one: (one.is_disabled, one.label.casefold()))
    ]
    return page(
        viewer, "people", HERE, status=422 if wrong else 200, rows=rows, roles=ROLES, wrong=wrong or {},
        typed=form.typed if form else {}, others=[one for one in people if not one.is_disabled],
    )  # fmt: skip


def _one(
    viewer: Viewer, person_id: str, form: Form | None = None, wrong: dict[str, str] | None = None, *, link: str = ""
) -> HTMLResponse:  # fmt: skip
    with viewer.look() as work:
        person = work.people.get(person_id)
        manager = work.people.get(person.manager_id).email if person.manager_id else ""
        content = {
            "person": person,
            "standing": standing_with(work, person, visible(viewer.person)),
            "absences": [
                (one, work.people.get(one.delegate_id)) for one in work.absences.open() if one.person_id == person.id
            ],
            "others": [one for one in work.people.all() if not one.is_disabled and one.id != person.id],
            "bad": [one for (whose, _, _), one in work.contact_points.bad().items() if whose == person.id],
            "has_password": work.entering.password(person.id) is not None,
        }
    kept = {
        "name": person.name,
        "role": person.role.value,
        "manager": manager,
        "teams": ", ".join(person.teams),
        "time_zone": person.time_zone,
    }
    return page(
        viewer, "person", HERE, status=422 if wrong else 200, roles=ROLES, zones=names(), wrong=wrong or {}, link=link,
        typed=form.typed if form else kept, hours=int(HOLDS.total_seconds()) // 3600, **content,
    )  # fmt: skip
