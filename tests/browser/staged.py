"""Houses for real browsers: the demo's, in which some days have passed, and one without any agreement."""

import socket
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType
from urllib.parse import urlsplit

from cli.demo.people import DOMAIN
from cli.demo.seeding import seed
from config.laws import lookup
from config.settings_docs import shown
from config.settings_model import Settings
from engine import operations as ops
from engine.access.entering import begin
from engine.access.password_links import link_for
from engine.clock import VirtualClock
from engine.incoming.links import ActionLink, Links
from jobs.catalogue import JOBS
from lifecycle.obligations.audits import Severity
from lifecycle.obligations.evidence import Contact, EvidenceKind
from tests.browser.filled import imports
from tests.support.relationship import Told, live, shipped
from tests.support.site import KEY, Site
from web import actions, unsubscribe
from web.app import make_app
from web.frame.operator import Operator
from web.health import Watched

INTERVALS = MappingProxyType({job.name: job.interval for job in JOBS})


class _Served:
    """A house that is served on a real port while it is entered."""

    def __enter__(self):
        with ExitStack() as stack:
            self.port = _free_port()
            self.url = f"http://127.0.0.1:{self.port}"
            self.site = self.built()
            stack.callback(self.site.close)
            self._open(self.site)
            stack.enter_context(self.site.served(self.port))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _open(self, site):
        """Put its own address into its links, and open the doors of those who do not sign in."""
        site.monitor = site.world.monitor = replace(site.world.monitor, links=Links(KEY, self.url), laws=lookup)
        site.pages = replace(
            site.pages,
            monitor=site.monitor,
            base_url=self.url,
            intervals=INTERVALS,
            operator=Operator(settings=_settings),
        )
        watched = Watched(
            monitor=site.monitor, is_current=lambda: True, intervals=INTERVALS, data_dir=site.pages.data_dir
        )
        doors = [actions.router(site.monitor), unsubscribe.router(site.monitor)]
        site.app = make_app(watched, doors=doors, site=site.pages)

    def session(self, name):
        """The token of a session in which somebody is signed in."""
        with self.site.look() as look:
            person = next(one for one in look.people.all() if one.email.startswith(f"{name}@"))
        with self.site.work() as work:
            return begin(work, person, via="password", days=14).token

    def password(self, name, password):
        """Give somebody a password."""
        with self.site.work() as work:
            person = work.people.by_email(f"{name}@{DOMAIN}")
            work.entering.set_password(person.id, work.monitor.hashing.hashed(password), work.now)


class Staged(_Served):
    """The demo's house after some days, with what people keep for themselves: a view, a feed, a silence, an absence."""

    def built(self):
        return _Twin(_seeded())

    @cached_property
    def imports(self):
        """An import that waits to be confirmed, and one that was taken in: their ids."""
        return imports(self.site)

    def agreement(self, reference):
        """The id of an agreement."""
        with self.site.look() as look:
            return look.agreements.find(reference).id

    def deadline(self, reference, kind, *, is_live=True):
        """The id of the earliest deadline of that kind."""
        with self.site.look() as look:
            rows = look.milestones.of(look.agreements.find(reference).id)
        return min((one.safe_on, one.id) for one in rows if one.key.kind == kind and one.is_live == is_live)[1]

    def asset(self, name):
        """The address of an asset."""
        with self.site.look() as look:
            return f"/assets/{look.assets.named(name).id}"

    def exit_plan(self, reference):
        """The address of an exit plan that is made for that."""
        with self.site.work("mei") as work:
            plan = ops.plan_exit(work, work.agreements.find(reference), shipped("exit-bpo"))
        return f"/exit-plans/{plan.id}"

    def mailed(self):
        """The id of the last reminder that left by mail."""
        with self.site.look() as look:
            sent = (look.deliveries.get(one.delivery_id) for one in reversed(self.site.world.mail.taken))
            return next(one.id for one in sent if one.milestone_id)

    def password_link(self, name):
        """The address by which somebody chooses a password."""
        with self.site.look() as look:
            return f"/password/{link_for(look, look.people.by_email(f'{name}@{DOMAIN}'), KEY)}"

    def upload_link(self, reference):
        """The address by which the other side uploads a report; beside it one that was received, and a finding."""
        jane, by = Contact("jane@acme.example", "Jane Roe"), date(2026, 12, 18)
        wanted = ops.Wanted(kind=EvidenceKind.SOC2_TYPE_2, contact=jane, due_on=by)
        sent = ops.Sent(
            given=ops.Given(name="", link="https://trust.acme.example/iso.pdf"),
            covers_from=date(2026, 1, 1),
            covers_until=date(2026, 9, 30),
        )
        found = ops.Found(text="No restores", severity=Severity.HIGH, remedy_by_on=date(2027, 1, 29))
        with self.site.work() as work:
            ops.receive_evidence(work, work.agreements.find(reference), sent, kind=EvidenceKind.ISO_27001)
            ops.record_finding(work, work.agreements.find(reference), found)
            asked = ops.request_evidence(work, work.agreements.find(reference), wanted)
        return urlsplit(asked.url).path

    def row(self, about):
        """A deadline as it stands."""
        with self.site.look() as look:
            return look.milestones.get(about)

    def link(self, about, name, *, stage="-7d"):
        """The address in a mail to somebody about a deadline."""
        with self.site.look() as look:
            person = look.people.by_email(f"{name}@{DOMAIN}")
            row = look.milestones.get(about)
        return self.site.monitor.links.url(ActionLink(row.id, person.id, row.revision, stage))


class Lived(_Served):
    """A whole relationship with a supplier, as far as these chapters go."""

    def __init__(self, folder, chapters):
        self._folder, self._chapters = folder, chapters

    def built(self):
        world = Told(self._folder)
        live(world, self._chapters)
        return _Twin(world)


class Empty(_Served):
    """People, and nothing to watch."""

    def built(self):
        return Site(filled=False)


class _Twin(Site):
    """A site on a copy of a world."""

    def __init__(self, world):
        super().__init__(filled=False, peopled=False)
        self.close()
        self.world = world.twin()
        self.monitor = self.world.monitor
        self.pages = replace(self.pages, monitor=self.monitor)


@cache
def _seeded():
    """The demo's house, made once for a run."""
    site = Site(filled=False, peopled=False)
    site.monitor = site.world.monitor = replace(site.world.monitor, links=Links(KEY, "http://127.0.0.1:9"))
    seed(site.monitor, VirtualClock(site.world.clock.now()))
    with site.work("mei") as work:
        hidden = work.agreements.find("NDA-014")
        ops.amend(work, replace(hidden, restricted_to=(f"mei@{DOMAIN}",)), because="under seal")
    return site.world


def _settings():
    """What is in force where nothing was said."""
    return shown(Settings(_env_file=None))


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]
