"""The first run on an empty directory: a real process, a real browser, and a log that keeps every secret."""

import os
import re
import time
from types import SimpleNamespace

from tests.support.processes import Process

FIRST_SCREEN = 5.0  # seconds (INTERFACE.md A1); the machine of the tests may be busy with others
PATIENCE = 6
PASSWORD = "correct horse battery"


def started(folder):
    given = {
        "LONGSTOP_DATA_DIR": str(folder), "LONGSTOP_PORT": "0", "LONGSTOP_LOG_LEVEL": "debug",
        "LONGSTOP_SHADOW_MODE": "true",
    }  # fmt: skip
    return Process(["serve"], os.environ | given)


def written(file):
    """What a file says, once it is there."""
    for _ in range(200):
        if file.exists() and (said := file.read_text(encoding="utf-8").strip()):
            return said
        time.sleep(0.05)
    raise AssertionError(f"{file.name} was not written")


def test_from_an_empty_directory_to_the_first_screen_and_no_secret_in_the_log(chromium, tmp_path):
    began = time.monotonic()
    process = started(tmp_path)
    try:
        url = f"http://127.0.0.1:{process.port()}"
        took = time.monotonic() - began
        process.hear("with this token")
        token = written(tmp_path / "setup-token")
        with chromium.window(SimpleNamespace(url=url)) as window:
            secrets = walked(window, token)
            secrets |= {one["value"] for one in window.context.cookies()}
            secrets |= {*re.findall(r'name="form_token" value="([^"]+)"', window.page.content())}
    finally:
        code = process.terminate()
    assert code == 0
    assert took < FIRST_SCREEN * PATIENCE
    secrets.add((tmp_path / "secret-key").read_text(encoding="utf-8").strip())
    log = [line for line in process.lines if token not in line]
    assert len(process.lines) - len(log) <= 1, "the setup token is printed once, for its owner"
    assert len(secrets) >= 6
    assert {one for one in secrets if any(one in line for line in log)} == set()


def walked(window, token):
    """Go through the first run, look at what comes, and make everything that is secret; the secrets."""
    window.go("/")
    assert window.path == "/setup"
    window.fill(token=token, name="Ada", email="ada@example.com", password=PASSWORD)
    window.click("button", "Begin")
    assert window.path == "/setup/organisation"
    window.fill(organisation="Trial House")
    window.click("button", "Save and go on")
    for step in ("channels", "data", "people"):
        assert window.path == f"/setup/{step}"
        window.click("button", "Skip this")
    window.go("/deadlines")
    assert "Nothing is watched yet." in window.text
    assert window.find("link", "Import").is_visible()

    window.go("/me")
    form = window.page.locator("form[action$='/me/tokens']")
    form.locator("xpath=ancestor::details/summary").click()
    form.locator("[name='token_name']").fill("a script")
    form.locator("button").last.click()
    window.page.wait_for_selector("text=lst_")
    api = re.search(r"lst_[A-Za-z0-9_-]+", window.text)[0]
    window.go("/subscribe")
    window.click("button", "Create", exact=True)
    feed = re.search(r"/feeds/([^/\s.]+)\.ics", window.text)[1]
    window.go("/login?next=/deadlines")
    return {token, PASSWORD, api, feed}
