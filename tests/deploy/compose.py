"""Reads docker-compose.yml as the engine does: merged, its variables filled in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*))?\}")
Service = dict[str, Any]


class _Strict(yaml.SafeLoader):
    """Refuses a key that is given twice, as the engine does."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        written = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        if len(written) > len(set(written)):
            raise yaml.constructor.ConstructorError(
                "in a mapping", node.start_mark, f"a key is given twice: {written}", node.start_mark
            )
        return super().construct_mapping(node, deep)


def compose(variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The whole file, its variables taken from ``variables`` (the ``.env`` file) or their defaults."""
    document = yaml.load((ROOT / "docker-compose.yml").read_text("utf-8"), _Strict)  # noqa: S506 - a safe loader
    filled = _filled(document, variables or {})
    assert isinstance(filled, dict)
    return filled


def variables() -> set[str]:
    """Every variable that the file asks for."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    return {found["name"] for found in _VARIABLE.finditer(text) if found["name"]}


def _filled(part: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(value, variables) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, variables) for value in part]
    if isinstance(part, str):
        return _VARIABLE.sub(
            lambda found: (variables.get(found["name"]) or found["default"] or "") if found["name"] else "$",
            part,
        )
    return part
