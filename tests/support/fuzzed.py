"""The programming interface held to its own document: what schemathesis makes up, sent to the real application.

    house = Fuzzed(Site(data_dir=folder))
    house.failures("henrik", examples=20)  # [], or a sentence for each operation that broke its word

Addresses carry real ids (and one that nobody has), so that most of what is sent reaches the house and not a 404. The
same seed makes the same requests.
"""

import copy
from datetime import timedelta

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cli.demo.people import DOMAIN
from engine import operations as ops
from engine.access.tokens import SCOPES, create_token
from engine.delivery.quiet import hour_of_day
from engine.feeds import create_feed
from engine.incoming.hearing import Heard
from engine.incoming.inbox import Kept
from lifecycle.assets.asset import Asset, AssetKind
from lifecycle.events import Actor
from lifecycle.feeds import Detail, Feed
from lifecycle.hooks import Hook, HookOperation, Scheme
from lifecycle.people import Absence, AbsenceMode
from lifecycle.playbooks.quiet import Silence, SilenceMode
from store.codec import dumps
from store.inbox import InboxRow
from web.feeds.limits import Strangers

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: What costs seconds in a full house gets a part of the examples.
DEAR = {
    "post_evidence": 3,
    "get_forecast": 3,
    "post_what_if": 4,
    "get_deadlines_deadline_id_forecast": 3,
    "post_playbooks_plan": 5,
}
NOBODY = "2222222222"
_MANY = 20  # fields of a body
_SEED = 20261123
_PLAYBOOK = "playbook: default\nladder:\n  - {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: manager}]}\n"
_DAYS = ["2026-11-20", "2026-11-23", "2026-12-31", "2027-06-30", "2028-02-29", "1900-01-01", "2199-12-31"]
#: What a field is likely to hold, beside anything else.
_WORDS = {
    "text": [_PLAYBOOK, "playbook: [", "ladder: {}"],
    "template": ["exit-bpo", "nda-onboarding"],
    "search": ["owner:olga", "tag:critical due:<30d", "acme", "x:y"],
    "period": ["90 days", "until terminated", "5bd"],
    "rule": ["bgb", "us-contract"],
    "calendar": ["DE-BE", "SAT_SUN"],
    "reference": ["NEW-1", "NEW-2"],
    "counterparty": ["Fjord Data AS", "Acme"],
    "owner": [f"olga@{DOMAIN}", f"tomas@{DOMAIN}"],
    "term": ["2 years", "12 months"],
    "renewal": ["automatic", "by option", "never"],
    "notice_period": ["30 days", "3 months"],
    "effective_on": _DAYS,
    "last_on": _DAYS,
    "every": ["12 months", "1 quarter"],
    "to": [f"olga@{DOMAIN}"],
    "url": ["https://192.0.2.1/in", "http://[", "http://127.0.0.1:9/in"],
    "if-match": ["*"],
    "email": [f"new@{DOMAIN}", f"lars@{DOMAIN}"],
    "time_zone": ["Europe/Berlin", "Mars/Base"],
    "because": ["So it was agreed"],
    "evidence": ["A receipt"],
    "result": ["", "Keys were missing"],
    "roll": [""],
    "content": ["UmVmZXJlbmNlLENvdW50ZXJwYXJ0eQpJTVAtMSxGam9yZCBBUwo="],
    "scopes": ["read"],
    "lasting": ["12 months"],
}
#: The incoming webhooks of the house.
DOORS = {
    "desk": Hook(name="desk", scheme=Scheme.STANDARD, secrets=("a" * 32,), operation=HookOperation.SIGN),
}


class Fuzzed:
    """A filled house with something of every resource, and programs that ask it anything."""

    def __init__(self, site):
        self.site = site
        site.app.state.calls = Strangers(most=10**9, within=timedelta(minutes=1))  # the house's clock stands still
        site.world.tick()  # so that there are messages
        with site.work() as work:
            self.ids = _ids(work)
        self._imported(self.program("henrik"))

    def _imported(self, http):
        """One import that waits, and one that is in; a webhook; plans to leave."""
        said = {"rows": [{"reference": "IMP-1", "counterparty": "Fjord AS"}]}
        waits, done = (http.post("/api/v1/imports", json=said).json()["item"]["pending"] for _ in range(2))
        batch = http.post(f"/api/v1/imports/{done}/confirm").json()["item"]["batch"]
        self.ids |= {"pending": [waits, done], "batch": [batch]}
        self._audited(http)
        http.post("/api/v1/webhooks", json={"name": "erp", "url": "https://erp.invalid/in"})
        for agreement in self.ids["agreement_id"][:8]:
            http.post("/api/v1/exit-plans", json={"agreement_id": agreement, "exit_on": "2028-12-31"})

    def _audited(self, http):
        """A right to audit, a request for evidence and a finding."""
        address = f"/api/v1/audits/{self.ids['agreement_id'][0]}"
        http.post(f"{address}/add-right", json={"every": "1 year", "due_on": "2027-03-01"})
        asked = http.post(f"{address}/request-evidence", json={"to": "x@other.example", "name": "X", "what": "SOC 2"})
        http.post(f"{address}/finding", json={"text": "No backups", "remedy_by_on": "2027-02-01"})
        audit = http.get(address).json()["item"]
        self.ids |= {
            "right": [one["id"] for one in audit["rights"]],
            "request": [asked.json()["item"]["id"]],
            "finding": [one["id"] for one in audit["findings"]],
        }

    def program(self, name):
        """Somebody's program, with a token for everything."""
        http = self.site.anybody().http
        with self.site.work() as work:
            person = work.people.by_email(f"{name}@{DOMAIN}")
            made = create_token(work, person, SCOPES, work.now.date() + timedelta(days=30))
        http.headers.update({"accept": "application/json", "authorization": f"Bearer {made.text}"})
        return http

    def failures(self, name, *, examples, only=()):
        """What broke its word: method, path, and what schemathesis says of it."""
        http = self.program(name)
        document = http.get("/api/openapi.json").json()
        document["paths"] = {path: said for path, said in document["paths"].items() if not only or path in only}
        likely, free = with_words(document, self.ids | _WORDS), with_words(document, self.ids, in_bodies=False)
        return [
            *_broken(likely, http, GenerationMode.POSITIVE, examples),
            *_broken(free, http, GenerationMode.POSITIVE, max(2, examples // 3)),
            *_broken(free, http, GenerationMode.NEGATIVE, max(2, examples // 3)),
        ]


def with_words(document, words, *, in_bodies=True):
    """The document with what its paths, and its bodies, are likely to hold; answers stay as they are."""
    known = copy.deepcopy(document)
    shapes = known["components"]["schemas"]
    for operations in known["paths"].values():
        for operation in operations.values():
            parts = operation.get("parameters", [])
            if in_bodies:  # a key that came with another request hides what the request would have done
                parts[:] = [part for part in parts if part["name"] != "idempotency-key"]
            for part in parts:
                if in_bodies or part["in"] == "path":
                    part["schema"] = _likely(part["name"], part["schema"], words)
            for name in _named(operation.get("requestBody", {}), shapes) if in_bodies else ():
                _talk(shapes[name], words)
    return known


def _talk(shape, words):
    """A body of many columns says those that there is a word for."""
    properties = shape.get("properties", {})
    if len(properties) > _MANY:
        shape["properties"] = properties = {name: one for name, one in properties.items() if name in words}
        shape["required"] = ["reference", "counterparty"]
    properties.update({name: _likely(name, one, words) for name, one in properties.items()})


def _likely(name, schema, words):
    if "anyOf" in schema:
        return {**schema, "anyOf": [_likely(name, one, words) for one in schema["anyOf"]]}
    kinds = schema.get("type", ())
    if (
        not {"string", "integer"}.intersection([kinds] if isinstance(kinds, str) else kinds)
        or "enum" in schema
        or "const" in schema
    ):
        return schema
    some = _DAYS if schema.get("format") == "date" else words.get(name, ())
    return {"enum": [*some, NOBODY] if name.endswith("_id") else list(some)} if some else schema


def _named(part, shapes):
    """Every shape that a body is made of."""
    if isinstance(part, dict):
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            yield name
            yield from _named(shapes[name], shapes)
        for value in part.values():
            yield from _named(value, shapes)
    elif isinstance(part, list):
        for value in part:
            yield from _named(value, shapes)


def _schema(document):
    generation = GenerationConfig(deterministic=True, with_security_parameters=False, database="none")
    projects = ProjectsConfig(default=ProjectConfig(generation=generation))
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig(projects=projects, seed=_SEED))


def _broken(document, http, mode, examples):
    for one in _schema(document).get_all_operations():
        operation = one.ok()
        most = DEAR.get(operation.definition.raw["operationId"], examples)
        try:
            _send(operation, http, mode, min(examples, most))
        except Unsatisfiable:  # whatever is sent there is as documented
            continue
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            yield f"{operation.method.upper()} {operation.path} ({mode.value}): {_told(error)}"


def _send(operation, http, mode, number):
    @seed(_SEED)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case):
        said = case.as_transport_kwargs(base_url=str(http.base_url))
        if isinstance(said.get("data"), bytes):
            said["content"] = said.pop("data")
        said.pop("cookies", None)  # a session would ask for a form's token
        answer = http.request(**{name: value for name, value in said.items() if value is not None})
        case.validate_response(answer, checks=CHECKS)

    attempt()


def _told(error):
    parts = getattr(error, "exceptions", ())
    return " | ".join(map(_told, parts)) if parts else f"{type(error).__name__}: {str(error)[:900]}"


def _ids(work):
    """Something of every resource, by the name of its part in a path; nobody who asks is among the people."""
    live = list(work.milestones.live())
    agreements = sorted({row.key.holder for row in live})[:25]
    with_duties = [one for one in work.agreements.many(agreements).values() if one.obligations]
    lars, tomas = (work.people.by_email(f"{name}@{DOMAIN}") for name in ("lars", "tomas"))
    first = next(iter(work.agreements.many(agreements[:1]).values()))
    asset = ops.add_asset(work, Asset(id="", name="Fuzzed code", kind=AssetKind.SOURCE_CODE, agreements=(first.id,)))
    told = ops.disclose(work, first, given_on=work.now.date(), what="Plans")
    kept = ops.keep_document(work, first, ops.Given(name="signed.pdf", link="https://files.example/signed.pdf"))
    spare = create_token(work, tomas, ("read",), work.now.date() + timedelta(days=9))
    return {
        "agreement_id": agreements,
        "deadline_id": [row.id for row in live[:25]],
        "obligation_id": [duty.id for one in with_duties[:5] for duty in one.obligations],
        "counterparty_id": sorted({one.counterparty_id for one in work.agreements.many(agreements).values()})[:5],
        "person_id": [lars.id, tomas.id],
        "person": [lars.email, tomas.email],
        "delegate": [f"olga@{DOMAIN}", tomas.email],
        "asset_id": [asset.id],
        "disclosure_id": [told.disclosure.id],
        "document_id": [kept.id],
        "token_id": [spare.row.id],
        "obligation": [duty.id for one in with_duties[:5] for duty in one.obligations],
        "feed_id": [_feed(work, tomas)],
        "silence_id": [_silence(work)],
        "absence_id": [_absence(work, tomas)],
        "delivery_id": [one.id for one in work.deliveries.listed((), 10)],
        "call_id": [_call(work)],
        "incident_id": [one.id for one in work.keeping.incidents()],
        "name": [*(name for name, _ in work.playbooks), "nda-onboarding", "exit-bpo", "desk", "erp"],
        "number": [1, 2, 0],
        "position": [1, 0],
    }


def _feed(work, person):
    blank = Feed(id="", person_id=person.id, name="Mine", detail=Detail.FULL, created_at=work.now, changed_at=work.now)
    return create_feed(work, blank, most=Detail.FULL).feed.id


def _silence(work):
    until = hour_of_day(work, work.now.date() + timedelta(days=3))
    wanted = Silence(
        id="", mode=SilenceMode.HOLD, search="acme", reason="A move", author_id=None, starts_at=work.now, ends_at=until
    )
    return ops.silence(work, wanted).id


def _absence(work, person):
    today = work.now.date()
    olga = work.people.by_email(f"olga@{DOMAIN}")
    wanted = Absence(
        id="", person_id=person.id, delegate_id=olga.id, mode=AbsenceMode.INSTEAD, from_on=today,
        until_on=today + timedelta(days=3),
    )  # fmt: skip
    return ops.set_absence(work, wanted).id


def _call(work):
    """A call that waits for a person, as a door leaves it."""
    heard = Heard(hook="desk", operation=HookOperation.SIGN, values={}, body="{}", why="It names no reference.")
    row = InboxRow(
        id="call000001", dedupe_key="hook:desk:1", source="hook:desk", received_at=work.now,
        payload=dumps(Kept(Actor("hook:desk", "hook"), heard=heard)),
    )  # fmt: skip
    work.inbox.take(row)
    return row.id
