"""The file of incoming webhooks (HOOKS_FILE): a door for each sender, read with all that is wrong with it at once.

A hook says how a call proves who sent it, which operation it asks for, and where in its JSON the values stand (JSON
Pointers). A preset is a hook without its secret; what the file says beside it wins. Secrets lie in files of their own,
one a line, so that two hold while one is being changed.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.yaml_source import Source, YamlRefused, is_a
from lifecycle.hooks import Hook, HookOperation, Scheme
from lifecycle.words import listed, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yaml.nodes import Node

HOOK_KEYS: Final = dict.fromkeys(
    ("preset", "verify", "operation", "when", "fields", "constants", "event_id"), False
)  # fmt: skip
VERIFY_KEYS: Final = dict.fromkeys(("scheme", "header", "secret_file"), False)
_NAME: Final = r"[a-z0-9][a-z0-9-]{0,39}"
_POINTER: Final = r"(/[^/]*)+"
_COLUMN: Final = r"[a-z_]{1,40}"
_SHORTEST: Final = 8  # characters of a secret
#: What a call must tell for each operation.
_NEEDS: Final[Mapping[HookOperation, tuple[str, ...]]] = {
    HookOperation.SIGN: ("reference", "signed_on"),
    HookOperation.AMEND: ("reference",),
    HookOperation.DONE: ("reference", "kind"),
    HookOperation.DISCLOSE: ("reference", "what"),
}


def load_hooks(path: Path) -> dict[str, Hook]:
    """The hooks of a file, by name. Raises YamlRefused with all errors, OSError where the file cannot be read."""
    return parse_hooks(path.read_text(encoding="utf-8"), str(path), folder=path.parent)


def parse_hooks(text: str, name: str, *, folder: Path) -> dict[str, Hook]:
    """The hooks of one text; relative secret files lie in *folder*. Raises YamlRefused with all errors."""
    source = Source(name)
    found: dict[str, Hook] = {}
    for document in source.documents(text):
        for key, node in _entries(source, document):
            hook = _Reader(source, key, folder).hook(node)
            if hook is not None:
                found[hook.name] = hook
    if source.findings:
        raise YamlRefused(sorted(source.findings))
    return found


@cache
def presets() -> dict[str, Node]:
    """The doors that are known, as nodes of the file that ships."""
    source = Source("hook_presets.yaml")
    text = resources.files("config").joinpath("hook_presets.yaml").read_text(encoding="utf-8")
    return {key.value: node for document in source.documents(text) for key, node in document.value}


def _entries(source: Source, document: Node) -> list[tuple[Node, Node]]:
    if not is_a(document, "mapping"):
        source.complain(document, "E0", "Here belongs a mapping of names to hooks.", "Write NAME: {...}.")
        return []
    names = [key.value for key, _ in document.value]
    for key, _ in document.value:
        if names.count(key.value) > 1:
            source.complain(key, "E1", f"There are two hooks {shown(key.value)}.", "Rename one of them.")
    return list(document.value)


class _Reader:
    """One hook, and what its preset says where it says nothing."""

    def __init__(self, source: Source, key: Node, folder: Path) -> None:
        self._source, self._key, self._folder = source, key, folder

    def hook(self, node: Node) -> Hook | None:
        source = self._source
        before = len(source.findings)
        name = source.pattern(self._key, _NAME, "a name such as documenso")
        keys = self._with_preset(source.mapping(node, HOOK_KEYS))
        verify = self._verify(node, keys)
        operation = self._operation(node, keys)
        event_id = source.pattern(keys.get("event_id"), _POINTER, "a JSON Pointer such as /data/id")
        constants = self._pairs(keys, "constants", r".{1,500}", "a value")
        fields = self._pairs(keys, "fields", _POINTER, "a JSON Pointer such as /data/id")
        if operation is not None:
            self._complete(node, operation, {*constants, *fields})
        if len(source.findings) > before or name is None or operation is None or verify is None:
            return None
        scheme, header, secrets = verify
        return Hook(
            name=name,
            scheme=scheme,
            secrets=secrets,
            header=header,
            operation=operation,
            when=self._when(keys),
            fields=fields,
            constants=constants,
            event_id=event_id or "",
        )

    def _with_preset(self, keys: dict[str, Node]) -> dict[str, Node]:
        if "preset" not in keys:
            return keys
        chosen = self._source.choice(keys["preset"], presets())
        return {**(_plain(presets()[chosen]) if chosen else {}), **keys}

    def _verify(self, node: Node, keys: Mapping[str, Node]) -> tuple[Scheme, str, tuple[str, ...]] | None:
        source = self._source
        if "verify" not in keys:
            source.complain(node, "E1", "It is not said how a call proves who sent it.", "Add verify.")
            return None
        given = source.mapping(keys["verify"], VERIFY_KEYS)
        preset = source.text(keys["preset"]).lower() if "preset" in keys else ""
        if preset in presets():
            given = {**_plain(_plain(presets()[preset])["verify"]), **given}
        scheme = source.choice(given["scheme"], Scheme) if "scheme" in given else None
        header = source.pattern(given.get("header"), r"[A-Za-z0-9-]{1,100}", "the name of a header") or ""
        if scheme is None and "scheme" not in given:
            source.complain(keys["verify"], "E1", "The scheme is missing.", f"Use {listed(Scheme)}.")
        if scheme is not None and scheme != Scheme.STANDARD and not header:
            source.complain(keys["verify"], "E1", "The header is missing.", "Say which one carries the proof.")
        secrets = self._secrets(keys["verify"], given.get("secret_file"))
        return (Scheme(scheme), header, secrets) if scheme and secrets else None

    def _secrets(self, verify: Node, named: Node | None) -> tuple[str, ...]:
        source = self._source
        if named is None:
            source.complain(verify, "E1", "The secret is missing.", "Add secret_file: the file that holds it.")
            return ()
        try:
            lines = (self._folder / source.text(named)).read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError):
            source.complain(named, "E1", "The secret's file cannot be read.", "Check its path and its rights.")
            return ()
        secrets = tuple(line.strip() for line in lines if line.strip())
        if not secrets or min(map(len, secrets)) < _SHORTEST:
            source.complain(named, "E1", f"A secret has {_SHORTEST} characters at least.", "Make a longer one.")
        return secrets

    def _operation(self, node: Node, keys: Mapping[str, Node]) -> HookOperation | None:
        source = self._source
        if "operation" not in keys:
            source.complain(node, "E1", "The operation is missing.", "Add operation: sign, amend, done or disclose.")
            return None
        said = source.choice(keys["operation"], HookOperation)
        return HookOperation(said) if said else None

    def _complete(self, node: Node, operation: HookOperation, told: set[str]) -> None:
        for name in _NEEDS[operation]:
            if name not in told:
                self._source.complain(node, "E1", f"{operation.value} needs {name}.", f"Add fields: {{{name}: /...}}.")

    def _pairs(self, keys: Mapping[str, Node], key: str, pattern: str, wanted: str) -> dict[str, str]:
        if key not in keys:
            return {}
        found: dict[str, str] = {}
        for name, node in _items(self._source, keys[key]):
            column = self._source.pattern(name, _COLUMN, "a field such as reference or signed_on")
            value = self._source.pattern(node, pattern, wanted)
            if column and value:
                found[column] = value
        return found

    def _when(self, keys: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
        if "when" not in keys:
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for name, node in _items(self._source, keys["when"]):
            pointer = self._source.pattern(name, _POINTER, "a JSON Pointer such as /event")
            found[pointer or ""] = tuple(text for _, text in self._source.texts(node))
        return found


def _items(source: Source, node: Node) -> list[tuple[Node, Node]]:
    if not is_a(node, "mapping"):
        source.complain(node, "E0", "Here belongs a mapping.", "Write {name: value}.")
        return []
    return list(node.value)


def _plain(node: Node) -> dict[str, Node]:
    return {key.value: value for key, value in node.value}
