"""Everybody at every door: who is let in by a route of the application, as each role.

    doors = Doors(Site())
    doors.allowed("GET", "/admin/log")  # "laA": legal, auditor and admin

Letters: ``s`` a stranger, ``v`` viewer, ``c`` a contributor of other agreements, ``o`` the owner, ``l`` legal, ``a``
auditor, ``A`` admin. Who is refused is told 401 or 403, or led to ``/login``.
"""

import re
from datetime import timedelta

from cli.demo.people import DOMAIN
from engine import operations
from engine.access.tokens import SCOPES, create_token
from engine.feeds import create_feed
from engine.intake.one_row import from_row
from lifecycle.assets.asset import Asset, AssetKind
from lifecycle.feeds import Detail, Feed

ROLES = {"s": "", "v": "amara", "c": "tomas", "o": "olga", "l": "mei", "a": "sofia", "A": "henrik"}
_REFUSED = frozenset({401, 403})
_TO_SIGN_IN = frozenset({"/logout", "/setup", "/login/oidc", "/login/oidc/back"})


def routes(app):
    """(method, path) of every route, as they are declared; HEAD goes with GET."""
    found = {}
    for route in _walked(app.routes):
        for method in sorted(route.methods - {"HEAD"}):
            found.setdefault((method, route.path))
    return list(found)


def _walked(found):
    for route in found:
        if (inner := getattr(route, "original_router", None)) is not None:
            yield from _walked(inner.routes)
        elif hasattr(route, "path"):
            yield route


class Doors:
    """The routes of a site, with real ids in their paths."""

    def __init__(self, site, agreement):
        """*agreement* is the reference of the one whose ids stand in paths."""
        self.site = site
        self.pages = {letter: site.as_(name) if name else site.anybody() for letter, name in ROLES.items()}
        self.forms = {letter: page.token("/me" if ROLES[letter] else "/login") for letter, page in self.pages.items()}
        self.programs = {letter: self._program(name) for letter, name in ROLES.items()}
        self.ids = self._ids(agreement)

    def allowed(self, method, path):
        """The letters of those who are let in."""
        return "".join(letter for letter in ROLES if self.is_let_in(letter, method, path))

    def is_let_in(self, letter, method, path):
        """Whether it is neither refused nor a sign-in first; anything but an error of ours."""
        answer = self.asked(letter, method, path)
        assert answer.status_code < 500, (letter, method, path, answer.status_code, answer.text[:300])
        to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/login")
        return answer.status_code not in _REFUSED and (not to_sign_in or path in _TO_SIGN_IN)

    def asked(self, letter, method, path):
        """What the route says to somebody who sends nothing but what every form has."""
        address = re.sub(r"\{(\w+)\}", lambda name: self.ids.get(name[1], "2222222222"), path)
        if path.startswith("/api/v1"):
            http = self.programs[letter]
            return (
                http.get(address)
                if method == "GET"
                else http.post(f"{address}?dry_run=true", json=body_of(path, self.ids))
            )
        page = self.site.as_(ROLES[letter]) if path == "/logout" and ROLES[letter] else self.pages[letter]
        if method == "GET":
            return page.get(address)
        headers = {"sec-fetch-site": "same-origin"}
        return page.http.post(address, data={"form_token": self.forms[letter]}, headers=headers)

    def _program(self, name):
        http = self.site.anybody().http
        http.headers["accept"] = "application/json"
        if name:
            with self.site.work() as work:
                person = work.people.by_email(f"{name}@{DOMAIN}")
                made = create_token(work, person, SCOPES, work.now.date() + timedelta(days=30))
            http.headers["authorization"] = f"Bearer {made.text}"
        return http

    def _ids(self, reference):
        with self.site.work() as work:
            agreement = work.agreements.find(reference)
            olga = work.people.get(agreement.owner_id)
            blank = Feed(
                id="", person_id=olga.id, name="Mine", detail=Detail.FULL, created_at=work.now, changed_at=work.now
            )
            told = operations.disclose(work, agreement, given_on=work.now.date(), what="Plans")
            given = operations.Given(name="signed.pdf", link="https://files.example/signed.pdf")
            document = operations.keep_document(work, agreement, given)
            asset = Asset(
                id="", name=f"Source code of {reference}", kind=AssetKind.SOURCE_CODE, agreements=(agreement.id,)
            )
            feed = create_feed(work, blank, most=Detail.FULL).feed
            return {
                "agreement_id": agreement.id,
                "asset_id": operations.add_asset(work, asset).id,
                "counterparty_id": agreement.counterparty_id,
                "disclosure_id": told.disclosure.id,
                "document_id": document.id,
                "deadline_id": next(row.id for row in work.milestones.of(agreement.id) if row.is_live),
                "person_id": work.people.by_email(f"lars@{DOMAIN}").id,
                "feed_id": feed.id,
                "operation": "verify",
                "suffix": "csv",
                "what": "release",
                "step": "organisation",
                "number": "1",
                "position": "1",
                "name": next(iter(work.playbooks))[0],
            }


def body_of(path, ids):
    """A body that an operation takes, as far as it needs one; the longest ending of its path says which."""
    ending = max((one for one in _BODIES if path.endswith(one)), key=len, default="")
    return {
        name: ids.get(value, value) if isinstance(value, str) else value
        for name, value in _BODIES.get(ending, {}).items()
    }


_WHY = {"because": "So it was agreed"}
_BODIES = {
    "/agreements/{agreement_id}/verify": {"fact": "end"},
    "/api/v1/views": {"name": "Mine"},
    "/deadlines/bulk": {"operation": "ack", "deadlines": [{"id": "2222222222"}]},
    "/snooze": {"until": "2026-11-25"},
    "/done": {"evidence": "A receipt"},
    "/decide": {"choice": "renegotiate", "note": "So it was agreed"},
    "/waive": _WHY,
    "/assign": {"to": "olga@hallingdal.example"},
    "/reopen": _WHY,
    "/pin": {"on": "2026-11-25", **_WHY},
    "/amend": {"fields": {"title": "Another"}, **_WHY},
    "/request-signature": {"on": "2026-11-20"},
    "/sign": {"on": "2026-11-20"},
    "/abandon": _WHY,
    "/give-notice": {"by": "us", "sent_on": "2026-11-20"},
    "/revoke-notice": _WHY,
    "/terminate": {"last_on": "2027-11-20", **_WHY},
    "/restrict": {"restricted_to": "team:legal", **_WHY},
    "/hold": _WHY,
    "/findings/{finding_id}/accept": {"agreement_id": "agreement_id", **_WHY},
    "/findings/{finding_id}/reopen": {"agreement_id": "agreement_id", **_WHY},
    "/api/v1/agreements": {"fields": {"reference": "NEW-1", "counterparty": "New", "owner": "mei@hallingdal.example"}},
    "/api/v1/obligations": {"agreement_id": "agreement_id", "name": "Look", "due_on": "2027-01-01"},
    "/obligations/{obligation_id}/amend": {"agreement_id": "agreement_id", "name": "Another", **_WHY},
    "/obligations/{obligation_id}/end": {"agreement_id": "agreement_id", "on": "2027-01-01", **_WHY},
    "/api/v1/assets": {"name": "Data", "kind": "data", "agreements": ["ACME-7"]},
    "/assets/{asset_id}/amend": {"note": "Another", **_WHY},
    "/retire": _WHY,
    "/api/v1/disclosures": {"agreement_id": "agreement_id", "what": "Source code", "given_on": "2026-11-20"},
    "/disclosures/{disclosure_id}/request-return": {"agreement_id": "agreement_id"},
    "/disclosures/{disclosure_id}/withdraw": {"agreement_id": "agreement_id", **_WHY},
    "/api/v1/documents": {"agreement_id": "agreement_id", "name": "Scan", "link": "https://files.example/scan"},
    "/what-if": {"agreement_id": "agreement_id", "fields": {"notice_period": "90 days"}},
    "/organisation/amend": {"organisation": "Hallingdal AS"},
    "/me/amend": {"time_zone": "Europe/Berlin"},
    "/counterparties/{counterparty_id}/contacts": {"name": "compliance", "email": "jane@acme.example"},
    "/contacts/amend": {"name": "compliance", "email": "joe@acme.example"},
    "/contacts/end": {"name": "compliance"},
    "/api/v1/evidence": {"from_on": "2026-01-01", "until_on": "2026-12-31"},
    "/api/v1/people": {"email": "new@hallingdal.example"},
    "/people/{person_id}/amend": {"name": "Another"},
    "/api/v1/absences": {
        "person": "mei@hallingdal.example", "delegate": "olga@hallingdal.example", "from_on": "2026-12-01",
        "until_on": "2026-12-02",
    },
    "/api/v1/silences": {"search": "acme", "until_on": "2026-11-30", **_WHY},
    "/api/v1/tokens": {"scopes": ["read"], "expires_on": "2026-11-30"},
    "/checklists/{name}/apply": {"agreement_id": "agreement_id"},
    "/playbooks/check": {"text": "playbook: mine"},
    "/playbooks/plan": {"text": "playbook: mine"},
    "/playbooks/apply": {"text": "playbook: mine"},
    "/audits/{agreement_id}/add-right": {"every": "1 year", "due_on": "2027-06-30"},
    "/audits/{agreement_id}/end-right": {"right": "a1", **_WHY},
    "/audits/{agreement_id}/request-evidence": {"to": "jane@acme.example"},
    "/audits/{agreement_id}/receive": {"kind": "other", "link": "https://trust.acme.example"},
    "/audits/{agreement_id}/review": {"request": "2222222222"},
    "/audits/{agreement_id}/accept": {"request": "2222222222"},
    "/audits/{agreement_id}/withdraw": {"request": "2222222222", **_WHY},
    "/audits/{agreement_id}/finding": {"text": "x", "remedy_by_on": "2027-01-01"},
    "/audits/{agreement_id}/retest": {"finding": "f1", "result": "x"},
    "/api/v1/exit-plans": {"agreement_id": "agreement_id"},
    "/exit-plans/{agreement_id}/amend": {"template": "exit-bpo"},
    "/exit-plans/{agreement_id}/start": _WHY,
    "/exit-plans/{agreement_id}/stop": _WHY,
    "/exit-plans/{agreement_id}/test": {"due_on": "2027-01-01"},
    "/incoming/{call_id}/drop": _WHY,
    "/incidents/{incident_id}/close": _WHY,
    "/agreements/access": {"reference": "ACME-7", **_WHY},
    "/api/v1/webhooks": {"name": "erp", "url": "ftp://erp.example"},
    "/calc": {"period": "90 days", "direction": "before", "day": "2027-12-31"},
}  # fmt: skip


def registered(site, reference, owner, **said):
    """An agreement in few words, registered by an admin; its id."""
    columns = {
        "reference": reference,
        "counterparty": "Acme Labs",
        "owner": f"{owner}@{DOMAIN}",
        "effective_on": "2026-01-01",
        "term": "12 months",
        "renewal": "automatic",
        "renewal_term": "12 months",
        "notice_period": "30 days",
        "governing_law": "Germany",
    }
    with site.work() as work:
        made, _ = from_row(work, columns | said)
        return operations.register(work, made).id
