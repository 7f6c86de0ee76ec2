"""The image's recipe, read as values; its commands are run by .ci/dockerfile_commands.py."""

import importlib.util
import json
import re

import pytest
import yaml

from cli.listening import _LAST
from config.settings import FILES, NAMES
from config.settings_model import Settings
from tests.support.house import PROJECT, ROOMS

spec = importlib.util.spec_from_file_location("dockerfile", PROJECT / ".ci" / "dockerfile.py")
dockerfile = importlib.util.module_from_spec(spec)
spec.loader.exec_module(dockerfile)


@pytest.fixture(scope="module")
def stages():
    return dockerfile.parsed((PROJECT / "Dockerfile").read_text())


def texts_of(stage, word):
    return [step.text for step in stage.steps if step.word == word]


def test_what_runs_is_not_root(stages):
    assert texts_of(stages[-1], "USER") == ["10001:10001"]
    words = [step.word for step in stages[-1].steps]
    assert "RUN" not in words[words.index("USER") :]


def test_health_is_asked_by_our_own_command(stages):
    (health,) = texts_of(stages[-1], "HEALTHCHECK")
    assert json.loads(health.partition("CMD ")[2]) == ["longstop", "healthcheck"]


def test_every_stage_starts_from_the_slim_python_that_is_tested(stages):
    assert {stage.base for stage in stages} == {"python:3.11-slim"}
    assert len(stages) == 2


@pytest.fixture(scope="module")
def composed():
    """What ``docker compose up`` makes of it, with the example of a secret."""
    text = (PROJECT / "compose.yaml").read_text()
    return yaml.safe_load(re.sub(r"(?m)^( *)# (?=secrets:|  )", r"\1", text))


def test_compose_keeps_the_data_and_opens_the_port_that_the_image_has(stages, composed):
    house = composed["services"]["longstop"]
    (environ,) = texts_of(stages[-1], "ENV")
    assert "LONGSTOP_DATA_DIR=/data" in environ.split()
    assert [texts_of(stages[-1], word) for word in ("VOLUME", "EXPOSE")] == [["/data"], ["8080"]]
    assert (house["volumes"], house["ports"]) == (["longstop:/data"], ["8080:8080"])
    assert Settings.model_fields["port"].default == 8080
    assert float(house["stop_grace_period"].removesuffix("s")) > _LAST


def test_every_secret_that_compose_mounts_is_one_of_a_setting(composed):
    secrets = composed["services"]["longstop"]["secrets"]
    assert list(composed["secrets"]) == secrets
    assert {f"{name.upper()}_FILE" for name in secrets} <= FILES.keys()


RECIPES = [
    "Dockerfile",
    "compose.yaml",
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ".ci/run",
    ".ci/smoke",
]


@pytest.mark.parametrize(
    "path", [*map(PROJECT.joinpath, RECIPES), *PROJECT.glob("docs/*.md")], ids=lambda path: path.name
)
def test_whoever_follows_a_page_or_recipe_names_settings_that_there_are(path):
    named = set(re.findall(r"\bLONGSTOP_[A-Z_]*[A-Z]\b(?!_?\*)", path.read_text()))
    assert named - NAMES.keys() - FILES.keys() == set()


def test_every_room_is_in_the_image(stages):
    copied = {word for text in texts_of(stages[0], "COPY") for word in text.split()[:-1]}
    assert set(ROOMS) <= copied
    assert "tests" not in copied


def test_the_context_holds_what_is_copied_and_nothing_else(stages):
    ignore = (PROJECT / ".dockerignore").read_text()
    copied = {word for text in texts_of(stages[0], "COPY") for word in text.split()[:-1]}
    files = [f"{name}/x.py" if name in ROOMS else name for name in sorted(copied)]
    strangers = ["tests/x.py", ".env", "data/longstop.db", "lifecycle/__pycache__/x.pyc", ".git/config"]
    assert dockerfile.in_context([*files, *strangers], ignore) == files


def test_continued_lines_and_comments_are_read():
    (stage,) = dockerfile.parsed("# one\nFROM a AS b\nENV X=1 \\\n    Y=2\n  # two\nRUN x && \\\n  y\n")
    assert stage == dockerfile.Stage("b", "a", (dockerfile.Step("ENV", "X=1 Y=2"), dockerfile.Step("RUN", "x && y")))
