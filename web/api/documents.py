"""``documents``: originals, evidence and reports that are kept with agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import Query, Response
from pydantic import Field

from engine import operations as ops
from engine.documents.relationship import document_document
from engine.shelf import kept_file
from lifecycle.agreements.documents import Purpose
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from web.agreements.acts import standing_of
from web.agreements.missing import Missing
from web.agreements.said import FormRefused
from web.api.answers import Paged, changed, item, items, some
from web.api.bodies import Body, Said, Text, file_content
from web.api.caller import Reads, Registers
from web.api.routing import file, get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.agreements.documents import Document


class Create(Body):
    """*content* is the file as base64; without it *link* or *held_by* says where it is."""

    agreement_id: Said
    name: Said
    purpose: Purpose = Purpose.OTHER
    content: Annotated[str, Field(max_length=30_000_000)] = ""
    media_type: Text = ""
    link: Text = ""
    held_by: Text = ""


class Listing(Paged):
    """Of one agreement."""

    agreement_id: Said


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/documents", _listed, "Document", many=True)
    get(made, "/documents/{agreement_id}/{document_id}", _one, "Document")
    file(made, "/documents/{agreement_id}/{document_id}/content", _taken, "application/octet-stream")
    post(made, "/documents", _create, "Document", status=201)


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """In the order in which they were kept."""
    with caller.look() as work:
        holder = agreement_by_id(work, asked.agreement_id, caller.person)
        found = [_document(holder, one) for one in work.documents.of(holder.id)]
    page, following = some(found, lambda one: f"{one['added_at'].isoformat()} {one['id']}", asked)
    return items(caller, "documents", page, following)


def _one(caller: Reads, agreement_id: str, document_id: str) -> Response:
    """One of them: what it is, by its hash, and where it lies."""
    with caller.look() as work:
        holder = agreement_by_id(work, agreement_id, caller.person)
        for one in work.documents.of(holder.id):
            if one.id == document_id:
                return item(caller, "document", _document(holder, one))
    raise Missing("such document", "List them by their agreement.")


def _taken(caller: Reads, agreement_id: str, document_id: str) -> Response:
    """The file, as it was kept, where the house keeps it."""
    with caller.look() as work:
        found, content = kept_file(work, agreement_by_id(work, agreement_id, caller.person), document_id)
    told = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"}
    safe = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=told | safe)


def _create(caller: Registers, said: Create) -> Response:
    """Keep it; the same file for the same purpose is kept once."""

    def change(work: Work) -> dict[str, Any]:
        holder = agreement_by_id(work, said.agreement_id, caller.person)
        caller.require(Act.REGISTER, standing_of(caller.person, holder))
        content = file_content(said.content)
        if content and len(content) > caller.site.upload_most:
            raise FormRefused({"content": f"The file is larger than {caller.site.upload_most // 1024**2} MB."})
        given = ops.Given(
            name=said.name,
            content=content,
            media_type=said.media_type,
            link=said.link,
            held_by=said.held_by,
            purpose=said.purpose,
        )
        return _document(holder, ops.keep_document(work, holder, given))

    return changed(caller, "document", change, status=201)


def _document(holder: Agreement, one: Document) -> dict[str, Any]:
    return {**document_document(one), "agreement_id": holder.id, "reference": holder.reference}
