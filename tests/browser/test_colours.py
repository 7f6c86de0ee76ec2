"""The pairs of colours of the stylesheet, computed by WCAG's formula: text 4.5:1, edges that mean something 3:1."""

import re
from pathlib import Path

import pytest

import web

CSS = (Path(web.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
PAIRS = dict(re.findall(r"--([a-z-]+): light-dark\(([^()]+)\)", CSS))
TONES = ("red", "amber", "green", "blue")
TEXT = [
    *((text, ground) for text in ("text", "quiet", "accent", *TONES) for ground in ("card", "page", "sunk")),
    ("on-accent", "accent"),
    *((tone, f"{tone}-bg") for tone in TONES),
    *(("text", f"{tone}-bg") for tone in TONES),
]  # fmt: skip
EDGES = [("line", "card"), ("line", "page"), *((tone, "card") for tone in ("accent", *TONES))]


def contrast(one, other):
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio of two colours such as ``#1f4fd8``."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    digits = colour.strip().lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * one for one in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def of(name, theme):
    return PAIRS[name].split(",")[theme]


def test_the_formula_knows_black_on_white():
    assert round(contrast("#000", "#fff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3)], ids=["text", "edges"])
def test_colours_stand_out_enough(pairs, least, theme):
    weak = {pair: round(contrast(of(pair[0], theme), of(pair[1], theme)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}
