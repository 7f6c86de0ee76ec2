"""The file of incoming webhooks: what it says, and every complaint with its place."""

import pytest

from config.hooks import HOOK_KEYS, VERIFY_KEYS, load_hooks, parse_hooks, presets
from config.yaml_source import YamlRefused
from lifecycle.hooks import Hook, HookOperation, Scheme
from tests.support.house import PROJECT


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dso").write_text("documenso-secret\n")
    return tmp_path


def complaints(text, folder):
    with pytest.raises(YamlRefused) as refused:
        parse_hooks(text, "hooks.yaml", folder=folder)
    return [f"{one.place.line}:{one.place.column} {one.sentence}" for one in refused.value.findings]


def test_a_hook_is_read_whole(folder):
    (folder / "hooks.yaml").write_text("""
documenso: {verify: {scheme: secret_header, header: X-Documenso-Secret, secret_file: dso}, operation: sign,
  when: {/event: DOCUMENT_COMPLETED}, fields: {reference: /payload/externalId, signed_on: /payload/completedAt}}
""")
    assert load_hooks(folder / "hooks.yaml") == {
        "documenso": Hook(
            name="documenso",
            scheme=Scheme.SECRET_HEADER,
            secrets=("documenso-secret",),
            header="X-Documenso-Secret",
            operation=HookOperation.SIGN,
            when={"/event": ("DOCUMENT_COMPLETED",)},
            fields={"reference": "/payload/externalId", "signed_on": "/payload/completedAt"},
        )
    }


def test_a_preset_needs_its_secret_alone_and_what_is_said_wins(folder):
    said = "mine: {preset: documenso, verify: {secret_file: dso}, when: {/event: [A, B]}}"
    (hook,) = parse_hooks(said, "hooks.yaml", folder=folder).values()
    assert (hook.name, hook.header, hook.when) == ("mine", "X-Documenso-Secret", {"/event": ("A", "B")})
    assert hook.fields["signed_on"] == "/payload/completedAt"


@pytest.mark.parametrize("name", ["documenso", "docuseal"])
def test_every_preset_that_ships_is_a_hook(folder, name):
    said = f"one: {{preset: {name}, verify: {{secret_file: dso}}}}"
    assert parse_hooks(said, "hooks.yaml", folder=folder)["one"].operation is HookOperation.SIGN
    assert name in presets()


def test_two_secrets_hold_while_one_is_changed_and_no_secret_is_shown(folder):
    (folder / "two").write_text("the-old-secret\n\nthe-new-secret\n")
    said = "x: {verify: {scheme: standard, secret_file: two}, operation: done, fields: {reference: /r, kind: /k}}"
    hook = parse_hooks(said, "hooks.yaml", folder=folder)["x"]
    assert hook.secrets == ("the-old-secret", "the-new-secret")
    assert "secret'" not in repr(hook)
    assert "the-old" not in repr(hook)


def test_everything_that_is_wrong_is_said_at_once_with_its_place(folder):
    text = """
Bad Name: {verify: {scheme: md5, header: X, secret_file: nowhere}, operation: sign, fields: {reference: id}}
two:
  verify: {scheme: hmac}
  operation: disclose
  colour: red
"""
    assert complaints(text, folder) == [
        '2:1 "Bad Name" is not understood.',
        "2:11 sign needs reference.",
        "2:11 sign needs signed_on.",
        '2:29 There is no "md5" here.',
        "2:58 The secret's file cannot be read.",
        '2:105 "id" is not understood.',
        "4:3 disclose needs reference.",
        "4:3 disclose needs what.",
        "4:11 The header is missing.",
        "4:11 The secret is missing.",
        '6:3 There is no key "colour" here.',
    ]


def test_a_secret_that_is_too_short_is_refused(folder):
    (folder / "short").write_text("1234567")
    said = "x: {verify: {scheme: standard, secret_file: short}, operation: amend, fields: {reference: /r}}"
    assert complaints(said, folder) == ["1:45 A secret has 8 characters at least."]


@pytest.mark.parametrize("text", ["[1, 2]", "a: {b", "one: {}\none: {}"])
def test_what_is_no_file_of_hooks_is_refused(folder, text):
    assert complaints(text, folder)


def test_the_page_names_every_key_scheme_and_operation():
    page = (PROJECT / "docs" / "hooks.md").read_text()
    keys = [*(HOOK_KEYS.keys() - {"verify"}), *(f"verify.{key}" for key in VERIFY_KEYS), *Scheme, *presets()]
    assert [key for key in (*keys, *HookOperation) if f"`{key}`" not in page] == []
