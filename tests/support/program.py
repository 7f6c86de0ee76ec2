"""A program that speaks to the programming interface with somebody's token.

mei = Program(site, "Mei")
mei.get("/deadlines").json()
mei.post("/agreements", {"fields": {...}}, idempotency_key="k-1")
"""

from datetime import timedelta

from engine.access.tokens import create_token

_ALL = ("read", "act", "register", "playbooks", "admin")


class Program:
    """A program with a token of somebody, by their first name."""

    def __init__(self, site, name, *scopes):
        self.browser = site.anybody()
        self.http = self.browser.http
        self.http.headers["accept"] = "application/json"
        with site.work() as work:
            person = work.people.get(site.people[name])
            made = create_token(work, person, scopes or _ALL, work.now.date() + timedelta(days=30))
        self.token = made.text
        self.http.headers["authorization"] = f"Bearer {made.text}"

    def get(self, path, **said):
        return self.http.get(f"/api/v1{path}", **said)

    def post(self, path, body=None, **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(f"/api/v1{path}", json=body if body is not None else {}, headers=given)

    def item(self, path):
        """What is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["item"]

    def items(self, path):
        """What is there, of a list."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def done(self, path, body=None, status=200, **headers):
        """What a change has answered, which must have gone well."""
        answer = self.post(path, body, **headers)
        assert answer.status_code == status, answer.text
        return answer.json()["item"]

    def refused(self, path, body=None, **headers):
        """Status and code of a change that is refused."""
        answer = self.post(path, body, **headers)
        return answer.status_code, answer.json()["code"]
