"""Files of text that people name on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.errors import UsageRefused

if TYPE_CHECKING:
    from pathlib import Path


def text_of(file: Path) -> str:
    """The text of a file, without the mark that some editors put before it. Raises UsageRefused, OSError."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageRefused(f"{file} is no text in UTF-8.", remedy="Save it as UTF-8.") from None
