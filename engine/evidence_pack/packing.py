"""Making a pack: one consistent view of the register, written file by file into one ZIP.

1. Which agreements: those that fit the search and may be seen; how many are restricted to others is said, no more.
2. Whether the log of the house holds; where it is broken the pack is made all the same, and says so.
3. The register, the days and their derivations, messages, incidents, rules, documents, and the log of the span.
4. The manifest with the hash of each; its own hash is the pack's seal.
5. The log notes that a pack was made, by whom, of what, and its seal: so the house can tell its packs from others'.

The same register, asked the same on the same day, gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from engine.evidence_pack import form
from engine.evidence_pack.asking import span_of
from engine.evidence_pack.contents import Contents
from engine.evidence_pack.log_rows import LogEnds, log_rows
from engine.evidence_pack.standing import looking
from engine.evidence_pack.writing import PackWriter
from engine.new_file import new_file
from engine.shelf import FileDamaged
from engine.zones import day_at
from lifecycle.events import EvidencePackMade
from notifiers.wording import counted
from store.errors import ChainBroken
from store.queries.evidence_pack import Wanted, chosen, documents_of, playbooks_until

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Row

    from engine.evidence_pack.asking import Asked, Span
    from engine.monitor import Monitor, Work
    from lifecycle.events import Actor
    from lifecycle.people import Person
    from store.queries.evidence_pack import Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What was made. *left_out* is how many agreements of the register are restricted to others.

    *log_broken_at* is the first position at which the log of the house does not hold; None where it is whole.
    """

    agreements: int
    left_out: int
    rows: tuple[tuple[str, int], ...]  # file -> how many rows
    missing: tuple[str, ...]  # kept files that are gone or damaged: ``r2.pdf of MSA-9``
    log_broken_at: int | None
    seal: str
    size: int  # bytes


def export(monitor: Monitor, asked: Asked, person: Person | None, out: Path) -> Pack:
    """Write a pack to *out*, whole or not at all. Raises FileThere, SpanRefused, SearchRefused, OSError.

    Another pack is never overwritten: the seal that was told of it would be of nothing any more.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with new_file(out) as part:
        part.touch(0o600)  # it holds everything, also where its folder is open to others
        with part.open("r+b") as file:
            return write(monitor, asked, person, file)


def write(monitor: Monitor, asked: Asked, person: Person | None, file: IO[bytes]) -> Pack:
    """Write a pack to an open file, where *person* may see what; None is the operator. Raises as ``export``."""
    span = span_of(asked, monitor.house.time_zone, monitor.clock.now())
    wanted = Wanted(search=asked.meant, counterparty=asked.counterparty.strip(), known_at=span.known_at)
    with looking(monitor, span.known_at) as work:
        found = chosen(work, person, wanted)
        contents = Contents(work=work, asked=asked, span=span, ids=found.ids, sees_all=not found.left_out)
        with PackWriter(file) as writer:
            pack = _written(_Making(writer, contents, found, _broken_at(work)))
    return replace(pack, size=file.tell())


def note(monitor: Monitor, asked: Asked, pack: Pack, actor: Actor) -> None:
    """Note in the log that a pack was made."""
    with monitor.work(actor) as work:
        work.record(
            EvidencePackMade(
                from_on=asked.from_on,
                until_on=asked.until_on,
                as_of_on=asked.as_of_on,
                search=asked.search.strip(),
                counterparty=asked.counterparty.strip(),
                agreements=pack.agreements,
                left_out=pack.left_out,
                seal=pack.seal,
            )
        )


@dataclass(frozen=True, slots=True)
class _Making:
    writer: PackWriter
    contents: Contents
    found: Chosen
    broken_at: int | None


def _broken_at(work: Work) -> int | None:
    try:
        work.log.verify()
    except ChainBroken as error:
        return error.position
    return None


def _written(making: _Making) -> Pack:
    writer, contents = making.writer, making.contents
    ends, missing = LogEnds(), dict[str, str]()
    writer.file(form.README, _readme(making).encode())
    rows = {
        name: writer.rows(name, made())
        for name, made in {
            form.REGISTER: contents.register,
            form.ASSETS: contents.assets,
            form.DEADLINES: contents.deadlines,
            form.DERIVATIONS: contents.derivations,
            form.MESSAGES: contents.messages,
            form.INCIDENTS: contents.incidents,
        }.items()
    }
    rows[form.PLAYBOOK_ROWS] = _playbooks(writer, contents.work, contents.span)
    rows[form.DOCUMENT_ROWS] = writer.rows(form.DOCUMENT_ROWS, _documents(contents, missing))
    rows[form.EVENTS] = writer.rows(form.EVENTS, log_rows(contents, ends))
    _files(writer, contents)
    seal = writer.seal(_manifest(making, ends, list(missing)))
    return Pack(
        agreements=len(making.found.ids), left_out=making.found.left_out, rows=tuple(rows.items()),
        missing=tuple(missing.values()), log_broken_at=making.broken_at, seal=seal, size=0,
    )  # fmt: skip


def _playbooks(writer: PackWriter, work: Work, span: Span) -> int:
    """Every version that held by the end of the span, each as the file that was hashed when it was applied."""
    versions = playbooks_until(work, span.until_at)
    for row in versions:
        writer.file(form.playbook_file(row.playbook, row.version), row.doc.encode())
    told = ("playbook", "version", "sha256", "applied_at")
    return writer.rows(form.PLAYBOOK_ROWS, ({name: getattr(row, name) for name in told} for row in versions))


def _documents(contents: Contents, missing: dict[str, str]) -> Iterator[dict[str, Any]]:
    """What is kept with the agreements; *missing* gets the files that are not what was kept, by their hash."""
    for row in _document_rows(contents):
        told = dict(row._mapping)  # noqa: SLF001 - sqlalchemy's public name for it
        is_there = row.sha256 is None or _taken(contents.work, row.sha256) is not None
        if not is_there:
            reference = contents.work.agreements.get(row.agreement_id).reference
            missing.setdefault(row.sha256, f"{row.name} of {reference}")
        yield {**told, "is_there": is_there}


def _document_rows(contents: Contents) -> Iterator[Row[Any]]:
    for ids in contents.chunks():
        yield from documents_of(contents.work, ids, contents.span.until_at)


def _files(writer: PackWriter, contents: Contents) -> None:
    """The kept files, each once."""
    written: set[str] = set()
    for row in _document_rows(contents):
        if row.sha256 is None or row.sha256 in written:
            continue
        content = _taken(contents.work, row.sha256)
        if content is not None:
            writer.file(f"{form.DOCUMENTS}{row.sha256}", content)
            written.add(row.sha256)


def _taken(work: Work, sha256: str) -> bytes | None:
    shelf = work.monitor.shelf
    try:
        return shelf.take(sha256) if shelf else None
    except FileDamaged:
        return None


def _manifest(making: _Making, ends: LogEnds, missing: list[str]) -> dict[str, Any]:
    contents, found = making.contents, making.found
    asked, house = contents.asked, contents.work.house
    return {
        "schema": form.SCHEMA,
        "organisation": house.organisation,
        "time_zone": house.time_zone,
        "from_on": asked.from_on,
        "until_on": asked.until_on,
        "known_on": _known_on(contents),
        "search": asked.search.strip(),
        "counterparty": asked.counterparty.strip(),
        "agreements": {"included": len(found.ids), "restricted_to_others": found.left_out},
        "missing_files": missing,
        "chain": ends.document(),
        "log_broken_at": making.broken_at,
    }


def _known_on(contents: Contents) -> date:
    """The day whose knowledge the register shows."""
    return day_at(contents.work.now, contents.work.house.time_zone)


def _readme(making: _Making) -> str:
    contents, found = making.contents, making.found
    asked = contents.asked
    who = contents.work.house.organisation or "this house"
    kept = "".join(f"  {name:20} {told}\n" for name, told in form.ABOUT.items())
    broken = "" if making.broken_at is None else f"{form.broken_words(making.broken_at)}\n"
    about = f"It is about what fits: {asked.search} {asked.counterparty}".rstrip() + ".\n" if asked.is_narrowed else ""
    return (
        f"Evidence of {who}, {asked.from_on.isoformat()} to {asked.until_on.isoformat()}, as known on "
        f"{_known_on(contents).isoformat()} ({contents.work.house.time_zone}).\n{about}"
        f"{counted(len(found.ids), 'agreement')}; not in it, being restricted to others: {found.left_out}.\n"
        f"{broken}\n"
        f"Every file of rows has one JSON document a line:\n{kept}"
        f"  {form.PLAYBOOKS:20} each version of a playbook\n"
        f"  {form.DOCUMENTS:20} the kept files, named by their SHA-256\n"
        f"  {form.HASHES:20} the SHA-256 of every line of every file of rows\n"
        f"  {form.MANIFEST:20} every file with its SHA-256; {form.SEAL} is the manifest's own, the seal\n\n"
        "To verify it on any machine, without a database: longstop evidence verify FILE.zip\n"
        "With --seal SEAL, as it was told when the pack was made, a forged manifest is found too.\n"
        "Days are computed aids, not legal advice.\n"
    )
