"""The demo as it is served: a real house on a real port, and a browser without scripts in it."""

import re
import threading
from contextlib import contextmanager
from html import unescape

import httpx2

from cli.demo.opened import opened
from cli.demo.serving import address_of, app_of, listening
from cli.listening import server_of

_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_FORM = re.compile(r"<form[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@contextmanager
def served(folder, today=None):
    """(demo, address) of a demo in *folder*, as `longstop demo` serves it."""
    ended = threading.Event()
    with listening(0) as found:
        address = address_of(found)
        with opened(folder, today, address) as demo:
            server = server_of(app_of(demo), ended)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [found]}, daemon=True)
            thread.start()
            try:
                yield demo, address
            finally:
                ended.set()
                thread.join(10)


class Visitor:
    """Somebody who looks and presses buttons; follows where answers lead."""

    def __init__(self, address):
        headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
        self.http = httpx2.Client(base_url=address, headers=headers, follow_redirects=True, timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()

    def get(self, path):
        return self.http.get(path)

    def post(self, path, on, **fields):
        """Send a form as it stands on the page *on*."""
        token = _TOKEN.search(self.get(on).text)[1]
        return self.http.post(path, data={"form_token": token, **fields})

    def be(self, name, page="/demo"):
        """Sign in by one click."""
        fields = dict(forms(self.get(page).text, f"Be {name}")[0])
        return self.http.post("/demo", data=fields)


def forms(html, button):
    """The hidden fields of every form that has a button of that name (its words, or what a screen reader says)."""
    found = []
    for _, inside in _FORM.findall(html):
        if button in unescape(re.sub(r"<span.*?</span>", "", inside)):
            found.append([(name, unescape(value)) for name, value in _HIDDEN.findall(inside)])
    return found
