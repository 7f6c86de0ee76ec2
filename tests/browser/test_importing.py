"""A spreadsheet of a hundred rows, some of which nobody can read, becomes agreements in a few steps."""

from tests.browser.filled import rows


def test_a_hundred_rows_come_in_and_what_was_wrong_is_mended_on_the_page(chromium, house):
    with chromium.window(house, "mei") as window:
        window.go("/import")
        sheet = {"name": "register.csv", "mimeType": "text/csv", "buffer": rows(100)}
        window.page.locator("#file").set_input_files(sheet)
        window.click("button", "Upload")
        window.page.wait_for_selector("#columns")
        window.click("button", "Check what would happen")
        window.page.wait_for_selector("#mend")
        assert tile(window, "Failed") == 5

        window.page.locator("[name='mend-0'], [name='mend-1']").first.fill("60 days")
        window.click("button", "Check again")
        window.page.wait_for_selector("h2#do")
        assert (tile(window, "New"), tile(window, "Failed")) == (100, 0)

        window.click("button", "Import 100 agreements")
        window.page.wait_for_url("**/result")
        assert window.page.locator(".said.good").count() == 1
        assert window.complaints == []
    with house.site.look() as look:
        assert sum(one.reference.startswith("TRI-") for one in look.agreements.all()) == 100


def tile(window, name):
    return int(window.page.locator(".tile", has_text=name).first.locator("strong").inner_text())
