"""An issuer of identities that can be told to misbehave: a real HTTP server that speaks OpenID Connect.

It signs with real keys, checks what it is asked (the client, its secret, the redirect, the verifier), and gives a code
once. Whoever is sent to its door is at once who *claims* says, as if they had been signed in there before::

    with IssuerServer(now=clock.now) as issuer:
        issuer.claims |= {"email": "olga@hallingdal.example", "email_verified": True}
        issuer.token |= {"aud": "somebody else"}   # laid over what would be right; None takes a claim away
"""

import base64
import hmac
import json
import secrets
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from tests.support.listening import Listening

CLIENT, SECRET = "longstop", "s3cret of the house +/%"


class IssuerServer(Listening):
    """See the module. *asked* are the paths that were asked for, *refused* what was wrong with what it was asked."""

    def __init__(self, now, host="127.0.0.1"):
        self.now = now
        self.claims = {"sub": "4711", "email_verified": True}
        self.token, self.header, self.discovery = {}, {}, {}
        self.answers = {}  # path -> (status, body) instead of what would be right
        self.userinfo = None  # what is told there; else nothing stands at that door
        self.before = lambda: None  # whatever is asked is answered after that
        self.access_token = "an-access-token"
        self.says_who = False
        self.form_only = False
        self.asked, self.refused = [], []
        self.keys = [key_of("RS256", "k1")]
        self.alg = "RS256"
        self.signed_with = None  # another key than the first that is published
        self._codes = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://{host}:{self._server.server_port}"

    def with_key(self, kind, kid):
        """Sign with a new key of another kind from now on, which is published."""
        made = key_of(kind, kid)
        self.keys, self.alg = [made], kind
        return made

    # -- its doors ---------------------------------------------------------------------------------------------------

    def document(self):
        told = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": self.says_who,
        }
        if self.form_only:
            told["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
        if self.userinfo is not None:
            told["userinfo_endpoint"] = f"{self.url}/userinfo"
        return told | self.discovery

    def authorized(self, asked):
        """Where the browser is sent back to, with a code for what it asked."""
        right = {"client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256"}
        self.refused += [name for name, value in right.items() if asked.get(name) != value]
        self.refused += [] if "openid" in asked.get("scope", "").split() else ["scope"]
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        told = {"code": code, "state": asked["state"]} | ({"iss": self.url} if self.says_who else {})
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def given(self, form, authorization):
        """(status, document) for a code."""
        client = (form.get("client_id"), form.get("client_secret"))
        if authorization.startswith("Basic ") and not self.form_only:
            name, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
            client = (unquote_plus(name), unquote_plus(secret))
        if client != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code"), None)
        digest = written(sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != digest or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant", "error_description": "secret words"}
        told = {"access_token": self.access_token, "token_type": "Bearer", "id_token": self.signed(asked["nonce"])}
        return 200, {name: value for name, value in told.items() if value is not None}

    def signed(self, nonce):
        now = int(self.now().timestamp())
        right = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {name: value for name, value in (right | self.claims | self.token).items() if value is not None}
        key = self.signed_with or self.keys[0]
        header = {"alg": self.alg, "kid": self.keys[0].kid} | self.header
        if header["alg"] == "none":
            return f"{unsigned(header, claims)}."
        if isinstance(key, bytes):
            return signed_by_secret(header, claims, key)
        registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        return jws.serialize_compact(header, json.dumps(claims), key, registry=registry)

    def answer(self, method, path, query, form, headers):
        """(status, document, address to go to)."""
        if path in self.answers:
            return *self.answers[path], ""
        doors = {
            ("GET", "/.well-known/openid-configuration"): lambda: (200, self.document(), ""),
            ("GET", "/keys"): lambda: (200, {"keys": [key.as_dict(private=False) for key in self.keys]}, ""),
            ("GET", "/authorize"): lambda: (302, {}, self.authorized(query)),
            ("POST", "/token"): lambda: (*self.given(form, headers.get("authorization", "")), ""),
            ("GET", "/userinfo"): lambda: self.told(headers.get("authorization", "")),
            ("GET", "/logout"): lambda: (302, {}, query["post_logout_redirect_uri"]),
        }
        return doors.get((method, path), lambda: (404, {}, ""))()

    def told(self, authorization):
        return (200, self.userinfo, "") if authorization == "Bearer an-access-token" else (401, {}, "")

    def _handler(self):
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def _handle(self):
                parts = urlsplit(self.path)
                issuer.asked.append(parts.path)
                issuer.before()
                body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
                query, form = ({k: v[0] for k, v in parse_qs(text).items()} for text in (parts.query, body))
                said = {name.lower(): value for name, value in self.headers.items()}
                status, document, place = issuer.answer(self.command, parts.path, query, form, said)
                content = document if isinstance(document, bytes) else json.dumps(document).encode()
                self.send_response(status)
                if place:
                    self.send_header("Location", place)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _handle  # noqa: N815 - names of the library

            def log_message(self, *_):
                """Say nothing."""

        return Handler


@cache
def key_of(kind, kid):
    """A key pair; making one takes its time, so that every server of a process has the same."""
    if kind == "ES256":
        return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


def unsigned(header, claims):
    return ".".join(written(json.dumps(one).encode()) for one in (header, claims))


def signed_by_secret(header, claims, secret):
    """HS256 by hand: libraries refuse what an attacker would do with a public key."""
    text = unsigned(header, claims)
    return f"{text}.{written(hmac.digest(secret, text.encode(), 'sha256'))}"


def written(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
