"""``audit``: reports of the other side, asked for, received, looked at, accepted for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing
from cli.lazy import Command
from cli.options import Because, Reference

if TYPE_CHECKING:
    from datetime import date

    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)
Request = Annotated[str, typer.Argument(metavar="ID", help="Of a report, as `audit show` has it.")]
From = Annotated[
    str, typer.Option("--covers-from", metavar="DATE", help="First day that it covers.", show_default=False)
]
Until = Annotated[str, typer.Option("--covers-until", metavar="DATE", help="Last day of it.", show_default=False)]
_KIND = typer.Option(metavar="KIND", help="soc2-type-2, iso-27001, penetration-test ...", show_default=False)


@app.command(
    "request-evidence",
    cls=Command,
    epilog="longstop audit request-evidence MSA-004 --kind soc2-type-2 --to ada@acme.example --due 2026-12-11",
)
@changing
def request_evidence(
    run: Run,
    reference: Reference,
    to: Annotated[
        str, typer.Option(metavar="WHO", help="Whom we ask there, or a contact's name.", show_default=False)
    ] = "",
    kind: Annotated[str, _KIND] = "other",
    name: Annotated[str, typer.Option(metavar="TEXT", help="How they are called.", show_default=False)] = "",
    what: Annotated[str, typer.Option(metavar="TEXT", help="In words; else the kind's.", show_default=False)] = "",
    due: Annotated[
        str, typer.Option(metavar="DATE", help="By when; else fifteen business days.", show_default=False)
    ] = "",
    answers: Annotated[
        str, typer.Option("--for", metavar="KIND", help="The deadline that it closes: audit ...", show_default=False)
    ] = "",
    covers_from: From = "",
    covers_until: Until = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="A sentence to them.", show_default=False)] = "",
    again: Annotated[str, typer.Option(metavar="ID", help="Ask once more, with a new link.", show_default=False)] = "",
) -> None:
    """Ask the other side for a report, by a mail with an upload link that is good for it alone."""
    from cli.acting import permitted, queries
    from cli.audits import tell_asked, wanted
    from engine import operations
    from engine.operations.evidence import evidence_of
    from lifecycle.rights import Act

    said = {"kind": kind, "what": what, "due": due, "note": note}
    span = _span(run, covers_from, covers_until)
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        if again:
            asked = operations.ask_again(work, evidence_of(work, known, again).id)
        else:
            row = queries(run, work).deadline(reference, answers).milestone if answers else None
            contact = operations.contact_named(work, known, to, name)
            asked = operations.request_evidence(work, known, wanted(run, said, contact, span, row))
        tell_asked(run, work, asked)


@app.command(cls=Command, epilog="longstop audit receive MSA-004 soc2.pdf --kind soc2-type-2 --covers-from 2026-01-01")
@changing
def receive(
    run: Run,
    reference: Reference,
    proof: Annotated[str, typer.Argument(metavar="FILE|LINK", help="What came, or where it lies.")],
    request: Annotated[str, typer.Option(metavar="ID", help="What it answers.", show_default=False)] = "",
    kind: Annotated[str, _KIND] = "",
    covers_from: From = "",
    covers_until: Until = "",
) -> None:
    """Keep a report that came another way: for a request, or of a kind that nobody has asked for."""
    from cli.acting import permitted, queries
    from cli.audits import given_by, tell_taken
    from cli.choices import chosen
    from engine import operations
    from engine.operations import Sent
    from lifecycle.obligations.evidence import EvidenceKind
    from lifecycle.rights import Act

    first_on, last_on = _span(run, covers_from, covers_until)
    what = chosen(EvidenceKind, kind, "--kind") if kind else None
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        sent = Sent(given=given_by(proof), covers_from=first_on, covers_until=last_on)
        tell_taken(run, work, operations.receive_evidence(work, known, sent, kind=what, request_id=request or None))


@app.command(cls=Command, epilog="longstop audit review MSA-004 k7m2p4")
@changing
def review(run: Run, reference: Reference, request: Request) -> None:
    """Somebody looks at a report now."""
    from cli.acting import permitted, queries
    from cli.audits import tell_evidence
    from engine import operations
    from engine.operations.evidence import evidence_of
    from lifecycle.rights import Act

    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        tell_evidence(run, work, operations.review_evidence(work, evidence_of(work, known, request).id))


@app.command(cls=Command, epilog="longstop audit accept MSA-004 k7m2p4 --until 2027-12-31")
@changing
def accept(
    run: Run,
    reference: Reference,
    request: Request,
    until: Annotated[
        str, typer.Option(metavar="DATE", help="Good until then; else a year from what it covers.", show_default=False)
    ] = "",
    covers_from: From = "",
    covers_until: Until = "",
) -> None:
    """A report is good: its deadline is done, and the next one begins."""
    from cli.acting import permitted, queries
    from cli.audits import tell_evidence
    from engine import operations
    from engine.operations.evidence import evidence_of
    from lifecycle.rights import Act

    first_on, last_on = _span(run, covers_from, covers_until)
    until_on = run.day(until, "--until") if until else None
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        accepted = operations.accept_evidence(
            work, evidence_of(work, known, request).id, until_on=until_on, covers_from=first_on, covers_until=last_on
        )
        tell_evidence(run, work, accepted)


@app.command(cls=Command, epilog='longstop audit withdraw MSA-004 k7m2p4 --because "It came by another way"')
@changing
def withdraw(run: Run, reference: Reference, request: Request, because: Because) -> None:
    """Nobody wants a report any more: its link is dead."""
    from cli.acting import permitted, queries
    from cli.audits import tell_evidence
    from engine import operations
    from engine.operations.evidence import evidence_of
    from lifecycle.rights import Act

    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        found = evidence_of(work, known, request)
        tell_evidence(run, work, operations.withdraw_request(work, found.id, because=because))


def _span(run: Run, first: str, last: str) -> tuple[date | None, date | None]:
    return (
        run.day(first, "--covers-from") if first else None,
        run.day(last, "--covers-until") if last else None,
    )
