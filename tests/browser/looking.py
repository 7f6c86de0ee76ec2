"""Looking at a page with everything that can be judged by a machine, in one visit.

axe-core judges it in light and in dark; it is laid out at 320 pixels (WCAG 1.4.10); what it weighs and what it asks of
other hosts is noted.
"""

from dataclasses import dataclass, field
from pathlib import Path

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The promise is kept, or the browser may forget it while it is busy.
_JUDGE = """
async (only) => {
  window.judging = axe.run(document, {runOnly: only, resultTypes: ['violations'], iframes: false, preload: false});
  const said = (node) => (node.any[0] || node.all[0] || node.none[0] || {}).message || '';
  const found = (await window.judging).violations;
  return found.flatMap((one) => one.nodes.map((node) => `${one.id} | ${node.target.join(' ')} | ${said(node)}`));
}
"""
# Wider than the window: whoever has it so narrow has to scroll sideways.
_WIDER = """
() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > most + 1
    && !one.closest('.scroll, .tabs, .nav, .tl-box, pre')).slice(0, 3)
    .map((one) => `${one.tagName.toLowerCase()}.${one.className} ends at ${one.getBoundingClientRect().right}`);
}
"""
_SAME_NAMES = """
() => {
  const seen = {};
  for (const one of document.querySelectorAll('main button, main input[type=submit]')) {
    if (!one.checkVisibility()) continue;
    const name = one.getAttribute('aria-label') || one.textContent.trim();
    seen[name] = (seen[name] || 0) + 1;
  }
  return Object.keys(seen).filter((name) => seen[name] > 1);
}
"""


_NAMELESS = """
() => [...document.querySelectorAll('main table:not([role=presentation]), main nav')].filter((one) => !one.caption
  && !one.hasAttribute('aria-label') && !one.hasAttribute('aria-labelledby')).map((one) => one.outerHTML.slice(0, 80))
"""


@dataclass(frozen=True)
class Look:
    """What was found on one page; a page without fault has empty lists."""

    status: int
    is_page: bool = False
    light: list = field(default_factory=list)
    dark: list = field(default_factory=list)
    wider: list = field(default_factory=list)
    same_names: list = field(default_factory=list)
    nameless: list = field(default_factory=list)
    complaints: list = field(default_factory=list)


def look(window, path):
    """Visit a page; what is no page (a file, a way on to another page) is not judged."""
    answer = window.context.request.get(path, max_redirects=0, headers={"accept": "text/html"})
    if answer.status == 303 or not answer.headers.get("content-type", "").startswith("text/html"):
        return Look(answer.status)
    window.complaints.clear()
    window.page.set_viewport_size({"width": 1280, "height": 900})
    window.page.emulate_media(color_scheme="light")
    if "sandbox" in answer.headers.get("content-security-policy", ""):
        window.page.goto("about:blank")
        window.page.set_content(answer.text())  # no script runs where it comes from, not even the judge's
    else:
        window.go(path)
    light = judged(window)
    same_names, nameless = window.page.evaluate(_SAME_NAMES), window.page.evaluate(_NAMELESS)
    window.page.emulate_media(color_scheme="dark")
    dark = window.page.evaluate(_JUDGE, {"type": "rule", "values": ["color-contrast"]})
    return Look(answer.status, True, light, dark, wider(window), same_names, nameless, list(window.complaints))


def wider(window, *, size=(320, 800)):
    """What ends beyond the right edge of a window of that size."""
    window.page.set_viewport_size({"width": size[0], "height": size[1]})
    return window.page.evaluate(_WIDER)


def judged(window):
    """What axe-core finds on the page as it stands."""
    window.page.evaluate(AXE)
    return window.page.evaluate(_JUDGE, {"type": "tag", "values": RULES})
