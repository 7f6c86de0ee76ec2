"""Uploads as strangers send them: a house with an open request on a real port, and a client that can stop half-way."""

import http.client
import io
import socket
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from engine import operations as ops
from engine.operations import Wanted
from engine.shelf import Shelf
from lifecycle.obligations.evidence import Contact, EvidenceKind
from tests.support.roles import registered
from tests.support.site import Site, text_of
from web.app import make_app
from web.health import Watched

BOUNDARY = "a-boundary-of-our-own"
PDF = b"%PDF-1.7\nwhat an auditor has written\n%%EOF\n"
MOST = 64 * 1024  # bytes of a file in these tests
ADA = Contact("ada@acme.example", "Ada Acme")


def form(content, *, name="report.pdf", field="file", **fields):
    """A form with one file, as browsers send it."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    parts += [head.encode(), b"Content-Type: application/pdf\r\n\r\n", content, f"\r\n--{BOUNDARY}--\r\n".encode()]
    return b"".join(parts)


def damaged():
    """An office document whose first part cannot be unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    head = 30 + len("mimetype")  # of the part, before what is packed
    return file.getvalue()[:head] + b"\xff" * 10 + file.getvalue()[head + 10 :]


def packed(*names):
    """A ZIP with these parts in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


class Answer:
    """What came back over the wire."""

    def __init__(self, answer):
        self.status, self.headers, self.text = answer.status, answer.headers, answer.read().decode()

    @property
    def said(self):
        return text_of(self)


class Uploading:
    """The house, its shelf, and whoever is outside. ``link()`` opens a request and answers its path."""

    def __init__(self, folder):
        self.site = Site(filled=False, upload_most=MOST)
        self.reference = "MSA-1"
        registered(self.site, self.reference, "olga", title="Hosting services")
        self.shelf = Shelf(Path(folder) / "documents")
        self.monitor = self.site.monitor = replace(self.site.monitor, shelf=self.shelf)
        self.site.pages = replace(self.site.pages, monitor=self.monitor)
        watched = Watched(monitor=self.monitor, is_current=lambda: True, intervals={}, data_dir=Path("/"))
        self.site.app = make_app(watched, site=self.site.pages)
        self.base = ""

    def link(self, kind=EvidenceKind.SOC2_TYPE_2, **said):
        """The id of a new request and the path of its link."""
        with self.site.work() as work:
            agreement = work.agreements.find(self.reference)
            request, url = ops.request_evidence(work, agreement, Wanted(kind=kind, contact=ADA, **said))
        return request.id, urlsplit(url).path

    def get(self, path, method="GET"):
        with closing(self._connection()) as connection:
            connection.request(method, path)
            return Answer(connection.getresponse())

    def send(self, path, content, *, headers=None, **said):
        """Post a file to a link and read the answer."""
        told = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Sec-Fetch-Site": "same-origin"}
        with closing(self._connection()) as connection:
            connection.request("POST", path, form(content, **said), told | (headers or {}))
            return Answer(connection.getresponse())

    def send_raw(self, path, body, *, length):
        """Post bytes that are said to be *length* long, then hang up."""
        place = urlsplit(self.base)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: {length}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        )
        with socket.create_connection((place.hostname, place.port), timeout=10) as line:
            line.sendall(head.encode() + body)
            if len(body) < length:
                return b""
            line.settimeout(10)
            return line.recv(65536)

    def request(self, request_id):
        with self.monitor.look() as work:
            return work.evidence.get(request_id)

    def documents(self):
        """What the agreement has: names and hashes."""
        with self.monitor.look() as work:
            found = work.documents.of(work.agreements.find(self.reference).id)
        return sorted((one.name, one.sha256) for one in found)

    def kept(self):
        """Every file on the shelf, whatever it is called."""
        return sorted(path.name for path in self.shelf.folder.rglob("*") if path.is_file())

    def _connection(self):
        place = urlsplit(self.base)
        return http.client.HTTPConnection(place.hostname, place.port, timeout=15)
