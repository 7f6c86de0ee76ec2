"""What programs send, by example: one body for each operation that takes something, for the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_AGREEMENT: Final = {"agreement_id": "h7m2x4n8p3qr"}
_WHY: Final = {"because": "Agreed with the counterparty on 20 November"}
_ABOUT: Final = _AGREEMENT | _WHY
_PDF: Final = "JVBERi0xLjcK"  # the first bytes of a PDF, in Base64
_YAML: Final = (
    "playbook: default\nladder:\n  - {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: backup}]}\n"
    "  - {at: -7d, steps: [{ask: [owner, backup]}]}\n"
)
_REQUEST: Final = {"request": "r1"}
#: Address behind ``/api/v1`` -> what may be sent there.
EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "/deadlines/{deadline_id}/ack": {"revision": 3},
    "/deadlines/{deadline_id}/snooze": {"until": "2026-12-07", "revision": 3},
    "/deadlines/{deadline_id}/done": {"evidence": "Sent by courier, receipt 4711", "on": "2026-11-30"},
    "/deadlines/{deadline_id}/decide": {"choice": "stop-renewal", "note": "We move to another provider"},
    "/deadlines/{deadline_id}/waive": _WHY,
    "/deadlines/{deadline_id}/assign": {"to": "olga@example.com", "backup": "ben@example.com"},
    "/deadlines/{deadline_id}/reopen": _WHY,
    "/deadlines/{deadline_id}/pin": {"on": "2026-12-01", **_WHY},
    "/deadlines/{deadline_id}/send-test": {"place": "-30d.1.0"},
    "/deadlines/bulk": {"operation": "ack", "deadlines": [{"id": "k3v9q2w7xt5z", "revision": 3}]},
    "/agreements": {
        "fields": {
            "reference": "MSA-0042", "counterparty": "Acme Labs GmbH", "owner": "olga@example.com", "kind": "MSA",
            "effective_on": "2024-02-01", "term": "36 months", "renewal": "automatic", "renewal_term": "12 months",
            "notice_period": "60 days", "notice_period_clause": "12.3, p. 9", "governing_law": "Germany",
        }
    },
    "/agreements/access": {"reference": "MSA-0042", **_WHY},
    "/agreements/{agreement_id}/amend": {"fields": {"notice_period": "90 days", "note": None}, **_WHY},
    "/agreements/{agreement_id}/verify": {"fact": "end"},
    "/agreements/{agreement_id}/request-signature": {"on": "2026-11-20", "sign_by_on": "2026-12-04"},
    "/agreements/{agreement_id}/sign": {"on": "2026-11-30", "document": "https://files.example.com/msa-0042.pdf"},
    "/agreements/{agreement_id}/abandon": _WHY,
    "/agreements/{agreement_id}/give-notice": {
        "by": "us", "sent_on": "2026-11-30", "method": "courier", "proof": "Receipt 4711"
    },
    "/agreements/{agreement_id}/revoke-notice": _WHY,
    "/agreements/{agreement_id}/renew": {"lasting": "12 months"},
    "/agreements/{agreement_id}/terminate": {"last_on": "2027-01-31", **_WHY},
    "/agreements/{agreement_id}/archive": _WHY,
    "/agreements/{agreement_id}/restore": _WHY,
    "/agreements/{agreement_id}/restrict": {"restricted_to": "olga@example.com; team:legal", **_WHY},
    "/obligations": {**_AGREEMENT, "name": "Audit", "kind": "audit", "due_on": "2027-03-31", "every": "1 year"},
    "/obligations/{obligation_id}/amend": {"due_on": "2027-04-30", **_ABOUT},
    "/obligations/{obligation_id}/end": {"on": "2027-04-30", **_ABOUT},
    "/assets": {"name": "Source code of the portal", "kind": "source-code", "agreements": ["MSA-0042"]},
    "/assets/{asset_id}/amend": {"agreements": ["MSA-0042", "NDA-014"], **_WHY},
    "/assets/{asset_id}/retire": _WHY,
    "/disclosures": {**_AGREEMENT, "given_on": "2026-11-20", "what": "Architecture of the portal", "to": "Their CTO"},
    "/disclosures/{disclosure_id}/withdraw": _ABOUT,
    "/disclosures/{disclosure_id}/request-return": {**_AGREEMENT, "by_on": "2027-01-31"},
    "/documents": {**_AGREEMENT, "name": "msa-0042.pdf", "purpose": "original", "content": _PDF},
    "/audits/{agreement_id}/add-right": {"every": "1 year", "due_on": "2027-03-31", "notice": "30 days"},
    "/audits/{agreement_id}/end-right": {"right": "a1", **_WHY},
    "/audits/{agreement_id}/request-evidence": {
        "to": "jane@acme.example", "kind": "soc2-type-2", "due_on": "2027-02-28", "covers_from": "2026-01-01",
        "covers_until": "2026-12-31",
    },
    "/audits/{agreement_id}/receive": {**_REQUEST, "name": "soc2.pdf", "content": _PDF},
    "/audits/{agreement_id}/review": _REQUEST,
    "/audits/{agreement_id}/accept": {**_REQUEST, "until_on": "2027-12-31"},
    "/audits/{agreement_id}/withdraw": {**_REQUEST, **_WHY},
    "/audits/{agreement_id}/finding": {"text": "No tried backup", "remedy_by_on": "2027-03-31", "severity": "high"},
    "/audits/{agreement_id}/retest": {"finding": "f1", "result": "A restore was shown", "passed": True},
    "/findings/{finding_id}/accept": _ABOUT,
    "/findings/{finding_id}/reopen": _ABOUT,
    "/people": {"email": "lars@example.com", "name": "Lars Berg", "role": "contributor", "teams": ["procurement"]},
    "/people/{person_id}/amend": {"manager": "dana@example.com", "time_zone": "Europe/Oslo"},
    "/people/{person_id}/end": {"to": "ben@example.com"},
    "/absences": {
        "person": "olga@example.com", "delegate": "ben@example.com", "from_on": "2026-12-21", "until_on": "2027-01-04"
    },
    "/me/amend": {"send_at": "08:00", "channels": ["slack", "email"], "digests": True},
    "/counterparties/{counterparty_id}/contacts": {
        "name": "compliance", "email": "jane@acme.example", "person": "Jane Roe"
    },
    "/counterparties/{counterparty_id}/contacts/amend": {"name": "compliance", "email": "joe@acme.example"},
    "/counterparties/{counterparty_id}/contacts/end": {"name": "compliance"},
    "/playbooks/check": {"text": _YAML},
    "/playbooks/plan": {"text": _YAML},
    "/playbooks/apply": {"text": _YAML, "sure": True},
    "/checklists/{name}/apply": {"counterparty": "Acme Labs GmbH", "from_on": "2026-11-23"},
    "/exit-plans": {**_AGREEMENT, "template": "exit-bpo", "exit_on": "2028-12-31"},
    "/exit-plans/{agreement_id}/amend": {"template": "exit-bpo", "exit_on": "2029-06-30"},
    "/exit-plans/{agreement_id}/start": {"stressed": True, **_WHY},
    "/exit-plans/{agreement_id}/stop": _WHY,
    "/exit-plans/{agreement_id}/test": {"result": "Data came back within two days", "passed": True, "on": "2026-11-20"},
    "/imports": {"rows": [{"reference": "MSA-0042", "counterparty": "Acme Labs GmbH", "notice_period": "60 days"}]},
    "/calc": {"period": "90 days", "direction": "before", "day": "2027-12-31", "rule": "us-contract"},
    "/what-if": {**_AGREEMENT, "fields": {"notice_period": "90 days"}},
    "/feeds": {"name": "My deadlines", "search": "owner:me", "detail": "redacted", "months_ahead": 24},
    "/feeds/revoke-all": {"person": "lars@example.com"},
    "/feeds/{feed_id}/rotate": {"expires_on": "2027-12-31"},
    "/tokens": {"scopes": ["read", "act"], "expires_on": "2027-05-31", "name": "dashboard"},
    "/webhooks": {"name": "erp", "url": "https://erp.example.com/longstop", "events": ["MilestoneDone"]},
    "/webhooks/{name}/rotate": {"drop_old": True},
    "/incoming/{call_id}/drop": _WHY,
    "/incidents/{incident_id}/close": _WHY,
    "/evidence": {"from_on": "2026-01-01", "until_on": "2026-12-31", "counterparty": "Acme Labs GmbH"},
    "/deliveries/{delivery_id}/hold": _WHY,
    "/silences": {"search": "counterparty:acme", "until_on": "2026-12-31", **_WHY},
    "/views": {"name": "Mine, next month", "query": "q=owner:me&within=30"},
    "/channels/{name}/test": {"to": "olga@example.com"},
    "/organisation/amend": {"organisation": "Hallingdal AS", "time_zone": "Europe/Oslo", "calendar": "NO"},
}  # fmt: skip
