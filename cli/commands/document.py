"""``document``: originals, evidence and reports that are kept with an agreement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Reference

if TYPE_CHECKING:
    from cli.run import Run
    from engine.operations import Given
    from lifecycle.agreements.documents import Purpose

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What is kept with an agreement, by hash."
)
_PLACE = typer.Argument(metavar="[FILE|LINK]", help="A file to keep, or a link to where it lies.", show_default=False)
_HELD = typer.Option("--held-by", metavar="WHO", help="Who has the paper.", show_default=False)


@app.command(
    cls=Command,
    epilog='longstop document add NDA-021 signed.pdf --purpose original --held-by "Legal, safe 2"\n'
    "longstop document add NDA-021 https://files.example.com/nda-021.pdf --purpose original",
)
@changing
def add(
    run: Run,
    reference: Reference,
    place: Annotated[str, _PLACE] = "",
    purpose: Annotated[str, typer.Option(metavar="PURPOSE", help="original, evidence, report or other.")] = "other",
    name: Annotated[str, typer.Option(metavar="TEXT", help="What it is called.", show_default=False)] = "",
    held_by: Annotated[str, _HELD] = "",
) -> None:
    """Keep a file with an agreement, each once, or note where it lies and who has the paper."""
    from cli.acting import permitted, queries
    from cli.choices import chosen
    from engine import operations
    from engine.documents.relationship import document_document
    from lifecycle.agreements.documents import Purpose
    from lifecycle.rights import Act

    given = _given(place, name, held_by, chosen(Purpose, purpose, "--purpose"))
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        document = document_document(operations.keep_document(work, known, given))
    if run.as_json:
        run.answer("document", item=document)
    else:
        run.terminal.line(f"{known.reference} has {document['name']} ({document['id']}){run.tried}.")


@app.command("list", cls=Command, epilog="longstop document list NDA-021")
@reading
def list_documents(run: Run, reference: Reference) -> None:
    """The documents of an agreement, the newest first."""
    from cli.acting import queries
    from cli.render import Column
    from engine.documents.relationship import document_document

    with run.look() as work:
        known = queries(run, work).agreement(reference)
        documents = [document_document(one) for one in work.documents.of(known.id)]
    if run.as_json:
        run.answer("documents", items=documents)
        return
    columns = (
        Column("Id"),
        Column("Purpose"),
        Column("Name", is_fixed=False),
        Column("SHA-256"),
        Column("Where", is_fixed=False),
        Column("Added"),
    )
    rows = [
        (
            one["id"],
            one["purpose"],
            one["name"],
            (one["sha256"] or "")[:12],
            "; ".join(filter(None, (one["link"], one["held_by"]))),
            f"{one['added_at']:%Y-%m-%d}",
        )
        for one in documents
    ]
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line(f"{known.reference} has no documents.")


@app.command(cls=Command, epilog="longstop document get NDA-021 k7h2m9x4q2bz --out signed.pdf")
@reading
def get(
    run: Run,
    reference: Reference,
    document: Annotated[str, typer.Argument(metavar="ID", help="As `document list` shows it.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it; nothing is overwritten.")],
) -> None:
    """Write a kept file, proven by its hash."""
    from cli.acting import queries
    from engine.documents.relationship import document_document
    from engine.new_file import new_file
    from engine.shelf import kept_file

    with run.look() as work:
        known = queries(run, work).agreement(reference)
        found, content = kept_file(work, known, document)
    with new_file(out) as part:
        part.write_bytes(content)
    if run.as_json:
        run.answer("document", item=document_document(found))
    else:
        run.terminal.line(f"{out} is {found.said}.")


def _given(place: str, name: str, held_by: str, purpose: Purpose) -> Given:
    """A link stays a link; anything else is a file. Raises UsageRefused where there is no such file."""
    from cli.errors import UsageRefused
    from engine.operations import Given

    if not place or "://" in place:
        called = name or place.rstrip("/").rpartition("/")[2] or held_by
        return Given(name=called, link=place, held_by=held_by, purpose=purpose)
    path = Path(place)
    if not path.is_file():
        raise UsageRefused(f"There is no file {place}.", remedy="Give a file, or a link with https://.")
    return Given(name=name or path.name, content=path.read_bytes(), held_by=held_by, purpose=purpose)
