"""A letter as plain text, for mail, terminal and every channel that knows no layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notifiers.wording import Group, Letter


def plain(letter: Letter) -> str:
    """*letter* as text: parts apart by an empty line, LF at the end of every line."""
    parts = (
        "\n".join(letter.before),
        letter.heading,
        "\n\n".join(letter.text),
        *(_group(group) for group in letter.groups),
        _pairs(letter.fields),
        _titled("Why this day", letter.why),
        _titled(letter.unknown_title, letter.unknown),
        _titled("What happens next", letter.next),
        letter.answer,
        "\n".join(f"{name}: {url}" for name, url in _ways(letter)),
        _ending(letter),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _ending(letter: Letter) -> str:
    way_out = f"Switch digests off: {letter.way_out}" if letter.way_out else ""
    said = "\n".join(line for line in (letter.ending, way_out) if line)
    return f"-- \n{said}" if said else ""


def _ways(letter: Letter) -> tuple[tuple[str, str], ...]:
    opened = (("Open", letter.url),) if letter.url else ()
    return (*letter.buttons, *opened, *letter.links)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    width = max((len(name) for name, _ in pairs), default=0) + 1
    return "\n".join(f"{name + ':':<{width}} {value}" for name, value in pairs)


def _titled(title: str, lines: tuple[str, ...]) -> str:
    return "\n".join([f"{title}:", *(f"  {line}" for line in lines)]) if lines else ""


def _group(group: Group) -> str:
    return "\n".join([f"{group.title}:", *_rows(group)])


def _rows(group: Group) -> Iterable[str]:
    for row in group.rows:
        yield f"  {row.day} ({row.relative})  {row.text}. Owner: {row.owner}."
        if row.url:
            yield f"    {row.url}"
    if group.more:
        yield f"  and {group.more} more"
