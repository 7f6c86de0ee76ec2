"""How other programs read our feeds: what each does with them, how one subscribes there, who can reach us at all.

By their makers' pages and people's reports of late 2026; of these only vdirsyncer with khal was tried.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

ONCE: Final = "Whoever has it can read it."
UNREACHED: Final = (
    "Google, Outlook on the web, Proton and Fastmail fetch from the internet and cannot reach this server; "
    "programs inside your network can."
)
PLAIN_HTTP: Final = "Google refuses plain http."


class App(NamedTuple):
    """A program, when it looks again, what it does with our alarms, what is good to know, and the way there."""

    name: str
    looks: str
    alarms: str
    known: str
    steps: tuple[str, ...]


APPS: Final = (
    App("Google Calendar", "8 to 24 hours, whatever we ask", "ignored",
        "From the internet, https only; about 1 MB; hides closed entries.",
        ("On a computer, beside Other calendars, press +, From URL.", "Paste the address, Add calendar.")),
    App("Outlook on the web", "3 hours, at times over 24", "one, by its own rules",
        "From the internet.",
        ("Calendar, Add calendar, Subscribe from web.", "Paste the address, give it a name, Import.")),
    App("Outlook for Windows", "every 6 hours, if its update limit is on", "one for each entry",
        "Closed entries may look open.",
        ("Open the webcal address: Outlook asks.", "Or: Account Settings, Internet Calendars, New.")),
    App("Apple Calendar", "5 minutes to weekly, as you choose", "unless Remove alerts is ticked",
        "Closed entries are struck through.",
        ("File, New Calendar Subscription.", "Paste the address, Subscribe, choose Auto-refresh.")),
    App("Thunderbird", "every 30 minutes, or as set", "yes",
        "Takes the list of things to do as well. An address that has ended switches it off for good.",
        ("New Calendar, On the Network.", "Paste the address, Find Calendars, Subscribe.")),
    App("Nextcloud", "every 6 hours; older ones weekly", "dropped",
        "Addresses inside a network only if its admin allows them.",
        ("Calendar, New calendar, New subscription from link.", "Paste the address.")),
    App("ICSx5, Proton, Fastmail", "as you choose; 4 to 16 hours; hourly", "ICSx5: as you set",
        "Proton and Fastmail fetch from the internet.",
        ("ICSx5: +, paste the address.", "Proton, Fastmail: Settings, Calendars, Subscribe from a URL.")),
    App("vdirsyncer with khal", "when you run it", "shown",
        "Tried with each version of ours.",
        ("In its configuration: a storage of type http with this url.", "vdirsyncer discover, then vdirsyncer sync.")),
)  # fmt: skip


class Ways(NamedTuple):
    """An address as the programs of people open it."""

    https: str
    webcal: str
    google: str
    outlook: str


def ways(address: str) -> Ways:
    """The links that lead with *address* into programs; those of Google and Outlook are not verified."""
    webcal = "webcal:" + address.partition(":")[2]
    return Ways(
        https=address,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.office.com/calendar/0/addfromweb?url={quote(address, safe='')}",
    )


def warnings(base_url: str) -> tuple[str, ...]:
    """What to say before somebody subscribes at an address like ours."""
    parts = urlsplit(base_url)
    told = [UNREACHED] if _is_inside(parts.hostname or "") else []
    return (*told, *([PLAIN_HTTP] if parts.scheme == "http" else []))


def _is_inside(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal"))
