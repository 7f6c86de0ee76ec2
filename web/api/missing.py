"""Addresses under ``/api`` that lead nowhere: 404 in the words of programs, whatever the method."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException


def no_such_place() -> APIRouter:
    """Stands behind all others."""
    made = APIRouter(include_in_schema=False)

    @made.get("/api/v1")
    def root() -> None:
        raise HTTPException(404)

    return made
