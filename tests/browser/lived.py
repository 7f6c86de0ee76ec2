"""The pages of a whole relationship in pictures, for ``docs/a-relationship.md``: how it stood at five of its turns.

python -m tests.browser.lived                        # into docs/images/story
python -m tests.browser.lived --out DIR [STAND ...]  # some of the turns, elsewhere
"""

import argparse
import tempfile
from base64 import b64decode
from pathlib import Path

from tests.browser.chromium import Chromium, installed
from tests.browser.staged import Lived
from tests.support.relationship import CHAPTERS, NOVA

TARGET = Path(__file__).parents[2] / "docs" / "images" / "story"
MOST = 2_500_000  # bytes of all that are kept
WIDE, HIGH, LONGEST = 1280, 900, 1800  # pixels; a longer page is shown down to there
QUALITY = 45  # of WebP: letters stay sharp
#: After so many chapters, under this name: the pages that tell what has happened.
STANDS = {
    "1-talk": (1, ("deadlines", "deadline", "counterparty", "nda", "nda-disclosures", "checklists", "asset")),
    "2-audited": (4, ("agreements", "nda-documents", "msa", "msa-terms", "msa-related", "sow-related", "audits",
                      "audits-msa", "assets")),
    "3-renewed": (8, ("msa", "msa-messages", "msa-history", "undecided", "gaps")),
    "4-leaving": (9, ("exit-plans", "exit-plan", "msa", "msa-history-then", "deadlines")),
    "5-over": (10, ("agreements", "counterparty", "nda", "msa-documents", "asset", "evidence")),
}  # fmt: skip


def pages(house):
    """The address of every page that tells of the relationship, by name."""
    with house.site.look() as look:
        ids = {one.reference: one.id for one in look.agreements.all()}
        nova = look.agreements.find("NDA-9").counterparty_id
        asset = look.assets.named("Gripper firmware")
        known = "MSA-9" if "MSA-9" in ids else "NDA-9"
        deadline = min(
            (row for row in look.milestones.of(ids[known]) if row.is_deadline),
            key=lambda row: (not row.is_live, row.safe_on),
        )
    nda, msa = (f"/agreements/{ids.get(name)}" for name in ("NDA-9", "MSA-9"))
    tabs = ("terms", "documents", "disclosures", "related", "history", "messages")
    return {
        "nda": nda, "msa": msa, "sow-related": f"/agreements/{ids.get('SOW-9B')}/related",
        **{f"{name}-{tab}": f"{of}/{tab}" for name, of in (("nda", nda), ("msa", msa)) for tab in tabs},
        "msa-history-then": f"{msa}/history?as_of=2027-12-03",
        "deadlines": "/deadlines", "agreements": "/agreements", "counterparty": f"/counterparties/{nova}",
        "deadline": f"/deadlines/{deadline.id}", "audits": "/audits", "audits-msa": f"/audits/{ids.get('MSA-9')}",
        "assets": "/assets", "asset": f"/assets/{asset.id}", "exit-plans": "/exit-plans", "gaps": "/gaps",
        "exit-plan": f"/exit-plans/{ids.get('MSA-9')}", "undecided": "/reports?show=undecided",
        "checklists": "/checklists",
        "evidence": f"/evidence?from=2026-01-01&until=2034-07-10&counterparty={NOVA.replace(' ', '+')}",
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description="Take pictures of a whole relationship.")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("stands", nargs="*", default=list(STANDS))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    old = set(asked.out.glob("*.webp")) if asked.stands == list(STANDS) else set()
    with Chromium(installed()) as chromium, tempfile.TemporaryDirectory() as folder:
        taken = {path for stand in asked.stands for path in _taken(chromium, stand, Path(folder), asked.out)}
    for one in old - taken:
        one.unlink()
    size = sum(one.stat().st_size for one in asked.out.iterdir())
    print(f"{len(taken)} pictures, {size // 1000} kB, in {asked.out}")  # noqa: T201 - it is a command
    if asked.out == TARGET and size > MOST:
        raise SystemExit(f"They have more than {MOST // 1000} kB.")


def _taken(chromium, stand, folder, out):
    chapters, names = STANDS[stand]
    with (
        Lived(folder / stand, CHAPTERS[:chapters]) as house,
        chromium.window(house, "leo", size=(WIDE, HIGH)) as window,
    ):
        known = pages(house)
        for name in names:
            window.go(known[name])
            target = out / f"{stand}-{name}.webp"
            target.write_bytes(_shot(window.page))
            yield target


def _shot(page):
    """The page down to its end, or as far as anybody looks."""
    end = page.evaluate(
        "() => Math.ceil(Math.max(...[...document.body.children].map(o => o.getBoundingClientRect().bottom)))"
    )
    clip = {"x": 0, "y": 0, "width": WIDE, "height": min(max(end, 200), LONGEST), "scale": 1}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    return b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)["data"])


if __name__ == "__main__":
    main()
