"""The steps of the first run after the first admin: what each shows, and what it does."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from engine import operations
from engine.access import setup
from engine.access.setup import Choices, SetupRefused
from engine.delivery import probing
from engine.delivery.recipients import Told
from engine.zones import names
from lifecycle.delivery import ARRIVED
from lifecycle.errors import LifecycleError
from lifecycle.people import Person, Role, is_address
from lifecycle.rights import Act
from notifiers.wording import channel_words
from web.deadlines.acting import words_of

if TYPE_CHECKING:
    from engine.monitor import Work
    from web.frame.forms import Form
    from web.frame.viewer import Viewer

ACT: Final = Act.ADMINISTER
ROLES: Final = tuple((role.value, role.value.capitalize()) for role in Role)
#: What each channel needs, where it is not set up.
NEEDS: Final = {
    "email": "Set LONGSTOP_SMTP_HOST and LONGSTOP_MAIL_FROM, and start again.",
    "slack": "Set LONGSTOP_SLACK_MODE and LONGSTOP_SLACK_BOT_TOKEN, and start again.",
}
_ROWS: Final = 5  # people that are taken in at once


class NoSuchStep(LifecycleError):
    """A step that the first run does not have."""

    code = "not-found"

    def __init__(self, name: str) -> None:
        super().__init__(f"The first run has no step {name!r}.", remedy="Begin at /setup.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a step has to say; *stays*: there is more to do on its page."""

    said: str = ""
    tone: str = "good"
    stays: bool = False


def content(work: Work, viewer: Viewer, step: str) -> dict[str, Any]:
    """What the page of a step shows."""
    match step:
        case "organisation":
            return _organisation(work, viewer)
        case "channels":
            there = [name for name in viewer.monitor.notifiers if name != "webhook"]
            return {"there": there, "needs": {k: v for k, v in NEEDS.items() if k not in there}}
        case "people":
            return {"known": [one for one in work.people.all() if not one.is_disabled], "roles": ROLES, "rows": _ROWS}
        case _:
            return {}


def done(viewer: Viewer, step: str, form: Form) -> Answer:
    """Do a step as it was filled in. Raises LifecycleError, and nothing is kept."""
    match step:
        case "organisation":
            with viewer.work() as work:
                setup.choose(work, _choices(form))
            return Answer("Kept.")
        case "channels" if form.get("test"):
            return _tested(viewer, form.get("test"), form.get("to"))
        case "people":
            with viewer.work() as work:
                added = [operations.add_person(work, one) for one in _newcomers(form)]
            return Answer(f"Added: {', '.join(one.email for one in added)}." if added else "")
        case _:
            return Answer()


def wrong_fields(work: Work, step: str, form: Form) -> dict[str, str]:
    """What is said at which field of a step that was refused; nothing where it is no field's fault."""
    match step:
        case "organisation":
            return {name: words_of(error) for name, error in setup.wrong_of(work, _choices(form)).items()}
        case "people":
            emails = {f"email-{row}": form.get(f"email-{row}") for row in range(_ROWS)}
            wrong = {name: email for name, email in emails.items() if email and not is_address(email)}
            return {name: words_of(_no_address(email)) for name, email in wrong.items()}
        case _:
            return {}


def _organisation(work: Work, viewer: Viewer) -> dict[str, Any]:
    """What holds, what was chosen, and what the settings say, which cannot be chosen here."""
    house = viewer.monitor.house
    holds = {
        "organisation": house.organisation,
        "time_zone": house.time_zone,
        "calendar": "" if house.calendar == "SAT_SUN" else house.calendar,
        "send_at": f"{house.send_at:%H:%M}",
    }
    chosen = {name: value for name, value in asdict(setup.choices_of(work)).items() if value}
    fixed = viewer.site.fixed
    typed = holds | {name: value for name, value in chosen.items() if name not in fixed}
    return {"typed": typed, "fixed": fixed, "zones": names()}


def _choices(form: Form) -> Choices:
    return Choices(
        organisation=form.get("organisation")[:200],
        time_zone=form.get("time_zone"),
        calendar=form.get("calendar"),
        send_at=form.get("send_at"),
    )


def _tested(viewer: Viewer, channel: str, address: str) -> Answer:
    if channel not in viewer.monitor.notifiers:
        raise SetupRefused(f'The channel "{channel}" is not set up.', remedy=NEEDS.get(channel, "Choose another one."))
    with viewer.work() as work:
        told = Told(work.people.get(viewer.person.id), channel, address or viewer.person.email)
        claimed = probing.offered(work, told)
    after = probing.carried(viewer.monitor, claimed)
    by = channel_words(channel)
    if after.state in ARRIVED:
        return Answer(f"The test message left for {after.address} by {by}.", stays=True)
    why = after.why or after.state.value
    return Answer(f"The test message did not leave by {by}: {why}.", "bad", stays=True)


def _no_address(email: str) -> SetupRefused:
    return SetupRefused(f'"{email}" is no mail address.', remedy="Write it like olga@example.com.")


def _newcomers(form: Form) -> list[Person]:
    found = []
    for row in range(_ROWS):
        email = form.get(f"email-{row}")
        if not email:
            continue
        if not is_address(email):
            raise _no_address(email)
        role = form.get(f"role-{row}", Role.VIEWER.value)
        if role not in set(Role):
            raise SetupRefused(f'"{role}" is no role.', remedy="Choose one of them.")
        found.append(Person(id="", email=email, name=form.get(f"name-{row}")[:200], role=Role(role)))
    return found
