"""What went wrong: messages that reached nobody, and terms that went by without a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.rights import Act, Standing
from notifiers.wording import counted, stage_words
from store.queries.reports import lost_messages, undecided
from web.frame.words import readable
from web.govern.report import MOST, Asked, Report
from web.govern.tables import Column, Link, Table

if TYPE_CHECKING:
    from engine.monitor import Work
    from store.queries.reports import Lost, Undecided
    from web.frame.viewer import Viewer
    from web.govern.tables import Cell


def failures(work: Work, viewer: Viewer, asked: Asked) -> Report:
    only_own = not viewer.may(Act.READ_LOG)
    if only_own:
        viewer.require(Act.READ_LOG, Standing(is_own=True))
    found = lost_messages(work, viewer.person, asked.span(viewer), only_own=only_own, limit=MOST)
    table = Table(
        caption=counted(len(found), "message"),
        columns=(
            Column("agreement", "About"),
            Column("at", "Written"),
            Column("to", "To"),
            Column("channel", "Through"),
            Column("kind", "Kind"),
            Column("state", "What became of it"),
            Column("why", "Because"),
        ),
        rows=tuple(_failure(one) for one in found[: asked.most]),
        total=len(found),
    )
    return Report(
        key="failures",
        title="Failures to deliver",
        about="Messages that no channel took, or that came too late to be of use"
        + (", of agreements that you answer for." if only_own else "."),
        table=table,
        empty="Every message of these days was delivered, or still may be.",
    )


def _failure(one: Lost) -> tuple[Cell, ...]:
    about = Link(one.agreement.reference, f"/agreements/{one.agreement.id}") if one.agreement else "the house"
    stage = stage_words(one.place.partition(".")[0]) if one.place else readable(one.kind)
    return (about, one.at, one.to, one.channel, stage, readable(one.state), one.why)


def gone_by(work: Work, viewer: Viewer, asked: Asked) -> Report:
    found = undecided(work, viewer.person, asked.span(viewer))
    table = Table(
        caption=counted(len(found), "agreement"),
        columns=(
            Column("agreement", "Agreement"),
            Column("counterparty", "Counterparty"),
            Column("what", "What happened"),
            Column("at", "When"),
            Column("text", "In words"),
        ),
        rows=tuple(_gone_by(one) for one in found[: asked.most]),
        total=len(found),
    )
    return Report(
        key="undecided",
        title="Renewed without a decision",
        about="A term ended before somebody had decided, or done what was decided. It was said once, and stays here.",
        table=table,
        empty="Nothing renewed or lapsed in these days without a decision.",
    )


def _gone_by(one: Undecided) -> tuple[Cell, ...]:
    return (
        Link(one.agreement.reference, f"/agreements/{one.agreement.id}"),
        one.agreement.counterparty,
        "Renewed" if one.renewed else "Lapsed",
        one.opened_at,
        one.text,
    )
