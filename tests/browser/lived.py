"""The pages of a whole relationship in pictures, for looking at them: how it stood before the exit, and at its end.

python -m tests.browser.lived --out DIR
"""

import argparse
import tempfile
from pathlib import Path

from tests.browser.chromium import Chromium, installed
from tests.browser.staged import Lived
from tests.support.relationship import CHAPTERS

WIDE, HIGH = 1280, 900
#: After so many chapters, under this name.
STANDS = {"in-force": 6, "leaving": 9, "over": 10}


def pages(house):
    """``(name, address)`` of every page that tells of the relationship."""
    with house.site.look() as look:
        ids = {one.reference: one.id for one in look.agreements.all()}
        nova = look.agreements.find("MSA-9").counterparty_id
        asset = look.assets.named("Gripper firmware")
        plan = look.agreements.find("MSA-9").exit
        deadline = min(
            (row for row in look.milestones.of(ids["MSA-9"]) if row.is_deadline), key=lambda row: row.safe_on
        )
    nda, msa = (f"/agreements/{ids[name]}" for name in ("NDA-9", "MSA-9"))
    yield from {
        "deadlines": "/deadlines", "agreements": "/agreements", "counterparty": f"/counterparties/{nova}",
        "nda": nda, "nda-terms": f"{nda}/terms", "nda-documents": f"{nda}/documents", "msa": msa,
        "msa-related": f"{msa}/related", "msa-history": f"{msa}/history", "msa-messages": f"{msa}/messages",
        "deadline": f"/deadlines/{deadline.id}", "audits": "/audits", "audits-msa": f"/audits/{ids['MSA-9']}",
        "assets": "/assets", "asset": f"/assets/{asset.id}", "exit-plans": "/exit-plans", "gaps": "/gaps",
        "reports": "/reports", "evidence": "/evidence", "checklists": "/checklists",
    }.items()  # fmt: skip
    if plan is not None:
        yield "exit-plan", f"/exit-plans/{ids['MSA-9']}"


def main():
    parser = argparse.ArgumentParser(description="Take pictures of a whole relationship.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("stands", nargs="*", default=list(STANDS))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with Chromium(installed()) as chromium, tempfile.TemporaryDirectory() as folder:
        for stand in asked.stands:
            with Lived(Path(folder) / stand, CHAPTERS[: STANDS[stand]]) as house:
                _take(chromium, house, asked.out / stand)


def _take(chromium, house, target):
    with chromium.window(house, "ada", size=(WIDE, HIGH)) as window:
        for name, address in pages(house):
            window.go(address)
            window.page.screenshot(path=f"{target}-{name}.png", full_page=True)


if __name__ == "__main__":
    main()
