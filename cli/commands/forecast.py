"""``forecast``: every message that will be sent, to whom, and when."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import reading
from cli.lazy import Command
from cli.options import ExitCode

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class Assumed(StrEnum):
    """What people answer until then."""

    SILENCE = "silence"
    ACKNOWLEDGED = "acknowledged"


@app.command(
    cls=Command, epilog="longstop forecast --until +90d\nlongstop forecast --until +1y --reference ACME-7 --json"
)
@reading
def forecast(
    run: Run,
    until: Annotated[str, typer.Option(metavar="DATE", help="How far ahead.")] = "+90d",
    reference: Annotated[str, typer.Option(metavar="REFERENCE", help="Of one agreement.", show_default=False)] = "",
    recipient: Annotated[str, typer.Option(metavar="EMAIL", help="To one person.", show_default=False)] = "",
    assume: Annotated[Assumed, typer.Option(help="What people answer.")] = Assumed.SILENCE,
    exit_code: ExitCode = False,
) -> None:
    """Every message that will be sent if nobody, or everybody, answers; and every step that reaches nobody."""
    from cli.acting import queries
    from engine.forecasting.forecast import forecast as forecasted
    from engine.forecasting.items import document
    from store.queries.search import NOTHING

    until_on = run.coming_day(until, "--until")
    with run.look() as work:
        seen = queries(run, work)
        known = seen.agreement(reference).reference if reference else None
        found = forecasted(work, until_on, reference=known, recipient=recipient or None, assume=assume.value)
        if run.person(work) is not None:
            found = found.among({one.reference for one in seen.agreements(NOTHING, with_archived=True)})
    items = [document(item) for item in found.items]
    beside = {"until_on": until_on, "assume": assume.value, "totals": found.totals, "unresolved": found.unresolved}
    if run.as_json:
        run.answer("forecast", items=items, **beside)
    else:
        _tell(run, items, list(found.unresolved))
    if exit_code and items:
        raise typer.Exit(10)


def _tell(run: Run, items: list[dict[str, Any]], unresolved: list[Any]) -> None:
    from cli.render import Cell, Column, one_line

    columns = (
        Column("When"), Column("To", is_fixed=False, share=2), Column("What", is_fixed=False, share=5), Column("Stage")
    )  # fmt: skip
    rows = [
        (
            f"{item['send_at_local'].replace('T', ' ')[:16]} {item['time_zone']}",
            item["recipient"]["name"] or item["recipient"]["address"],
            Cell(item["subject"], "soon" if item["is_escalation"] else "plain"),
            item["stage"] or item["message"],
        )
        for item in items
    ]
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line("No message will be sent.")
    for one in unresolved:
        told = one_line(f"{one.reference}, stage {one.stage}, asks {', '.join(one.audience)}")
        run.terminal.line(f"Reaches nobody: {told}")
