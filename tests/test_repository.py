"""What the repository promises of itself: locked dependencies, short files, commands that explain
themselves."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def tracked() -> list[Path]:
    """Every file under version control that is there; every file of the folder where this is not a clone."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    skipped = {
        ".git",
        ".venv",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        "data",
    }
    names = (
        done.stdout.split("\0")
        if done.returncode == 0
        else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*")]
    )
    return [
        ROOT / name
        for name in names
        if name and not skipped & set(Path(name).parts) and (ROOT / name).is_file()
    ]


PYTHON_FILES = [path for path in tracked() if path.suffix == ".py"]


def requirements(lock: Path) -> list[str]:
    return [
        entry
        for entry in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        if entry and not entry.startswith("#")
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_file_pins_every_package_with_hashes_and_names_no_address(lock: Path) -> None:
    assert "://" not in lock.read_text(encoding="utf-8")
    assert requirements(lock)
    for entry in requirements(lock):
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_lock_files_agree_on_every_version() -> None:
    assert {lock.stem for lock in LOCKS} == {"runtime", "demo", "dev"}
    pins = {lock.stem: {entry.split(" ")[0] for entry in requirements(lock)} for lock in LOCKS}
    assert pins["runtime"] < pins["demo"] < pins["dev"]


@pytest.mark.parametrize("group", ["project", *PROJECT["dependency-groups"]])
def test_every_dependency_is_locked(group: str) -> None:
    wanted = PROJECT["project"]["dependencies"] if group == "project" else PROJECT["dependency-groups"][group]
    locked = {re.split(r"[\[=]", entry)[0] for entry in requirements(ROOT / "requirements" / "dev.txt")}
    names = {re.split(r"[\[<>=~! ]", requirement)[0].lower().replace("_", "-") for requirement in wanted}
    assert names <= locked


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.")[0]
    lines = [
        line for line in text.splitlines() if re.match(r'  "[A-Za-z][\w.-]*(\[\w+\])?([<>=~!].*)?",', line)
    ]
    wanted = PROJECT["project"]["dependencies"] + [
        entry for group in PROJECT["dependency-groups"].values() for entry in group
    ]
    assert len(lines) == len(wanted)
    assert [line for line in lines if not re.search(r'",\s+# \w', line)] == []


GROUPS = {
    "syncer": (),
    "worker": (),
    "dashboard": (),
    "sandbox": ("sandbox",),
    "demo": ("sandbox",),
    "bench": ("sandbox", "dev"),
    "tools": ("sandbox", "dev"),
    "tests": ("sandbox", "dev"),
}
"""Which dependency groups the code of a folder may use, besides the program's own dependencies."""


def declared(folder: str) -> set[str]:
    """The distributions that the code of a folder may import. The sandbox has nothing but its own group."""
    entries = [entry for group in GROUPS[folder] for entry in PROJECT["dependency-groups"][group]]
    if folder != "sandbox":
        entries += PROJECT["project"]["dependencies"]
    return {canonical(re.split(r"[\[<>=~! ;]", entry)[0]) for entry in entries}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(path: Path) -> set[str]:
    """The top-level modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("folder", GROUPS)
def test_whatever_is_imported_is_declared(folder: str) -> None:
    providers = importlib.metadata.packages_distributions()
    allowed, missing = declared(folder), set()
    for path in PYTHON_FILES:
        if path.relative_to(ROOT).parts[0] == folder:
            for module in imported(path) - sys.stdlib_module_names - set(GROUPS) - {"_typeshed"}:
                if not allowed & {canonical(name) for name in providers.get(module, [module])}:
                    missing.add(module)
    assert missing == set(), f"declare in pyproject.toml what {folder} imports"


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    places = re.compile(r"(?<![\w.:/\"'}])/(?:home|root|Users|work|opt|mnt)/\w")
    for path in tracked():
        found = places.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{path.relative_to(ROOT)} holds {found}"


def test_a_file_is_short_and_whole() -> None:
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PYTHON_FILES}
    assert [path for path, text in texts.items() if len(text.splitlines()) > 300] == [], (
        "a file has one reason to change; divide it"
    )
    assert [path for path, text in texts.items() if re.search(r"#\s*(TODO|FIXME|XXX)\b", text)] == []


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    modules = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for path in PYTHON_FILES
        if path.relative_to(ROOT).parts[0] in ("syncer", "worker", "dashboard") and path.name != "__init__.py"
    )
    assert [folder for folder, number in modules.items() if number > 16] == []


def test_whatever_is_silenced_says_why() -> None:
    without = re.compile(
        r"(# noqa(: [A-Z0-9]+)?|# type: ignore(\[[a-z-]+\])?|except (Base)?Exception\b[^:]*:)\W*$"
    )
    for path in PYTHON_FILES:
        found = [line for line in path.read_text(encoding="utf-8").splitlines() if without.search(line)]
        assert found == [], path


def test_every_command_of_the_makefile_is_explained() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    targets = [at for at, line in enumerate(lines) if re.match(r"[a-z][a-z-]*:", line)]
    assert {lines[at].split(":")[0] for at in targets} >= {
        "demo",
        "test",
        "lint",
        "types",
        "bench",
        "lock",
        "clean",
        "help",
    }
    assert [lines[at] for at in targets if not lines[at - 1].startswith("# ")] == []
    phony = next(line for line in lines if line.startswith(".PHONY:")).split()[1:]
    assert sorted(phony) == sorted(lines[at].split(":")[0] for at in targets)


def test_make_help_lists_every_command() -> None:
    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line.split()[1] for line in done.stdout.splitlines()} >= {"demo", "test", "bench"}


def test_the_readme_names_commands_files_and_links_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = {
        line.split(":")[0]
        for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
        if re.match(r"[a-z][a-z-]*:", line)
    }
    assert set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", text)) <= targets
    for name in re.findall(
        r"`((?:syncer|sandbox|demo|bench|tools|tests|requirements|docs)/[\w./-]*)`", text
    ) + re.findall(r"\]\((?!http|#)([^)]+)\)", text):
        assert (ROOT / name).exists(), f"README.md speaks of {name}"
