"""Where the pages about the register, rules and reports lead to one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lifecycle.rights import Act

if TYPE_CHECKING:
    from web.frame.viewer import Viewer

REGISTER: Final = (("Agreements", "/agreements"), ("Counterparties", "/counterparties"), ("Assets", "/assets"))
RULES: Final = (("Playbooks", "/playbooks"), ("Checklists", "/checklists"))
_REPORTS: Final = (("Reports", "/reports"), ("Forecast", "/forecast"), ("Gaps", "/gaps"))


def reports(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """The pages that tell of the register, as far as they may see them."""
    return (*_REPORTS, ("Evidence", "/evidence")) if viewer.may(Act.EXPORT_EVIDENCE) else _REPORTS
