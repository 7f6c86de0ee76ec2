"""Run the Dockerfile's very commands without a container engine, then its HEALTHCHECK against what it starts.

Each stage gets a fresh folder that stands for its root; the absolute paths that the Dockerfile itself names (WORKDIR,
COPY, VOLUME) lead there, everything else is this machine's. The base image is this machine's Python. After USER,
commands run as that user where we may become it. What a later stage does not copy, it does not have.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from json import loads
from pathlib import Path

from dockerfile import Step, in_context, parsed, places

READY_WITHIN = 60.0  # seconds
STOPPED_WITHIN = 30.0
NOBODY = 65534
FIT = "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))"
PASSED_ON = re.compile(r"PIP_.*|SSL_CERT_FILE|(https?|no)_proxy", re.IGNORECASE)


class DockerfileError(Exception):
    """A command of the Dockerfile that does not hold here."""


@dataclass(slots=True)
class Machine:
    """What a stage has so far: a root, an environment, a folder to stand in, a user."""

    root: Path
    context: Path
    stages: Mapping[str, Path]
    places: frozenset[str]
    environ: dict[str, str]
    workdir: str = "/"
    user: tuple[int, int] | None = None
    health: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Carry out one step; raises DockerfileError when it fails."""
        match step.word:
            case "WORKDIR":
                self.workdir = step.text
                self.at(step.text).mkdir(parents=True, exist_ok=True)
            case "ENV":
                self.environ |= self._assignments(step.text)
            case "COPY":
                self._copy(shlex.split(step.text))
            case "RUN":
                self._run(["bash", "-euo", "pipefail", "-c", self.rooted(step.text)])
            case "USER":
                uid, _, gid = step.text.partition(":")
                self.user = int(uid), int(gid or 0)
            case "HEALTHCHECK":
                self.health = loads(step.text.partition("CMD")[2])
            case "ENTRYPOINT":
                self.entrypoint = loads(step.text)
            case "CMD":
                self.command = loads(step.text)
            case "VOLUME" | "EXPOSE" | "LABEL":
                pass
            case _:
                raise DockerfileError(f"{step.word} is not understood here; teach .ci/dockerfile_commands.py.")

    def start(self, command: list[str], *, heard: bool = True) -> subprocess.Popen[bytes]:
        """Start *command* as a container would; only root may become the image's user."""
        user, group = self.user if self.user and os.geteuid() == 0 else (None, None)
        return subprocess.Popen(
            command,
            cwd=self.at(self.workdir),
            env=self.environ,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            stdout=None if heard else subprocess.PIPE,
            stderr=None if heard else subprocess.STDOUT,
        )

    def at(self, path: str) -> Path:
        """A path of the image as a path of this machine."""
        return self.root / os.path.normpath(Path(self.workdir) / path).lstrip("/")

    def rooted(self, text: str) -> str:
        """*text* with the absolute paths that the Dockerfile names leading into the stage's root."""
        names = "|".join(map(re.escape, sorted(self.places)))
        return re.sub(rf"(?<![\w./}}])/(?=(?:{names})\b)", f"{self.root}/", text)

    def _run(self, command: list[str]) -> None:
        code = self.start(command).wait()
        if code:
            raise DockerfileError(f"ended with {code}: {shlex.join(command)}")

    def _assignments(self, text: str) -> dict[str, str]:
        pairs = (part.partition("=") for part in shlex.split(text))
        return {
            name: self.rooted(re.sub(r"\$\{?(\w+)\}?", lambda found: self.environ.get(found[1], ""), value))
            for name, _, value in pairs
        }

    def _copy(self, words: list[str]) -> None:
        options = [word for word in words if word.startswith("--")]
        *sources, target = [word for word in words if not word.startswith("--")]
        origin = next((self.stages[option.removeprefix("--from=")] for option in options), self.context)
        for source in sources:
            self._copy_one(origin / source.lstrip("/"), target, several=len(sources) > 1 or target.endswith("/"))

    def _copy_one(self, source: Path, target: str, *, several: bool) -> None:
        if not source.exists():
            raise DockerfileError(f"COPY: {source.name} is not in the context (or .dockerignore hides it).")
        place = self.at(target)
        if source.is_dir():
            shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)
            return
        place = place / source.name if several or place.is_dir() else place
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, place)


def build(project: Path, workshop: Path) -> Machine:
    """All stages, one after another; the last one's machine."""
    stages = parsed((project / "Dockerfile").read_text())
    named = frozenset(places(stages))
    context = _context(project, workshop / "context")
    kept: dict[str, Path] = {}
    for number, stage in enumerate(stages):
        root = workshop / "root"
        root.mkdir()
        machine = Machine(root, context, kept, named, _base_environ(workshop))
        for step in stage.steps:
            _say(f"{stage.name or 'image'}: {step.word} {step.text}")
            machine.take(step)
        if number < len(stages) - 1:
            kept[stage.name] = root.rename(workshop / f"stage-{stage.name}")
    return machine


def serve_and_check(machine: Machine) -> None:
    """Start the image's command, wait for its HEALTHCHECK, stop it as an engine would, and see what it wrote."""
    machine.environ["LONGSTOP_PORT"] = str(_free_port())
    command = [*machine.entrypoint, *machine.command]
    _say(f"start: {shlex.join(command)}")
    server = machine.start(command)
    try:
        _wait_until_healthy(machine, server)
        server.send_signal(signal.SIGTERM)
        code = server.wait(STOPPED_WITHIN)
    finally:
        if server.poll() is None:
            server.kill()
    if code:
        raise DockerfileError(f"SIGTERM ended it with {code}, not with 0.")
    strangers = list(_written_outside(machine, "data"))
    if strangers:
        raise DockerfileError(f"it wrote outside /data: {strangers[:5]}")


def _wait_until_healthy(machine: Machine, server: subprocess.Popen[bytes]) -> None:
    said = ""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            raise DockerfileError(f"{shlex.join(machine.command)} ended by itself with {server.returncode}.")
        asked = machine.start(machine.health, heard=False)
        said = asked.communicate()[0].decode()
        if asked.returncode == 0:
            _say(f"healthy: {shlex.join(machine.health)}")
            return
        time.sleep(0.5)
    raise DockerfileError(f"not healthy after {READY_WITHIN:g} s: {said}")


def _written_outside(machine: Machine, allowed: str) -> Iterator[Path]:
    """Files of the image's user outside its data; nobody else can tell who wrote them."""
    if machine.user is None or os.geteuid() != 0:
        return
    for path in machine.root.rglob("*"):
        inside = path.relative_to(machine.root)
        if path.lstat().st_uid == machine.user[0] and inside.parts[0] != allowed:
            yield inside


def _context(project: Path, folder: Path) -> Path:
    """What is committed or about to be, as far as .dockerignore lets it through."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=project, capture_output=True, check=True)
    names = [name for name in listed.stdout.decode().split("\0") if name and (project / name).is_file()]
    for name in in_context(names, (project / ".dockerignore").read_text()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(project / name, folder / name)
    return folder


def _base_environ(workshop: Path) -> dict[str, str]:
    """The base image: this machine's Python under the name that the image gives it, and a home."""
    programs, home = workshop / "base", workshop / "home"
    programs.mkdir(exist_ok=True)
    home.mkdir(exist_ok=True)
    python = programs / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(_base_python())} "$@"\n')
    python.chmod(0o755)
    passed_on = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
    return passed_on | {"PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"}


def _base_python() -> str:
    """A Python outside any virtual environment that the image's user may run, too; raises DockerfileError."""
    names = [
        f"{folder}/python3{minor}" for folder in ("/usr/local/bin", "/usr/bin") for minor in (".11", ".12", ".13", "")
    ]
    own = str(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}")
    nobody = NOBODY if os.geteuid() == 0 else None
    for name in (own, *names):
        try:
            code = subprocess.run(
                [name, "-c", FIT], user=nobody, cwd="/", stderr=subprocess.DEVNULL, check=False
            ).returncode
        except OSError:
            continue
        if code == 0:
            return name
    raise DockerfileError("No Python 3.11 with venv that every user may run; on Debian: apt-get install python3-venv.")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _say(line: str) -> None:
    print(f"[image] {line}", flush=True)


def main() -> int:
    """0 when every command held and what was started is healthy."""
    project = Path(__file__).resolve().parents[1]
    workshop = Path(tempfile.mkdtemp(prefix="longstop-image-"))
    workshop.chmod(0o755)  # the image's user must get in
    try:
        serve_and_check(build(project, workshop))
    except DockerfileError as error:
        _say(f"FAILED: {error}")
        return 1
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
