"""Every page that there is, by the addresses of the application: a page that somebody adds is looked at by itself.

An address without a placeholder is its own example; for all others EXAMPLES says one. STATES are pages in a state that
the plain address does not show: filtered, unknown, refused, narrowed.
"""

import re
from dataclasses import dataclass

from fastapi.routing import iter_route_contexts

from web.pages import routes

# What is open to somebody who has not signed in.
DOORS = ("/login", "/password/", "/evidence-upload/", "/act/")
# Which one is shown where a link leads to many, and pages to which no link leads.
EXAMPLES = {
    "/admin/outbox/{delivery_id}": lambda at: f"/admin/outbox/{at.mailed()}",
    "/admin/outbox/{delivery_id}/mail": lambda at: f"/admin/outbox/{at.mailed()}/mail",
    "/password/{token}": lambda at: at.password_link("olga"),
    "/audits/{agreement_id}": lambda at: f"/audits/{at.agreement('SVC-012')}",
    "/evidence-upload/{token}": lambda at: at.upload_link("SVC-012"),
    "/agreements/{agreement_id}": lambda at: f"/agreements/{at.agreement('SVC-012')}",
    "/agreements/{agreement_id}/documents/{document_id}": lambda at: (
        f"/agreements/{at.agreement('SVC-012')}/documents/unknown"
    ),
    "/agreements/{agreement_id}/messages/preview.html": lambda at: _frame_of(at, "SVC-012"),
    "/agreements/{agreement_id}/messages/preview": lambda at: _frame_of(at, "SVC-012").replace(".html?", "?"),
    "/agreements/{agreement_id}/archive": lambda at: f"/agreements/{at.agreement('OTH-006')}/archive",
    "/agreements/{agreement_id}/restore": lambda at: f"/agreements/{at.agreement('OTH-006')}/restore",
    "/agreements/{agreement_id}/request-signature": lambda at: (
        f"/agreements/{at.agreement('NDA-022')}/request-signature"
    ),
    "/agreements/{agreement_id}/sign": lambda at: f"/agreements/{at.agreement('NDA-021')}/sign",
    "/agreements/{agreement_id}/abandon": lambda at: f"/agreements/{at.agreement('NDA-021')}/abandon",
    "/agreements/{agreement_id}/revoke-notice": lambda at: f"/agreements/{at.agreement('SVC-009')}/revoke-notice",
    "/agreements/{agreement_id}/renew": lambda at: f"/agreements/{at.agreement('LIC-041')}/renew",
    "/agreements/{agreement_id}/disclosures": lambda at: f"/agreements/{at.agreement('NDA-014')}/disclosures",
    "/agreements/{agreement_id}/request-return": lambda at: f"/agreements/{at.agreement('NDA-014')}/request-return",
    "/agreements/{agreement_id}/withdraw-disclosure": lambda at: (
        f"/agreements/{at.agreement('NDA-014')}/withdraw-disclosure"
    ),
    "/agreements/{agreement_id}/end-obligation": lambda at: f"/agreements/{at.agreement('SLA-004')}/end-obligation",
    "/agreements/{agreement_id}/amend-obligation": lambda at: f"/agreements/{at.agreement('SLA-004')}/amend-obligation",
    "/assets/{asset_id}": lambda at: at.asset("Sensor driver"),
    "/deadlines/{deadline_id}": lambda at: f"/deadlines/{at.deadline('MSA-033', 'notice')}",
    "/exit-plans/{agreement_id}": lambda at: at.exit_plan("MSA-035"),
    "/playbooks/{name}": lambda _: "/playbooks/default",
    "/import/{pending_id}": lambda at: f"/import/{at.imports[0]}",
    "/import/{pending_id}/sheet": lambda at: f"/import/{at.imports[0]}/sheet",
    "/import/{pending_id}/columns": lambda at: f"/import/{at.imports[0]}/columns",
    "/import/{pending_id}/map.yaml": lambda at: f"/import/{at.imports[0]}/map.yaml",
    "/import/{pending_id}/check": lambda at: f"/import/{at.imports[0]}/check",
    "/import/{pending_id}/progress": lambda at: f"/import/{at.imports[0]}/progress",
    "/import/{pending_id}/corrections.xlsx": lambda at: f"/import/{at.imports[0]}/corrections.xlsx",
    "/import/{pending_id}/result": lambda at: f"/import/{at.imports[1]}/result",
    "/setup/{step}": lambda _: "/setup/organisation",
    "/subscribe/{feed_id}.ics": lambda _: "/subscribe/unknown.ics",
}
# Parts of agreements are shown of this one.
_AGREEMENT = "/agreements/{agreement_id}/"

STATES = {
    "deadlines~filtered": lambda _: "/deadlines?q=kind:notice",
    "deadlines~nothing": lambda _: "/deadlines?q=nobodyhasthisname",
    "deadlines~wrong": lambda _: "/deadlines?q=unheard:of",
    "deadlines~month": lambda _: "/deadlines?show=month",
    "deadlines~load": lambda _: "/deadlines?show=load",
    "deadlines~overdue": lambda _: "/deadlines?within=overdue",
    "deadlines-one~acknowledged": lambda at: f"/deadlines/{at.deadline('SVC-012', 'notice')}",
    "deadlines-one~done": lambda at: f"/deadlines/{at.deadline('SLA-004', 'review', is_live=False)}",
    "deadlines-one~decide": lambda at: f"/deadlines/{at.deadline('SVC-012', 'notice')}?do=decide",
    "deadlines-one~snooze": lambda at: f"/deadlines/{at.deadline('SVC-012', 'notice')}?do=snooze",
    "agreements~nothing": lambda _: "/agreements?q=nobodyhasthisname",
    "agreements~wrong": lambda _: "/agreements?q=unheard:of",
    "agreements-one~restricted": lambda at: f"/agreements/{at.agreement('NDA-014')}",
    "agreements-one~under-notice": lambda at: f"/agreements/{at.agreement('SVC-009')}",
    "agreements-one~draft": lambda at: f"/agreements/{at.agreement('NDA-022')}",
    "agreements-one~surviving": lambda at: f"/agreements/{at.agreement('NDA-003')}",
    "agreements-one-what-if~wrong": lambda at: f"/agreements/{at.agreement('SVC-012')}/what-if?notice_period=soon",
    "agreements-one-what-if~asked": lambda at: f"/agreements/{at.agreement('SVC-012')}/what-if?notice_period=6+months",
    "checklists~one": lambda _: "/checklists?show=exit-bpo",
    "exit-plans-one~none": lambda at: f"/exit-plans/{at.agreement('LEA-002')}",
    "gaps~one": lambda _: "/gaps?only=no-backup",
    "playbooks~new": lambda _: "/playbooks/_new",
    "reports~answers": lambda _: "/reports?show=answers",
    "search~found": lambda _: "/search?q=acme",
    "search~nothing": lambda _: "/search?q=nobodyhasthisname",
    "unknown": lambda _: "/no-such-page",
    "unknown-agreement": lambda _: "/agreements/aaaaaaaaaaaa",
    "act": lambda at: _below(at, at.link(at.deadline("MSA-033", "notice"), "olga")),
    "act~decide": lambda at: _below(at, at.link(at.deadline("SVC-012", "notice"), "olga")) + "?do=decide",
    "act~unknown": lambda _: "/act/nobody-signed-this",
}

_PLACE = re.compile(r"\{[^}]+\}")


WHO = ("mei", "henrik", "")


@dataclass(frozen=True)
class Sight:
    """One page as it is looked at: its name, which is that of its picture, its address, and who looks ("": anybody)."""

    name: str
    path: str
    who: str = "mei"


def patterns(site):
    """The addresses of all pages that can be read, with their placeholders."""
    parts = (part.original_router.routes for part in routes(site))
    found = {one.path for part in parts for one in iter_route_contexts(part) if "GET" in one.methods}
    return sorted(found)


def sights(house):
    """Every page of a house in which people have worked, and the patterns of those to which nothing leads."""
    there = patterns(house.site.pages)
    known = {one: _plain(one) for one in there if not _PLACE.search(_plain(one))}
    known |= {one: make(house) for one, make in EXAMPLES.items() if one in there}
    chosen = house.agreement("SVC-012")
    parts = [one for one in there if one.startswith(_AGREEMENT) and one not in known]
    known |= {one: one.replace("{agreement_id}", chosen) for one in parts if one.count("{") == 1}
    known |= _linked(house, [one for one in there if one not in known], list(known.values()))
    plain = [Sight(_name(one), known[one], _who(known[one])) for one in there if one in known]
    states = [Sight(name, (path := make(house)), _who(path)) for name, make in STATES.items()]
    return plain + states, [one for one in there if one not in known]


def bare(house):
    """The pages of a house in which there is nothing yet."""
    there = [one for one in patterns(house.site.pages) if not _PLACE.search(one)]
    return [Sight(f"{_name(one)}~empty", one, "henrik") for one in there]


def _linked(house, wanted, paths):
    """The first address of each wanted kind to which a link leads from those paths."""
    kinds = {one: re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/?#]+", re.escape(one))) for one in wanted}
    browsers, found = {name: house.site.as_(name or "mei") for name in WHO}, {}
    for path in paths:
        if len(found) == len(kinds):
            break
        answer = browsers[_who(path)].get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for link in re.findall(r'(?:href|src)="(/[^"#]+)', answer.text):
            kind = next((one for one, like in kinds.items() if like.fullmatch(link.partition("?")[0])), None)
            if kind and kind not in found and kind not in EXAMPLES:
                found[kind] = link.replace("&amp;", "&")
                paths.append(found[kind])
    return found


def _who(path):
    """Who looks: the house's own pages are the admin's, most others are best seen by those who judge."""
    if path.startswith(DOORS):
        return ""
    return "henrik" if path.startswith(("/admin", "/setup", "/subscribe/all", "/agreements/access")) else "mei"


def _plain(pattern):
    """An address that is its own example; of all kinds of a file any will do."""
    return pattern.replace("{suffix}", "csv")


def _name(pattern):
    return _PLACE.sub("one", pattern).strip("/").replace("/", "-") or "home"


def _frame_of(at, reference):
    """What the preview of a message shows in its frame."""
    text = at.site.as_("mei").get(f"/agreements/{at.agreement(reference)}/messages").text
    found = re.search(r'href="([^"]*messages/preview\?[^"]*)"', text)[1]
    return found.replace("&amp;", "&").replace("preview?", "preview.html?")


def _below(at, address):
    return address.removeprefix(at.url)
