"""The register as a report: every agreement with its nearest open deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.agreements.status import Status
from notifiers.wording import counted
from store.queries.agreement_lists import AgreementFilter, agreement_page
from web.frame.words import readable
from web.govern.charts import Bar, bars
from web.govern.report import Asked, Report
from web.govern.tables import Column, Link, Table

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from store.queries.agreement_lists import AgreementPage
    from web.frame.viewer import Viewer
    from web.govern.tables import Cell


def register(work: Work, viewer: Viewer, asked: Asked) -> Report:
    page = agreement_page(work, AgreementFilter(), viewer.person, limit=asked.most)
    work.people.read(row.agreement.owner_id for row in page.rows)
    table = Table(
        caption=counted(page.total, "agreement"),
        columns=(
            Column("reference", "Reference"),
            Column("title", "Title"),
            Column("counterparty", "Counterparty"),
            Column("kind", "Kind"),
            Column("status", "Status"),
            Column("owner", "Owner"),
            Column("next", "Next deadline"),
            Column("safe_on", "Last safe day"),
            Column("value", "Value", is_number=True),
            Column("currency", "Currency"),
        ),
        rows=tuple(_agreement(work, *row) for row in page.rows),
        total=page.total,
    )
    return Report(
        key="register",
        title="Register",
        about="Every agreement that is not archived, with its nearest open deadline.",
        table=table,
        chart=bars(_by_status(page), title="Agreements by status"),
    )


def _by_status(page: AgreementPage) -> list[Bar]:
    """In the order in which an agreement comes through them."""
    there = [status for status in Status if page.counts.get(status)]
    return [Bar(readable(status.value), page.counts[status], page.total) for status in there]


def _agreement(work: Work, one: Agreement, first: Milestone | None) -> tuple[Cell, ...]:
    return (
        Link(one.reference, f"/agreements/{one.id}"),
        one.title,
        one.counterparty,
        one.kind.value,
        readable(one.status.value),
        work.people.get(one.owner_id).label if one.owner_id else "",
        readable(first.key.kind.value) if first else "",
        first.safe_on if first else None,
        f"{one.value.amount:f}" if one.value else "",
        one.value.currency if one.value else "",
    )
