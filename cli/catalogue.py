"""What there is to type: every command and group with its panel, its module and one line about it.

Nothing is imported for this list, so that ``longstop --help`` costs what typer costs. ``cli.lazy`` loads the module of
the command that is asked for.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """One word behind ``longstop``. *module* stands in ``cli.commands`` and holds its ``app``."""

    panel: str
    module: str
    about: str


PANELS: Final = ("Run", "Register", "Deadlines", "Playbooks", "Calendar", "Admin")
ENTRIES: Final[dict[str, Entry]] = {
    "demo": Entry("Run", "demo", "A sample register at work; nothing leaves this machine."),
    "serve": Entry("Run", "serve", "Upgrade the database, then scheduler, delivery and health pages."),
    "worker": Entry("Run", "serve", "Scheduler and delivery without pages."),
    "web": Entry("Run", "serve", "Pages without scheduler and delivery."),
    "import": Entry("Register", "importing", "Take in a spreadsheet; undo, list, template."),
    "export": Entry("Register", "importing", "Write the register as a workbook that imports again."),
    "agreement": Entry("Register", "agreement", "List, add, show, amend, sign, give notice, renew, end."),
    "obligation": Entry("Register", "obligation", "Duties with due days, once or recurring."),
    "disclosure": Entry("Register", "disclosure", "What was handed over in confidence: add, list, withdraw."),
    "asset": Entry("Register", "asset", "What is worth protecting, whose it is, and what covers it."),
    "contact": Entry("Register", "contact", "Whom a ladder asks on the other side: add, list, remove."),
    "document": Entry("Register", "document", "Originals, evidence, reports: add, list, get."),
    "audit": Entry("Register", "audit", "What we may look into, what proves it, what was found."),
    "exit": Entry("Register", "exit", "How an agreement is left: plan, start, stop, test, status."),
    "finding": Entry("Register", "finding", "What does not fit together: list; accept with a reason, reopen."),
    "deadlines": Entry("Deadlines", "deadlines", "What is overdue and what comes next."),
    "explain": Entry("Deadlines", "explain", "Why this date: every step from clause to day."),
    "calc": Entry("Deadlines", "calc", "Count days by a rule set, without a register."),
    "ack": Entry("Deadlines", "answers", "I have it: quiet until the next stage, still open."),
    "snooze": Entry("Deadlines", "answers", "Quiet until a day, still open."),
    "undo": Entry("Deadlines", "answers", "Take an acknowledgement or a snooze back."),
    "done": Entry("Deadlines", "answers", "It was done, and this proves it."),
    "decide": Entry("Deadlines", "answers", "Record what was decided, and learn what is left to do."),
    "waive": Entry("Deadlines", "answers", "Nobody has to act, and this is why."),
    "assign": Entry("Deadlines", "answers", "Somebody else answers for it."),
    "reopen": Entry("Deadlines", "answers", "Take an outcome back."),
    "verify": Entry("Deadlines", "answers", "The facts behind the day agree with the document."),
    "accept": Entry("Deadlines", "answers", "Let a later day hold."),
    "pin": Entry("Deadlines", "answers", "Set a day against the computation."),
    "forecast": Entry("Deadlines", "forecast", "Every message that will be sent, to whom, and when."),
    "rehearse": Entry("Deadlines", "rehearse", "The real engine under a virtual clock, on a copy."),
    "playbook": Entry("Playbooks", "playbook", "The rules: list, show, check, plan, apply."),
    "checklist": Entry("Playbooks", "checklist", "Named sets of obligations: list, show, apply."),
    "feed": Entry("Calendar", "feed", "Deadlines in calendars: subscribe, list, rotate, revoke, render."),
    "person": Entry("Admin", "person", "Our people, their roles, teams and managers."),
    "token": Entry("Admin", "token", "Let programs in: create, list, revoke."),
    "silence": Entry("Admin", "silence", "Hold, defer or drop what is told of some deadlines for a while."),
    "webhook": Entry("Admin", "webhook", "Tell other programs what happens, signed."),
    "incoming": Entry("Admin", "incoming", "Calls from outside that wait for a person: list, show, retry, drop."),
    "send-test": Entry("Admin", "send_test", "Send one message through a channel, now."),
    "slack": Entry("Admin", "slack", "The app in Slack: its manifest."),
    "outbox": Entry("Admin", "outbox", "What waits to leave: list, retry, hold, release."),
    "log": Entry("Admin", "log", "The permanent log: verify its chain."),
    "evidence": Entry("Admin", "evidence", "Proof of a span of days in one file: export, verify."),
    "backup": Entry("Admin", "backup", "The whole house in one file: create, verify, restore."),
    "db": Entry("Admin", "db", "The database: bring it to this version, copy it."),
    "doctor": Entry("Admin", "doctor", "Is everything in order? Each finding with its remedy."),
    "healthcheck": Entry("Admin", "healthcheck", "0 when a running serve is ready."),
    "bench": Entry("Admin", "bench", "Measure against peers, from a source checkout."),
    "config": Entry("Admin", "config", "Settings: in force, all of them, what is wrong."),
}
