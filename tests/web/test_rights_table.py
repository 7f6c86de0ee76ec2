"""Who may do what, at every door: one table of all routes of the application (INTERFACE.md section 6, R1 to R5).

A route that is not in the table fails; so does a line of the table whose route is gone.
"""

import pytest
from sqlalchemy import select

from store.schema import metadata
from tests.support.roles import Doors, registered, routes
from tests.support.site import Site

#: Who is let in -> routes. ``s`` a stranger, ``v`` viewer, ``c`` a contributor of other agreements, ``o`` the owner of
#: the agreement (a contributor), ``l`` legal, ``a`` auditor, ``A`` admin.
TABLE = {
    "svcolaA": """
        GET /
        GET /api/docs
        GET /api/openapi.json
        GET /api/v1
        GET /evidence-upload/{token}
        POST /evidence-upload/{token}
        GET /favicon.ico
        GET /healthz
        GET /login
        POST /login
        GET /login/oidc
        GET /login/oidc/back
        GET /password/{token}
        POST /password/{token}
        GET /problems/{name}
        GET /readyz
        GET /setup
        POST /setup
        GET /static/{digest}/{name}
    """,
    "vcolaA": """
        GET /audits/{agreement_id}
        GET /api/v1/audits
        GET /api/v1/audits/{agreement_id}
        GET /checklists
        GET /exit-plans
        GET /exit-plans/{agreement_id}
        GET /playbooks
        GET /playbooks/{name}
        POST /checklists/{name}
        POST /playbooks/{name}/draft
        POST /playbooks/{name}/try
        GET /agreements
        GET /agreements/export.xlsx
        GET /agreements/{agreement_id}
        GET /agreements/{agreement_id}/disclosures
        GET /agreements/{agreement_id}/documents
        GET /agreements/{agreement_id}/documents/{document_id}
        GET /agreements/{agreement_id}/history
        GET /agreements/{agreement_id}/messages
        GET /agreements/{agreement_id}/messages/preview
        GET /agreements/{agreement_id}/messages/preview.html
        POST /agreements/{agreement_id}/messages/send-test
        GET /agreements/{agreement_id}/related
        GET /agreements/{agreement_id}/terms
        GET /agreements/{agreement_id}/what-if
        GET /agreements/{agreement_id}/what-if.csv
        GET /api/v1/absences
        POST /api/v1/absences/{absence_id}/end
        GET /api/v1/agreements
        GET /api/v1/agreements/{agreement_id}
        GET /api/v1/agreements/{agreement_id}/facts
        GET /api/v1/assets
        GET /api/v1/assets/{asset_id}
        POST /api/v1/calc
        GET /api/v1/checklists
        GET /api/v1/checklists/{name}
        GET /api/v1/counterparties
        GET /api/v1/findings
        GET /api/v1/counterparties/{counterparty_id}
        GET /api/v1/counterparties/{counterparty_id}/contacts
        GET /api/v1/deadlines/{deadline_id}/preview
        POST /api/v1/deadlines/{deadline_id}/send-test
        GET /api/v1/deliveries/{delivery_id}/text
        GET /api/v1/me
        POST /api/v1/me/amend
        GET /api/v1/deadlines
        GET /api/v1/deadlines/{deadline_id}
        GET /api/v1/deadlines/{deadline_id}/derivation
        GET /api/v1/deadlines/{deadline_id}/forecast
        GET /api/v1/deliveries
        GET /api/v1/deliveries/{delivery_id}
        GET /api/v1/disclosures
        GET /api/v1/disclosures/{agreement_id}/{disclosure_id}
        GET /api/v1/documents
        GET /api/v1/documents/{agreement_id}/{document_id}
        GET /api/v1/documents/{agreement_id}/{document_id}/content
        GET /api/v1/exit-plans
        GET /api/v1/exit-plans/{agreement_id}
        GET /api/v1/feeds
        POST /api/v1/feeds
        GET /api/v1/feeds/render
        GET /api/v1/feeds/{feed_id}
        GET /api/v1/feeds/{feed_id}/render
        POST /api/v1/feeds/{feed_id}/revoke
        POST /api/v1/feeds/{feed_id}/rotate
        GET /api/v1/forecast
        GET /api/v1/obligations
        GET /api/v1/obligations/{agreement_id}/{obligation_id}
        GET /api/v1/people
        GET /api/v1/people/{person_id}
        GET /api/v1/playbooks
        GET /api/v1/playbooks/{name}
        GET /api/v1/playbooks/{name}/versions/{number}
        POST /api/v1/playbooks/check
        POST /api/v1/playbooks/plan
        GET /api/v1/teams
        GET /api/v1/teams/{name}
        GET /api/v1/tokens
        POST /api/v1/tokens
        GET /api/v1/tokens/{token_id}
        POST /api/v1/tokens/{token_id}/revoke
        POST /api/v1/what-if
        GET /api/v1/views
        POST /api/v1/views
        GET /api/v1/views/{view_id}
        POST /api/v1/views/{view_id}/drop
        POST /api/v1/deadlines/bulk
        GET /assets
        GET /assets/{asset_id}
        GET /audits
        GET /counterparties
        GET /counterparties/{counterparty_id}
        GET /deadlines
        GET /deadlines/bulk
        POST /deadlines/bulk
        POST /deadlines/bulk/do
        GET /deadlines/export.csv
        GET /deadlines/export.xlsx
        POST /deadlines/views
        POST /deadlines/views/{view_id}/drop
        GET /deadlines/{deadline_id}
        GET /forecast
        GET /forecast.{suffix}
        GET /gaps
        GET /gaps.{suffix}
        GET /import/register.xlsx
        GET /me
        POST /me/absence
        POST /me/absence/end
        POST /me/looks
        POST /me/password
        POST /me/telling
        POST /me/tokens
        POST /me/tokens/revoke
        GET /reports
        GET /reports.{suffix}
        GET /search
        GET /subscribe
        POST /subscribe
        POST /subscribe/preview
        GET /subscribe/{feed_id}.ics
        POST /subscribe/{feed_id}/rotate
        GET /verify
        GET /what-if
        GET /what-if.csv
    """,
    "olA": """
        POST /agreements/{agreement_id}/findings/{finding_id}
        POST /agreements/{agreement_id}/findings/{finding_id}/reopen
        POST /api/v1/findings/{finding_id}/accept
        POST /api/v1/findings/{finding_id}/reopen
        POST /audits/{agreement_id}/{act}
        POST /api/v1/audits/{agreement_id}/add-right
        POST /api/v1/audits/{agreement_id}/end-right
        POST /api/v1/audits/{agreement_id}/request-evidence
        POST /api/v1/audits/{agreement_id}/receive
        POST /api/v1/audits/{agreement_id}/review
        POST /api/v1/audits/{agreement_id}/accept
        POST /api/v1/audits/{agreement_id}/withdraw
        POST /api/v1/audits/{agreement_id}/finding
        POST /api/v1/audits/{agreement_id}/retest
        POST /exit-plans/{agreement_id}/{act}
        GET /agreements/{agreement_id}/abandon
        POST /agreements/{agreement_id}/abandon
        GET /agreements/{agreement_id}/add-obligation
        POST /agreements/{agreement_id}/add-obligation
        GET /agreements/{agreement_id}/amend
        POST /agreements/{agreement_id}/amend
        GET /agreements/{agreement_id}/amend-obligation
        POST /agreements/{agreement_id}/amend-obligation
        GET /agreements/{agreement_id}/disclose
        POST /agreements/{agreement_id}/disclose
        POST /agreements/{agreement_id}/documents
        GET /agreements/{agreement_id}/end-obligation
        POST /agreements/{agreement_id}/end-obligation
        GET /agreements/{agreement_id}/request-return
        POST /agreements/{agreement_id}/request-return
        GET /agreements/{agreement_id}/request-signature
        POST /agreements/{agreement_id}/request-signature
        GET /agreements/{agreement_id}/sign
        POST /agreements/{agreement_id}/sign
        GET /agreements/{agreement_id}/withdraw-disclosure
        POST /agreements/{agreement_id}/withdraw-disclosure
        POST /assets/{asset_id}
        POST /assets/{asset_id}/retire
        POST /api/v1/agreements/{agreement_id}/abandon
        POST /api/v1/agreements/{agreement_id}/amend
        POST /api/v1/agreements/{agreement_id}/request-signature
        POST /api/v1/agreements/{agreement_id}/sign
        POST /api/v1/assets
        POST /api/v1/assets/{asset_id}/amend
        POST /api/v1/assets/{asset_id}/retire
        POST /api/v1/checklists/{name}/apply
        POST /api/v1/deadlines/{deadline_id}/ack
        POST /api/v1/deadlines/{deadline_id}/assign
        POST /api/v1/deadlines/{deadline_id}/decide
        POST /api/v1/deadlines/{deadline_id}/done
        POST /api/v1/deadlines/{deadline_id}/snooze
        POST /api/v1/deadlines/{deadline_id}/undo
        POST /api/v1/disclosures
        POST /api/v1/disclosures/{disclosure_id}/request-return
        POST /api/v1/disclosures/{disclosure_id}/withdraw
        POST /api/v1/documents
        POST /api/v1/exit-plans
        POST /api/v1/exit-plans/{agreement_id}/amend
        POST /api/v1/exit-plans/{agreement_id}/start
        POST /api/v1/exit-plans/{agreement_id}/stop
        POST /api/v1/exit-plans/{agreement_id}/test
        POST /api/v1/obligations
        POST /api/v1/obligations/{obligation_id}/amend
        POST /api/v1/obligations/{obligation_id}/end
    """,
    "lA": """
        POST /playbooks/{name}/apply
        GET /agreements/{agreement_id}/archive
        POST /agreements/{agreement_id}/archive
        GET /agreements/{agreement_id}/give-notice
        POST /agreements/{agreement_id}/give-notice
        GET /agreements/{agreement_id}/renew
        POST /agreements/{agreement_id}/renew
        GET /agreements/{agreement_id}/restore
        POST /agreements/{agreement_id}/restore
        GET /agreements/{agreement_id}/restrict
        POST /agreements/{agreement_id}/restrict
        GET /agreements/{agreement_id}/revoke-notice
        POST /agreements/{agreement_id}/revoke-notice
        GET /agreements/{agreement_id}/terminate
        POST /agreements/{agreement_id}/terminate
        POST /agreements/{agreement_id}/terms/verify
        POST /assets/new
        POST /counterparties/{counterparty_id}/contacts
        POST /api/v1/counterparties/{counterparty_id}/contacts
        POST /api/v1/counterparties/{counterparty_id}/contacts/amend
        POST /api/v1/counterparties/{counterparty_id}/contacts/end
        POST /api/v1/absences
        POST /api/v1/agreements
        POST /api/v1/agreements/{agreement_id}/archive
        POST /api/v1/agreements/{agreement_id}/give-notice
        POST /api/v1/agreements/{agreement_id}/renew
        POST /api/v1/agreements/{agreement_id}/restore
        POST /api/v1/agreements/{agreement_id}/restrict
        POST /api/v1/agreements/{agreement_id}/revoke-notice
        POST /api/v1/agreements/{agreement_id}/terminate
        POST /api/v1/agreements/{agreement_id}/verify
        POST /api/v1/deadlines/{deadline_id}/accept
        POST /api/v1/deadlines/{deadline_id}/pin
        POST /api/v1/deadlines/{deadline_id}/reopen
        POST /api/v1/deadlines/{deadline_id}/verify
        POST /api/v1/deadlines/{deadline_id}/waive
        POST /api/v1/playbooks/apply
        GET /api/v1/silences
        POST /api/v1/silences
        GET /api/v1/silences/{silence_id}
        POST /api/v1/silences/{silence_id}/end
        POST /deadlines/{deadline_id}/{operation}
        GET /silences
        POST /silences
        POST /silences/{silence_id}/end
    """,
    "olaA": """
        GET /api/v1/agreements/{agreement_id}/events
    """,
    "A": """
        GET /admin/preview
        GET /admin/preview/mail
        GET /admin/backups
        POST /admin/backups
        POST /admin/backups/{name}/download
        POST /admin/backups/{name}/verify
        GET /admin/channels
        POST /admin/channels/slack/ask
        POST /admin/channels/{channel}/test
        GET /admin/health
        POST /admin/health/incidents/{incident_id}/close
        GET /admin/incoming
        POST /admin/incoming/{row_id}/drop
        POST /admin/incoming/{row_id}/retry
        POST /admin/outbox/{what}
        GET /admin/people
        POST /admin/people
        GET /admin/people/{person_id}
        POST /admin/people/{person_id}
        POST /admin/people/{person_id}/away
        POST /admin/people/{person_id}/away/end
        POST /admin/people/{person_id}/back
        POST /admin/people/{person_id}/leave
        POST /admin/people/{person_id}/password-link
        GET /admin/settings
        GET /admin/shadow
        POST /admin/shadow/end
        GET /admin/tokens
        POST /admin/tokens
        POST /admin/tokens/{token_id}/revoke
        GET /agreements/access
        POST /agreements/access
        POST /api/v1/deliveries/{delivery_id}/hold
        POST /api/v1/deliveries/{delivery_id}/release
        POST /api/v1/deliveries/{delivery_id}/retry
        GET /api/v1/hooks
        GET /api/v1/hooks/{name}
        GET /api/v1/incoming
        GET /api/v1/incoming/{call_id}
        GET /api/v1/incidents
        GET /api/v1/incidents/{incident_id}
        POST /api/v1/incidents/{incident_id}/close
        POST /api/v1/agreements/access
        POST /api/v1/incoming/{call_id}/drop
        POST /api/v1/incoming/{call_id}/retry
        POST /api/v1/people
        POST /api/v1/people/{person_id}/amend
        POST /api/v1/people/{person_id}/end
        POST /api/v1/people/{person_id}/password-link
        POST /api/v1/people/{person_id}/return
        GET /api/v1/backups
        POST /api/v1/backups
        GET /api/v1/backups/{name}
        POST /api/v1/backups/{name}/verify
        POST /api/v1/backups/{name}/download
        GET /api/v1/channels
        GET /api/v1/organisation
        GET /api/v1/preview
        POST /api/v1/channels/slack/ask
        POST /api/v1/feeds/revoke-all
        POST /api/v1/organisation/amend
        POST /api/v1/channels/{name}/test
        GET /api/v1/shadow
        GET /api/v1/shadow/held
        POST /api/v1/shadow/end
        GET /api/v1/webhooks
        GET /api/v1/webhooks/{name}
        POST /api/v1/webhooks
        POST /api/v1/webhooks/{name}/on
        POST /api/v1/webhooks/{name}/revoke
        POST /api/v1/webhooks/{name}/rotate
        GET /setup/{step}
        POST /setup/{step}
        GET /subscribe/all
        POST /subscribe/all/revoke
    """,
    "colaA": """
        GET /api/v1/events
    """,
    "laA": """
        GET /evidence
        POST /evidence
        GET /api/v1/evidence
        GET /api/v1/evidence/{position}
        POST /api/v1/evidence
        POST /api/v1/log/verify
        GET /admin
        GET /admin/log
        GET /admin/log/events.jsonl
        POST /admin/log/verify
        GET /admin/outbox
        GET /admin/outbox/{delivery_id}
        GET /admin/outbox/{delivery_id}/mail
    """,
    "colA": """
        GET /agreements/new
        POST /agreements/new
        GET /assets/new
        GET /api/v1/imports
        POST /api/v1/imports
        GET /api/v1/imports/{batch}
        GET /api/v1/imports/{batch}/corrections
        POST /api/v1/imports/{batch}/undo
        POST /api/v1/imports/{pending}/confirm
        POST /api/v1/imports/{pending}/discard
        GET /import
        POST /import
        GET /import/batches/{batch_id}/undo
        POST /import/batches/{batch_id}/undo
        GET /import/template.xlsx
        GET /import/{pending_id}
        GET /import/{pending_id}/check
        POST /import/{pending_id}/check
        GET /import/{pending_id}/columns
        POST /import/{pending_id}/columns
        POST /import/{pending_id}/confirm
        GET /import/{pending_id}/corrections.xlsx
        POST /import/{pending_id}/discard
        POST /import/{pending_id}/file
        GET /import/{pending_id}/map.yaml
        GET /import/{pending_id}/progress
        GET /import/{pending_id}/result
        GET /import/{pending_id}/sheet
        POST /import/{pending_id}/sheet
    """,
    "s": """
        POST /logout
    """,
    "oA": """
        POST /subscribe/{feed_id}/revoke
    """,
}
EXPECTED = {tuple(line.split()): letters for letters, lines in TABLE.items() for line in lines.strip().splitlines()}

#: Counters of use may change by being used (G4): when a token was used last.
KEPT = [table for table in metadata.sorted_tables if table.name != "tokens"]


@pytest.fixture(scope="module")
def doors():
    site = Site(filled=False)
    registered(site, "ACME-7", "olga")
    yield Doors(site, "ACME-7")
    site.close()


def test_every_route_stands_in_the_table_and_nothing_else_does(doors):
    assert sorted(set(routes(doors.site.app)) - EXPECTED.keys()) == []
    assert sorted(EXPECTED.keys() - set(routes(doors.site.app))) == []


@pytest.mark.rights
def test_every_door_is_open_for_whom_the_table_says_and_for_nobody_else(doors):
    found = {route: doors.allowed(*route) for route in EXPECTED}
    assert found == EXPECTED


@pytest.mark.rights
@pytest.mark.parametrize("letter", ["o", "l", "A", "s"])
def test_no_door_that_is_only_looked_through_changes_anything(doors, letter):
    def dump():
        with doors.site.look() as work:
            return {table.name: work.connection.execute(select(table)).all() for table in KEPT}

    before = dump()
    for method, path in EXPECTED:
        if method == "GET":
            doors.asked(letter, method, path)
    assert dump() == before
