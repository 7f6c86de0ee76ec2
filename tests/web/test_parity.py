"""What a page can do the programming interface can do (INTERFACE.md H2): every form of a page has its operation."""

import pytest

from tests.support.roles import routes
from tests.support.site import Site

#: Where a page's form leads -> the operations that do the same for programs.
SAME = {
    "/admin/backups": "/backups",
    "/admin/backups/{name}/download": "/backups/{name}/download",
    "/admin/backups/{name}/verify": "/backups/{name}/verify",
    "/admin/channels/slack/ask": "/channels/slack/ask",
    "/admin/channels/{channel}/test": "/channels/{name}/test",
    "/admin/health/incidents/{incident_id}/close": "/incidents/{incident_id}/close",
    "/admin/incoming/{row_id}/drop": "/incoming/{call_id}/drop",
    "/admin/incoming/{row_id}/retry": "/incoming/{call_id}/retry",
    "/admin/log/verify": "/log/verify",
    "/admin/outbox/{what}": "/deliveries/{delivery_id}/retry /deliveries/{delivery_id}/hold "
    "/deliveries/{delivery_id}/release",
    "/admin/people": "/people",
    "/admin/people/{person_id}": "/people/{person_id}/amend",
    "/admin/people/{person_id}/away": "/absences",
    "/admin/people/{person_id}/away/end": "/absences/{absence_id}/end",
    "/admin/people/{person_id}/back": "/people/{person_id}/return",
    "/admin/people/{person_id}/leave": "/people/{person_id}/end",
    "/admin/people/{person_id}/password-link": "/people/{person_id}/password-link",
    "/admin/shadow/end": "/shadow/end",
    "/admin/tokens": "/tokens",
    "/admin/tokens/{token_id}/revoke": "/tokens/{token_id}/revoke",
    "/agreements/access": "/agreements/access",
    "/agreements/new": "/agreements",
    "/agreements/{agreement_id}/abandon": "/agreements/{agreement_id}/abandon",
    "/agreements/{agreement_id}/add-obligation": "/obligations",
    "/agreements/{agreement_id}/amend": "/agreements/{agreement_id}/amend",
    "/agreements/{agreement_id}/amend-obligation": "/obligations/{obligation_id}/amend",
    "/agreements/{agreement_id}/archive": "/agreements/{agreement_id}/archive",
    "/agreements/{agreement_id}/disclose": "/disclosures",
    "/agreements/{agreement_id}/documents": "/documents",
    "/agreements/{agreement_id}/end-obligation": "/obligations/{obligation_id}/end",
    "/agreements/{agreement_id}/findings/{finding_id}": "/findings/{finding_id}/accept",
    "/agreements/{agreement_id}/findings/{finding_id}/reopen": "/findings/{finding_id}/reopen",
    "/agreements/{agreement_id}/give-notice": "/agreements/{agreement_id}/give-notice",
    "/agreements/{agreement_id}/messages/send-test": "/deadlines/{deadline_id}/send-test",
    "/agreements/{agreement_id}/renew": "/agreements/{agreement_id}/renew",
    "/agreements/{agreement_id}/request-return": "/disclosures/{disclosure_id}/request-return",
    "/agreements/{agreement_id}/request-signature": "/agreements/{agreement_id}/request-signature",
    "/agreements/{agreement_id}/restore": "/agreements/{agreement_id}/restore",
    "/agreements/{agreement_id}/restrict": "/agreements/{agreement_id}/restrict",
    "/agreements/{agreement_id}/revoke-notice": "/agreements/{agreement_id}/revoke-notice",
    "/agreements/{agreement_id}/sign": "/agreements/{agreement_id}/sign",
    "/agreements/{agreement_id}/terminate": "/agreements/{agreement_id}/terminate",
    "/agreements/{agreement_id}/terms/verify": "/agreements/{agreement_id}/verify",
    "/agreements/{agreement_id}/withdraw-disclosure": "/disclosures/{disclosure_id}/withdraw",
    "/assets/new": "/assets",
    "/assets/{asset_id}": "/assets/{asset_id}/amend",
    "/assets/{asset_id}/retire": "/assets/{asset_id}/retire",
    "/audits/{agreement_id}/{act}": "/audits/{agreement_id}/add-right /audits/{agreement_id}/end-right "
    "/audits/{agreement_id}/request-evidence /audits/{agreement_id}/receive /audits/{agreement_id}/review "
    "/audits/{agreement_id}/accept /audits/{agreement_id}/withdraw /audits/{agreement_id}/finding "
    "/audits/{agreement_id}/retest",
    "/checklists/{name}": "/checklists/{name}/apply",
    "/counterparties/{counterparty_id}/contacts": "/counterparties/{counterparty_id}/contacts "
    "/counterparties/{counterparty_id}/contacts/amend /counterparties/{counterparty_id}/contacts/end",
    "/deadlines/bulk": "/deadlines/bulk",
    "/deadlines/bulk/do": "/deadlines/bulk",
    "/deadlines/views": "/views",
    "/deadlines/views/{view_id}/drop": "/views/{view_id}/drop",
    "/deadlines/{deadline_id}/{operation}": " ".join(
        f"/deadlines/{{deadline_id}}/{one}"
        for one in ["ack", "snooze", "undo", "done", "decide", "waive", "assign", "reopen", "verify", "accept", "pin"]
    ),
    "/evidence": "/evidence",
    "/exit-plans/{agreement_id}/{act}": "/exit-plans /exit-plans/{agreement_id}/amend /exit-plans/{agreement_id}/start "
    "/exit-plans/{agreement_id}/stop /exit-plans/{agreement_id}/test",
    "/import": "/imports",
    "/import/batches/{batch_id}/undo": "/imports/{batch}/undo",
    "/import/{pending_id}/check": "/imports",  # what is known of columns, sheet and days comes with the file as `map`
    "/import/{pending_id}/columns": "/imports",
    "/import/{pending_id}/file": "/imports",
    "/import/{pending_id}/sheet": "/imports",
    "/import/{pending_id}/confirm": "/imports/{pending}/confirm",
    "/import/{pending_id}/discard": "/imports/{pending}/discard",
    "/me/absence": "/absences",
    "/me/absence/end": "/absences/{absence_id}/end",
    "/me/looks": "/me/amend",
    "/me/telling": "/me/amend",
    "/me/tokens": "/tokens",
    "/me/tokens/revoke": "/tokens/{token_id}/revoke",
    "/playbooks/{name}/apply": "/playbooks/apply",
    "/playbooks/{name}/try": "/playbooks/check /playbooks/plan",
    "/setup/{step}": "/organisation/amend /channels/{name}/test /people",
    "/silences": "/silences",
    "/silences/{silence_id}/end": "/silences/{silence_id}/end",
    "/subscribe": "/feeds",
    "/subscribe/preview": "/feeds",  # a dry run
    "/subscribe/all/revoke": "/feeds/revoke-all",
    "/subscribe/{feed_id}/revoke": "/feeds/{feed_id}/revoke",
    "/subscribe/{feed_id}/rotate": "/feeds/{feed_id}/rotate",
}
#: What a person does for themselves, and why no program does it.
BY_PEOPLE = {
    "/evidence-upload/{token}": "the other side has a link and no token",
    "/login": "a program has a token",
    "/logout": "a program has a token",
    "/me/password": "a password is chosen by its person",
    "/password/{token}": "a password is chosen by its person",
    "/playbooks/{name}/draft": "a form for those who do not write YAML",
    "/setup": "the first admin has no token yet",
}
#: Doors of other programs, and of mails: no pages.
NO_PAGES = ("/api/", "/act/", "/hooks/", "/slack/", "/digests/")


@pytest.fixture(scope="module")
def posts():
    site = Site(filled=False, peopled=False)
    found = {path for method, path in routes(site.app) if method == "POST"}
    site.close()
    return found


def test_every_form_of_a_page_has_an_operation_or_a_reason_why_not(posts):
    forms = {path for path in posts if not path.startswith(NO_PAGES)}
    assert forms == SAME.keys() | BY_PEOPLE.keys()
    assert SAME.keys() & BY_PEOPLE.keys() == set()


def test_every_operation_that_stands_for_a_form_is_there(posts):
    named = {f"/api/v1{one}" for some in SAME.values() for one in some.split()}
    assert named - posts == set()
