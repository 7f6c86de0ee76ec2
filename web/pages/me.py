"""``/me``: how somebody is told, how their pages look, and who may act for them (INTERFACE.md P22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from engine import operations
from engine.access.entering import set_password, take_a_try
from engine.access.passwords import PasswordRefused
from engine.access.tokens import LONGEST, SCOPES, create_token, revoke_token
from engine.zones import names, zone
from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.people import Absence, AbsenceMode
from store.queries.entering import NotFound, Preferences
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.access.tokens import Made
    from engine.monitor import Work
    from lifecycle.people import Person
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

THEMES: Final = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
CHANNELS: Final = {"email": "E-mail", "slack": "Slack", "console": "The operator's console"}
_SCOPES: Final = {
    "read": "read the register",
    "act": "answer deadlines",
    "register": "add and change agreements",
    "playbooks": "apply playbooks",
    "admin": "administer",
    "metrics": "read metrics",
}
_AT_FIRST: Final = timedelta(days=90)  # how long a token holds if nobody says otherwise


class _Wrong(Exception):
    """A field that cannot be used."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/me", methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        return _page(viewer)

    for path, change, said in (
        ("telling", _telling, "How you are told is changed."),
        ("looks", _looks, "Your pages look as you like them."),
        ("absence", _absence, "Whoever stands in is asked while you are away."),
        ("absence/end", _back, "You are back: messages come to you again."),
        ("tokens/revoke", _revoke, "That token opens nothing any more."),
    ):
        made.post(f"/me/{path}", response_model=None)(_endpoint(change, said))

    @made.post("/me/password", response_model=None)
    def password(viewer: SignedIn, form: Posted) -> HTMLResponse | RedirectResponse:
        """Whoever sits at a browser that somebody left open has as few tries as at the door."""
        take_a_try(viewer.monitor, f"own-password:{viewer.person.id}")
        try:
            _prove_password(viewer, form)
            with viewer.work() as work:
                _password(work, viewer, form)
        except (LifecycleError, _Wrong) as error:
            return _page(viewer, form, error, "password")
        return go(viewer, "/me", "You have another password, and are signed out everywhere else.")

    @made.post("/me/tokens")
    def token(viewer: SignedIn, form: Posted) -> HTMLResponse:
        """A token is shown once, in the answer itself, and never again."""
        try:
            with viewer.work() as work:
                made_now = _token(work, viewer, form)
        except (LifecycleError, _Wrong) as error:
            return _page(viewer, form, error, "tokens")
        return _page(viewer, made=made_now)

    return made


def _endpoint(change: Callable[[Work, Viewer, Form], None], said: str) -> Callable[[Viewer, Form], Response]:
    def answer(viewer: SignedIn, form: Posted) -> HTMLResponse | RedirectResponse:
        try:
            with viewer.work() as work:
                change(work, viewer, form)
        except (LifecycleError, _Wrong) as error:
            return _page(viewer, form, error, change.__name__.strip("_"))
        return go(viewer, "/me", said)

    return answer


def _telling(work: Work, viewer: Viewer, form: Form) -> None:
    """When and where somebody is told."""
    known = work.people.get(viewer.person.id)
    order = [one for place in range(len(viewer.monitor.house.channels)) if (one := form.get(f"channel-{place}"))]
    changed = replace(
        known,
        name=form.get("name")[:200],
        time_zone=_checked_zone(form.get("time_zone")),
        send_at=_hour(form.get("send_at")),
        channels=tuple(dict.fromkeys(one for one in order if one in viewer.monitor.house.channels)),
        digests=form.is_on("digests"),
        invitations=form.is_on("invitations"),
    )
    operations.change_person(work, changed)


def _looks(work: Work, viewer: Viewer, form: Form) -> None:
    theme = form.get("theme")
    wanted = Preferences(theme=theme if theme in dict(THEMES) else "system", with_keys=form.is_on("with_keys"))
    work.entering.prefer(viewer.person.id, wanted)


def _absence(work: Work, viewer: Viewer, form: Form) -> None:
    try:
        delegate = work.people.by_email(form.get("delegate"))
    except NotFound as error:
        raise _Wrong("delegate", "Nobody here has that address.") from error
    wanted = Absence(
        id="",
        person_id=viewer.person.id,
        delegate_id=delegate.id,
        mode=AbsenceMode.ALSO if form.is_on("also") else AbsenceMode.INSTEAD,
        from_on=_day(form, "from_on"),
        until_on=_day(form, "until_on"),
    )
    operations.set_absence(work, wanted)


def _back(work: Work, viewer: Viewer, form: Form) -> None:  # noqa: ARG001 - as all that /me takes
    operations.end_absences(work, viewer.person.id)


def _prove_password(viewer: Viewer, form: Form) -> None:
    """Before anything is written, so that nobody waits meanwhile: it takes long."""
    with viewer.look() as work:
        known = work.entering.password(viewer.person.id)
    if known is not None and not viewer.monitor.hashing.is_right(known, form.get("password_now")):
        raise _Wrong("password_now", "That is not your password.")


def _password(work: Work, viewer: Viewer, form: Form) -> None:
    if form.get("password_new") != form.get("password_again"):
        raise _Wrong("password_again", "The two new ones are not the same.")
    try:
        set_password(work, viewer.person, form.get("password_new"), keep=viewer.session)
    except PasswordRefused as error:
        raise _Wrong("password_new", f"{error.sentence} {error.remedy}") from error


def _token(work: Work, viewer: Viewer, form: Form) -> Made:
    expires_on = _day(form, "expires_on")
    return create_token(work, viewer.person, form.all("scope"), expires_on, name=form.get("token_name"))


def _revoke(work: Work, viewer: Viewer, form: Form) -> None:
    row = work.entering.token_with(form.get("id"))
    if row.person_id != viewer.person.id:
        raise NotFound("token", form.get("id"))
    revoke_token(work, row.id)


def _page(
    viewer: Viewer,
    form: Form | None = None,
    error: LifecycleError | _Wrong | None = None,
    part: str = "",
    *,
    made: Made | None = None,
) -> HTMLResponse:
    with viewer.look() as work:
        content = _content(work, viewer)
    wrong = {}
    if error is not None:
        remedy = getattr(error, "remedy", "")
        wrong = {getattr(error, "field", part): f"{error.sentence} {remedy}".strip()}
    typed = form.typed if form else {}
    return show(
        viewer, "me.html", status=422 if wrong else 200, typed=typed, wrong=wrong, part=part, made=made, **content
    )


def _content(work: Work, viewer: Viewer) -> dict[str, Any]:
    person = work.people.get(viewer.person.id)
    away = [one for one in work.absences.open() if one.person_id == person.id]
    return {
        "person": person,
        "zones": names(),
        "house_send_at": f"{viewer.monitor.house.send_at:%H:%M}",
        "house_zone": viewer.monitor.house.time_zone,
        "channels": _channels(person, viewer.monitor.house.channels),
        "channel_choices": [(one, CHANNELS.get(one, one)) for one in viewer.monitor.house.channels],
        "themes": THEMES,
        "absences": [(one, work.people.get(one.delegate_id)) for one in away],
        "others": [one for one in work.people.all() if not one.is_disabled and one.id != person.id],
        "tokens": [one for one in work.entering.tokens(person.id) if one.revoked_at is None],
        "scopes": [(one, _SCOPES[one]) for one in SCOPES],
        "token_first_on": viewer.today + _AT_FIRST,
        "token_last_on": viewer.now.date() + LONGEST,
        "has_password": work.entering.password(person.id) is not None,
    }


def _channels(person: Person, there: tuple[str, ...]) -> tuple[str, ...]:
    """In their order, then what else there is."""
    chosen = tuple(one for one in person.channels if one in there)
    return (*chosen, *(one for one in there if one not in chosen))


def _checked_zone(name: str) -> str:
    if not name:
        return ""
    try:
        return str(zone(name))
    except (KeyError, ValueError, OSError):
        raise _Wrong("time_zone", "There is no such time zone. Write it like Europe/Berlin.") from None


def _hour(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise _Wrong("send_at", "Say an hour, such as 08:30.") from None


def _day(form: Form, name: str) -> date:
    try:
        return parse_day(form.get(name))
    except ValueError:
        raise _Wrong(name, "Say a day, such as 2026-12-24.") from None
