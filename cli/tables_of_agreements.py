"""Agreements for people: a list, and everything about one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from cli.acting import queries
from cli.render import Cell, Column, printable
from engine.evidence_pack.standing import Standing, earlier, milestones_known
from engine.known import counted_with, end_of, known_on
from engine.looking import reminds_nobody
from engine.zones import zone
from lifecycle.milestones.milestone import MARKERS
from lifecycle.words import spoken
from notifiers.wording import NOBODY, amount, day, doubt_words, relative
from store.errors import NotFound
from store.queries import DeadlineFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.render import Terminal
    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement, ServedNotice
    from lifecycle.milestones.milestone import Milestone
    from store.events import Recorded
    from store.queries.search import Search

_COLUMNS: Final = (
    Column("Reference"),
    Column("Agreement", is_fixed=False, share=4),
    Column("Status"),
    Column("Last day"),
    Column("Next last safe day", is_fixed=False, share=3),
    Column("Owner", is_fixed=False, share=2),
)
_PROVIDED: Final = (
    ("End", "end"),
    ("Renewal", "renewal"),
    ("Notice", "notices"),
    ("Leaving", "for_convenience"),
    ("Survival", "survivals"),
    ("Restrictions", "restrictions"),
    ("Ended", "ended"),
)
_ABOUT_DEADLINES: Final = ("kind", "due", "is")  # search words
_SHOWN_EVENTS: Final = 12
_GONE: Final = " (has left)"
_ONE_TICK: Final = timedelta(microseconds=1)


def tell_empty(terminal: Terminal) -> None:
    """What to do first."""
    terminal.line("The register is empty. Import a spreadsheet, or look at the demo:")
    terminal.line("  longstop import register.xlsx --dry-run")
    terminal.line("  longstop demo")


def found_by(run: Run, work: Work, search: Search, *, with_archived: bool) -> list[Agreement]:
    """By reference, all that a search means; of its words about deadlines a live one of the agreement must be meant."""
    seen = queries(run, work)
    found = list(seen.agreements(search, with_archived=with_archived))
    if not any(search.says(key) for key in _ABOUT_DEADLINES):
        return found
    marked = any(key == "kind" and value in MARKERS for key, value in search.keyed)
    rows = seen.deadlines(DeadlineFilter(search=search, with_markers=marked), run.today)
    holders = {row.milestone.key.holder for row in rows}
    return [one for one in found if one.id in holders]


def agreement_table(terminal: Terminal, documents: Sequence[dict[str, Any]], today: date) -> None:
    """One row for each agreement."""
    terminal.table(_COLUMNS, [_row(document, today) for document in documents])


def known_at(work: Work, now: Agreement, day_asked: date | None) -> tuple[Agreement, list[Recorded]]:
    """An agreement and its history as they were known at the end of a day; None is now. Raises NotFound."""
    history = work.log.of_agreement(now.id)
    if day_asked is None:
        return now, history
    then, end = known_on(work, now, day_asked), end_of(now, day_asked)
    if then is None:
        began_on = history[0].at.astimezone(zone(now.time_zone)).date() if history else None
        remedy = f"It was registered on {spoken(began_on)}." if began_on else "It has no history."
        raise NotFound(f"agreement known on {spoken(day_asked)} as", now.reference, remedy=remedy)
    return then, [one for one in history if one.at < end]


def key_dates_on(work: Work, agreement: Agreement, on: date) -> list[Milestone]:
    """The live days of an agreement as they stood at the end of a day."""
    past = earlier(work, end_of(agreement, on) - _ONE_TICK)
    asked = Standing(from_on=on, known_at=past.now, with_readings=False)
    ((_, then),) = milestones_known(past, {agreement.id: agreement}, asked)
    return [one.milestone for one in then if one.milestone.is_live]


def agreement_card(
    terminal: Terminal, work: Work, agreement: Agreement, document: dict[str, Any], *, as_of: date | None = None
) -> None:  # fmt: skip
    """Everything about one agreement, as it is or was known at the end of a day."""
    terminal.heading(printable(f"{agreement.reference}  {agreement.title or agreement.counterparty}"))
    if as_of is None:
        rows = [row for row in work.milestones.of(agreement.id) if row.is_live]
    else:
        terminal.line(f"As known at the end of {spoken(as_of)}. {counted_with(work, agreement)}")
        rows = key_dates_on(work, agreement, as_of)
    terminal.facts([(name, printable(value)) for name, value in _facts(agreement, document)])
    if rows:
        terminal.line()
        terminal.heading("Key dates")
        columns = (Column("Last safe day"), Column("Kind"), Column("Cycle"), Column("State"), Column("Next message"))
        terminal.table(columns, [_key_date(row, agreement, work.today(agreement)) for row in rows])
    terminal.line()
    terminal.heading("History")
    terminal.table(
        (Column("When"), Column("What"), Column("Who", is_fixed=False)),
        [
            (f"{one['at'].astimezone(zone(agreement.time_zone)):%Y-%m-%d %H:%M}", one["type"], one["actor"])
            for one in document["history"][-_SHOWN_EVENTS:]
        ],
    )


def _whom(person: dict[str, Any] | None) -> str:
    return f"{person['name'] or person['email']}{_GONE * person['has_left']}" if person else "nobody"


def _row(document: dict[str, Any], today: date) -> list[Cell]:
    owner = document["owner"]
    near = document["next_safe_on"]
    overdue = near is not None and near < today
    told = f"{day(near)}, {relative(near, today)}: {document['next_kind'].value}" if near else ""
    return [
        Cell(document["reference"], "strong"),
        Cell(document["title"] or document["counterparty"]),
        Cell(document["status"].value.replace("_", " ") + (", archived" if document["is_archived"] else "")),
        Cell(spoken(document["last_on"]) if document["last_on"] else "", "quiet"),
        Cell(told, "overdue" if overdue else "plain"),
        Cell(_whom(owner), "plain" if owner and not owner["has_left"] else "overdue"),
    ]


def _notice(notice: ServedNotice) -> str:
    return f"{notice.sent_on} by {notice.by}. {doubt_words(notice)}".removesuffix(". ")


def _facts(agreement: Agreement, document: dict[str, Any]) -> list[tuple[str, str]]:
    provided = document["provisions"]
    people = [document[name] for name in ("owner", "backup")]
    owner, backup = (f"{one['name']} <{one['email']}>{_GONE * one['has_left']}" if one else "" for one in people)
    status = document["status"].value.replace("_", " ")
    return [
        ("Counterparty", agreement.counterparty),
        ("Kind", agreement.kind.value),
        ("Status", status + (", archived" if agreement.is_archived else "")),
        ("Owner", owner or "nobody"),
        ("Backup", backup),
        ("Value", amount(agreement.value) if agreement.value else ""),
        ("Signed", spoken(agreement.signed_on) if agreement.signed_on else ""),
        ("Effective", spoken(agreement.effective_on) if agreement.effective_on else ""),
        ("Last day", spoken(document["last_on"]) if document["last_on"] else "none known"),
        *((name, _lines(provided[key])) for name, key in _PROVIDED),
        ("Notice given", _notice(agreement.notice) if agreement.notice else ""),
        ("Law", ", ".join(filter(None, (agreement.governing_law, agreement.calendar, agreement.rules)))),
        ("Assumed", ", ".join(agreement.assumed)),
        ("Hangs on", agreement.parent),
        ("Tags", ", ".join(agreement.tags)),
        ("Seen only by", ", ".join(agreement.restricted_to)),
        ("Obligations", "\n".join(map(_duty, document["obligations"]))),
        ("Template", agreement.template),
        ("Project", agreement.project),
        ("Document", agreement.document),
        ("Note", agreement.note),
    ]  # fmt: skip


def _lines(told: str | None) -> str:
    return (told or "").replace("; ", "\n")


def _duty(one: dict[str, Any]) -> str:
    ended = f", ended {spoken(one['ended_on'])}" if one["ended_on"] else ""
    return f"{one['id']}  {one['name']} ({one['kind'].value}): {one['due']}{ended}"


def _key_date(row: Milestone, agreement: Agreement, today: date) -> list[Cell]:
    overdue = row.is_deadline and row.safe_on < today
    kind = row.key.kind.value if row.is_deadline else f"{row.key.kind.value}°"
    at = row.next_step_at.astimezone(zone(agreement.time_zone)) if row.next_step_at else None
    return [
        Cell(f"{day(row.safe_on)}, {relative(row.safe_on, today)}", "overdue" if overdue else "plain"),
        Cell(f"{kind} {row.name}".strip()),
        Cell(row.key.cycle),
        Cell("overdue" if overdue else row.state.value, "overdue" if overdue else "plain"),
        Cell(NOBODY.lower() if reminds_nobody(row) else f"{at:%Y-%m-%d %H:%M}" if at else "", "quiet"),
    ]
