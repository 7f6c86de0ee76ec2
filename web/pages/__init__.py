"""The pages: each subject by the first segment of its addresses, read and built when somebody first goes there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from web.frame.later import Later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fastapi import APIRouter
    from starlette.routing import BaseRoute

    from web.frame.site import Site


def routes(site: Site) -> Iterable[BaseRoute]:
    """All pages of a house."""
    for segments, make in _SUBJECTS.items():
        yield Later(segments, partial(make, site))


def _home(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import home, search

    return home.router(site), search.router(site)


def _people(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import me, password, setup, sign_in, sign_in_by_issuer

    pages = (sign_in, sign_in_by_issuer, password, setup, me)
    return tuple(page.router(site) for page in pages)


def _admin(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import admin

    return (admin.router(site),)


def _deadlines(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import deadline, deadlines, deadlines_together

    return deadlines.router(site), deadlines_together.router(site), deadline.router(site)


def _agreements(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import (
        agreement,
        agreement_documents,
        agreement_forms,
        agreement_messages,
        agreements,
        findings,
        what_if,
    )

    pages = (agreements, agreement_forms, agreement_messages, agreement_documents, agreement, what_if, findings)
    return tuple(page.router(site) for page in pages)


def _importing(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import importing

    return (importing.router(site),)


def _relationship(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import assets, audit, audits, counterparties, evidence, evidence_upload, exit_plans

    pages = (counterparties, audits, assets, audit, evidence_upload, evidence, exit_plans)
    return tuple(page.router(site) for page in pages)


def _telling(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import silences, subscribe

    return subscribe.router(site), silences.router(site)


def _rules(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import checklists, playbooks

    return checklists.router(site), playbooks.router(site)


def _looking(site: Site) -> tuple[APIRouter, ...]:
    from web.pages import forecast, gaps, reports, verify

    return gaps.router(site), forecast.router(site), reports.router(site), verify.router(site)


_SUBJECTS: dict[tuple[str, ...], Callable[[Site], tuple[APIRouter, ...]]] = {
    ("", "search"): _home,
    ("login", "logout", "password", "setup", "me"): _people,
    ("admin",): _admin,
    ("deadlines",): _deadlines,
    ("agreements", "what-if"): _agreements,
    ("import",): _importing,
    ("counterparties", "audits", "assets", "evidence-upload", "evidence", "exit-plans"): _relationship,
    ("subscribe", "silences"): _telling,
    ("checklists", "playbooks"): _rules,
    ("forecast", "gaps", "reports", "verify"): _looking,
}
