"""The Dockerfile: what it copies is there and is enough, what it runs is right, and nothing of it runs as
root."""

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.compose import ROOT, compose

Step = tuple[str, str]


def stages() -> dict[str, list[Step]]:
    """The instructions of each stage, those of the stages that it builds on first."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text("utf-8"))
    found: dict[str, list[Step]] = {}
    name = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        keyword, _, rest = line.strip().partition(" ")
        if keyword == "FROM":
            base, _, name = rest.partition(" AS ")
            found[name] = [*found[base]] if base in found else [("FROM", base)]
        else:
            found[name].append((keyword, rest))
    return found


STAGES = stages()
TARGETS = ("product", "sandbox")
every_target = pytest.mark.parametrize("target", TARGETS)


def of(target: str, keyword: str) -> list[str]:
    return [rest for name, rest in STAGES[target] if name == keyword]


def copy(target: str, folder: Path) -> None:
    """Copy into ``folder`` what the image gets of the code."""
    for part in of(target, "COPY"):
        if "--from" not in part:
            source, destination = part.split()
            shutil.copytree(
                ROOT / source, folder / destination, ignore=shutil.ignore_patterns("__pycache__", "*.md")
            )


def test_the_product_is_what_is_built_by_default_and_every_target_of_the_compose_file_exists() -> None:
    assert list(STAGES)[-1] == "product"
    assert {
        service["build"]["target"] for service in compose()["services"].values() if "build" in service
    } == set(TARGETS)


@every_target
def test_the_base_is_a_slim_python_named_with_its_version(target: str) -> None:
    assert [
        re.fullmatch(r"python:3\.1[1-9]-slim(-[a-z]+)?", base) is not None for base in of(target, "FROM")
    ] == [True]


@every_target
def test_an_image_does_not_run_as_root(target: str) -> None:
    steps = [keyword for keyword, _ in STAGES[target]]
    assert of(target, "USER") == ["10001:10001"]
    assert "RUN" not in steps[steps.index("USER") :]


@pytest.mark.parametrize(("stage", "lock"), [("packages", "runtime"), ("sandbox-packages", "demo")])
def test_packages_are_installed_by_hash_from_no_particular_place(stage: str, lock: str) -> None:
    assert of(stage, "COPY") == [f"requirements/{lock}.txt /requirements.txt"]
    (install,) = of(stage, "RUN")
    assert install.endswith("pip install --require-hashes -r /requirements.txt")
    assert not re.search(r"https?://|index-url|trusted-host", (ROOT / "Dockerfile").read_text("utf-8"))


def test_the_engine_is_sent_what_the_images_are_made_of_and_nothing_else() -> None:
    rules = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    sent = {rule[1:].rstrip("/") for rule in rules if rule.startswith("!")}
    copied = {
        part.split()[0].rstrip("/")
        for steps in STAGES.values()
        for name, part in steps
        if name == "COPY" and "--from" not in part
    }
    assert rules[0] == "*"
    assert sent == copied
    assert all((ROOT / path).exists() for path in sent)
    assert not any(
        fnmatch.fnmatch(name, rule) for name in ("secrets", ".env", "data", ".git") for rule in sent
    )


@pytest.mark.parametrize(
    ("target", "commands"),
    [
        (
            "product",
            [
                ["-m", "syncer", "database", "migrate", "--help"],
                ["-m", "worker", "run", "--help"],
                ["-m", "worker", "schedule", "--help"],
            ],
        ),
        ("sandbox", [["-m", "sandbox", "--help"]]),
    ],
)
def test_the_copied_code_is_enough_to_run(target: str, commands: list[list[str]], tmp_path: Path) -> None:
    copy(target, tmp_path)
    for command in commands:
        ran = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.startswith("usage:")


def test_the_dashboard_is_in_the_product_and_says_what_it_needs(tmp_path: Path) -> None:
    copy("product", tmp_path)
    environment = {"PATH": os.environ["PATH"], "DASHBOARD_HOST": "0.0.0.0"}  # noqa: S104  it shall be refused
    ran = subprocess.run(
        [sys.executable, "-m", "dashboard"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 2, ran.stderr
    assert ran.stderr.startswith("DASHBOARD_HOST: ")


@every_target
def test_commands_are_lists_so_that_signals_reach_the_program(target: str) -> None:
    for command in (*of(target, "CMD"), of(target, "HEALTHCHECK")[0].partition("CMD ")[2]):
        words = json.loads(command)
        assert words[0] == "python"
        if words[1] == "-m":
            assert (ROOT / words[2] / "__main__.py").exists()
