"""What people ask for, each operation a function on a unit of work.

An operation checks, changes rows and records what has happened; what follows from it is in ``engine.reactions``. It
either does all of it or raises and does nothing.
"""

from engine.operations.accepting import accept_evidence, review_evidence, withdraw_request
from engine.operations.access import take_access
from engine.operations.answering import Answered, AnswerRefused, Verdict
from engine.operations.assets import add_asset, change_asset, retire_asset
from engine.operations.auditing import Found, Retested, add_audit_right, end_audit_right, record_finding, retest
from engine.operations.away import end_absences, set_absence
from engine.operations.checklists import Laid, holder_of, lay_checklist, new_side
from engine.operations.contacts import add_contact, contact_called, drop_contact, name_contact
from engine.operations.disclosing import Disclosed, disclose, request_return, withdraw_disclosure
from engine.operations.documents import Given, keep_document
from engine.operations.duties import add_obligation, amend_obligation, end_obligation
from engine.operations.evidence import Wanted, ask_again, contact_named, request_evidence
from engine.operations.exiting import Held, plan_exit, plan_test, record_test, start_exit, stop_exit
from engine.operations.findings import FindingRefused, accept_finding, reopen_finding
from engine.operations.notice_effect import NoticeFacts
from engine.operations.notices import give_notice, renew, revoke_notice, terminate
from engine.operations.outcomes import decide, reopen, waive
from engine.operations.people import add_person, change_person, disable_person
from engine.operations.quieting import acknowledge, snooze, undo
from engine.operations.receiving import (
    Came,
    Sent,
    Taken,
    UnknownUpload,
    UploadOver,
    open_upload,
    receive_evidence,
    take_upload,
)
from engine.operations.registering import amend, archive, register, restore
from engine.operations.signing import abandon, request_signature, sign
from engine.operations.silencing import end_silence, silence
from engine.operations.standing import accept, assign, pin, verify
from engine.operations.tested import Result, done

__all__ = [
    "AnswerRefused",
    "Answered",
    "Came",
    "Disclosed",
    "FindingRefused",
    "Found",
    "Given",
    "Held",
    "Laid",
    "NoticeFacts",
    "Result",
    "Retested",
    "Sent",
    "Taken",
    "UnknownUpload",
    "UploadOver",
    "Verdict",
    "Wanted",
    "abandon",
    "accept",
    "accept_evidence",
    "accept_finding",
    "acknowledge",
    "add_asset",
    "add_audit_right",
    "add_contact",
    "add_obligation",
    "add_person",
    "amend",
    "amend_obligation",
    "archive",
    "ask_again",
    "assign",
    "change_asset",
    "change_person",
    "contact_called",
    "contact_named",
    "decide",
    "disable_person",
    "disclose",
    "done",
    "drop_contact",
    "end_absences",
    "end_audit_right",
    "end_obligation",
    "end_silence",
    "give_notice",
    "holder_of",
    "keep_document",
    "lay_checklist",
    "name_contact",
    "new_side",
    "open_upload",
    "pin",
    "plan_exit",
    "plan_test",
    "receive_evidence",
    "record_finding",
    "record_test",
    "register",
    "renew",
    "reopen",
    "reopen_finding",
    "request_evidence",
    "request_return",
    "request_signature",
    "restore",
    "retest",
    "retire_asset",
    "review_evidence",
    "revoke_notice",
    "set_absence",
    "sign",
    "silence",
    "snooze",
    "start_exit",
    "stop_exit",
    "take_access",
    "take_upload",
    "terminate",
    "undo",
    "verify",
    "waive",
    "withdraw_disclosure",
    "withdraw_request",
]
