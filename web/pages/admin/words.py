"""What jobs and checks are for, in a few words; ``docs/jobs.md`` and ``docs/watching.md`` say it whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lifecycle.delivery import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Mapping

JOBS: Final[Mapping[str, str]] = {
    "answer": "does what came in and could not be done at once",
    "silence": "ends silences whose time is over",
    "advance": "lets time pass over agreements",
    "raise": "takes the next step of every ladder",
    "returned": "reads which mails came back",
    "return": "tells those who are back what was asked meanwhile",
    "digest": "bundles what waited for a digest",
    "follow": "tells other programs what has happened",
    "sweep": "finds messages whose sender vanished",
    "deliver": "sends what is due",
    "show": "edits messages in Slack that show what no longer holds",
    "presence": "asks Slack whether people are still there",
    "weekly": "names agreements without an owner; says that all is quiet",
    "instances": "misses processes that are gone",
    "audit": "asks what must never be",
    "findings": "compares documents of which something has changed",
    "canary": "sends a message to ourselves, and looks for it",
    "backup": "makes a backup each night",
    "tidy": "forgets calls and clicks of long ago",
    "heartbeat": "says outside that the house lives",
}
CHECKS: Final[Mapping[str, str]] = {
    "deadline_without_instant": "Would nobody look at a live deadline again?",
    "step_late": "Is a step more than 5 minutes late?",
    "pending_late": "Is a message due for more than 10 minutes?",
    "doubt_too_long": "Does nobody know for an hour whether a message arrived?",
    "lease_over": "Is a message in the hands of a sender that is gone?",
    "raised_without_message": "Was a step raised and nobody told?",
    "nobody_reached": "Has a deadline within 14 days reached nobody?",
    "inbox_late": "Was an answer not done within a minute?",
    "posted_behind": "Does a message in Slack show what no longer holds?",
    "dead_contact": "Is the address of an owner dead?",
    "held_late": "Was a held message not looked at in its time?",
    "held_by_person": "Does a person hold what is due within 14 days?",
    "calendar_newer": "Are business days newer than the plan?",
    "later_than_ladder": "Is a deadline looked at later than its ladder says?",
    "unreadable": "Can a deadline not be read?",
    "chain": "Is the chain of the log broken?",
    "shadow_too_long": "Is shadow mode on for more than 7 days?",
    "disk": "Is there too little room on the disk?",
    "wal": "Does the write-ahead log not shrink?",
    "backup": "Was no backup made for two days?",
}
CHANNELS: Final[Mapping[str, str]] = {
    "email": "E-mail",
    "slack": "Slack",
    "webhook": "Other programs",
    "console": "The operator's console",
}
#: What holds when something breaks midway (DELIVERY.md section 9).
PROMISES: Final[Mapping[str, str]] = {
    "email": "At least once; after a doubt one more copy, byte for byte the same.",
    "slack": "Once: after a doubt Slack is asked whether it has the message.",
    "webhook": "At least once, always under the same id.",
    "console": "Written to the log of the process.",
}
_D = DeliveryState
STATES: Final[Mapping[DeliveryState, tuple[str, str, str]]] = {  # words, tone, shape
    _D.PENDING: ("Waits to leave", "blue", "clock"),
    _D.HELD: ("Held", "grey", "quiet"),
    _D.SENDING: ("Leaves now", "blue", "clock"),
    _D.IN_DOUBT: ("In doubt", "amber", "warn"),
    _D.ACCEPTED: ("Accepted", "green", "good"),
    _D.DELIVERED: ("Delivered", "green", "good"),
    _D.FAILED: ("Failed", "red", "bad"),
    _D.CANCELLED: ("Withdrawn", "grey", "open"),
    _D.EXPIRED: ("Too late", "amber", "warn"),
    _D.BUNDLED: ("In a digest", "grey", "file"),
}
KINDS: Final[Mapping[str, str]] = {
    "step": "Reminder",
    "changed": "Change",
    "digest": "Digest",
    "incident": "Incident",
    "invitation": "Invitation",
    "request": "Request",
    "test": "Test",
    "event": "Event",
}
