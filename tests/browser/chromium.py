"""A real browser, and one person's window in it.

    with Chromium(installed()) as chromium, chromium.window(house, "mei") as window:
        window.go("/deadlines")
        window.click("button", "Acknowledge")
        assert window.clicks == 1

A window reaches our own host alone: whatever else a page asks for is refused and remembered in ``foreign``. What the
browser complains about (errors of scripts, breaches of the policy) stands in ``complaints``.
"""

import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from web.frame.sessions import SESSION

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
DESK, PHONE = (1280, 900), (390, 844)


def installed():
    """Where the distribution's Chromium is; None without one."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Chromium:
    """See the module."""

    def __init__(self, program):
        self._program = program

    def __enter__(self):
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=self._program)
        return self

    def __exit__(self, *_):
        self._browser.close()
        self._playwright.stop()

    @contextmanager
    def window(self, house, name="", *, size=DESK, **said):
        """A window on a house: of somebody who is signed in there, or of anybody; *said* as Playwright's contexts."""
        context = self._browser.new_context(
            base_url=house.url,
            viewport={"width": size[0], "height": size[1]},
            **{"color_scheme": "light", "reduced_motion": "reduce", "locale": "en-GB"} | said,
        )
        context.set_default_timeout(10_000)
        if name:
            cookie = {"name": SESSION, "value": house.session(name), "url": house.url, "httpOnly": True}
            context.add_cookies([cookie])
        window = Window(context, house.url)
        yield window
        context.close()
        assert window.foreign == [], "a page asks another host"


class Window:
    """One page in the browser, and how often it was clicked."""

    def __init__(self, context, url):
        self.context, self.url = context, url
        self.page = context.new_page()
        self.foreign, self.complaints, self.clicks = [], [], 0
        context.route("**/*", self._guard)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _guard(self, route):
        if urlsplit(route.request.url).netloc == urlsplit(self.url).netloc:
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _heard(self, message):
        # That an answer was 404 or 422 is said aloud by the browser, and is what some tests ask for.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def go(self, path):
        """Open an address by typing it; the answer."""
        return self.page.goto(path, wait_until="load")

    @property
    def path(self):
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def text(self):
        """What somebody reads."""
        return " ".join(self.page.inner_text("body").split())

    def find(self, role, name="", *, exact=False):
        """The first thing of a role (button, link, heading) that is called so."""
        return self.page.get_by_role(role, name=name, exact=exact).first

    def click(self, role, name, *, exact=False):
        """Click on it as a person would, and count."""
        self.clicks += 1
        self.find(role, name, exact=exact).click()
        self.page.wait_for_load_state("load")

    def fill(self, **fields):
        """Type into fields by their names."""
        for name, value in fields.items():
            self.page.locator(f"main [name='{name}']").first.fill(value)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
