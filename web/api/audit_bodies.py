"""What programs send about audits."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lifecycle.obligations.audits import Severity
from lifecycle.obligations.evidence import EvidenceKind
from web.api.answers import Paged
from web.api.bodies import Because, Body, Day, Said, Text


class Listing(Paged):
    """All of them, or those that are not accepted yet."""

    is_open: bool = False


class AddRight(Body):
    """*every* and *notice* are periods: ``1 year``, ``30 days``."""

    every: Said
    due_on: Day
    notice: Text = ""
    scope: Text = ""
    clause: Text = ""


class EndRight(Because):
    right: Said
    on: Day | None = None


class Span(Body):
    covers_from: Day | None = None
    covers_until: Day | None = None


class RequestEvidence(Span):
    """*to* is an address, or a contact's name; *deadline* what it answers, else it gets one of its own."""

    to: Text = ""
    name: Text = ""
    kind: EvidenceKind = EvidenceKind.OTHER
    what: Text = ""
    due_on: Day | None = None
    deadline: Text = ""
    note: Text = ""
    again: Text = ""


class Receive(Span):
    """*content* is the file as base64; without it *link* says where it lies."""

    request: Text = ""
    kind: EvidenceKind | None = None
    name: Text = ""
    content: Annotated[str, Field(max_length=30_000_000)] = ""
    link: Text = ""


class Review(Body):
    request: Said


class Accept(Span):
    request: Said
    until_on: Day | None = None


class Withdraw(Because):
    request: Said


class NewFinding(Body):
    text: Said
    remedy_by_on: Day
    severity: Severity = Severity.MEDIUM
    retest_by_on: Day | None = None
    request: Text = ""


class Retest(Body):
    finding: Said
    result: Said
    passed: bool = True
    on: Day | None = None
    remedy_by_on: Day | None = None
    retest_by_on: Day | None = None
