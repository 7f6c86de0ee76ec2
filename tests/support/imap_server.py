"""A small IMAP server that keeps one mailbox, and what it was asked.

::

    with ImapServer() as server:
        server.mails.append(b"...")
        server.url                 # imap://longstop:secret@127.0.0.1:49152/Bounces
        server.asked               # ["LOGIN", "EXAMINE", ...]

It speaks what a reader needs (RFC 3501): CAPABILITY, LOGIN, EXAMINE, UID SEARCH, UID FETCH, LOGOUT. What would change
the mailbox it refuses.
"""

import asyncio
import re
import threading

FOLDER, PASSWORD = "Bounces", "secret"


class ImapServer:
    """UIDs are 1 and up, in the order of ``mails``; ``validity`` is the mailbox's UIDVALIDITY."""

    def __init__(self):
        self.mails, self.asked = [], []
        self.validity, self.password = 7, PASSWORD
        self.is_silent = False  # it takes connections and says nothing
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self):
        return f"imap://longstop:{PASSWORD}@127.0.0.1:{self.port}/{FOLDER}"

    def _wait(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _close(self):
        self._server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    async def _serve(self, reader, writer):
        if self.is_silent:
            await reader.read()
            return
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            name, _, said = rest.partition(" ")
            if name.upper() == "UID":
                name, _, said = said.partition(" ")
            self.asked.append(name.upper())
            answer = getattr(self, f"_{name.lower()}", self._unknown)(said)
            writer.write(b"".join([*answer[:-1], f"{tag} {answer[-1]}\r\n".encode()]))
            await writer.drain()
            if name.upper() == "LOGOUT":
                break
        writer.close()

    def _unknown(self, said):
        del said
        return ["BAD this mailbox is only read"]

    def _capability(self, said):
        del said
        return [b"* CAPABILITY IMAP4rev1\r\n", "OK done"]

    def _login(self, said):
        return ["OK done" if said == f'longstop "{self.password}"' else "NO [AUTHENTICATIONFAILED] wrong password"]

    def _examine(self, said):
        if said != f'"{FOLDER}"':
            return ["NO no such mailbox"]
        return [f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] .\r\n".encode(), "OK [READ-ONLY]"]

    def _search(self, said):
        found = re.fullmatch(r"UID (\d+):\*", said)
        first = int(found[1]) if found else 1
        uids = range(min(first, len(self.mails)), len(self.mails) + 1) if self.mails else ()
        return [f"* SEARCH {' '.join(map(str, uids))}\r\n".encode(), "OK done"]

    def _fetch(self, said):
        uid, most = map(int, re.fullmatch(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", said).groups())
        mail = self.mails[uid - 1][:most]
        return [f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(mail)}}}\r\n".encode(), mail, b")\r\n", "OK done"]

    def _logout(self, said):
        del said
        return [b"* BYE\r\n", "OK done"]


def bounce(delivery_id, *, to=None, action="failed", status="5.1.1", said="550 5.1.1 no such user", quoted=True):
    """A delivery status notification, as Postfix writes them."""
    to = to or f"bounce+{delivery_id}@example.com"
    original = f"Message-ID: <{delivery_id}@example.com>\r\nSubject: A deadline\r\n"
    lines = [
        "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)",
        f"To: {to}",
        "Auto-Submitted: auto-replied",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
        "", "--B", "Content-Type: text/plain", "", "I'm sorry to have to inform you.", "",
        "--B", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.org", "",
        "Final-Recipient: rfc822; olga@example.com", f"Action: {action}", f"Status: {status}",
        f"Diagnostic-Code: smtp; {said}", "",
        *(["--B", "Content-Type: text/rfc822-headers", "", original] if quoted else []),
        "--B--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()
