"""The pictures of ``docs/pages.md``: all that are shown lie there, and all that lie there are shown."""

import re
from pathlib import Path

from tests.browser.pictures import MOST, TARGET

PAGE = Path(__file__).parents[2] / "docs" / "pages.md"


def test_docs_show_every_picture_that_lies_there_and_no_other():
    shown = re.findall(r'src="images/pages/([^"]+)"', PAGE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(one.name for one in TARGET.iterdir())


def test_all_pictures_together_are_small():
    assert sum(one.stat().st_size for one in TARGET.iterdir()) <= MOST
