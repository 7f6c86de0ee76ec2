"""``audit``: what we may look into, what proves it, what was found, and until when it is good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.commands import audit_evidence
from cli.lazy import Command
from cli.options import Because, Reference

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What we may look into, and what proves it."
)
app.add_typer(audit_evidence.app)
Owner = Annotated[str, typer.Option(metavar="EMAIL", help="Whose it is; else the agreement's.", show_default=False)]


@app.command("list", cls=Command, epilog="longstop audit list --open\nlongstop audit list MSA-004 --limit 20")
@reading
def list_evidence(
    run: Run,
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="Only of this agreement.")] = "",
    is_open: Annotated[bool, typer.Option("--open", help="Not accepted yet.")] = False,
    limit: Annotated[int, typer.Option(metavar="N", help="How many at most.", min=1, max=10_000)] = 200,
) -> None:
    """Reports, the one that is due first at the head: asked for, received, under review, accepted."""
    from cli.acting import queries
    from cli.audits import tell_list
    from store.queries.audits import evidence_listed

    with run.look() as work:
        of = queries(run, work).agreement(reference) if reference else None
        found, after = evidence_listed(work, run.person(work), is_open=is_open, limit=limit, of=of.id if of else "")
        tell_list(run, work, found, is_all=not after)


@app.command(cls=Command, epilog="longstop audit show MSA-004")
@reading
def show(run: Run, reference: Reference) -> None:
    """The audit rights, reports and findings of an agreement, and what is covered by none."""
    from cli.acting import queries
    from cli.audits import tell_agreement

    with run.look() as work:
        tell_agreement(run, work, queries(run, work).agreement(reference))


@app.command(
    cls=Command,
    epilog='longstop audit right MSA-004 --every "1 year" --first-due 2027-06-30 --notice "30 days" --clause 14.2',
)
@changing
def right(
    run: Run,
    reference: Reference,
    every: Annotated[str, typer.Option(metavar="PERIOD", help="How often we may.")],
    first_due: Annotated[str, typer.Option(metavar="DATE", help="By when the first audit is due.")],
    notice: Annotated[str, typer.Option(metavar="PERIOD", help="How long before.", show_default=False)] = "",
    scope: Annotated[str, typer.Option(metavar="TEXT", help="What may be looked into.", show_default=False)] = "",
    clause: Annotated[str, typer.Option(metavar="REF", help="Where it is written.", show_default=False)] = "",
    owner: Owner = "",
) -> None:
    """Add an audit right: it becomes a recurring deadline, and one to announce it in time."""
    from cli.acting import permitted, present, queries
    from cli.audits import tell_change
    from cli.days import parse_length
    from engine import operations
    from lifecycle.counting.derivation import Clause
    from lifecycle.obligations.audits import AuditRight
    from lifecycle.rights import Act

    length = parse_length(every, "--every")
    before, day = parse_length(notice, "--notice") if notice else None, run.day(first_due, "--first-due")
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        told = AuditRight(
            id="", every=length, due_on=day, notice=before, scope=scope, clause=Clause(clause) if clause else None,
            owner_id=present(work, owner).id if owner else None,
        )  # fmt: skip
        tell_change(run, work, operations.add_audit_right(work, known, told), "has an audit right")


@app.command("end-right", cls=Command, epilog='longstop audit end-right MSA-004 a1 --because "Certified instead"')
@changing
def end_right(
    run: Run,
    reference: Reference,
    right_id: Annotated[str, typer.Argument(metavar="ID", help="As `audit show` has it.")],
    because: Because,
    on: Annotated[str, typer.Option(metavar="DATE", help="Nothing is due after it.")] = "today",
) -> None:
    """No audit under a right is due any more."""
    from cli.acting import permitted, queries
    from cli.audits import tell_change
    from engine import operations
    from lifecycle.rights import Act

    day = run.day(on, "--on")
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        changed = operations.end_audit_right(work, known, right_id, on=day, because=because)
        tell_change(run, work, changed, "has one audit right less")


@app.command(
    cls=Command,
    epilog='longstop audit finding MSA-004 --text "Backups are never restored" --severity high --remedy-by +60d',
)
@changing
def finding(
    run: Run,
    reference: Reference,
    text: Annotated[str, typer.Option(metavar="TEXT", help="What was found.")],
    remedy_by: Annotated[str, typer.Option(metavar="DATE", help="By when it is remedied.")],
    severity: Annotated[str, typer.Option(metavar="HOW", help="low, medium, high or critical.")] = "medium",
    retest_by: Annotated[str, typer.Option(metavar="DATE", help="When it is tested again.", show_default=False)] = "",
    request: Annotated[str, typer.Option(metavar="ID", help="In which report.", show_default=False)] = "",
    owner: Owner = "",
) -> None:
    """Record what was found: it has to be remedied, and is tested again where that is said."""
    from cli.acting import permitted, present, queries
    from cli.audits import tell_change
    from cli.choices import chosen
    from engine import operations
    from lifecycle.obligations.audits import Severity
    from lifecycle.rights import Act

    how, by = chosen(Severity, severity, "--severity"), run.day(remedy_by, "--remedy-by")
    again = run.day(retest_by, "--retest-by") if retest_by else None
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        told = operations.Found(
            text=text, severity=how, remedy_by_on=by, retest_by_on=again, request_id=request or None,
            owner_id=present(work, owner).id if owner else None,
        )  # fmt: skip
        changed, found = operations.record_finding(work, known, told)
        tell_change(run, work, changed, f"has the finding {found.id}")


@app.command(cls=Command, epilog='longstop audit retest MSA-004 f1 --result "Two restores were seen"')
@changing
def retest(
    run: Run,
    reference: Reference,
    finding_id: Annotated[str, typer.Argument(metavar="ID", help="Of a finding, as `audit show` has it.")],
    result: Annotated[str, typer.Option(metavar="TEXT", help="What was seen.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The day of the test.")] = "today",
    failed: Annotated[bool, typer.Option("--failed", help="It is not remedied.")] = False,
    remedy_by: Annotated[str, typer.Option(metavar="DATE", help="Then by when.", show_default=False)] = "",
    retest_by: Annotated[str, typer.Option(metavar="DATE", help="And tested again.", show_default=False)] = "",
) -> None:
    """What was remedied was tested again: it is over, or owed anew."""
    from cli.acting import permitted, queries
    from cli.audits import tell_change
    from engine import operations
    from lifecycle.rights import Act

    day = run.day(on, "--on")
    by = run.day(remedy_by, "--remedy-by") if remedy_by else None
    again = run.day(retest_by, "--retest-by") if retest_by else None
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        told = operations.Retested(on=day, is_passed=not failed, result=result, remedy_by_on=by, retest_by_on=again)
        did = "has a finding that is not remedied" if failed else "has a finding less"
        tell_change(run, work, operations.retest(work, known, finding_id, told), did)
