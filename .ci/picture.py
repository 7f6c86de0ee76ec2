"""Draw what ``longstop demo`` prints as ``docs/images/demo.svg``, for the first screen of the README."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 168
LINES = 44
TODAY = "2026-11-23"
TARGET = Path(__file__).parents[1] / "docs" / "images" / "demo.svg"


def printed() -> list[str]:
    """The first screen of the demo, as a terminal of this width shows it."""
    command = [str(Path(sys.executable).with_name("longstop")), "demo", "--once", "--today", TODAY]
    environment = os.environ | {"COLUMNS": str(WIDTH)}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return [line[:WIDTH] for line in told.stdout.splitlines()]


def screen(lines: list[str]) -> list[str]:
    """What is overdue and what is next; then the last mail as it arrived."""
    mail = next(number for number, line in enumerate(lines) if line.startswith("To "))
    return [*lines[: LINES - 18], "", *lines[mail : mail + 26]]


def drawn(lines: list[str]) -> str:
    """The lines as a picture that fetches nothing from anywhere."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor")
    for line in lines:
        heading = re.match(r"(Overdue|In the next|Subject:|To )", line)
        console.print(Text(line, style="bold" if heading else "", no_wrap=True, overflow="crop"))
    svg = console.export_svg(title="make run")
    svg = re.sub(r"<!-- .*? -->", "", svg)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(drawn(screen(printed())), encoding="utf-8")


if __name__ == "__main__":
    main()
