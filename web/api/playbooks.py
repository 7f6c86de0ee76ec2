"""``playbooks``: the rules in force, each version that there was, and texts that might hold instead."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Response
from pydantic import AfterValidator, Field

from engine.documents.playbooks import in_force, one_in_force, plan_document
from engine.playbooks import versions as playbooks
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act
from store.queries import visible
from web.agreements.missing import Missing
from web.api.answers import Pages, Several, changed, item, items, reckoned, some
from web.api.bodies import Body, Text, without_zero
from web.api.caller import Applies, Caller, Reads, Tries
from web.api.routing import get, post
from web.govern.books import rules_of
from web.govern.trying import MANY, NotSure

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.playbooks.plan import PlaybookPlan
    from lifecycle.playbooks.playbook import Playbook
    from web.govern.rules import Finding

_LONGEST: Final = 100_000  # characters
_Yaml = Annotated[str, Field(min_length=1, max_length=_LONGEST), AfterValidator(without_zero)]


class Written(Body):
    """One playbook as YAML."""

    text: _Yaml


class Apply(Written):
    """*expect*: only the plan with this digest; *sure*: also where many messages would leave within a day."""

    expect: Text = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Something that is wrong with a text."""

    place: str
    code: str
    sentence: str
    remedy: str


class TextRefused(LifecycleError):
    """A playbook that cannot be read as it is written."""

    code = "yaml-refused"

    def __init__(self, found: list[_Wrong]) -> None:
        self.findings = tuple(found)
        super().__init__("This playbook cannot be read as it is written.", remedy="Correct what errors names.")


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/playbooks", _listed, "Playbook", many=True)
    get(made, "/playbooks/{name}", _one, "PlaybookShown")
    get(made, "/playbooks/{name}/versions/{number}", _version, "PlaybookVersion")
    post(made, "/playbooks/check", _check, "PlaybookFinding", many=True)
    post(made, "/playbooks/plan", _plan, "PlaybookPlan", many=True)
    post(made, "/playbooks/apply", _apply, "PlaybookPlan", many=True)


def _listed(caller: Reads, asked: Pages) -> Response:
    """By name, each with how many live deadlines follow it."""
    with caller.look() as work:
        page, following = some(in_force(work), lambda one: str(one["name"]), asked)
    return items(caller, "playbooks", page, following)


def _one(caller: Reads, name: str) -> Response:
    """One, as it is in force."""
    with caller.look() as work:
        return item(caller, "playbook-shown", one_in_force(work, name))


def _version(caller: Reads, name: str, number: int) -> Response:
    """A version, as it was applied."""
    with caller.look() as work:
        newest = {one.playbook: one.version for one in work.keeping.playbooks()}.get(name, 0)
        if not 1 <= number <= newest:
            raise Missing("such version", "Look which is in force.")
        known = work.keeping.playbook(name, number)
    document = {"name": name, "version": number, "sha256": known.sha256, "document": json.loads(known.doc)}
    return item(caller, "playbook-version", document)


def _check(caller: Tries, said: Written) -> Response:
    """All that is wrong with a text, or only worth knowing; places are line and column, from 1."""

    def look(work: Work) -> Several:
        found = rules_of(caller).check(work, said.text, sees=visible(caller.person)).findings
        return Several([_finding(one) for one in found], {})

    return reckoned(caller, "playbook-check", look)


def _plan(caller: Tries, said: Written) -> Response:
    """What applying a text would change, step by step. Nothing is written."""

    def look(work: Work) -> Several:
        new = _read(caller, work, said.text)
        return _told(caller, work, new, playbooks.plan(work, new), is_dry_run=False)

    return reckoned(caller, "playbook-plan", look)


def _apply(caller: Applies, said: Apply) -> Response:
    """Let a text hold from now on; what was raised stays raised. `is_proposed`: a second person has to apply it too."""

    def change(work: Work) -> Several:
        caller.require(Act.GOVERN)
        new = _read(caller, work, said.text)
        intended = playbooks.plan(work, new)
        if not said.sure and intended.raises_within_a_day > MANY:
            raise NotSure
        told = _told(caller, work, new, intended, is_dry_run=caller.is_dry_run)
        is_proposed = playbooks.apply(work, new, expect=said.expect, known=intended).is_proposed
        return Several([{**one, "is_proposed": is_proposed} for one in told.items], told.beside)

    return changed(caller, "playbook-applied", change)


def _read(caller: Caller, work: Work, text: str) -> Playbook:
    """Raises TextRefused."""
    found = rules_of(caller).check(work, text, sees=visible(caller.person))
    if found.playbook is None:
        wrong = [one for one in found.findings if not one.is_warning]
        raise TextRefused([_Wrong(_place(one), one.code, one.sentence, one.remedy) for one in wrong])
    return found.playbook


def _told(caller: Caller, work: Work, new: Playbook, whole: PlaybookPlan, *, is_dry_run: bool) -> Several:
    """What its reader may see of a plan, by the digest of the whole."""
    sees = visible(caller.person)
    concerned = work.agreements.by_references(list(whole.raises))
    seen = whole.among({one.reference for one in concerned.values() if sees(one)})
    nobody = rules_of(caller).unreached(work, new, sees=sees)
    document = {**plan_document(seen), "digest": whole.digest}
    return Several([document], {"unreached": nobody, "is_dry_run": is_dry_run})


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "place": _place(one),
        "code": one.code,
        "message": one.sentence,
        "remedy": one.remedy,
        "is_warning": one.is_warning,
    }


def _place(one: Finding) -> str:
    return f"{one.line}:{one.column}"
