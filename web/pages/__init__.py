"""The pages, one module per subject; each has a ``router`` and its line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.pages import (
    admin,
    agreement,
    agreement_documents,
    agreement_forms,
    agreement_messages,
    agreements,
    assets,
    audit,
    audits,
    checklists,
    counterparties,
    deadline,
    deadlines,
    deadlines_together,
    evidence,
    evidence_upload,
    exit_plans,
    findings,
    forecast,
    gaps,
    home,
    importing,
    me,
    password,
    playbooks,
    reports,
    search,
    setup,
    sign_in,
    silences,
    subscribe,
    verify,
    what_if,
)

if TYPE_CHECKING:
    from fastapi import APIRouter

    from web.frame.site import Site


def routers(site: Site) -> tuple[APIRouter, ...]:
    """All pages of a house."""
    return (
        home.router(site),
        admin.router(site),
        deadlines.router(site),
        deadlines_together.router(site),
        deadline.router(site),
        search.router(site),
        verify.router(site),
        agreements.router(site),
        importing.router(site),
        agreement_forms.router(site),
        agreement_messages.router(site),
        agreement_documents.router(site),
        agreement.router(site),
        what_if.router(site),
        counterparties.router(site),
        audits.router(site),
        assets.router(site),
        audit.router(site),
        evidence_upload.router(site),
        evidence.router(site),
        exit_plans.router(site),
        findings.router(site),
        sign_in.router(site),
        password.router(site),
        setup.router(site),
        me.router(site),
        subscribe.router(site),
        silences.router(site),
        gaps.router(site),
        checklists.router(site),
        playbooks.router(site),
        forecast.router(site),
        reports.router(site),
    )
