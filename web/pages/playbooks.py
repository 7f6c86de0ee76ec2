"""``/playbooks``: the rules, read as sentences, changed as form or YAML, tried before they hold (INTERFACE.md P18).

Trying is anybody's and writes nothing; its answer holds the text, which goes on to *Apply*. Applying is legal's, and
where the house asks for it a second person's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.playbooks import versions as playbooks
from engine.playbooks.approval import proposal
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act
from store.queries import visible
from store.queries.playbooks import Followed, followed
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import Content, SignedIn
from web.govern.books import history, in_force, listed, rules_of
from web.govern.ladders import REQUIRES, URGENCIES, fields, ladder_of, matches, sentences
from web.govern.places import RULES
from web.govern.trying import MANY, NotSure, tried

if TYPE_CHECKING:
    from engine.monitor import Work
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer
    from web.govern.rules import Checked

_TABS = ("form", "yaml", "history")
_NEW = """playbook: name-it
match: {kind: MSA, milestone: notice, tags: critical}
ladder:
  - {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: manager}]}
"""


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/playbooks", methods=["GET", "HEAD"])
    def every(viewer: SignedIn) -> HTMLResponse:
        """Those in force."""
        with viewer.look() as work:
            found = listed(work, viewer)
        return show(viewer, "playbooks.html", found=found, places=RULES)

    @made.api_route("/playbooks/{name}", methods=["GET", "HEAD"])
    def one(viewer: SignedIn, name: str, tab: str = "form") -> HTMLResponse:
        """One of them, or ``_new``, an empty page to write another one on."""
        if name == "_new":
            return _written(viewer, name, _NEW)
        return _one(viewer, name, tab if tab in _TABS else "form")

    @made.post("/playbooks/{name}/draft")
    def draft(viewer: SignedIn, form: Posted, name: str) -> HTMLResponse:
        """What the form says, tried."""
        with viewer.look() as work:
            _, book = in_force(work, name)
        return _tried(viewer, name, rules_of(viewer).redrafted(book, ladder_of(form)))

    @made.post("/playbooks/{name}/try")
    def attempt(viewer: SignedIn, form: Posted, name: str) -> HTMLResponse:
        """What the text says, tried."""
        return _tried(viewer, name, form.get("text"))

    @made.post("/playbooks/{name}/apply", response_model=None)
    def apply(viewer: SignedIn, form: Posted, name: str) -> HTMLResponse | RedirectResponse:
        """Let the text hold, if it comes to the plan that was looked at."""
        viewer.require(Act.GOVERN)
        return _applied(viewer, form, name)

    return made


def _one(viewer: Viewer, name: str, tab: str) -> HTMLResponse:
    with viewer.look() as work:
        version, book = in_force(work, name)
        waiting = proposal(work, name)
        content: Content = {
            "version": version,
            "matches": matches(book),
            "followed": followed(work, viewer.person).get(name, Followed()),
            "sentences": sentences(book),
            "stages": fields(book),
            "text": rules_of(viewer).written(book) if tab == "yaml" else "",
            "past": history(work, viewer, name) if tab == "history" else [],
            "proposed_by": waiting.by if waiting else "",
            "proposed": rules_of(viewer).written(waiting.playbook) if waiting else "",
        }
    choices: Content = {"urgencies": URGENCIES, "requires": REQUIRES, "may_apply": viewer.may(Act.GOVERN)}
    return show(viewer, "playbook.html", called=name, tab=tab, book=book, **content, **choices)


def _written(viewer: Viewer, name: str, text: str, found: Checked | None = None, error: object = None) -> HTMLResponse:
    """The text to go on with, with all that is wrong with it."""
    findings = found.findings if found else ()
    status = 422 if findings or error else 200
    return show(viewer, "playbook-text.html", status=status, called=name, text=text, findings=findings, error=error)


def _checked(work: Work, viewer: Viewer, text: str) -> Checked:
    return rules_of(viewer).check(work, text, sees=visible(viewer.person))


def _tried(viewer: Viewer, name: str, text: str, error: object = None) -> HTMLResponse:
    with viewer.look() as work:
        found = _checked(work, viewer, text)
        if found.playbook is None:
            return _written(viewer, name, text, found)
        trial = tried(work, viewer, found.playbook)
    content: Content = {"book": found.playbook, "findings": found.findings, "trial": trial, "error": error}
    content |= {"sentences": sentences(found.playbook), "matches": matches(found.playbook)}
    status = 422 if error else 200
    return show(
        viewer, "playbook-try.html", status=status, called=name, text=text, may_apply=viewer.may(Act.GOVERN), **content
    )


def _applied(viewer: Viewer, form: Form, name: str) -> HTMLResponse | RedirectResponse:
    text = form.get("text")
    with viewer.look() as work:
        found = _checked(work, viewer, text)
    new = found.playbook
    if new is None:
        return _written(viewer, name, text, found)
    try:
        with viewer.work() as work:
            known = playbooks.plan(work, new)
            if not form.is_on("sure") and known.raises_within_a_day > MANY:
                raise NotSure
            intended = playbooks.apply(work, new, expect=form.get("expect"), known=known)
    except LifecycleError as error:
        return _tried(viewer, name, text, error)
    if intended.is_proposed:
        said = "Proposed. It concerns so many agreements that a second person has to apply it; nothing has changed yet."
        return go(viewer, f"/playbooks/{new.name}", said, tone="warn")
    return go(viewer, f"/playbooks/{new.name}", f"{new.name} holds from now on. What was raised stays raised.")
