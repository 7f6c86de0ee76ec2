"""What a rehearsal writes: each message as a file with a line about it, the log, a summary.

The same run gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from engine.forecasting.items import document
from engine.forecasting.telling import item_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import TextIO

    from engine.forecasting.items import Item
    from engine.monitor import Monitor
    from engine.recording import Kept

_FOLDERS: Final = {"email": "mail"}
_SUFFIXES: Final = {"message/rfc822": ".eml", "application/json": ".json"}


class Writer:
    """Writes below *out*; what is there already stays unless it has the same name."""

    def __init__(self, monitor: Monitor, out: Path) -> None:
        self._monitor, self._out = monitor, out
        self._number = 0
        self.counts: Counter[str] = Counter()
        out.mkdir(parents=True, exist_ok=True)
        self._lines: TextIO = (out / "messages.jsonl").open("w", encoding="utf-8", newline="\n")

    def close(self) -> None:
        self._lines.close()

    def messages(self, kept: list[Kept]) -> None:
        """Write what was kept, a file and a line each."""
        if not kept:
            return
        with self._monitor.look() as work:
            rows = {row.id: row for row in work.deliveries.many(one.delivery_id for one in kept)}
            for one in kept:
                item = item_of(work, rows[one.delivery_id], one.facts, at=one.at, subject=one.frozen.subject)
                self._count(item)
                self._line({**document(item), **self._file(one)})

    def events(self, after: int) -> int:
        """Write the log from behind a position; how many events."""
        count = 0
        with (
            (self._out / "events.jsonl").open("w", encoding="utf-8", newline="\n") as lines,
            self._monitor.look() as work,
        ):
            for event in work.log.all():
                if event["position"] > after:
                    count += 1
                    lines.write(_json(event) + "\n")
        return count

    def summary(self, told: dict[str, Any]) -> None:
        text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True, default=str)
        (self._out / "summary.json").write_text(text + "\n", encoding="utf-8")

    def feeds(self, day: str, feeds: Iterable[tuple[str, bytes]]) -> None:
        """Write calendars as they read on a day."""
        for name, body in feeds:
            path = self._out / "feeds" / day / f"{name}.ics"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)

    def _file(self, one: Kept) -> dict[str, str]:
        self._number += 1
        folder = self._out / _FOLDERS.get(one.channel, one.channel)
        if self._number == 1 or not folder.is_dir():
            folder.mkdir(exist_ok=True)
        suffix = _SUFFIXES.get(one.frozen.content_type, ".txt")
        path = folder / f"{self._number:06d}{suffix}"
        path.write_bytes(one.frozen.body)
        digest = hashlib.sha256(one.frozen.body).hexdigest()
        return {"path": path.relative_to(self._out).as_posix(), "sha256": digest, "delivery_id": one.delivery_id}

    def _line(self, row: dict[str, Any]) -> None:
        self._lines.write(_json(row) + "\n")

    def _count(self, item: Item) -> None:
        names = ["messages", f"messages_{item.message.value}", f"messages_by_{item.channel}"]
        names += ["late"] if item.is_late else []
        names += ["escalations"] if item.step else []
        self.counts.update(names)


def _json(value: Any) -> str:  # noqa: ANN401 - any document
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
