"""``agreement request-signature | sign | abandon | give-notice | revoke-notice | renew | terminate``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing
from cli.lazy import Command
from cli.options import Because, Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.rights import Act

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class By(StrEnum):
    """Whose notice it is."""

    US = "us"
    THEM = "them"


@app.command("request-signature", cls=Command, epilog="longstop agreement request-signature ACME-7 --sign-by +14d")
@changing
def request_signature(
    run: Run,
    reference: Reference,
    on: Annotated[str, typer.Option(metavar="DATE", help="When it was sent out.")] = "today",
    sign_by: Annotated[str, typer.Option(metavar="DATE", help="By when.", show_default=False)] = "",
) -> None:
    """It was sent out for signature."""
    from engine import operations
    from lifecycle.rights import Act

    sign_by_on = run.day(sign_by, "--sign-by") if sign_by else None
    sent_on = run.day(on, "--on")
    _change(
        run, reference, Act.REGISTER, "sent for signature",
        lambda work, known: operations.request_signature(work, known, on=sent_on, sign_by_on=sign_by_on),
    )  # fmt: skip


@app.command(cls=Command, epilog="longstop agreement sign ACME-7 --on 2026-12-01 --document https://files/acme-7.pdf")
@changing
def sign(
    run: Run,
    reference: Reference,
    on: Annotated[str, typer.Option(metavar="DATE", help="When both had signed.")],
    document: Annotated[str, typer.Option(metavar="URL", help="Where it lies.", show_default=False)] = "",
    review_every: Annotated[
        str, typer.Option(metavar="PERIOD", help="Read it again so often.", show_default=False)
    ] = "",
) -> None:
    """Both sides have signed."""
    from cli.days import parse_length
    from engine import operations
    from lifecycle.rights import Act

    signed_on = run.day(on, "--on")
    every = parse_length(review_every, "--review-every") if review_every else None
    _change(
        run, reference, Act.REGISTER, "signed",
        lambda work, known: operations.sign(work, known, on=signed_on, document=document, review_every=every),
    )  # fmt: skip


@app.command(cls=Command, epilog='longstop agreement abandon ACME-7 --because "They chose somebody else"')
@changing
def abandon(run: Run, reference: Reference, because: Because) -> None:
    """It will never be signed."""
    from engine import operations
    from lifecycle.rights import Act

    _change(
        run, reference, Act.REGISTER, "abandoned", lambda work, known: operations.abandon(work, known, because=because)
    )


@app.command(
    "give-notice",
    cls=Command,
    epilog="longstop agreement give-notice ACME-7 --sent-on today --by us --via courier --proof DHL-4711",
)
@changing
def give_notice(
    run: Run,
    reference: Reference,
    sent_on: Annotated[str, typer.Option(metavar="DATE", help="When it left.")],
    by: Annotated[By, typer.Option(help="Whose notice it is.")],
    via: Annotated[str, typer.Option(metavar="METHOD", help="email, courier, post.", show_default=False)] = "",
    received_on: Annotated[str, typer.Option(metavar="DATE", help="When it arrived.", show_default=False)] = "",
    proof: Annotated[str, typer.Option(metavar="TEXT", help="What proves it.", show_default=False)] = "",
) -> None:
    """A side has said that it will not renew, or that it leaves. The last day follows from the terms."""
    from engine import operations
    from engine.operations import NoticeFacts
    from lifecycle.rights import Act

    facts = NoticeFacts(
        sent_on=run.day(sent_on, "--sent-on"),
        by=by.value,
        method=via,
        received_on=run.day(received_on, "--received-on") if received_on else None,
        proof=proof,
    )
    _change(
        run, reference, Act.GOVERN, "will end",
        lambda work, known: operations.give_notice(work, known, facts), _ends,
    )  # fmt: skip


@app.command("revoke-notice", cls=Command, epilog='longstop agreement revoke-notice ACME-7 --because "New prices"')
@changing
def revoke_notice(run: Run, reference: Reference, because: Because) -> None:
    """A notice was taken back: it renews again."""
    from engine import operations
    from lifecycle.rights import Act

    _change(
        run, reference, Act.GOVERN, "goes on",
        lambda work, known: operations.revoke_notice(work, known, because=because),
    )  # fmt: skip


@app.command(cls=Command, epilog='longstop agreement renew ACME-7 --for "12 months"')
@changing
def renew(
    run: Run,
    reference: Reference,
    lasting: Annotated[str, typer.Option("--for", metavar="PERIOD", help="How long.", show_default=False)] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Its new last day.", show_default=False)] = "",
) -> None:
    """An option was exercised, or the next term was signed."""
    from cli.days import parse_length
    from cli.errors import UsageRefused
    from engine import operations
    from lifecycle.rights import Act

    if lasting and until:
        raise UsageRefused("Both --for and --until were said.", remedy="Say one of them.")
    period = parse_length(lasting, "--for") if lasting else None
    until_on = run.day(until, "--until") if until else None
    _change(
        run, reference, Act.GOVERN, "renewed",
        lambda work, known: operations.renew(work, known, lasting=period, until=until_on),
    )  # fmt: skip


@app.command(cls=Command, epilog='longstop agreement terminate ACME-7 --last-on 2027-01-31 --because "Breach"')
@changing
def terminate(
    run: Run,
    reference: Reference,
    last_on: Annotated[str, typer.Option(metavar="DATE", help="The last day in force.")],
    because: Because,
) -> None:
    """It ends before its term is over."""
    from engine import operations
    from lifecycle.rights import Act

    day = run.day(last_on, "--last-on")
    _change(
        run, reference, Act.GOVERN, "terminated",
        lambda work, known: operations.terminate(work, known, last_on=day, because=because), _ends,
    )  # fmt: skip


def _change(
    run: Run,
    reference: str,
    act: Act,
    done: str,
    change: Callable[[Work, Agreement], Agreement],
    beside: Callable[[Agreement], str] = lambda _: "",
) -> None:
    from cli.acting import permitted, queries
    from cli.changes import tell_change

    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, act, known)
        changed = change(work, known)
        tell_change(run, work, changed, done, beside=beside(changed))


def _ends(agreement: Agreement) -> str:
    from notifiers.wording import day, doubt_words

    ended, notice = agreement.provisions.ended, agreement.notice
    counts = f" The notice counts on {day(notice.counts_on)}. {doubt_words(notice)}".rstrip() if notice else ""
    return f"Its last day in force is {day(ended.last_on)}.{counts}" if ended else ""
