"""Evidence packs at the command line: written, or only tried, and told."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.documents.evidence_packs import pack_document
from engine.evidence_pack import form, packing
from notifiers.wording import counted

if TYPE_CHECKING:
    from cli.run import Run
    from engine.evidence_pack.asking import Asked
    from engine.evidence_pack.packing import Pack
    from engine.evidence_pack.verifying import Verified
    from lifecycle.people import Person


def exported(run: Run, asked: Asked, person: Person | None, out: Path) -> Pack:
    """Write the pack and note it in the log; in a dry run it is made, counted and thrown away."""
    if run.is_dry_run:
        with tempfile.TemporaryFile() as file:
            return packing.write(run.monitor, asked, person, file)
    pack = packing.export(run.monitor, asked, person, out)
    packing.note(run.monitor, asked, pack, run.actor)
    return pack


def tell_pack(run: Run, out: Path, pack: Pack) -> None:
    """What was made; beside it, whether the log that it was made of is broken."""
    if pack.log_broken_at is not None:
        become = "the pack would say so" if run.is_dry_run else "the pack is made all the same, and says so"
        sentence = f"The log is broken at position {pack.log_broken_at}: {become}."
        run.terminal.error(sentence, "See how it is broken: `longstop log verify`.")
    if run.as_json:
        run.answer("evidence-export", item=pack_document(pack, file=None if run.is_dry_run else str(out)))
        return
    tell = run.terminal.line
    made = "would be in it" if run.is_dry_run else f"{'is' if pack.agreements == 1 else 'are'} in {out}"
    tell(f"{counted(pack.agreements, 'agreement')} {made}.")
    if pack.left_out:
        tell(f"Left out, being restricted to others: {counted(pack.left_out, 'agreement')}.")
    for name in pack.missing:
        tell(f"Not in it, because the kept file is gone or was changed: {name}. See `longstop doctor`.")
    tell(", ".join(f"{number} {name.partition('.')[0]}" for name, number in pack.rows) + ".")
    if not run.is_dry_run:
        tell(f"Seal: {pack.seal}")
        tell(
            "Keep the seal apart from the pack: `longstop evidence verify ZIP --seal SEAL` proves that it is this one."
        )


def tell_verified(run: Run, file: Path, found: Verified) -> None:
    """What was found in a pack."""
    if run.as_json:
        run.answer("evidence-verify", item=_verified_document(file, found))
        return
    tell = run.terminal.line
    for one in found.damages:
        tell(one.said)
    if found.log_broken_at is not None:
        tell(form.broken_words(found.log_broken_at))
    if found.is_whole:
        told = found.manifest
        events = found.rows.get("events.jsonl", 0)
        tell(
            f"Whole: {told['from_on']} to {told['until_on']}, as known on {told['known_on']}, {events} rows of the log."
        )
        for sha256 in told.get("missing_files", ()):
            tell(f"Not in it, because it was gone or changed already: documents/{sha256}; documents.jsonl names it.")
        tell(f"Seal: {found.seal}")


def _verified_document(file: Path, found: Verified) -> dict[str, Any]:
    told = found.manifest
    return {
        "file": str(file),
        "is_whole": found.is_whole,
        "seal": found.seal,
        "from_on": told.get("from_on"),
        "until_on": told.get("until_on"),
        "known_on": told.get("known_on"),
        "agreements": told.get("agreements"),
        "log_broken_at": found.log_broken_at,
        "rows": dict(found.rows),
        "damages": [{"file": one.file, "where": one.where or None, "text": one.text} for one in found.damages],
    }
