"""The form of a pack: which files there are, and what stands in each. Writing and verifying share it."""

from __future__ import annotations

from typing import Final

SCHEMA: Final = "longstop/evidence-pack/1"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
README: Final = "README.txt"
HASHES: Final = "hashes/"  # beside each file of rows: the SHA-256 of each line
DOCUMENTS: Final = "documents/"  # the kept files, each named by its SHA-256
PLAYBOOKS: Final = "playbooks/"  # each version as it was applied

REGISTER: Final = "register.jsonl"
ASSETS: Final = "assets.jsonl"
DEADLINES: Final = "deadlines.jsonl"
DERIVATIONS: Final = "derivations.jsonl"
MESSAGES: Final = "messages.jsonl"
INCIDENTS: Final = "incidents.jsonl"
PLAYBOOK_ROWS: Final = "playbooks.jsonl"
DOCUMENT_ROWS: Final = "documents.jsonl"
EVENTS: Final = "events.jsonl"

#: What a reader finds where, for the file that explains the pack.
ABOUT: Final = {
    REGISTER: "every agreement with all that the register says of it",
    ASSETS: "what these agreements protect",
    DEADLINES: "what was due, by when, what came of it, who verified it",
    DERIVATIONS: "every step from the clause to the day, so that it can be counted again",
    MESSAGES: "whom we told, when and through what, each try, what the channel answered, what the reader answered",
    INCIDENTS: "what went wrong: a term that renewed without a decision, a step that reached nobody",
    PLAYBOOK_ROWS: "the rules that decided whom to ask and when, with the day from which each version held",
    DOCUMENT_ROWS: "originals, evidence and reports, with the hash of each kept file",
    EVENTS: "the permanent log: each event is hashed together with the one before it",
}


def broken_words(position: int) -> str:
    """What is said of a pack that was made of a broken log."""
    return f"The log of the house was broken at position {position} already when this pack was made."


def playbook_file(name: str, version: int) -> str:
    """Where a version of a playbook lies in a pack."""
    return f"{PLAYBOOKS}{name}.{version}.json"
