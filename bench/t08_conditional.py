"""T8: a fetch of a feed that has not changed, over a real connection, against ``/healthz`` over the same one."""

from __future__ import annotations

from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from bench.harness import Figure, Target, seconds
from bench.subscribing import application, served, subscribed

if TYPE_CHECKING:
    from collections.abc import Iterator

FETCHES = 400


@contextmanager
def _connected() -> Iterator[tuple[HTTPConnection, str]]:
    with served(application()) as port:
        connection = HTTPConnection("127.0.0.1", port)
        try:
            yield connection, f"/feeds/{subscribed().token}.ics"
        finally:
            connection.close()


def _asked(connection: HTTPConnection, path: str, headers: dict[str, str]) -> tuple[int, str]:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers.get("ETag", "")


def _each(path: str, status: int) -> float:
    with _connected() as (connection, feed):
        _, etag = _asked(connection, feed, {})
        said = {"If-None-Match": etag}
        asked = path or feed
        assert _asked(connection, asked, said)[0] == status, "another answer"
        return seconds(lambda: [_asked(connection, asked, said) for _ in range(FETCHES)]) / FETCHES


FIGURES = (
    Figure(
        name="T8",
        what="a fetch of a feed that has not changed, against /healthz",
        unit="s",
        target=Target("<=", 2),
        ours=lambda: _each("", 304),
        theirs=lambda: _each("/healthz", 200),
    ),
)
