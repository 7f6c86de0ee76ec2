"""What people would be told under another playbook: a forecast on paper, beside the one as things are."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from engine.forecasting.forecast import forecast, forecast_if
from engine.playbooks.versions import affected, next_version, take_over

if TYPE_CHECKING:
    from datetime import date

    from engine.forecasting.forecast import Forecast
    from engine.monitor import Work
    from lifecycle.playbooks.playbook import Playbook


def told_under(work: Work, new: Playbook, until_on: date) -> tuple[Forecast, Forecast]:
    """What will be sent until a day if nobody answers: as it is, and with *new* in force from now on."""
    concerned = sorted(affected(work, new), key=lambda pair: pair[0].id)

    def done(paper: Work) -> None:
        others = {place: book for place, book in paper.playbooks.items() if place[0] != new.name}
        books = {**others, (new.name, next_version(paper, new)): new}
        planner = type(paper.planner)(paper, books)
        paper.__dict__.update(playbooks=books, planner=planner)  # kept once made, like those that they replace
        for _, pairs in groupby(concerned, key=lambda pair: pair[0].id):
            same = list(pairs)
            take_over(paper, same[0][0], [row for _, row in same], name=new.name)
            paper.settle()

    return forecast(work, until_on), forecast_if(work, until_on, None, done)
