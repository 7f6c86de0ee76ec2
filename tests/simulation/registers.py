"""The registers that runs begin with: a few people, a few agreements, ladders that lie within four weeks.

On 12 October 2026 the last safe days are near, and both nights on which clocks are put back (25 October in Berlin,
1 November in New York) lie ahead.
"""

from datetime import UTC, datetime

from config.playbooks import parse_playbooks, shipped
from engine import operations as ops
from engine.watcher.calendar_watch import watch
from lifecycle.playbooks.canonical import canonical, sha256
from store.keeping import PlaybookVersion
from tests.support.agreements import agreement, once
from tests.support.people import person

START = datetime(2026, 10, 12, 7, 0, tzinfo=UTC)

BRISK = """
{playbook: brisk, priority: 9, match: {kind: [NDA]}, buffer: 2bd, ladder: [
  {at: -12d, urgency: digest, steps: [{ask: owner}]},
  {at: -9d, steps: [{ask: owner, via: [slack, email]}, {after: 1bd, ask: backup}, {after: 3bd, ask: manager}]},
  {at: -4d, require: decision, steps: [{ask: [owner, backup]}, {after: 1bd, ask: "role:legal"}]},
  {at: +1d, require: outcome, steps: [{ask: [owner, backup, manager], repeat: {every: 2bd, times: 2}}]}]}
"""
STERN = """
{playbook: stern, priority: 9, match: {kind: [MSA, SOW], milestone: [notice, audit]}, buffer: 2bd, ladder: [
  {at: -10d, steps: [{ask: [owner, "address:slack:#contracts"], via: all}, {after: 2bd, ask: manager}]},
  {at: -3bd, urgency: critical, require: outcome, steps: [{ask: [owner, backup, manager], via: all,
   repeat: {every: 1bd, times: 2}}]}]}
"""
HUSHED = """
{playbook: hushed, priority: 9, match: {kind: [SLA]}, buffer: 2bd,
 quiet: {hours: "18:00-09:15", weekends: true}, ladder: [
  {at: -10d, steps: [{ask: owner, via: [slack, email]}, {after: 1bd, ask: backup}, {after: 2bd, ask: manager}]},
  {at: -4d, require: decision, steps: [{ask: [owner, backup], via: all}, {after: 1bd, ask: "role:legal"}]},
  {at: +1d, require: outcome, steps: [{ask: [owner, backup, manager], repeat: {every: 2bd, times: 2}}]}]}
"""
OTHER = """
{playbook: brisk, priority: 9, match: {kind: [NDA]}, buffer: 3bd, ladder: [
  {at: -11d, steps: [{ask: owner}]},
  {at: -6d, require: decision, steps: [{ask: [owner, manager]}, {after: 1bd, ask: backup},
    {after: 2bd, ask: "role:legal"}]},
  {at: +1d, require: outcome, steps: [{ask: [owner, backup], repeat: {every: 1bd, times: 2}}]}]}
"""
STAFF = {
    "Mia": {"channels": ("slack", "email")},
    "Olga": {"channels": ("slack", "email")},
    "Tom": {"channels": ("slack",)},
    "Ben": {"channels": ("email",)},
    "Leo": {"role": "legal"},
    "Ada": {"role": "admin", "channels": ("email", "slack")},
}
MANAGED_BY_MIA = {"Olga", "Tom"}
#: reference, kind, last day, owner, backup, what else
AGREEMENTS = (
    ("A-1", "NDA", "2026-12-27", "olga", "ben", {}),
    ("A-2", "MSA", "2026-12-23", "tom", None, {}),
    ("A-3", "NDA", "2026-12-31", None, None, {}),
    ("A-5", "SLA", "2026-12-29", "olga", "tom", {}),
    ("A-4", "SOW", "2027-06-30", "ben", "tom", {"time_zone": "America/New_York", "calendar": "US-NY"}),
)

REGISTERS = {
    "brisk": ("A-1",),
    "stern": ("A-2",),
    "nobody": ("A-3",),
    "overseas": ("A-4",),
    "hushed": ("A-5",),
    "mixed": ("A-1", "A-2", "A-3", "A-4"),
}


def playbook(text):
    (one,) = parse_playbooks(text, "simulated.yaml")
    return one


def fill(name, database):
    """The register of this name, in a database that has tables and nothing else."""
    from tests.simulation.house import plain_monitor

    monitor = plain_monitor(database, START)
    with monitor.work() as work:
        for book in [*shipped(), playbook(BRISK), playbook(STERN), playbook(HUSHED)]:
            work.keeping.add_playbook(_version(book, work.now))
    with monitor.work() as work:
        _fill(work, REGISTERS[name])
    watch(monitor)


def _version(book, at):
    return PlaybookVersion(playbook=book.name, version=1, sha256=sha256(book), applied_at=at, doc=canonical(book))


def _fill(work, references):
    ids = {}
    for name, said in STAFF.items():
        manager = ids["mia"] if name in MANAGED_BY_MIA else None
        ids[name.lower()] = ops.add_person(work, person(name, manager_id=manager, **said)).id
    for reference, kind, end, owner, backup, said in AGREEMENTS:
        if reference not in references:
            continue
        made = agreement(
            reference, kind=kind, end=end, title=f"Secret of {reference}", counterparty=f"Other side of {reference}",
            owner_id=ids.get(owner), backup_id=ids.get(backup), **said,
        )  # fmt: skip
        kept = ops.register(work, made)
        if reference == "A-4":
            ops.add_obligation(work, kept, once("audit", "Yearly audit", "2026-10-23"))
