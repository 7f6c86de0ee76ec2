"""What stands in a house besides the demo's agreements, made through its pages: imports at each of their steps."""

import re
import time
from html import unescape

HEADER = "reference,counterparty,title,kind,owner,effective on,term,renewal,renewal term,notice period,governing law\n"


def rows(many, *, prefix="TRI"):
    """So many agreements as a spreadsheet; every twentieth has a notice period that nobody can read."""
    lines = [
        f"{prefix}-{number:03},Trial Partner {number:03} GmbH,Services {number},MSA,olga@hallingdal.example,2026-01-01,"
        f"24 months,automatic,12 months,{'soonish' if number % 20 == 7 else '60 days'},Germany"
        for number in range(1, many + 1)
    ]
    return (HEADER + "\n".join(lines)).encode()


def imports(site):
    """An import of which some rows fail, as it stands before it is confirmed, and another that was taken in."""
    browser = site.as_("mei")
    waiting = _checked(browser, "waiting.csv", rows(40, prefix="WAI"))
    taken = _checked(browser, "taken.csv", rows(8, prefix="TAK"))
    page = browser.get(f"/import/{taken}/check").text
    form = next(one for one in page.split("<form")[1:] if "/confirm" in one.split(">", 1)[0])
    browser.post(f"/import/{taken}/confirm", on=f"/import/{taken}/check", **_as_it_stands(form))
    _settled(browser, taken)
    return waiting, taken


def _checked(browser, name, content):
    answer = browser.post("/import", on="/import", files={"file": (name, content, "text/csv")})
    pending = answer.headers["location"].split("/")[2]
    columns = f"/import/{pending}/columns"
    form = next(one for one in browser.get(columns).text.split("<form")[1:] if 'id="columns"' in one.split(">", 1)[0])
    browser.post(columns, on=columns, **(_as_it_stands(form) | {"anyway": "on"}))
    _settled(browser, pending)
    return pending


def _settled(browser, pending):
    """Wait until what runs in the background has come to its end."""
    for _ in range(600):
        if 'http-equiv="refresh"' not in browser.http.get(f"/import/{pending}", follow_redirects=True).text:
            return
        time.sleep(0.05)
    raise AssertionError("the import does not come to an end")


def _as_it_stands(form):
    """What a form would send if nobody touched it."""
    found = {}
    form = form.split("</form>")[0]
    for one in re.finditer(r'<input\b[^>]*name="([^"]+)"[^>]*>', form):
        if 'type="checkbox"' not in one[0]:
            value = re.search(r'value="([^"]*)"', one[0])
            found[one[1]] = unescape(value[1]) if value else ""
    for one in re.finditer(r'<select\b[^>]*name="([^"]+)".*?</select>', form, re.DOTALL):
        value = re.search(r'value="([^"]*)" selected', one[0])
        found[one[1]] = unescape(value[1]) if value else ""
    return {name: value for name, value in found.items() if name != "form_token"}
