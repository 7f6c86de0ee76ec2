"""What a doctor looks at, one after the other; a check that cannot be made says so and stops no other."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from cli import bootstrap
from cli.doctoring_mail import mail_examined
from cli.doctoring_sign_in import sign_in_examined
from cli.doctoring_slack import slack_examined
from cli.doctoring_surroundings import surroundings
from cli.doctoring_work import AT_WORK
from cli.examined import BAD, OK, WARNING, Examined
from config.holiday_calendars import business_calendar
from engine.backups.making import RESTORED
from engine.delivery.shadow import is_restored
from engine.findings.standing import every_finding
from engine.watcher.surroundings import LEAST_FREE
from lifecycle.errors import LifecycleError
from notifiers.wording import counted
from store.database import open_database
from store.migrate import NewerDatabase, is_current, must_not_be_newer
from store.queries.health import counts, is_made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli.run import Run
    from config.settings import Settings
    from engine.clock import Clock
    from engine.monitor import Monitor, Work

_ENOUGH_FREE: Final = 500 * 1024 * 1024  # bytes
_FIRST_SANE_YEAR: Final = 2025
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "glusterfs", "ceph"})
_SKEW: Final = timedelta(minutes=5)
_NO_REGISTER: Final = Examined("database", WARNING, "There is no register yet", "It is made at the first use.")


def examined(run: Run, *, is_offline: bool, with_register: bool) -> Iterator[Examined]:
    """Every check. Without settings that can be read there is nothing else to look at."""
    try:
        settings = run.settings
    except LifecycleError as error:
        yield Examined("settings", BAD, error.sentence, error.remedy)
        return
    yield from _settings(run)
    yield _clock(run.clock)
    yield from _folder(settings)
    yield from _holidays(settings, run.clock)
    yield from mail_examined(settings, is_offline=is_offline)
    yield from slack_examined(settings, is_offline=is_offline)
    yield from sign_in_examined(settings, run.clock, is_offline=is_offline)
    if _is_closed(settings.data_dir):
        return
    yield from _leaving(settings)
    yield from surroundings(settings, run.clock.now())
    yield from _database(settings, run.clock, with_register=with_register)


def _settings(run: Run) -> Iterator[Examined]:
    problems = bootstrap.settings_problems(run.given)
    for one in problems:
        yield Examined("settings", BAD if one.level == "error" else WARNING, one.sentence, one.remedy)
    if not problems:
        yield Examined("settings", OK, "all can be read")


def _clock(clock: Clock) -> Examined:
    now = clock.now()
    if now.year < _FIRST_SANE_YEAR:
        return Examined(
            "clock", BAD, f"It says {now:%Y-%m-%d}.", "Set the machine's clock; let it follow a time server."
        )
    return Examined("clock", OK, f"{now:%Y-%m-%d %H:%M}Z")


def _folder(settings: Settings) -> Iterator[Examined]:
    folder = settings.data_dir
    if not folder.exists():
        yield Examined("data folder", WARNING, f"{folder} is not there yet", "It is made at the first use.")
        return
    if not folder.is_dir():
        yield Examined("data folder", BAD, f"{folder} is no folder", "Set LONGSTOP_DATA_DIR to one.")
        return
    if _is_closed(folder):
        yield Examined("data folder", BAD, f"{folder} cannot be looked into", "Give this user the right to read there.")
        return
    if not os.access(folder, os.W_OK):
        yield Examined("data folder", BAD, f"{folder} cannot be written", "Give this user the right to write there.")
    else:
        yield Examined("data folder", OK, str(folder.resolve()))
    free = shutil.disk_usage(folder).free
    state = OK if free >= _ENOUGH_FREE else WARNING if free >= LEAST_FREE else BAD
    remedy = "" if state == OK else "Make room."
    yield Examined("disk", state, f"{free // (1024 * 1024)} MB free", remedy)
    kind = _file_system(folder)
    if kind in _NETWORK:
        yield Examined("disk", BAD, f"{folder} lies on a network disk ({kind})", "SQLite needs a disk of this machine.")
    yield from _rights(folder)


def _is_closed(folder: Path) -> bool:
    """Whether nobody can say what lies in it."""
    return folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK)


def _rights(folder: Path) -> Iterator[Examined]:
    """Of what others on this machine must not read."""
    key, register = folder / "secret-key", folder / "longstop.db"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Examined("rights", BAD, "secret-key can be read by others", f"chmod 600 {key}")
    if register.exists() and register.stat().st_mode & 0o077 and folder.stat().st_mode & 0o011:
        yield Examined("rights", WARNING, "longstop.db can be read by others", f"chmod 700 {folder}")


def _file_system(folder: Path) -> str:
    """The kind of file system that holds *folder*; nothing where the system does not say."""
    try:
        with open("/proc/mounts", encoding="utf-8") as mounts:  # noqa: PTH123 - a file of the kernel
            fields = [line.split()[:3] for line in mounts]
    except OSError:
        return ""
    where = str(folder.resolve())
    held = [(point, kind) for _, point, kind in fields if where == point or where.startswith(point.rstrip("/") + "/")]
    return max(held, key=lambda one: len(one[0]), default=("", ""))[1]


def _holidays(settings: Settings, clock: Clock) -> Iterator[Examined]:
    code = settings.calendar or "SAT_SUN"
    try:
        calendar = business_calendar(code)
    except LifecycleError as error:
        yield Examined("holidays", BAD, error.sentence, error.remedy)
        return
    today = clock.now().date()
    ahead = today.replace(year=today.year + 5, day=min(today.day, 28))
    if code != "SAT_SUN" and not calendar.covers(ahead):
        yield Examined("holidays", WARNING, f"{code} is not known five years ahead", "Update the holidays library.")
    else:
        told = ", ".join(
            f"{one.code} ({one.source} {one.version})" if one.version else one.code for one in calendar.provenance
        )
        yield Examined("holidays", OK, told or code)


def _leaving(settings: Settings) -> Iterator[Examined]:
    if settings.shadow_mode:
        yield Examined("shadow mode", WARNING, "Nothing leaves", "Set LONGSTOP_SHADOW_MODE=false when you are ready.")
    elif is_restored(settings.data_dir):
        mark = settings.data_dir / RESTORED
        remedy = f"End it at /admin/shadow, or take {mark} away; then start `longstop serve` anew."
        yield Examined("shadow mode", WARNING, "Nothing leaves: this register was restored from a backup", remedy)
    if settings.heartbeat_url is None:
        yield Examined("heartbeat", WARNING, "Nobody notices if Longstop stands still", "Set LONGSTOP_HEARTBEAT_URL.")


def _database(settings: Settings, clock: Clock, *, with_register: bool) -> Iterator[Examined]:
    with ExitStack() as stack:
        try:
            if not _may_be_there(settings):
                yield _NO_REGISTER
                return
            if not bootstrap.has_key(settings):
                yield _without_key(settings)
                settings = settings.model_copy(update={"secret_key": SecretStr(token_urlsafe())})  # a look makes none
            monitor = replace(bootstrap.assembled(settings), clock=clock)
            stack.callback(bootstrap.closed, monitor)
            yield from _opened(monitor, with_register=with_register)
        except Exception as error:  # noqa: BLE001 - a doctor says what is wrong and does not fall ill
            yield _unreadable(error)


def _without_key(settings: Settings) -> Examined:
    """Beside a register that is in use it has been lost: the next start would make another."""
    told = f"There is none in {settings.data_dir}: links in messages that have left will not open any more"
    remedy = "Put back the one that signed them, or set LONGSTOP_SECRET_KEY to it, before the next start makes another."
    return Examined("secret key", WARNING, told, remedy)


def _may_be_there(settings: Settings) -> bool:
    """Whether there is something to open, or to fail at: to look for it makes neither a register nor a key."""
    if settings.data_dir.is_file():
        return True
    if file := bootstrap.sqlite_file(settings):
        return file.exists() or file.parent.is_file()
    database = open_database(settings.database.get_secret_value())
    try:
        return is_made(database)
    finally:
        database.close()


def _unreadable(error: Exception) -> Examined:
    """What is known to be wrong says its own remedy."""
    if isinstance(error, LifecycleError):
        return Examined("database", BAD, error.sentence, error.remedy)
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return Examined("database", BAD, f"{place}{error.strerror}", "Check the path and its rights.")
    told = f"It cannot be read ({type(error).__name__})"
    return Examined("database", BAD, told, "Restore a backup: `longstop backup restore ZIP --into DIR`.")


def _opened(monitor: Monitor, *, with_register: bool) -> Iterator[Examined]:
    if not is_made(monitor.database):
        yield _NO_REGISTER
        return
    if not is_current(monitor.database):
        yield _other_form(monitor)
        return
    yield Examined("migrations", OK, "at this version's form")
    for check in (_contents, _log, _later, *AT_WORK, _people):
        yield from _made(monitor, check)
    if with_register:
        yield from _made(monitor, _register)


def _other_form(monitor: Monitor) -> Examined:
    """An older database is brought here; to one that is newer a newer program is brought."""
    try:
        must_not_be_newer(monitor.database)
    except NewerDatabase as error:
        return Examined("migrations", BAD, error.sentence, error.remedy)
    return Examined("migrations", BAD, "It has the form of an older version", "longstop db upgrade")


def _made(monitor: Monitor, check: Callable[[Work], Iterator[Examined]]) -> list[Examined]:
    with monitor.look() as work:
        return list(check(work))


def _contents(work: Work) -> Iterator[Examined]:
    number = counts(work.connection)
    known = (counted(number.agreements, "agreement"), f"{counted(number.live_milestones, 'milestone')} ahead")
    people = "1 person" if number.people == 1 else f"{number.people} people"
    yield Examined("database", OK, ", ".join((*known, people)))


def _log(work: Work) -> Iterator[Examined]:
    try:
        yield Examined("log", OK, f"whole: {counted(work.log.verify(), 'event')}")
    except LifecycleError as error:
        yield Examined("log", BAD, error.sentence, error.remedy)


def _later(work: Work) -> Iterator[Examined]:
    """A clock that was set back would send again what is due, and nothing that is new."""
    position, _ = work.log.head()
    newest = work.log.after(position - 1, 1)
    if newest and newest[0].at > work.now + _SKEW:
        told = f"The newest event is of {newest[0].at:%Y-%m-%d %H:%M}Z, and it is {work.now:%Y-%m-%d %H:%M}Z"
        yield Examined("clock", BAD, told, "Set the machine's clock; let it follow a time server.")


def _people(work: Work) -> Iterator[Examined]:
    from lifecycle.people import Role

    if not work.people.with_role(Role.ADMIN):
        remedy = "longstop person role EMAIL admin"
        yield Examined("people", WARNING, "Nobody is admin: nobody hears of incidents", remedy)
    ownerless = [one.reference for one in work.agreements.all() if one.owner_id is None and not one.is_archived]
    if ownerless:
        some = ", ".join(ownerless[:5]) + (" ..." if len(ownerless) > 5 else "")
        told = f"{counted(len(ownerless), 'agreement')} without an owner: {some}"
        yield Examined("people", WARNING, told, "Amend their owner.")


def _register(work: Work) -> Iterator[Examined]:
    for finding, accepted in every_finding(work, None):
        if accepted is None:
            yield Examined(finding.code, WARNING, finding.text, finding.remedy)
        else:
            yield Examined(finding.code, OK, f"{finding.text} Accepted by {accepted.accepted_by}: {accepted.because}")
