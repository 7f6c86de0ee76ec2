"""A house at the command line in which everything can be tried: something of every kind, and files beside it."""

from engine.incoming.hearing import Heard
from engine.incoming.inbox import Kept
from lifecycle.events import Actor
from lifecycle.hooks import HookOperation
from store.codec import dumps
from store.database import open_database, sqlite_url
from store.schema import metadata

WHY = ("--because", "So it was agreed")
FILES = {
    "proof.pdf": "%PDF-1.4\n",
    "book.csv": "Reference,Counterparty,Effective on,Term\nIMP-2,Beta,2026-01-01,2 years\nBETA-1,Beta,,3 years\n",
    "rules.yaml": "playbook: default\nladder:\n  - {at: -30d, steps: [{ask: owner}]}\n",
    "secret.txt": "correct horse battery staple\n",
    "hooks.yaml": "documents: {verify: {scheme: secret_header, header: X-Secret, secret_file: secret.txt}, "
    "operation: sign, fields: {reference: /document, signed_on: /signed}}\n",
}
BODY = '{"document": "DRAFT-1", "signed": "2026-11-20"}'


class House:
    """The house, and what is called how in it."""

    def __init__(self, longstop, files):
        self.longstop, self.files = longstop, files
        files.mkdir()
        for name, text in FILES.items():
            (files / name).write_text(text)
        for reference in ("ACME-7", "LEFT-1", "DONE-1"):
            longstop.agreement(reference)
        since = ("--effective-on", "2026-03-01", "--owner", "olga@example.com", "--term")
        longstop("agreement", "add", "DRAFT-1", "--counterparty", "Beta")
        longstop("agreement", "add", "BETA-1", "--counterparty", "Beta", "--kind", "NDA", *since, "2 years")
        option = ("--renewal", "by option", "--renewal-term", "1 year", "--notice-period", "60 days")
        longstop("agreement", "add", "OPT-1", "--counterparty", "Gamma", *since, "1 year", *option)
        for reference in ("EXIT-1", "EXIT-2"):
            longstop("agreement", "add", reference, "--counterparty", "Delta", *since, "3 years")
            longstop("exit", "plan", reference, "--template", "exit-bpo", "--exit-on", "2028-06-30")
        for words in self._done_before():
            longstop(*words)
        self.named = {"FILES": str(files), **self._named()}
        self.known = self.state()

    def _done_before(self):
        yield "agreement", "give-notice", "LEFT-1", "--sent-on", "today", "--by", "us"
        yield "done", "DONE-1", "notice", "--evidence", "A receipt"
        yield "ack", "OPT-1", "option"
        yield "exit", "start", "EXIT-2", *WHY
        yield "finding", "accept", "OPT-1", "no-backup", *WHY
        yield "obligation", "add", "ACME-7", "--kind", "audit", "--name", "SOC 2", "--due", "2027-03-31"
        yield "asset", "add", "Code", "--kind", "source-code", "--ownership", "us", "--agreement", "BETA-1"
        yield "disclosure", "add", "BETA-1", "--what", "Plans", "--to", "Beta"
        yield "contact", "add", "Acme Labs", "--name", "compliance", "--email", "jane@acme.example"
        yield "audit", "right", "ACME-7", "--every", "1 year", "--first-due", "2027-06-30"
        yield "audit", "finding", "ACME-7", "--text", "No backups", "--remedy-by", "+60d"
        yield "person", "add", "kim@example.com"
        yield "person", "disable", "kim@example.com", "--yes"
        yield "webhook", "add", "erp", "http://127.0.0.1:9/in"
        yield "assign", "ACME-7", "notice", "--to", "ben@example.com"
        yield "outbox", "hold", "--all", *WHY

    def _named(self):
        """What is called otherwise in every house."""
        made = self._made
        feed = made("feed", "create", "--for", "olga@example.com")["id"]
        token = made("token", "create", "--for", "olga@example.com", "--scope", "read", "--expires", "+90d")["id"]
        silence = made("silence", "add", "tag:none", "--until", "+9d", *WHY)["id"]
        report, seen = (made("audit", "request-evidence", "ACME-7", "--to", f"{name}@acme.example")["id"]
                        for name in ("jane", "joe"))  # fmt: skip
        made("audit", "receive", "ACME-7", "https://files.example/soc2.pdf", "--request", seen)
        (self.files / "first.csv").write_text("Reference,Counterparty\nIMP-1,Beta\n")
        batch = made("import", self.files / "first.csv")["batch"]
        held = self.longstop("outbox", "list", "--state", "held", "--json").items[0]["id"]
        self._call()
        return {
            "FEED": feed, "TOKEN": token, "SILENCE": silence, "REPORT": report, "SEEN": seen, "BATCH": batch,
            "HELD": held,
        }  # fmt: skip

    def _made(self, *words):
        return self.longstop(*words, "--json").item

    def _call(self):
        """One that nobody could make sense of when it came."""
        heard = Heard(hook="documents", operation=HookOperation.SIGN, body=BODY, why="It names no reference.")
        kept = dumps(Kept(Actor("hook:documents", "hook"), heard=heard)).replace("'", "''")
        self.longstop.sql(
            "INSERT INTO inbox (id, dedupe_key, source, received_at, payload, failures) "
            f"VALUES ('c1', 'hook:documents:1', 'hook:documents', 1795300000000000, '{kept}', 0)"
        )

    def words(self, asked):
        """A command line with what things are called here."""
        for word in asked:
            name = next((name for name in self.named if word.startswith(name)), None)
            yield word.replace(name, self.named[name], 1) if name else word

    def state(self):
        """Every row of every table, and every file."""
        folder = self.longstop.data_dir
        database = open_database(self.longstop.url or sqlite_url(folder / "longstop.db"))
        try:
            with database.reading() as connection:
                rows = {table.name: list(connection.execute(table.select())) for table in metadata.sorted_tables}
        finally:
            database.close()
        files = [one for top in (folder, self.files) for one in top.rglob("*") if "longstop.db" not in one.name]
        return rows, sorted((str(one), one.read_bytes() if one.is_file() else b"") for one in files)
