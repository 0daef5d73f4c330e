"""The direction of imports: DESIGN.md §5, read from the source with ``ast``."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = {
    "advice",
    "links",
    "candidates",
    "type_words",
    "owning",
    "value_maps",
    "mapped_rows",
    "suggest",
    "records",
    "fields",
    "values",
    "carry",
    "convert",
    "mapping",
    "modes",
    "pair",
    "plan",
    "match",
    "clash",
    "absent",
    "guard",
    "check",
    "check_field",
    "effects",
    "differences",
    "preference_words",
    "naming",
}
PULL, MATCH, PLAN = {"pull", "absorb"}, {"matching", "clashing", "joining", "merges", "scope"}, {"planning"}
PUSH, LOG = {"push"}, {"settle", "learn", "finish", "recovery"}
ROAD = PULL | MATCH | PLAN | PUSH | LOG | {"setup", "approval", "run", "single", "serving", "reconcile", "forecast"}
LAYERS = ("pure", "edges", "road", "bootstrap", "cli", "worker", "dashboard")
OURS = {"syncer", "sandbox", "worker", "dashboard", "demo", "bench", "tools", "tests"}


def modules(package: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(module: str, path: Path) -> set[str]:
    """Every module that a file names in an import, absolute; of ``from a import b``, ``a.b`` where that is a module, else ``a``."""
    found = set()
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            for alias in node.names:
                whole = ROOT.joinpath(*base.split("."), alias.name)
                found.add(f"{base}.{alias.name}" if whole.is_dir() or whole.with_suffix(".py").is_file() else base)
    return found


def layer(module: str) -> str | None:
    """Which part of the product a module belongs to; None for what is not the product's."""
    top, _, rest = module.partition(".")
    if top in ("worker", "dashboard"):
        return top
    if top != "syncer" or not rest:
        return None
    name = rest.split(".")[0]
    if name in PURE:
        return "pure"
    if name in ROAD:
        return "road"
    return {"bootstrap": "bootstrap", "opening": "bootstrap", "control": "bootstrap", "cli": "cli", "__main__": "cli"}.get(name, "edges")


PRODUCT = [pair for package in ("syncer", "worker", "dashboard") for pair in modules(package)]
EVERYTHING = [pair for package in sorted(OURS) for pair in modules(package)]


@pytest.mark.parametrize(("module", "path"), PRODUCT, ids=[name for name, _ in PRODUCT])
def test_imports_run_one_way(module: str, path: Path) -> None:
    own = layer(module)
    if own is None:
        return
    outer = {name for name in imports(module, path) if (other := layer(name)) and LAYERS.index(other) > LAYERS.index(own)}
    assert not outer, f"{module} ({own}) imports what lies outside of it: {sorted(outer)}"


@pytest.mark.parametrize("name", sorted(PURE))
def test_the_pure_core_imports_the_standard_library_and_itself_only(name: str) -> None:
    path = ROOT / "syncer" / f"{name}.py"
    for imported in imports(f"syncer.{name}", path):
        pure = layer(imported) == "pure" or imported == "syncer"
        assert pure or imported.split(".")[0] in sys.stdlib_module_names, f"{name} imports {imported}"


@pytest.mark.parametrize(("module", "path"), EVERYTHING, ids=[name for name, _ in EVERYTHING])
def test_the_sandbox_and_the_product_share_no_code(module: str, path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(module, path)}
    forbidden = {
        "syncer": {"sandbox", "tests", "demo", "bench", "tools"},
        "worker": {"sandbox", "tests", "demo", "bench", "tools"},
        "dashboard": {"sandbox", "tests", "demo", "bench", "tools"},
        "sandbox": OURS - {"sandbox"},
        "demo": {"sandbox", "tests", "bench", "tools"},
    }.get(module.split(".")[0], set())
    assert not tops & forbidden, f"{module} imports {sorted(tops & forbidden)}"


def test_every_part_of_the_pure_core_is_there() -> None:
    assert {path.stem for path in (ROOT / "syncer").glob("*.py")} >= PURE
