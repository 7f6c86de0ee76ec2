"""A playbook before it holds: what would change step by step, and what people would be told before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.forecasting.forecast import reach
from engine.playbooks import versions as playbooks
from engine.playbooks.trying import told_under
from lifecycle.errors import LifecycleError
from lifecycle.playbooks.plan import Change
from notifiers.wording import brief_day, counted
from store.queries import visible
from web.frame.words import readable
from web.govern.charts import Weeks, weeks
from web.govern.forecasts import WEEKS, load
from web.govern.ladders import audience_words
from web.govern.tables import Column, Link, Table

if TYPE_CHECKING:
    from engine.forecasting.forecast import Forecast
    from engine.monitor import Work
    from lifecycle.playbooks.plan import PlaybookPlan, StepChange
    from lifecycle.playbooks.playbook import Playbook
    from web.frame.viewer import Viewer
    from web.govern.tables import Cell

MANY: Final = 20  # messages within a day above which somebody has to say yes (DELIVERY.md P7)
_SHOWN: Final = 40
_WORDS: Final = {Change.ADDED: "New", Change.REMOVED: "Gone", Change.MOVED: "Moved", Change.ALTERED: "Other people"}


class NotSure(LifecycleError):
    """Nobody has said yes to many messages."""

    code = "not-sure"

    def __init__(self) -> None:
        super().__init__(
            f"More than {MANY} messages would leave within a day. Nothing has changed.",
            remedy="Look at what would change, and say that you know.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it. *digest* names the whole plan; what stands in tables is what its reader may see."""

    digest: str
    steps: Table
    agreements: int
    before: int
    after: int
    people: Table
    chart: str
    ends_on: date | None  # the last day of the forecasts, where more is planned than can be looked through at once
    is_much: bool  # more messages within a day than go without saying


def tried(work: Work, viewer: Viewer, new: Playbook) -> Trial:
    """The plan of *new* and the forecasts beside each other, of the next 13 weeks. Nothing is written."""
    intended = playbooks.plan(work, new)
    sees = visible(viewer.person)
    known = work.agreements.by_references(list({one.reference for one in intended.changes}))
    ids = {one.reference: one.id for one in known.values() if sees(one)}
    asked_on, seen = _until(viewer), viewer.queries(work)
    until_on = reach(work, asked_on)
    was, would = (one.among(seen.ids_of(one.references).keys()) for one in told_under(work, new, until_on))
    return Trial(
        digest=intended.digest,
        steps=_steps(intended, ids),
        agreements=len(ids),
        before=len(was.items),
        after=len(would.items),
        ends_on=until_on if until_on < asked_on else None,
        is_much=intended.raises_within_a_day > MANY,
        **_loads(viewer, was, would),
    )


def _until(viewer: Viewer) -> date:
    return viewer.today - timedelta(days=viewer.today.weekday()) + timedelta(weeks=WEEKS, days=-1)


def _steps(intended: PlaybookPlan, ids: dict[str, str]) -> Table:
    found = [one for one in intended.changes if one.reference in ids]
    return Table(
        caption=counted(len(found), "step"),
        columns=(
            Column("agreement", "Agreement"),
            Column("change", "Change"),
            Column("deadline", "Deadline"),
            Column("safe_on", "Last safe day"),
            Column("step", "Step"),
            Column("asks", "Tells"),
            Column("was_at", "Was"),
            Column("at", "Leaves"),
        ),
        rows=tuple(_step(one, ids) for one in found[:_SHOWN]),
        total=len(found),
    )


def _step(one: StepChange, ids: dict[str, str]) -> tuple[Cell, ...]:
    is_gone = one.change is Change.REMOVED
    return (
        Link(one.reference, f"/agreements/{ids[one.reference]}"),
        _WORDS[one.change],
        readable(one.milestone.key.kind.value),
        one.milestone.safe_on,
        one.step.place,
        ", ".join(audience_words(audience) for audience in one.step.audience),
        one.step.at if is_gone else one.was_at,
        None if is_gone else one.step.at,
    )


def _loads(viewer: Viewer, was: Forecast, would: Forecast) -> dict[str, Any]:
    """Who is told how much in each week, as a picture and as a table."""
    nothing = (0,) * WEEKS
    before, after = (dict(load(one.items, viewer).rows) for one in (was, would))
    names = sorted(before.keys() | after.keys(), key=lambda name: (-sum(after.get(name, nothing)), name))
    rows = [(name, before.get(name, nothing), after.get(name, nothing)) for name in names]
    days = tuple(Column(on.isoformat(), brief_day(on, on), is_number=True) for on in load((), viewer).weeks)
    table = Table(
        caption="Messages per person and week, before → after",
        columns=(Column("person", "Person"), *days),
        rows=tuple((name, *(_pair(*pair) for pair in zip(old, new, strict=True))) for name, old, new in rows),
        total=len(rows),
    )
    drawn = [Weeks(f"{name}: {sum(old)} before, {sum(new)} after", new, old) for name, old, new in rows]
    return {"people": table, "chart": weeks(drawn, title="Messages per person and week, before and after")}


def _pair(before: int, after: int) -> str:
    if before == after:
        return str(before) if before else ""
    return f"{before} → {after}"
