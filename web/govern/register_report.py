"""The register as a report: every agreement with its nearest open deadline."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from notifiers.wording import counted
from store.queries import Queries
from store.queries.agreement_lists import AgreementFilter, matching
from web.frame.words import readable
from web.govern.charts import Bar, bars
from web.govern.report import MOST, Asked, Report
from web.govern.tables import Column, Link, Table

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from web.frame.viewer import Viewer
    from web.govern.tables import Cell


def register(work: Work, viewer: Viewer, asked: Asked) -> Report:
    found = matching(work, AgreementFilter(), viewer.person, limit=MOST)
    shown = found[: asked.most]
    near = Queries.of(work).nearest(shown)
    work.people.read(one.owner_id for one in shown)
    by_status = Counter(readable(one.status.value) for one in found)
    table = Table(
        caption=counted(len(found), "agreement"),
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
        rows=tuple(_agreement(work, one, near[one.id]) for one in shown),
        total=len(found),
    )
    return Report(
        key="register",
        title="Register",
        about="Every agreement that is not archived, with its nearest open deadline.",
        table=table,
        chart=bars([Bar(name, number, len(found)) for name, number in by_status.items()], title="Agreements by status"),
    )


def _agreement(work: Work, one: Agreement, near: list[Milestone]) -> tuple[Cell, ...]:
    first = near[0] if near else None
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
