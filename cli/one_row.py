"""One agreement from the words of a command line: a workbook of one row, read as any spreadsheet is (INTERFACE.md C10).

So ``agreement add`` and ``amend`` understand what a spreadsheet understands, and refuse it with the same sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from cli.acting import permitted, queries
from cli.days import parse_length
from cli.errors import UsageRefused
from cli.texts import text_of
from engine import operations
from engine.intake.headers import AGREEMENT_FIELDS
from engine.intake.one_row import from_row
from lifecycle.days.dates import Period, parse_day
from lifecycle.rights import Act, Standing, require_to_add
from lifecycle.words import did_you_mean, listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cli.run import Run
    from engine.intake.findings import Finding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


def from_words(
    work: Work, said: Mapping[str, str], *, existing: Agreement | None = None, accept: Mapping[str, str] | None = None
) -> tuple[Agreement, tuple[Finding, ...]]:
    """As ``from_row``, with the facts that a spreadsheet has no column for. Raises AgreementRefused, UsageRefused."""
    columns = {name: text for name, text in said.items() if name not in EXTRAS}
    agreement, remarks = from_row(work, columns, existing=existing, accept=accept)
    beside = {name: EXTRAS[name](name, text) for name, text in said.items() if name in EXTRAS}
    return replace(agreement, **beside), remarks


def added(
    run: Run, work: Work, said: Mapping[str, str], accept: Mapping[str, str]
) -> tuple[Agreement, tuple[Finding, ...]]:
    """Register what *said* makes. Raises AgreementRefused, AlreadyThere, TermsError."""
    agreement, remarks = from_words(work, said, accept=accept)
    own = run.person(work)
    if own is not None:
        require_to_add(own, Standing(is_own=own.id in {agreement.owner_id, agreement.backup_id}))
    return operations.register(work, agreement), remarks


def amended(  # noqa: PLR0913 - what an amendment says
    run: Run, work: Work, reference: str, said: Mapping[str, str], *, because: str, accept: Mapping[str, str]
) -> tuple[Agreement, tuple[Finding, ...], str]:
    """Lay *said* over a known agreement; the last says whether it is "amended" or "unchanged" by that.

    Raises NotFound, AgreementRefused, TermsError.
    """
    known = queries(run, work).agreement(reference)
    permitted(run, work, Act.REGISTER, known)
    if "restricted_to" in said:
        permitted(run, work, Act.GOVERN, known)
    agreement, remarks = from_words(work, said, existing=known, accept=accept)
    done = operations.amend(work, agreement, because=because)
    return done, remarks, "unchanged" if done.version == known.version else "amended"


def said_by(changes: Sequence[str]) -> dict[str, str]:
    """``FIELD=VALUE`` taken apart; an empty value clears the field. Raises UsageRefused."""
    said = {}
    for change in changes:
        name, sign, value = change.partition("=")
        field = name.strip().lower().replace("-", "_")
        fields = {*AGREEMENT_FIELDS, *EXTRAS} - {"reference"}
        if field not in fields:
            remedy = f"{did_you_mean(field, fields)}Use {listed(sorted(fields))}."
            raise UsageRefused(f"--set {shown(change)} names no field.", remedy=remedy)
        if not sign:
            remedy = f"Write {field}=VALUE, or {field}= to clear it."
            raise UsageRefused(f"--set {shown(change)} gives no value.", remedy=remedy)
        said[field] = value.strip() or "none"
    return said


def from_yaml(path: Path) -> dict[str, str]:
    """Columns and values of a YAML file, every value as it is written. Raises YamlRefused, UsageRefused for no text."""
    from config.yaml_source import Source, YamlRefused

    source = Source(str(path))
    document = next(iter(source.documents(text_of(path))), None)
    known = dict.fromkeys((*AGREEMENT_FIELDS, *EXTRAS), False)
    found = {} if document is None else source.mapping(document, known)
    said = {name: source.text(node) for name, node in found.items()}
    if source.findings:
        raise YamlRefused(sorted(source.findings))
    return {name: text for name, text in said.items() if text}


def _length(name: str, text: str) -> Period | None:
    return None if text == "none" else parse_length(text, name)


def _day(name: str, text: str) -> date | None:
    if text == "none":
        return None
    try:
        return parse_day(text)
    except ValueError:
        raise UsageRefused(f"{name}: {shown(text)} is no day.", remedy="Write it like 2026-12-01.") from None


#: Facts that a spreadsheet has no column for.
EXTRAS: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "exit_plan": _length,
    "sign_by_on": _day,
    "team": lambda _, text: "" if text == "none" else text,
}
