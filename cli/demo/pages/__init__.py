"""The demo's own pages: who to be, the mails, Slack, and the clock. They are there for everybody who opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from cli.demo.pages import clock, mail, people, slack

if TYPE_CHECKING:
    from cli.demo.opened import Demo


def router(demo: Demo) -> APIRouter:
    """All of them."""
    made = APIRouter(include_in_schema=False)
    for one in (people, mail, slack, clock):
        made.include_router(one.router(demo))
    return made
