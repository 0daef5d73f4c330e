"""YAML without its surprises: every scalar stays the text that was written (``yes``, ``007`` and
``2026-11-23`` too), except an empty one, which is None.

Duplicate keys are errors; anchors, aliases and tags of other languages are refused.
"""

import re
from typing import Any

import yaml


class BadYaml(Exception):
    """Text that is not YAML of this kind. ``problems`` holds (where, sentence) for each."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(sentence for _, sentence in problems))
        self.problems = problems


class _Loader(yaml.SafeLoader):
    """A safe loader whose values are text, lists, mappings and None."""

    # Of all types that YAML infers from plain text, only null (an empty value, ~ or null) is kept.
    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.problems: list[tuple[str, str]] = []

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's parser has no types
        if getattr(event, "anchor", None):
            raise BadYaml(
                [
                    (
                        _line(event.start_mark),
                        "Anchors and aliases (& and *) cannot be used in this file. Write the values out.",
                    )
                ]
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    self.problems.append(
                        (_line(key.start_mark), f"“{key.value}” stands twice in the same place. Remove one.")
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Row(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """A safe dumper that writes `_Row`s on one line, and indents lists as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Only between double quotes does every character survive: the other styles turn some of them into blanks.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isprintable() else '"')


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    _Row, lambda dumper, row: dumper.represent_mapping("tag:yaml.org,2002:map", row.items(), flow_style=True)
)


def load(text: str) -> object:
    """The content of ``text`` as text, lists, mappings and None. Raises `BadYaml`."""
    try:
        loader = _Loader(text.removeprefix("\ufeff"))
        try:
            data: object = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise BadYaml([(_place(error.problem_mark), f"This is not YAML: {_explain(error)}")]) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise BadYaml(
            [
                (
                    "",
                    (
                        "This is not YAML that can be read here: it is nested too deeply, or holds characters"
                        " that cannot be."
                    ),
                )
            ]
        ) from None
    if loader.problems:
        raise BadYaml(loader.problems)
    return data


def dump(document: dict[str, Any]) -> str:
    """``document`` as YAML that `load` reads back, with small mappings on one line."""
    return yaml.dump(_rows(document, 0), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=160)


def _rows(value: Any, depth: int) -> Any:
    """``value`` with the mappings that are written on one line as `_Row`s."""
    if isinstance(value, dict):
        items = {key: _rows(part, depth + 1) for key, part in value.items()}
        return _Row(items) if depth >= 2 and items else items
    if isinstance(value, list):
        return [_Row(_rows(item, depth + 1)) if isinstance(item, dict) else item for item in value]
    return value


_SENTENCES = (
    (
        r"mapping values are not allowed",
        (
            "a colon stands where none can be. Put text that holds one between quotation marks, and indent as"
            " above."
        ),
    ),
    (r"could not find expected ':'", "a colon is missing. Write each setting as “key: value”."),
    (r"'\\t'", "a tab stands here. Indent with blanks instead."),
    (
        r"cannot start any token|expected alphabetic|expected URI",
        "no value can begin with this sign. Put the text between quotation marks.",
    ),
    (
        r"quoted scalar|escape",
        "a text between quotation marks is not closed, or holds a backslash. Close it, or write it without.",
    ),
    (
        r"flow (mapping|sequence)|',' or|did not find expected node",
        "a bracket is not closed, or a comma is missing between two values.",
    ),
    (
        r"block (mapping|collection|sequence)|block end|sequence entries",
        "this line is not in line with those before it. Indent it as they are.",
    ),
    (
        r"constructor|undefined tag|tag",
        "words that begin with ! cannot be used in this file. Write the value alone.",
    ),
    (r"alias|anchor", "anchors and aliases (& and *) cannot be used in this file. Write the values out."),
    (
        r"single document|document start|directive",
        "the file holds more than one part. Keep one, without lines of --- or that begin with %.",
    ),
    (r"unhashable|hashable", "a key must be a word, not a list."),
)
"""Patterns of the parser's messages, and the sentence for each."""


def _explain(error: yaml.MarkedYAMLError) -> str:
    for part in (error.problem, error.context):
        for pattern, sentence in _SENTENCES:
            if part and re.search(pattern, part):
                return sentence
    return "this line cannot be read. Compare it with a file that was exported."


def _place(mark: Any) -> str:
    return f"{_line(mark)}, column {mark.column + 1}" if mark is not None else ""


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}" if mark is not None else ""
