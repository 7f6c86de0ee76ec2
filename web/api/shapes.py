"""The shapes of what is answered, for the OpenAPI document: names and kinds of the keys, as ``docs/schemas`` has them.

Written ``name:kind``, where a kind is ``s`` text, ``i`` whole number, ``b`` yes or no, ``d`` day, ``t`` instant,
``o`` object, ``a`` list, and ``?`` behind it: or null. Keys are always there; more may be added.
"""

from __future__ import annotations

from typing import Any, Final

_KINDS: Final[dict[str, dict[str, Any]]] = {
    "s": {"type": "string"},
    "i": {"type": "integer"},
    "b": {"type": "boolean"},
    "d": {"type": "string", "format": "date"},
    "t": {"type": "string", "format": "date-time"},
    "o": {"type": "object"},
    "a": {"type": "array", "items": {}},
}
_DEADLINE: Final = (
    "id:s reference:s agreement_title:s counterparty:s subject:s kind:s cycle:s revision:i is_deadline:b action:s "
    "consequence:s? safe_on:d target_on:d nominal_on:d latest_on:d opens_on:d? days_left:i business_days_left:i "
    "time_zone:s state:s is_overdue:b is_silent:b stage:s? next_stage:s? next_step_at:t? tags:a acknowledged:o? "
    "snoozed_until_on:d? decision:o? outcome:o? verified:o? why:s? clause:o? url:s? playbook:o owner:o? backup:o? "
    "value:o? is_pinned:b is_restricted:b"
)
_AGREEMENT: Final = (
    "id:s reference:s title:s kind:s counterparty:s status:s is_archived:b is_restricted:b owner:o? backup:o? "
    "signed_on:d? effective_on:d? last_on:d? term:i? value:o? tags:a next_safe_on:d? next_kind:s? open_deadlines:i "
    "version:i"
)
_PERSON: Final = "id:s email:s name:s role:s manager:s? teams:a time_zone:s? send_at:s? is_disabled:b"
_ME: Final = f"{_PERSON} channels:a digests:b invitations:b theme:s with_keys:b has_password:b scopes:a"
_EVENT: Final = "position:i at:t type:s actor:s channel:s"
_PLAYBOOK: Final = "name:s version:i milestones:i matches:s stages:a"
_CHECKLIST: Final = "name:s about:s"
_EXIT_PLAN: Final = (
    "id:s reference:s title:s counterparty:s kind:s template:s state:s exit_on:d? days_left:i? start_by_on:d? "
    "notice_safe_on:d? shortfall_days:i? alarm:b started_on:d? because:s? done:i total:i late:a"
)
_EVIDENCE: Final = (
    "id:s agreement_id:s reference:s counterparty:s kind:s kind_name:s what:s state:s due_on:d contact:o? asked_on:d? "
    "asked_by:s? link_until:t? covers_from:d? covers_until:d? received_on:d? accepted_on:d? accepted_until:d? "
    "documents:a deadline:s?"
)
_MESSAGE: Final = (
    "id:s kind:s state:s channel:s address:s recipient_id:s? recipient_name:s agreement_id:s? milestone_id:s? place:s? "
    "urgency:s subject:s? created_at:t next_attempt_at:t? accepted_at:t? expires_at:t attempts:i fallback_of:s? why:s?"
)
_ABSENCE: Final = "id:s person:s delegate:s mode:s from_on:d until_on:d"
_CALL: Final = "id:s received_at:t hook:s operation:s? values:o why:s"
_ORGANISATION: Final = "organisation:s time_zone:s calendar:s send_at:s chosen:o fixed:a"
#: What a POST answers as a list.
_LISTS: Final = ("PlaybookFinding", "PlaybookPlan", "AnsweredTogether")
#: Name -> keys.
SHAPES: Final[dict[str, str]] = {
    "Deadline": _DEADLINE,
    "Derivation": f"{_DEADLINE} steps:a pin:o? assumptions:a sensitivity:a calendars:a findings:a changes:a "
    "derived_on:d template:s? project:s?",
    "Answered": "result:s said:s is_dry_run:b deadline:o",
    "Agreement": _AGREEMENT,
    "WholeAgreement": f"{_AGREEMENT} parent:s? document:s? note:s? template:s? project:s? work_results:s? "
    "governing_law:s? calendar:s rules:s time_zone:s assumed:a provisions:o clauses:o obligations:a notice:o? "
    "accepted:a exit_plan:s? calendars:a history:a as_of:d?",
    "AgreementChanged": f"{_AGREEMENT} result:s is_dry_run:b deadlines:o moved:a remarks:a",
    "Obligation": "id:s kind:s name:s due:s? owner:o? clause:o? ended_on:d? checklist:s? agreement_id:s reference:s",
    "Asset": "id:s name:s kind:s ownership:s is_shared:b holders:a agreements:a protected:o? licence:o? note:s? "
    "retired_because:s?",
    "Disclosure": "id:s given_on:d what:s to:s? asset:s? withdrawn_because:s? protected:o? warning:s? "
    "return_requested_on:d? return_due_on:d? returned_on:d? return_milestone_id:s? agreement_id:s reference:s",
    "Document": "id:s purpose:s name:s sha256:s? size:i? media_type:s? link:s? held_by:s? milestone_id:s? added_at:t "
    "added_by:s agreement_id:s reference:s",
    "Evidence": _EVIDENCE,
    "EvidenceChanged": f"{_EVIDENCE} url:s? result:s? is_dry_run:b deadlines:o?",
    "Audit": "id:s reference:s title:s counterparty:s rights:a evidence:a findings:a coverage:a result:s? is_dry_run:b "
    "deadlines:o?",
    "Finding": "id:s code:s about:a on:d? text:s remedy:s accepted:o?",
    "Event": f"{_EVENT} agreement_id:s? milestone_id:s? payload:o",
    "History": _EVENT,
    "Person": _PERSON,
    "PersonChanged": f"{_PERSON} result:s handed_over:o? is_dry_run:b",
    "Team": "name:s people:a",
    "Me": _ME,
    "MeChanged": f"{_ME} result:s is_dry_run:b",
    "Counterparty": "id:s name:s agreements:i",
    "Contact": "name:s email:s? person:s?",
    "Pack": "position:i at:t by:s from_on:d until_on:d as_of_on:d? search:s counterparty:s agreements:i "
    "restricted_to_others:i seal:s",
    "PackMade": "file:s? agreements:i restricted_to_others:i missing_files:i log_broken_at:i? rows:o size:i seal:s",
    "LogVerified": "is_whole:b events:i? position:i head:s? said:s",
    "Playbook": _PLAYBOOK,
    "PlaybookShown": f"{_PLAYBOOK} steps:a",
    "PlaybookVersion": "name:s version:i sha256:s document:o",
    "Checklist": f"{_CHECKLIST} items:i",
    "ChecklistShown": f"{_CHECKLIST} items:a",
    "PlaybookFinding": "place:s code:s message:s remedy:s is_warning:b",
    "PlaybookPlan": "digest:s raises_within_a_day:i is_proposed:b changes:a",
    "Calculation": "question:s rules:s calendar:s safe_on:d nominal_on:d latest_on:d steps:a assumptions:a "
    "calendars:a note:s",
    "Supposed": "agreement_id:s reference:s days:a messages:a",
    "Batch": "id:s at:t actor:s file_name:s file_sha256:s quiet_until_on:d? undone_at:t?",
    "ExitPlan": _EXIT_PLAN,
    "ExitPlanShown": f"{_EXIT_PLAN} critical_path:a steps:a tests:a is_dry_run:b deadlines:o?",
    "Import": "batch:s? pending:s? is_dry_run:b file:s file_sha256:s counts:o messages_today:i quiet_until_on:d? "
    "findings:a rows:a deadlines:o corrections:s?",
    "Undone": "batch:s is_dry_run:b undone:a kept:a",
    "Feed": "id:s person:s name:s search:s kinds:a detail:s reminders:s reminder_days:a timed:b todo:b months_ahead:i "
    "colour:s created_at:t changed_at:t issued_at:t expires_on:d? ended_because:s? last_fetched_at:t? "
    "last_fetched_by:s fetches:i url:s? todo_url:s?",
    "Token": "id:s email:s name:s scopes:a created_at:t expires_on:d used_on:d? revoked_at:t?",
    "TokenChanged": "id:s email:s name:s scopes:a created_at:t expires_on:d used_on:d? revoked_at:t? result:s token:s? "
    "is_dry_run:b",
    "Webhook": "name:s url:s is_on:b position:i events:a may_see_restricted:b keys:i failing_since_at:t? secret:s?",
    "Hook": "name:s address:s scheme:s header:s? operation:s when:o fields:o constants:o event_id:s? waiting:i",
    "Call": _CALL,
    "CallShown": f"{_CALL} body:s",
    "CallChanged": "id:s operation:s result:s said:s remedy:s? is_dry_run:b",
    "Incident": "id:s kind:s subject:s text:s agreement_id:s? reference:s? opened_at:t closed_at:t?",
    "Access": "agreement_id:s reference:s result:s is_dry_run:b",
    "Message": _MESSAGE,
    "Forecast": "send_at:t send_at_local:s time_zone:s message:s milestone_id:s? reference:s? kind:s? cycle:s? "
    "safe_on:d? stage:s? step:i? repeat:i? audience:a channel:s urgency:s recipient:o subject:s is_digest:b "
    "is_escalation:b is_late:b shifted:o? only_if:s? dedupe_key:s members:a",
    "Silence": "id:s mode:s search:s reason:s author:s? starts_at:t ends_at:t ended_at:t? held:i",
    "Preview": "agreement_id:s reference:s deadline_id:s kind:s channel:s to:s place:s? subject:s text:s html:s? "
    "places:a",
    "TestAsked": "deadline_id:s place:s channel:s to:s is_dry_run:b",
    "MessageText": "id:s subject:s text:s html:s?",
    "Discarded": "pending:s file:s is_dry_run:b",
    "FeedsRevoked": "revoked:i is_dry_run:b",
    "SlackAsked": "is_set_up:b is_in:b team:s? missing:a why:s?",
    "Organisation": _ORGANISATION,
    "OrganisationChanged": f"{_ORGANISATION} is_dry_run:b",
    "View": "id:s name:s query:s path:s",
    "AnsweredTogether": "id:s is_good:b result:s said:s deadline:o?",
    "Fact": "fact:s? name:s words:s place:s? quote:s? is_assumed:b unverified:i",
    "FactVerified": "agreement_id:s reference:s fact:s verified:i is_dry_run:b",
    "PasswordLink": "person_id:s email:s ends_at:t link:s? is_dry_run:b",
    "Backup": "name:s size:i made_at:t",
    "BackupChecked": "name:s at:t is_whole:b said:s",
    "Channel": "name:s is_there:b is_down:b needs:s?",
    "ChannelTest": "id:s channel:s to:s state:s why:s",
    "Shadow": "is_on:b is_set:b",
    "ShadowEnded": "looked_at:i? begins_anew:b is_dry_run:b",
    "Held": f"{_MESSAGE} unwanted:s?",
    "Absence": _ABSENCE,
    "AbsenceChanged": "id:s? person:s delegate:s? mode:s? from_on:d? until_on:d? absences:a result:s is_dry_run:b",
}
_HEAD: Final = "schema:s generated_at:t today:d"
_PROBLEM: Final = "type:s title:s status:i detail:s code:s remedy:s request_id:s? errors:a"


def components() -> dict[str, Any]:
    """All of them, each alone, as an answer with one, and as a page of a list."""
    found: dict[str, Any] = {"Problem": shape(_PROBLEM)}
    for name, keys in SHAPES.items():
        there = {"$ref": f"#/components/schemas/{name}"}
        found[name] = shape(keys)
        found[f"{name}Item"] = _with(_HEAD, {"item": there})
        found[f"{name}Items"] = _with(f"{_HEAD} next_cursor:s?", {"items": {"type": "array", "items": there}})
    for name in _LISTS:
        there = {"$ref": f"#/components/schemas/{name}"}
        found[f"{name}List"] = _with(_HEAD, {"items": {"type": "array", "items": there}})
    return found


def shape(keys: str) -> dict[str, Any]:
    """An object with these keys."""
    properties = {name: _kind(kind) for name, _, kind in (one.partition(":") for one in keys.split())}
    return {"type": "object", "required": list(properties), "properties": properties}


def _with(keys: str, more: dict[str, Any]) -> dict[str, Any]:
    made = shape(keys)
    return {**made, "required": [*made["required"], *more], "properties": {**made["properties"], **more}}


def _kind(kind: str) -> dict[str, Any]:
    found = _KINDS[kind[0]]
    return {**found, "type": [found["type"], "null"]} if kind.endswith("?") else found
