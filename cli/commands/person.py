"""``person``: our people, their roles, teams and managers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reading
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from engine.operations.leaving import Counts
    from lifecycle.people import Absence, Person

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Our people, their roles, teams and managers.",
)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Who.")]


@app.command(
    cls=Command, epilog="longstop person add olga@example.com --name Olga --role legal --team procurement\n"
    "longstop person add olga@example.com --manager dana@example.com --change"
)  # fmt: skip
@changing
def add(
    run: Run,
    email: Email,
    name: Annotated[str, typer.Option(metavar="TEXT", help="As others call them.", show_default=False)] = "",
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="viewer, contributor, legal, auditor, admin.", show_default="viewer")
    ] = "",
    manager: Annotated[str, typer.Option(metavar="EMAIL", help="Whom their silence is told.", show_default=False)] = "",
    team: Annotated[list[str] | None, typer.Option(metavar="TEAM", help="Several times.", show_default=False)] = None,
    time_zone: Annotated[str, typer.Option(metavar="ZONE", help="Such as Europe/Berlin.", show_default=False)] = "",
    send_at: Annotated[str, typer.Option(metavar="HH:MM", help="Their hour for messages.", show_default=False)] = "",
    digests: Annotated[
        bool | None, typer.Option("--digests/--no-digests", help="What can wait, in one message a week.")
    ] = None,
    invitations: Annotated[
        bool | None, typer.Option("--invitations/--no-invitations", help="Deadlines into their own calendar.")
    ] = None,
    change: Annotated[bool, typer.Option("--change", help="They are known: keep what is said here.")] = False,
) -> None:
    """Take somebody in, or change what is known of them."""
    from cli.acting import permitted, present
    from cli.choices import chosen
    from cli.people import checked_email, checked_hour, checked_zone, tell_unsaid_role
    from engine import operations
    from lifecycle.people import Person, Role
    from lifecycle.rights import Act

    said: dict[str, Any] = {"name": name, "teams": tuple(team or ()), "time_zone": checked_zone(time_zone)}
    wishes = {"digests": digests, "invitations": invitations}
    if send_at:
        said["send_at"] = checked_hour(send_at)
    said |= {name: wish for name, wish in wishes.items() if wish is not None}
    if role:
        said["role"] = chosen(Role, role, "--role")
    with run.change() as work:
        permitted(run, work, Act.ADMINISTER)
        if manager:
            said["manager_id"] = present(work, manager).id
        if change:
            known = _changed(work, email, said)
        else:
            known = operations.add_person(work, Person(id="", email=checked_email(email), **said))
        _tell(run, work, known, "changed" if change else "added")
        if not (change or role):
            tell_unsaid_role(run, known)


@app.command("list", cls=Command, epilog="longstop person list")
@reading
def list_people(run: Run) -> None:
    """Everybody, by address."""
    from cli.render import Column
    from engine.documents.people import person_row

    with run.look() as work:
        documents = [person_row(work, one) for one in work.people.all()]
    if run.as_json:
        run.answer("people", items=documents)
        return
    columns = tuple(map(Column, ("E-mail", "Name", "Role", "Manager", "Teams", "Zone", "Hour", "")))
    rows = [
        (one["email"], one["name"], one["role"].value, one["manager"] or "", ", ".join(one["teams"]),
         one["time_zone"] or "", one["send_at"] or "", "left" if one["is_disabled"] else "")
        for one in documents
    ]  # fmt: skip
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line("Nobody is known yet: longstop person add EMAIL --name NAME")


@app.command(cls=Command, epilog="longstop person role olga@example.com admin")
@changing
def role(
    run: Run, email: Email, role: Annotated[str, typer.Argument(metavar="ROLE", help="viewer ... admin.")]
) -> None:
    """Give somebody another role."""
    from cli.acting import permitted
    from cli.choices import chosen
    from lifecycle.people import Role
    from lifecycle.rights import Act

    with run.change() as work:
        permitted(run, work, Act.ADMINISTER)
        _tell(run, work, _changed(work, email, {"role": chosen(Role, role, "ROLE")}), "changed")


@app.command(
    cls=Command, epilog="longstop person password olga@example.com\n"
    "longstop person password olga@example.com --generate"
)  # fmt: skip
@changing
def password(
    run: Run,
    email: Email,
    generate: Annotated[bool, typer.Option("--generate", help="Make one up, and show it once.")] = False,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its first line is the password.", show_default=False)
    ] = None,
) -> None:
    """Give somebody a password to sign in with; where they are signed in they are not any more."""
    from cli.acting import present
    from cli.passwords import password_for, tell_password
    from engine.access.entering import set_password
    from lifecycle.rights import Act, require

    said = password_for(run, email, file=file, is_generated=generate)
    with run.change() as work:
        person, actor = present(work, email), run.person(work)
        if actor is not None and actor.id != person.id:
            require(actor, Act.ADMINISTER)
        set_password(work, person, said)
        tell_password(run, work, person, said if generate else "")


@app.command(
    cls=Command, epilog="longstop person disable olga@example.com\n"
    "longstop person disable olga@example.com --to kim@example.com"
)  # fmt: skip
@changing
def disable(
    run: Run,
    email: Email,
    to: Annotated[
        str, typer.Option("--to", metavar="EMAIL", help="Who takes over all of theirs.", show_default=False)
    ] = "",
) -> None:
    """Somebody left: nothing is sent to them any more, backup and manager take over."""
    from cli.acting import permitted, present
    from cli.people import tell_handed_over, tell_nobodys
    from engine.operations.leaving import leave, standing_with
    from engine.operations.people import keep_an_admin
    from lifecycle.rights import Act
    from notifiers.wording import counted
    from store.queries import visible

    with run.change() as work:
        permitted(run, work, Act.ADMINISTER)
        known = work.people.by_email(email)
        keep_an_admin(work, known)
        number = standing_with(work, known, visible(run.person(work))).counts.agreements
    if number and not to:
        theirs = counted(number, "agreement")
        run.confirm(f"{known.label} owns {theirs}. Without --to EMAIL nobody will; backups and managers will be asked.")
    with run.change() as work:
        taker = present(work, to) if to else None
        handed = leave(work, known, standing=standing_with(work, known, visible(run.person(work))), to=taker)
        _tell(run, work, work.people.get(known.id), "disabled", handed)
        tell_handed_over(run, handed, taker)
        tell_nobodys(run, work, known)


@app.command(cls=Command, epilog="longstop person enable olga@example.com")
@changing
def enable(run: Run, email: Email) -> None:
    """They are here again; what others own by now is not given back."""
    from cli.acting import permitted
    from lifecycle.rights import Act

    with run.change() as work:
        permitted(run, work, Act.ADMINISTER)
        _tell(run, work, _changed(work, email, {"is_disabled": False}), "changed")


@app.command(
    cls=Command, epilog="longstop person absence olga@example.com --until 2026-12-24 --delegate ben@example.com\n"
    "longstop person absence olga@example.com --end"
)  # fmt: skip
@changing
def absence(
    run: Run,
    email: Email,
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day away.", show_default=False)] = "",
    delegate: Annotated[str, typer.Option(metavar="EMAIL", help="Who is asked meanwhile.", show_default=False)] = "",
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day away.")] = "today",
    also: Annotated[bool, typer.Option("--also", help="Both are asked, not the delegate alone.")] = False,
    end: Annotated[bool, typer.Option("--end", help="They are back, or do not go.")] = False,
) -> None:
    """Somebody is away: whoever stands in is asked until they are back."""
    from cli.acting import present
    from cli.errors import UsageRefused
    from cli.people import may_be_away
    from engine import operations
    from lifecycle.people import Absence, AbsenceMode

    if end == bool(until or delegate) or bool(until) != bool(delegate):
        raise UsageRefused("Say --until and --delegate, or --end alone.", remedy="--until 2026-12-24 --delegate EMAIL")
    with run.change() as work:
        person = present(work, email)
        may_be_away(run.person(work), person)
        if end:
            ended = operations.end_absences(work, person.id)
            _tell_absences(run, work, person, ended, "back" if ended else "here already")
            return
        wanted = Absence(
            id="",
            person_id=person.id,
            delegate_id=present(work, delegate).id,
            mode=AbsenceMode.ALSO if also else AbsenceMode.INSTEAD,
            from_on=run.day(from_, "--from"),
            until_on=run.day(until, "--until"),
        )
        _tell_absences(run, work, person, [operations.set_absence(work, wanted)], "away")


def _tell_absences(run: Run, work: Work, person: Person, absences: list[Absence], result: str) -> None:
    from engine.documents.silences import absence_changed

    work.settle()
    if run.as_json:
        item = absence_changed(work, person, absences, result)
        run.answer("absence-changed", item={**item, "is_dry_run": run.is_dry_run})
        return
    until = f" until {absences[0].until_on}" if result == "away" else ""
    run.terminal.line(f"{person.email} is {result}{until}{run.tried}.")


def _changed(work: Work, email: str, said: dict[str, Any]) -> Person:
    from dataclasses import replace

    from engine import operations
    from engine.operations.people import keep_an_admin
    from lifecycle.people import Role

    known = work.people.by_email(email)
    if said.get("role", Role.ADMIN) is not Role.ADMIN:
        keep_an_admin(work, known)
    given = {name: value for name, value in said.items() if value not in {"", ()}}
    return operations.change_person(work, replace(known, **given))


def _tell(run: Run, work: Work, person: Person, done: str, handed: Counts | None = None) -> None:
    from engine.documents.people import person_changed

    work.settle()
    if run.as_json:
        item = person_changed(work, person, done, handed)
        run.answer("person-changed", item={**item, "is_dry_run": run.is_dry_run})
    else:
        run.terminal.line(f"{person.email} {done}{run.tried}: {person.role.value}.")
