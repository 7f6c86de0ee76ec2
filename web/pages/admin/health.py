"""``/admin/health``: how the house does, and what is open (INTERFACE.md P20, DELIVERY.md section 8)."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.backups import kept as backups_kept
from engine.delivery import shadow
from engine.incidents import close_incident
from engine.watcher import heartbeat
from engine.watcher.audit import CHECKS, last_report
from engine.watcher.surroundings import LEAST_FREE
from engine.watcher.watching import watches
from lifecycle.rights import Act
from notifiers.wording import stage_words
from store.queries import visible
from store.queries.health import last_runs, lease_until, oldest_due_at
from store.queries.outbox import Messages
from web.frame.forms import Posted
from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.pages.admin import words
from web.pages.admin.frame import page, references

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Work
    from web.frame.site import Site
    from web.frame.viewer import Viewer

HERE: Final = "/admin/health"
_NEXT: Final = 10
_INTERVALS: Final = 2  # a job that was not asked for so many intervals has stopped
_MEGA: Final = 1024 * 1024
_LEASE: Final = "scheduler"


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        with viewer.look() as work:
            content = _content(viewer, work)
        return page(viewer, "health", HERE, **content)

    @made.post("/admin/health/incidents/{incident_id}/close")
    def close(incident_id: str, viewer: SignedIn, form: Posted) -> RedirectResponse:
        """What is still wrong is found again by whoever found it first."""
        viewer.require(Act.ADMINISTER)
        because = form.get("because")
        if not because:
            return go(viewer, f"{HERE}#incidents", "Say why it is over.", tone="bad")
        with viewer.work() as work:
            row = next((one for one in work.keeping.incidents() if one.id == incident_id), None)
            is_closed = row is not None and close_incident(work, kind=row.kind, subject=row.subject, because=because)
        return go(viewer, f"{HERE}#incidents", "Closed." if is_closed else "It was closed already.")

    return made


def _content(viewer: Viewer, work: Work) -> dict[str, Any]:
    seen = Messages(work, viewer.person)
    due_at = oldest_due_at(work.connection)
    return {
        "runs": _runs(viewer, work),
        "waiting": [(state, number) for state, number in seen.waiting().items() if number],
        "states": words.STATES,
        "late_since": due_at if due_at is not None and due_at < work.now else None,
        "next_out": _next(viewer, work, seen),
        "channels": _channels(viewer),
        "audit": _audit(work),
        "incidents": _incidents(viewer, work),
        "house": _house(viewer, work),
        "instances": work.instances.all(),
        "shadow": _shadow(viewer, work, seen),
    }


def _runs(viewer: Viewer, work: Work) -> list[dict[str, Any]]:
    """Every job that has to run here or has run: when, how it went, whether it stands still."""
    ran = {one.job: one for one in last_runs(work.connection)}
    found = []
    for name in dict.fromkeys([*viewer.site.intervals, *words.JOBS, *ran]):
        run, interval = ran.get(name), viewer.site.intervals.get(name)
        if run is None and interval is None:
            continue
        is_stopped = run is not None and interval is not None and run.at < work.now - _INTERVALS * interval
        found.append({"name": name, "words": words.JOBS.get(name, ""), "run": run, "is_stopped": is_stopped})
    return found


def _next(viewer: Viewer, work: Work, seen: Messages) -> list[dict[str, Any]]:
    """What is looked at next: messages that wait, and steps that will be raised."""
    out = seen.next_out(_NEXT)
    coming = seen.next_steps(_NEXT)
    ids = {one.key.holder for one in coming} | {one.delivery.agreement_id or "" for one in out}
    names = references(work, ids - {""})
    rows: list[dict[str, Any]] = [
        {
            "at": one.delivery.next_attempt_at,
            "what": one.subject
            or ": ".join(filter(None, (names.get(one.delivery.agreement_id or ""), words.KINDS[one.delivery.kind]))),
            "to": one.delivery.recipient_name or one.delivery.address,
            "channel": one.delivery.channel,
            "path": f"/admin/outbox/{one.delivery.id}",
        }
        for one in out
    ]
    rows += [
        {
            "at": one.next_step_at,
            "what": f"{names.get(one.key.holder, '')}: {one.name or one.key.kind.value}",
            "to": f"next after {stage_words(one.cursor.stage)}" if one.cursor else "first stage",
            "channel": "",
            "path": f"/deadlines/{one.id}",
        }
        for one in coming
    ]
    return sorted(rows, key=lambda row: (row["at"] or viewer.now, row["path"]))[:_NEXT]


def _channels(viewer: Viewer) -> list[dict[str, Any]]:
    return [
        {
            "name": words.CHANNELS.get(name, name),
            "is_down": name in viewer.house.down,
            "promise": words.PROMISES.get(name, ""),
        }
        for name in viewer.monitor.notifiers
    ]


def _audit(work: Work) -> dict[str, Any]:
    """What is asked and what was answered; None where nobody has asked yet."""
    report = last_report(work)
    found = {one.check: one for one in report.findings} if report else {}
    asked = [(words.CHECKS.get(name, name), found.get(name)) for name in CHECKS]
    return {"report": report, "asked": asked, "found": [one for _, one in asked if one]}


def _incidents(viewer: Viewer, work: Work) -> list[dict[str, Any]]:
    """What is open; what is about an agreement leads there, for those who may see it."""
    rows = work.keeping.incidents()
    about = work.agreements.many({one.agreement_id for one in rows if one.agreement_id})
    may_see = visible(viewer.person)
    seen = {one.id: one.reference for one in about.values() if may_see(one)}
    return [
        {"row": one, "reference": seen.get(one.agreement_id, "")}
        for one in rows
        if one.agreement_id is None or one.agreement_id in seen
    ]


def _house(viewer: Viewer, work: Work) -> list[tuple[str, str, bool]]:
    """Name, what was found, and whether it is well."""
    watching = watches(viewer.monitor)
    lease = lease_until(work.connection, _LEASE)
    holder = lease[0] if lease and lease[1] > work.now else ""
    return [
        _backup(viewer, work),
        _disk(viewer),
        ("Clock", f"{work.now:%Y-%m-%d %H:%M:%S} UTC; the house lives in {viewer.monitor.house.time_zone}", True),
        _heartbeat(work, is_set=watching is not None and watching.heartbeat is not None),
        ("Schedules", holder or "nobody at this moment", bool(holder) or not viewer.site.intervals),
    ]


def _backup(viewer: Viewer, work: Work) -> tuple[str, str, bool]:
    newest = next(iter(backups_kept.listed(viewer.monitor)), None)
    if newest is None:
        return ("Backup", "none was made yet", False)
    checked = backups_kept.last_check(work)
    told = f"{newest.name}, {newest.size // 1024} kB"
    if checked is None:
        return ("Backup", f"{told}; no restore was tried yet", True)
    tried = "restored and whole" if checked.is_whole else checked.said
    return ("Backup", f"{told}; {checked.name} was tried on {checked.at:%Y-%m-%d}: {tried}", checked.is_whole)


def _disk(viewer: Viewer) -> tuple[str, str, bool]:
    try:
        free = shutil.disk_usage(viewer.site.data_dir).free
    except OSError as error:
        return ("Disk", error.strerror or "cannot be asked", False)
    return ("Disk", f"{free // _MEGA} MB free", free >= LEAST_FREE)


def _heartbeat(work: Work, *, is_set: bool) -> tuple[str, str, bool]:
    if not is_set:
        return ("Heartbeat", "nobody outside listens: set LONGSTOP_HEARTBEAT_URL", False)
    beat = heartbeat.last_beat(work)
    if beat is None:
        return ("Heartbeat", "nothing was said yet", True)
    told = f"{beat.said_at:%Y-%m-%d %H:%M} UTC: {'all is well' if not beat.wrong else beat.wrong}"
    return ("Heartbeat", told if beat.is_heard else f"{told} (nobody heard it)", beat.is_heard and not beat.wrong)


def _shadow(viewer: Viewer, work: Work, seen: Messages) -> dict[str, Any] | None:
    held = len(seen.held_because(shadow.WHY, 1))
    if not viewer.monitor.house.shadow_mode and not held:
        return None
    report = last_report(work)
    since_at: datetime | None = report.shadow_since_at if report else None
    return {"is_on": viewer.monitor.house.shadow_mode, "since_at": since_at}
