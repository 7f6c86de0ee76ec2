"""The main path by the keyboard alone: by Tab and Enter as everybody, and by the keys of INTERFACE.md P2."""

import re


def focused(window):
    """What has the focus: its name, and whether it is seen that it has it."""
    return window.page.evaluate("""() => {
        const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
        return {name: one.getAttribute('aria-label') || one.textContent.trim() || one.name || one.tagName,
                seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                inside: box.bottom > 0 && box.top < innerHeight};
    }""")


def tab_to(window, words, *, most=80):
    """Press Tab until something called so has the focus; what was passed on the way."""
    passed = []
    for _ in range(most):
        window.press("Tab")
        passed.append(focused(window))
        if re.match(words, passed[-1]["name"]):
            return passed
    raise AssertionError(f"Tab does not come to {words!r}: {[one['name'] for one in passed]}")


def test_acknowledging_needs_no_mouse_and_every_stop_is_seen(chromium, house):
    house.password("olga", "a long enough password")
    with chromium.window(house) as window:
        window.go("/login")
        tab_to(window, "email")
        window.page.keyboard.type("olga@hallingdal.example")
        tab_to(window, "password")
        window.page.keyboard.type("a long enough password")
        window.press("Enter")
        window.page.wait_for_url("**/deadlines")

        window.press("Tab")
        assert focused(window)["name"] == "Skip to the content"
        window.press("Enter")
        passed = tab_to(window, "Acknowledge: ")
        assert [one["name"] for one in passed if not (one["seen"] and one["inside"])] == []
        window.press("Enter")
        window.page.wait_for_load_state("load")
        assert "still open" in window.page.locator("#said").inner_text()


def test_keys_move_open_explain_and_answer(chromium, house):
    with chromium.window(house, "mei") as window:
        window.go("/deadlines")
        window.press("j", "j")
        here = window.page.locator("[data-row].here")
        assert here.count() == 1
        second = window.page.locator("[data-row]").nth(1).locator("[data-key='o']").get_attribute("href")
        assert here.locator("[data-key='o']").get_attribute("href") == second
        window.press("k", "j", "o")
        window.page.wait_for_url(f"**{second}")

        window.press("g", "d")
        window.page.wait_for_url("**/deadlines")
        window.press("j", "w")
        window.page.wait_for_url("**#why")

        row = house.row(second.rsplit("/", 1)[1])
        window.go(second)
        assert row.acknowledged is None
        window.press("e")
        window.page.wait_for_selector("#said .said")
        assert house.row(row.id).acknowledged is not None
        window.press("d")
        assert window.page.locator("details.answer[open] textarea[name='evidence']").count() == 1


def test_in_a_list_keys_answer_the_row_that_was_moved_to_and_none_before(chromium, house):
    with chromium.window(house, "mei") as window:
        window.go("/deadlines")
        window.press("s", "e", "d")
        assert window.page.locator("details.drop[open]").count() == 0
        assert window.page.url.endswith("/deadlines")
        both = "all => all.findIndex(one => one.querySelector('[data-key=e]') && one.querySelector('[data-key=s]'))"
        at = window.page.locator("[data-row]").evaluate_all(both)
        assert at >= 0
        window.press(*["j"] * (at + 1), "s")
        chosen = window.page.locator("[data-row].here")
        assert chosen.locator("details.drop[open]").count() == 1
        assert chosen.locator("details.drop[open] :focus").count() == 1
        row = house.row(chosen.locator("[data-key='o']").get_attribute("href").rsplit("/", 1)[1])
        window.page.locator("body").click(position={"x": 2, "y": 2})
        window.press("e")
        window.page.wait_for_selector("#said .said")
        assert house.row(row.id).acknowledged is not None

        window.go("/agreements")
        link = window.page.locator("[data-row] [data-open]").nth(1).get_attribute("href")
        window.press("j", "j", "o")
        window.page.wait_for_url(f"**{link}")


def test_keys_search_go_and_tell_what_they_are(chromium, house):
    with chromium.window(house, "mei") as window:
        window.go("/me")
        window.press("?")
        keys = window.page.locator("dialog[open] kbd").all_inner_texts()
        assert {"/", "Ctrl K", "?", "j, k", "o", "e", "s", "d", "w"} <= set(keys)
        window.press("Escape")
        assert window.page.locator("dialog").count() == 0
        window.press("Control+k")
        window.page.keyboard.type("agreem")
        window.press("Enter")
        window.page.wait_for_url("**/agreements")
        window.press("/")
        window.page.keyboard.type("crane")
        window.press("Enter")
        window.page.wait_for_url("**/search?q=crane")


def test_escape_closes_a_menu_and_leaves_the_focus_where_it_was_opened(chromium, lived_in):
    with chromium.window(lived_in, "mei") as window:
        window.go("/deadlines")
        for menu in ("details.who", "details.drop:has(.views)"):
            opened = window.page.locator(menu)
            opened.locator("summary").press("Enter")
            window.press("Tab")
            assert opened.get_attribute("open") is not None
            assert opened.locator(".menu :focus").count() == 1
            window.press("Escape")
            assert opened.get_attribute("open") is None
            assert opened.locator("summary:focus").count() == 1


def test_whoever_wants_no_keys_has_none(chromium, house):
    with chromium.window(house, "mei") as window:
        window.go("/me")
        box = window.page.locator("[name='with_keys'], [name='keys']").first
        box.uncheck()
        box.locator("xpath=ancestor::form").locator("button").first.click()
        window.page.wait_for_load_state("load")
        window.go("/deadlines")
        window.press("j")
        assert window.page.locator("[data-row].here").count() == 0
