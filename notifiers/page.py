"""A letter as HTML mail: one column of 600 px, styles inlined, nothing remote (INTERFACE.md M4).

The template's statements stand in HTML comments, so that the styles of the whole document can be inlined before it is
compiled: once, at the first mail, and never for a mail.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

    from notifiers.wording import Letter


def page(letter: Letter, subject: str) -> str:
    """*letter* as an HTML document; whatever it says is escaped."""
    return _template().render(letter=letter, subject=subject)


@cache
def _template() -> Template:
    import css_inline
    import jinja2

    source = files("notifiers").joinpath("templates/mail.html").read_text(encoding="utf-8")
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    environment = jinja2.Environment(
        autoescape=True,
        block_start_string="<!--%",
        block_end_string="%-->",
        comment_start_string="<!--#",
        comment_end_string="#-->",
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.clear()  # it needs none, and they would be copied for each mail
    return environment.from_string(inliner.inline(source))
