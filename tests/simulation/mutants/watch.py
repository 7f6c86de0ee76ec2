"""Facts and incidents that hide what is wrong."""

import json

from store.keeping import Keeping


class Silent(Keeping):
    def open_incident(self, row):
        return row["kind"] != "no_recipient" and super().open_incident(row)


class Rosy(Keeping):
    def fact(self, name):
        kept = super().fact(name)
        if name != "audit" or kept is None:
            return kept
        return json.dumps({**json.loads(kept), "findings": [], "confirmed": []})
