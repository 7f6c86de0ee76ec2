"""What is kept of feeds in memory, so that a look costs what has changed since the last one (CALENDAR.md section 3).

A body holds for one revision of the register and one window. When the register has moved on, the log says which
agreements were touched: only theirs is rendered anew, the rest is joined as it was. Of one feed one rendering runs at a
time, and nothing is kept of one that fails. Above the limit what was asked for longest ago goes first.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from store.queries.feeds import Revision, revision, touched
from web.feeds.rendering import Reader, Style, body_of, pieces_of, scene_of, shown_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.monitor import Monitor, Work
    from lifecycle.feeds import Feed
    from notifiers.calendar import Body, Piece
    from store.queries.feeds import FeedSpan
    from web.feeds.rendering import Scene

MOST_BYTES: Final = 64 * 1024 * 1024
_OVERHEAD: Final = 300  # bytes that a piece costs beside its own
_ETAG: Final = 32  # hex digits


class Which(NamedTuple):
    """One of the two calendars of a feed."""

    feed_id: str
    is_todo: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """A body that holds at a position of the log, for one window; and what it was joined from."""

    position: int
    shown: FeedSpan
    body: Body
    etag: str
    pieces: Mapping[str, tuple[Piece, ...]]
    size: int


class Bodies:
    """The bodies of all feeds."""

    def __init__(self, monitor: Monitor, style: Style, *, most_bytes: int = MOST_BYTES) -> None:
        """Render in *style*; keep at most *most_bytes*."""
        self._monitor, self._style, self._most = monitor, style, most_bytes
        self._kept: OrderedDict[Which, Ready] = OrderedDict()
        self._size = 0
        self._known: Revision | None = None
        self._locks: dict[Which, Lock] = {}
        self._lock = Lock()  # of all that stands above
        self.rendered = 0  # how often the renderer was asked

    def revision(self, work: Work) -> Revision:
        """The register's revision in this view."""
        found = revision(work, self._known)
        known = self._known
        if known is None or found.head > known.head:
            self._known = found
        return found

    def kept(self, work: Work, feed: Feed, which: Which, at: Revision) -> Ready | None:
        """The body of a feed, if what is kept still holds."""
        with self._lock:
            ready = self._kept.get(which)
            if ready is not None:
                self._kept.move_to_end(which)
        if ready is None or ready.position != at.position:
            return None
        return ready if ready.shown == shown_of(work, feed.months_ahead) else None

    def fresh(self, which: Which) -> tuple[Ready, Revision]:
        """The body as it is now, rendered as far as it has to be. Raises whatever rendering raises."""
        with self._lock:
            rendering = self._locks.setdefault(which, Lock())
        with rendering, self._monitor.look() as work:
            at, feed = self.revision(work), work.feeds.get(which.feed_id)
            ready = self.kept(work, feed, which, at)
            if ready is None:
                ready = self._rendered(work, feed, which, at)
                self._keep(which, ready)
            return ready, at

    def _rendered(self, work: Work, feed: Feed, which: Which, at: Revision) -> Ready:
        """1. The scene of today. 2. Of an older body what was not touched since. 3. The rest anew. 4. All joined."""
        person = work.people.get(feed.person_id)
        scene = scene_of(work, feed, self._style, Reader(person=person, is_todo=which.is_todo))
        self.rendered += 1
        with self._lock:
            old = self._kept.get(which)
        if old is not None and old.shown == scene.shown and old.position <= at.position:
            changed = touched(work, which.feed_id, old.position)
            if not changed.is_everything:
                return _renewed(work, scene, old, changed.agreements, at)
        return _joined(scene, pieces_of(work, scene), at)

    def _keep(self, which: Which, ready: Ready) -> None:
        with self._lock:
            old = self._kept.pop(which, None)
            self._size += ready.size - (old.size if old else 0)
            self._kept[which] = ready
            while self._size > self._most and self._kept:
                _, gone = self._kept.popitem(last=False)
                self._size -= gone.size


def _renewed(work: Work, scene: Scene, old: Ready, agreements: frozenset[str], at: Revision) -> Ready:
    before = {one: old.pieces[one] for one in agreements if one in old.pieces}
    anew = pieces_of(work, scene, agreements) if agreements else {}
    if anew == before:
        return replace(old, position=at.position)
    return _joined(scene, {one: some for one, some in old.pieces.items() if one not in before} | anew, at)


def _joined(scene: Scene, made: Mapping[str, tuple[Piece, ...]], at: Revision) -> Ready:
    body = body_of(scene, made)
    kept = [len(piece.data) for some in made.values() for piece in some]
    size = len(body.data) + sum(kept) + _OVERHEAD * len(kept)
    etag = f'"{sha256(body.data).hexdigest()[:_ETAG]}"'
    return Ready(at.position, scene.shown, body, etag, made, size)
