"""Evidence packs taken apart and put together again, as somebody would who wants to change what they say.

pack = Unpacked(path)
pack.rows("deadlines.jsonl")[0]["state"]
pack.change_row("deadlines.jsonl", 0, state="done")
pack.write(path)            # nothing else is mended
pack.write(path, forged=["deadlines.jsonl"])   # with the hashes of that file, and the manifest, made anew
"""

import hashlib
import json
import zipfile
from datetime import date

from engine.evidence_pack.asking import Asked

CANARY = "Zanzibar"
YEAR = Asked(from_on=date(2026, 1, 1), until_on=date(2026, 12, 31))
MANIFEST, SEAL, HASHES = "manifest.json", "manifest.sha256", "hashes/"


class Unpacked:
    """The files of a pack by name, in their order."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}

    @property
    def manifest(self):
        return json.loads(self.files[MANIFEST])

    def lines(self, name):
        return self.files[name].splitlines(keepends=True)

    def rows(self, name):
        return [json.loads(line) for line in self.files[name].splitlines()]

    def change_row(self, name, number, **said):
        lines = self.lines(name)
        lines[number] = _line({**json.loads(lines[number]), **said})
        self.files[name] = b"".join(lines)

    def drop_row(self, name, number):
        lines = self.lines(name)
        del lines[number]
        self.files[name] = b"".join(lines)

    def add_row(self, name, number, row):
        lines = self.lines(name)
        lines.insert(number, _line(row))
        self.files[name] = b"".join(lines)

    def change_manifest(self, **said):
        self.files[MANIFEST] = json.dumps({**self.manifest, **said}).encode()

    def write(self, path, *, forged=()):
        for name in forged:
            self._forge(name)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in self.files.items():
                archive.writestr(name, content)
        return path

    def _forge(self, name):
        """Make every hash of a file anew, up to the seal."""
        if name != MANIFEST:
            hashes = f"{HASHES}{name}"
            named = [name]
            if hashes in self.files:
                self.files[hashes] = b"".join(f"{_sha256(line)}\n".encode() for line in self.lines(name))
                named.append(hashes)
            files = self.manifest["files"]
            for one in files:
                if one["name"] in named:
                    content = self.files[one["name"]]
                    one["sha256"], one["size"] = _sha256(content), len(content)
                    one["rows"] = one["rows"] and len(content.splitlines())
            self.change_manifest(files=files)
        self.files[SEAL] = f"{_sha256(self.files[MANIFEST])}\n".encode()


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


def _line(row):
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
