"""Audits at the command line: rights, reports and findings in a few lines, and what was just done with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.acting import told_outcome
from cli.choices import chosen
from cli.errors import UsageRefused
from cli.render import Column, one_line
from engine.documents.audits import audit_document, evidence_documents
from engine.documents.changes import outcome
from engine.operations import Came, Given, Wanted
from lifecycle.obligations.evidence import EvidenceKind
from notifiers.wording import counted, day, later_words, size_words, span_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cli.run import Run
    from engine.monitor import Work
    from engine.operations import Taken
    from engine.operations.evidence import Asked
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.evidence import Contact, EvidenceRequest
    from store.queries.audits import SeenEvidence

_LONGEST_NAME = 400


def wanted(
    run: Run, said: Mapping[str, str], contact: Contact, span: tuple[date | None, date | None], row: Milestone | None
) -> Wanted:
    """What is asked for, as it was typed. Raises UsageRefused."""
    return Wanted(
        kind=chosen(EvidenceKind, said["kind"], "--kind"),
        contact=contact,
        what=said["what"],
        due_on=run.day(said["due"], "--due") if said["due"] else None,
        milestone_id=row.id if row else None,
        covers_from=span[0],
        covers_until=span[1],
        note=said["note"],
    )


def given_by(proof: str) -> Given:
    """A file, or where it lies. Raises OSError, UsageRefused."""
    if "://" in proof:
        return Given(name="", link=proof)
    path = Path(proof)
    if len(proof) > _LONGEST_NAME or not path.is_file():
        raise UsageRefused(f"There is no file {one_line(proof)}.", remedy="Name a file, or a link with its https://.")
    return Given(name=path.name, content=path.read_bytes())


def tell_list(run: Run, work: Work, found: Sequence[SeenEvidence], *, is_all: bool) -> None:
    """Reports in their order; that there are more is said where these are not all."""
    documents = evidence_documents(work, found)
    if run.as_json:
        run.answer("audits", items=documents)
        return
    columns = (
        Column("Id"),
        Column("Agreement"),
        Column("Counterparty", is_fixed=False),
        Column("What", is_fixed=False, share=2),
        Column("State"),
        Column("Due"),
        Column("Covers"),
        Column("Good until"),
    )
    rows = [
        (
            one["id"],
            one["reference"],
            one["counterparty"],
            one["what"],
            _state(one),
            str(one["due_on"]),
            _covers(one),
            str(one["accepted_until"] or ""),
        )
        for one in documents
    ]
    if rows:
        run.terminal.table(columns, rows)
        if not is_all:
            run.terminal.line(f"These are the first {len(rows)}. More of them: --limit N.")
    else:
        run.terminal.line("No report was asked for. Ask: `longstop audit request-evidence REFERENCE --to EMAIL`.")


def tell_agreement(run: Run, work: Work, agreement: Agreement) -> None:
    """Everything about the audits of one agreement."""
    document = audit_document(work, agreement)
    if run.as_json:
        run.answer("audit", item={**document, "result": None, "is_dry_run": False, "deadlines": None})
        return
    run.terminal.line(f"{document['reference']}: audits of {document['counterparty']}")
    for one in document["rights"]:
        run.terminal.line(f"  {_right_line(one)}")
    for one in document["evidence"]:
        run.terminal.line(f"  {_evidence_line(one)}")
        for file in one["documents"]:
            size = f", {size_words(file['size'])}" if file["size"] is not None else ""
            run.terminal.line(f"      {one_line(file['name'] or file['link'] or '')}{size}")
    for one in document["findings"]:
        run.terminal.line(f"  {_finding_line(one)}")
    for one in document["coverage"]:
        run.terminal.line(f"  {_coverage_line(one)}")
    if not (document["rights"] or document["evidence"] or document["findings"]):
        run.terminal.line("  Nothing yet. Add an audit right: `longstop audit right`.")


def tell_change(run: Run, work: Work, agreement: Agreement, done: str) -> None:
    """Answer a change of rights or findings that is about to be kept, or to be rolled back."""
    counts = outcome(work)
    document = audit_document(work, work.agreements.get(agreement.id))
    if run.as_json:
        run.answer("audit", item={**document, "result": done, "is_dry_run": run.is_dry_run, "deadlines": counts})
        return
    run.terminal.line(f"{agreement.reference} {done}{run.tried}. {told_outcome(counts)}")


def tell_evidence(run: Run, work: Work, request: EvidenceRequest, *, url: str = "", said: str = "") -> None:
    """Answer a change of a report that is about to be kept, or to be rolled back."""
    counts = outcome(work)
    agreement = work.agreements.get(request.agreement_id)
    (document,) = evidence_documents(work, [(request, agreement)])
    if run.as_json:
        more = {"url": url or None, "result": said or None, "is_dry_run": run.is_dry_run, "deadlines": counts}
        run.answer("evidence", item={**document, **more})
        return
    run.terminal.line(f"{_evidence_line(document)}{run.tried}. {told_outcome(counts)}")
    if said:
        run.terminal.line(f"  {said}")


def tell_asked(run: Run, work: Work, asked: Asked) -> None:
    """The link is shown here and never again."""
    request = asked.request
    whom = request.contact.label if request.contact else ""
    if request.mailed_at is not None:
        home = work.agreements.get(request.agreement_id).time_zone
        said = f"A mail with the link goes to {whom}{later_words(request.mailed_at, work.now, home)}."
    elif "email" in run.monitor.notifiers:
        said = f"The owner gets a mail to pass on to {whom} (LONGSTOP_EXTERNAL_MAIL=draft)."
    else:
        said = f"There is no mail here: pass the link on to {whom} yourself."
    tell_evidence(run, work, request, url="" if run.is_dry_run else asked.url, said=said)
    if not run.as_json and not run.is_dry_run:
        run.terminal.line(f"  The link, which is shown only now: {asked.url}")


def tell_taken(run: Run, work: Work, taken: Taken) -> None:
    """What became of a file."""
    words = {
        Came.FIRST: "It is here.",
        Came.VERSION: f"It is version {taken.number}; what came before stays.",
        Came.ALREADY: "It is here already: the same file, byte for byte.",
        Came.SPAN: "It is here already; the days that it covers are noted.",
    }
    tell_evidence(run, work, taken.request, said=words[taken.came])


def _state(one: dict[str, Any]) -> str:
    return str(one["state"].value).replace("_", " ")


def _covers(one: dict[str, Any]) -> str:
    return " to ".join(str(day) for day in (one["covers_from"], one["covers_until"]) if day)


def _right_line(one: dict[str, Any]) -> str:
    scope = f" of {one_line(one['scope'])}" if one["scope"] else ""
    notice = f", announced {one['notice']} before" if one["notice"] else ""
    following = f"; next by {day(one['next_on'])}" if one["next_on"] else ""
    announced = f", to be announced by {day(one['announce_by_on'])}" if one["announce_by_on"] else ""
    ended = f"; ended on {day(one['ended_on'])}" if one["ended_on"] else ""
    return f"{one['id']}  audit{scope} every {one['every']}{notice}{following}{announced}{ended}"


def _evidence_line(one: dict[str, Any]) -> str:
    span = span_words(one["covers_from"], one["covers_until"])
    covers = f", covers {span}" if span else ""
    until = f", good until {day(one['accepted_until'])}" if one["accepted_until"] else ""
    due = f", due by {day(one['due_on'])}" if one["accepted_on"] is None else ""
    return f"{one['id']}  {one_line(one['what'])}: {_state(one)}{due}{covers}{until}"


def _finding_line(one: dict[str, Any]) -> str:
    again = f", tested again by {day(one['retest_by_on'])}" if one["retest_by_on"] and one["state"] != "closed" else ""
    text = one_line(one["text"])
    return f"{one['id']}  {one['severity'].value} finding, {one['state']}: {text}, by {day(one['remedy_by_on'])}{again}"


def _coverage_line(one: dict[str, Any]) -> str:
    gaps = [each for each in one["stretches"] if each["cover"].value == "gap"]
    if not gaps:
        return f"{one['name']}: covered for twelve months."
    told = "; ".join(span_words(each["first_on"], each["last_on"]) for each in gaps)
    return f"{one['name']}: {counted(len(gaps), 'gap')} in twelve months: {told}."
