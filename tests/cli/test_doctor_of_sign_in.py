"""What ``longstop doctor`` says of the company's own sign-in."""

from datetime import UTC, datetime

import pytest

from tests.support.issuer import CLIENT, SECRET, IssuerServer


@pytest.fixture
def server():
    with IssuerServer(now=lambda: datetime.now(UTC)) as made:  # noqa: TID251 - a machine that is not ours
        yield made


@pytest.fixture
def told(empty, server, monkeypatch):
    """What it says, and whether something was wrong."""
    monkeypatch.setenv("LONGSTOP_OIDC_ISSUER", server.url)
    monkeypatch.setenv("LONGSTOP_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("LONGSTOP_OIDC_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("LONGSTOP_BASE_URL", "https://longstop.example.com/contracts")
    monkeypatch.setenv("LONGSTOP_ROOT_PATH", "/contracts")

    def _told(*words, expect=0):
        (one,) = [item for item in empty("doctor", *words, "--json", expect=expect).items if item["check"] == "sign-in"]
        return one["state"], one["detail"], one["remedy"]

    return _told


def test_an_issuer_that_answers_is_told_with_the_address_that_it_has_to_know(told):
    back = "https://longstop.example.com/contracts/login/oidc/back"
    assert told() == ("ok", f"127.0.0.1 answers, with 1 key; it has to know {back}", "")


def test_offline_nobody_is_asked(told, server):
    assert told("--offline") == ("ok", "127.0.0.1, not asked", "")
    assert server.asked == []


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        ("/.well-known/openid-configuration", (404, {}), "its discovery document answered with status 404"),
        ("/keys", (200, {"keys": []}), "its keys cannot be read (MissingKeyError)"),
        ("/keys", (200, {"keys": ["x"]}), "its keys cannot be read (ValueError)"),
        ("/keys", (200, {}), "its keys cannot be read (KeyError)"),
    ],
)
def test_an_issuer_that_does_not_is_told_with_the_remedy(told, server, path, answer, why):
    server.answers[path] = answer
    state, detail, remedy = told(expect=5)
    assert (state, detail) == ("bad", f"127.0.0.1: {why}")
    assert remedy.startswith("Look at LONGSTOP_OIDC_ISSUER")


def test_an_issuer_that_signs_with_a_shared_secret_alone_cannot_sign_anybody_in(told, server):
    server.discovery = {"id_token_signing_alg_values_supported": ["HS256", "none", 7]}
    assert told(expect=5)[:2] == ("bad", "127.0.0.1 signs its tokens with nothing that counts here")


def test_an_address_in_the_house_that_only_its_document_names_is_not_called(told, server):
    server.discovery = {"jwks_uri": f"{server.url.replace('127.0.0.1', '127.0.0.2')}/keys"}
    state, detail, _ = told(expect=5)
    assert (state, server.asked) == ("bad", ["/.well-known/openid-configuration"])
    assert detail == "127.0.0.1: its keys: it is not encrypted (https)"
