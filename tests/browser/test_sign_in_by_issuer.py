"""Signing in by the company's issuer in a real browser: another site, cookies that come back, and the policy."""

from dataclasses import replace

import pytest

from notifiers.outgoing import Caller
from tests.browser.staged import Empty
from tests.support.issuer import CLIENT, SECRET, IssuerServer
from web.oidc.issuer import Issuer
from web.oidc.registration import Registration


@pytest.fixture
def house():
    """One whose issuer is on another site: ``localhost`` is one to a browser that is at ``127.0.0.1``."""
    with Empty() as house, IssuerServer(now=house.site.world.clock.now, host="localhost") as server:
        server.claims |= {"email": "olga@hallingdal.example"}
        registration = Registration(
            issuer=server.url,
            client_id=CLIENT,
            client_secret=SECRET,
            back_to=f"{house.url}/login/oidc/back",
            home=f"{house.url}/login",
        )
        made = Issuer(registration, Caller(allow=("localhost",), timeout=5.0), house.site.world.clock)
        house.site.app.state.site = replace(house.site.app.state.site, issuer=made)
        house.issuer = server
        yield house


def test_one_signs_in_and_out_by_the_companys_identity(chromium, house):
    with chromium.window(house) as window:
        window.context.route(f"{house.issuer.url}/**", lambda route: route.continue_())
        window.go("/me")
        assert window.path == "/login?next=/me"
        window.click("link", "Sign in with localhost")
        assert (window.path, window.clicks) == ("/me", 1)
        assert "Olga Brandt" in window.text
        window.page.locator("summary", has_text="Olga Brandt").click()
        window.click("button", "Sign out")
        window.page.wait_for_url("**/login")
        assert house.issuer.asked[-1] == "/logout"
        window.go("/me")
        assert window.path == "/login?next=/me"
        assert window.complaints == []
