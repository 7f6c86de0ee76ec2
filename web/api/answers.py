"""How it is answered: one document in the shape of ``--json`` (INTERFACE.md C3), with its mark (ETag) and its pages.

What was read twice without a change is 304. A change is one transaction; the answer to its idempotency key is kept in
the same one.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Response
from pydantic import Field

from engine.access import idempotency
from engine.documents.plain import jsonable
from lifecycle.errors import LifecycleError
from web.api.bodies import Body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.monitor import Work
    from web.api.caller import Caller

T = TypeVar("T")
MEDIA: Final = "application/json"


class Paged(Body):
    """How much of a list, and from where."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many at once.")] = 50
    cursor: Annotated[str, Field(max_length=2000, description="`next_cursor` of the answer before.")] = ""


#: Which agreements, or what hangs on them.
OfAgreements = Annotated[
    str, Field(max_length=500, description="Search words; those about deadlines (kind: due: is:) are refused.")
]
#: The query of a list that has no other words.
Pages = Annotated[Paged, Query()]


class Several(NamedTuple):
    """What a POST answers as a list, with what stands beside it."""

    items: Sequence[Any]
    beside: Mapping[str, Any]


class PlaceRefused(LifecycleError):
    """A place in a list that no list has given out."""

    code = "usage"

    def __init__(self) -> None:
        super().__init__("This place in the list is not known.", remedy="Begin at the first page.")


def item(caller: Caller, schema: str, one: Any, *, mark: str = "") -> Response:  # noqa: ANN401 - whatever it holds
    """One thing; *mark* stands before the digest in its ETag."""
    return _read(caller, _document(caller, schema, item=one), mark=mark)


def items(caller: Caller, schema: str, found: Sequence[Any], next_cursor: str = "", **beside: Any) -> Response:  # noqa: ANN401 - see above
    """A page of a list, with the address of the next one."""
    document = _document(caller, schema, items=found, next_cursor=next_cursor or None, **beside)
    answer = _read(caller, document)
    if next_cursor:
        query = [(name, value) for name, value in caller.request.query_params.multi_items() if name != "cursor"]
        address = f"{caller.request.url.path}?{urlencode([*query, ('cursor', next_cursor)])}"
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


def some(found: Sequence[T], key: Callable[[T], str], asked: Paged) -> tuple[list[T], str]:
    """So many of a short list behind a cursor, by a key that is unique, and where the next page begins.

    Raises PlaceRefused.
    """
    ordered = sorted(found, key=key)
    start = bisect_right(ordered, _place(asked.cursor), key=key) if asked.cursor else 0
    page = ordered[start : start + asked.limit]
    is_over = start + asked.limit >= len(ordered)
    return page, "" if is_over else urlsafe_b64encode(key(page[-1]).encode()).decode()


def changed(
    caller: Caller, schema: str, change: Callable[[Work], Any], *, status: int = 200, once: Sequence[str] = ()
) -> Response:  # fmt: skip
    """Do it, once for each idempotency key; what *change* answers is the item. Raises what it raises.

    The keys *once* of the item are told once: they are not kept with the answer, nor told where it is only tried.
    """
    if (before := _known(caller)) is not None:
        return before
    text = ""
    with _claimed(caller), caller.trial() as work:
        done = change(work)
        work.settle()
        text = kept = _written(caller, schema, done)
        if once:
            kept = _written(caller, schema, {**done, **dict.fromkeys(once)})
            text = kept if caller.is_dry_run else text  # what was rolled back opens nothing
        if caller.asked is not None:
            idempotency.keep(work, caller.asked, idempotency.Answer(status, kept))
    return _changed(status, text)


def done_apart(caller: Caller, schema: str, act: Callable[[], Any], *, status: int = 200) -> Response:
    """As ``changed``, of what takes several transactions: *act* does all of it, or as much as can be done again."""
    if (before := _known(caller)) is not None:
        return before
    with _claimed(caller):
        text = _written(caller, schema, act())
        if caller.asked is not None:
            with caller.monitor.work(caller.actor) as work:
                idempotency.keep(work, caller.asked, idempotency.Answer(status, text))
    return _changed(status, text)


def reckoned(caller: Caller, schema: str, reckon: Callable[[Work], Any]) -> Response:
    """What is asked by POST since it says much, and writes nothing."""
    with caller.look() as work:
        return _changed(200, _written(caller, schema, reckon(work)))


def _known(caller: Caller) -> Response | None:
    """What was answered to the idempotency key before; None where there is work to do. Raises what ``begin`` raises."""
    before = idempotency.begin(caller.monitor, caller.asked) if caller.asked is not None else None
    return None if before is None else _changed(before.status, before.text, is_replayed=True)


@contextmanager
def _claimed(caller: Caller) -> Iterator[None]:
    """The idempotency key is free again where nothing was done."""
    try:
        yield
    except BaseException:
        if caller.asked is not None:
            idempotency.give_up(caller.monitor, caller.asked)
        raise


def _written(caller: Caller, schema: str, done: Any) -> str:  # noqa: ANN401 - whatever it holds
    if isinstance(done, Several):
        return json.dumps(_document(caller, schema, items=done.items, **done.beside), ensure_ascii=False)
    return json.dumps(_document(caller, schema, item=done), ensure_ascii=False)


def _changed(status: int, text: str, *, is_replayed: bool = False) -> Response:
    headers = {"Cache-Control": "no-store"} | ({"Idempotent-Replayed": "true"} if is_replayed else {})
    return Response(text, status, headers, MEDIA)


def _document(caller: Caller, schema: str, **content: Any) -> Any:  # noqa: ANN401 - JSON
    head = {"schema": f"longstop/{schema}/1", "generated_at": caller.now, "today": caller.today}
    return jsonable({**head, **content})


def _read(caller: Caller, document: Any, *, mark: str = "") -> Response:  # noqa: ANN401 - JSON
    told = json.dumps(document, ensure_ascii=False)
    said = json.dumps({**document, "generated_at": None}, ensure_ascii=False)
    digest = sha256(f"{caller.person.id}\n{said}".encode()).hexdigest()[:24]
    etag = f'"{mark}.{digest}"' if mark else f'"{digest}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    known = {one.strip().removeprefix("W/") for one in caller.request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    return Response(told, 200, headers, MEDIA)


def _place(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor.encode()).decode()
    except ValueError:
        raise PlaceRefused from None
