"""The main path with JavaScript off: everything that a script speeds up is a link or a form without it."""

import re

from tests.browser.chromium import PHONE


def test_a_day_at_work_needs_no_script(chromium, house):
    house.password("olga", "a long enough password")
    with chromium.window(house, java_script_enabled=False) as window:
        window.go("/")
        window.fill(email="olga@hallingdal.example", password="a long enough password")
        window.click("button", "Sign in")
        assert window.path == "/deadlines"

        window.page.locator("#q").fill("owner:olga")
        window.click("button", "Filter")
        can_be_put_off = window.page.locator("summary[data-key='s']")
        row = window.page.locator("[data-row]", has=can_be_put_off).first
        about = row.locator("[data-key='o']").get_attribute("href").rsplit("/", 1)[1]

        row.get_by_role("link", name="explain").click()
        assert window.page.locator("#why .steps li").count() >= 1
        window.click("button", "Acknowledge")
        assert "still open" in window.page.locator("#said").inner_text()
        window.click("button", "Undo")
        assert house.row(about).acknowledged is None

        window.go(f"/deadlines/{about}")
        window.page.locator("summary", has_text="Snooze").click()
        window.page.locator("form[action$='/snooze'] button").click()
        assert "Quiet until" in window.page.locator("#said").inner_text()

        window.page.locator("summary", has_text="Done").click()
        window.page.locator("textarea[name='evidence']").fill("https://files.example/signed.pdf")
        window.page.get_by_role("button", name="Say it is done").click()
        assert not house.row(about).is_live

        window.page.locator(".who summary").click()
        window.click("button", "Sign out")
        assert window.path.startswith("/login")


def test_the_list_and_a_search_are_whole_without_scripts(chromium, lived_in):
    seen = {}
    for with_scripts in (True, False):
        with chromium.window(lived_in, "mei", java_script_enabled=with_scripts) as window:
            window.go("/deadlines?q=kind:notice")
            rows = window.page.locator("[data-row] .dl-act").all_inner_texts()
            window.page.locator("#find").fill("crane")
            window.press("Enter")
            window.page.wait_for_url("**/search*")
            seen[with_scripts] = (rows, window.page.locator("main").inner_text())
    assert seen[True] == seen[False]
    assert len(seen[True][0]) > 3
    assert re.search(r"Crane work", seen[True][1])


def test_a_long_ladder_is_short_on_a_phone_until_it_is_asked_for_and_printed_whole(chromium, lived_in):
    with chromium.window(lived_in, "mei", size=PHONE, java_script_enabled=False) as window:
        window.go("/deadlines?q=kind:notice")
        window.page.locator("[data-row] [data-key='o']").last.click()
        window.page.wait_for_load_state()  # with its style, which hides
        ladder = window.page.locator(".ladder")
        steps, shown = ladder.locator("tbody tr"), ladder.locator("tbody tr:visible")
        assert shown.count() == 3 < steps.count()
        window.page.emulate_media(media="print")
        assert shown.count() == steps.count()
        window.page.emulate_media(media="screen")
        ladder.get_by_label("Show all").check()
        assert shown.count() == steps.count()
