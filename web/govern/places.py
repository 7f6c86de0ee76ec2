"""Where the pages about rules and reports lead to one another."""

from typing import Final

REPORTS: Final = (("Reports", "/reports"), ("Forecast", "/forecast"), ("Gaps", "/gaps"))
RULES: Final = (("Playbooks", "/playbooks"), ("Checklists", "/checklists"))
