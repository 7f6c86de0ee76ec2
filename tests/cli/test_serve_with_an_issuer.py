"""The company's own sign-in by settings alone: a real process, a real issuer, and a log that keeps what came."""

import os
import re
import socket
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.support.issuer import CLIENT, SECRET, IssuerServer
from tests.support.processes import Process

ADA = "ada@example.com"


@pytest.fixture
def server():
    with IssuerServer(now=lambda: datetime.now(UTC)) as made:  # noqa: TID251 - a machine that is not ours
        made.claims |= {"email": ADA, "groups": ["of nobody's business"]}
        yield made


@pytest.fixture
def process(tmp_path, server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"http://127.0.0.1:{port}/contracts"
    given = {
        "DATA_DIR": str(tmp_path), "PORT": str(port), "BASE_URL": url, "ROOT_PATH": "/contracts", "LOG_LEVEL": "debug",
        "ADMIN_EMAIL": ADA, "ADMIN_PASSWORD": "a long enough password", "SHADOW_MODE": "true",
        "OIDC_ISSUER": f"{server.url}/", "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_ROLE_MAP": "Legal=legal",
    }  # fmt: skip
    made = Process(["serve"], os.environ | {f"LONGSTOP_{name}": value for name, value in given.items()})
    made.url = url
    made.hear("Longstop serves")
    yield made
    if made.is_alive:
        made.kill()


def test_the_settings_are_all_that_it_takes_and_the_log_holds_nothing_of_it(process, server):
    known = {SECRET, "an-access-token", "of nobody's business"}
    with httpx2.Client(headers={"accept": "text/html"}) as browser:
        left = browser.get(f"{process.url}/login/oidc?next=/me")
        back = browser.get(left.headers["location"]).headers["location"]
        known |= {value for values in parse_qs(urlsplit(back).query).values() for value in values}
        known |= set(browser.cookies.values())
        entered = browser.get(back)
        assert (entered.status_code, entered.headers["location"]) == (303, "/contracts/me")
        known |= set(browser.cookies.values())
        page = browser.get(f"{process.url}/me").text
        assert ADA in page
        assert "Admin" in page, "a map that makes no admins takes none away"
        assert browser.get(back).status_code == 303
        token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
        headers = {"origin": process.url.removesuffix("/contracts"), "sec-fetch-site": "same-origin"}
        out = browser.post(f"{process.url}/logout", data={"form_token": token}, headers=headers)
        assert f'content="0; url={server.url}/logout?' in out.text
    failed = httpx2.get(back, headers={"accept": "text/html"})
    assert failed.status_code == 422
    server.answers["/token"] = (401, {"error": "invalid_client", "error_description": SECRET})
    with httpx2.Client() as browser:
        there = browser.get(browser.get(f"{process.url}/login/oidc").headers["location"]).headers["location"]
        assert browser.get(there).status_code == 422
    assert process.terminate() == 0
    log = "\n".join(process.lines)
    assert "its token endpoint answered invalid_client" in log
    assert len(known) >= 6
    assert {one for one in known if one in log} == set()
    assert "Traceback" not in log
