"""Where one account differs from what is assumed of Element451: settings of the connection, whose defaults
are the contract's (contracts/element451.md A2, A7, A8, A9). Everything else of this program speaks in the
contract's words; requests and responses are translated here. Pure: no I/O."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

_SLUG = re.compile(r"[a-z][a-z0-9_-]{0,99}")
_PATH = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*")
EMPTY_CELLS = ("skip", "null", "remove", "empty_string")
"""What an import's column may say of its empty cells (F13)."""
LARGEST = {"read_size": 50, "search_size": 5000, "import_size": 500, "field_list_size": 500}


class BadSetting(ValueError):
    """A setting that cannot be; ``str()`` says which, and what is allowed."""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """The settings, by name. ``…_size``: records, ids, rows and fields of one request. ``keep_cell`` and
    ``empty_cell``: what a column says so that its empty cells do nothing, or empty the field. Raises
    `BadSetting`."""

    conversations_path: str = "conversations/export"
    conversation_id: str = "conversation-id"
    conversation_contact: str = "conversation-user-elementid"
    conversation_stamp: str = "conversation-updated-at"
    contact_stamp: str = "user-updated-at"
    keep_cell: str = "skip"
    empty_cell: str = "null"
    read_size: int = LARGEST["read_size"]
    search_size: int = LARGEST["search_size"]
    import_size: int = LARGEST["import_size"]
    field_list_size: int = LARGEST["field_list_size"]

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if problem := _problem(name, value):
                raise BadSetting(f"{name}: {problem}")
        slugs = [getattr(self, name) for name in _SLUGS]
        if len(set(slugs)) < len(slugs):
            raise BadSetting("Two fields cannot have the same slug.")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "AccountSettings":
        """The defaults with what is ``given`` by name. Raises `BadSetting`."""
        if unknown := sorted(given.keys() - {field.name for field in fields(cls)}):
            names = ", ".join(field.name for field in fields(cls))
            raise BadSetting(f"{', '.join(unknown)}: there is no such setting. There are {names}.")
        try:
            typed: dict[str, Any] = {
                name: int(value) if name in LARGEST else str(value) for name, value in given.items()
            }
        except ValueError:
            raise BadSetting("A size is a whole number.") from None
        return cls(**typed)

    @property
    def changed(self) -> dict[str, str | int]:
        """Those that are not the contract's, by name."""
        usual = asdict(AccountSettings())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def path(self, path: str) -> str:
        """The account's path for the contract's."""
        return self.conversations_path if path == _CONTRACT.conversations_path else path

    def request(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A request's body in the account's words."""
        words = self._words()
        cells = {_CONTRACT.keep_cell: self.keep_cell, _CONTRACT.empty_cell: self.empty_cell}
        return body if not words and cells.keys() == set(cells.values()) else _said(body, words, cells)

    def response(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A response's body in the contract's words."""
        words = {theirs: ours for ours, theirs in self._words().items()}
        data = body.get("data")
        if not words or not isinstance(data, list):
            return body
        return {**body, "data": [_row(row, words) for row in data]}

    def slug(self, theirs: str) -> str:
        """The contract's slug for the account's."""
        return next((ours for ours, other in self._words().items() if other == theirs), theirs)

    def _words(self) -> dict[str, str]:
        return {
            ours: theirs
            for name in _SLUGS
            if (ours := getattr(_CONTRACT, name)) != (theirs := getattr(self, name))
        }


_SLUGS = ("conversation_id", "conversation_contact", "conversation_stamp", "contact_stamp")


def _problem(name: str, value: str | int) -> str:
    if name in LARGEST:
        most = LARGEST[name]
        return "" if isinstance(value, int) and 1 <= value <= most else f"a number from 1 to {most}."
    if name in ("keep_cell", "empty_cell"):
        return "" if value in EMPTY_CELLS else f"one of {', '.join(EMPTY_CELLS)}."
    form = _PATH if name == "conversations_path" else _SLUG
    return (
        ""
        if form.fullmatch(str(value))
        else "lower-case letters, digits and hyphens, as Element451 writes it."
    )


def _said(part: Any, words: Mapping[str, str], cells: Mapping[str, str]) -> Any:
    """A part of a request, where it names slugs (columns, targets of segments) or what empty cells do."""
    if isinstance(part, list):
        return [_said(one, words, cells) for one in part]
    if not isinstance(part, dict):
        return part
    made = {key: _said(value, words, cells) if key in _INSIDE else value for key, value in part.items()}
    if isinstance(slug := part.get("slug"), str):
        made["slug"] = words.get(slug, slug)
    if isinstance(empty := part.get("empty"), str):
        made["empty"] = cells.get(empty, empty)
    if isinstance(target := part.get("target"), str):
        slug = target.removeprefix("<mapping:").removesuffix(">")
        made["target"] = f"<mapping:{words.get(slug, slug)}>"
    return made


_INSIDE = frozenset({"item", "template", "columns", "segment", "users", "conversations", "filters"})


def _row(row: Any, words: Mapping[str, str]) -> Any:
    """A row of a response: a record by slugs, or a field with its slug."""
    if not isinstance(row, dict):
        return row
    made = {words.get(key, key): value for key, value in row.items()}
    if isinstance(slug := made.get("slug"), str):
        made["slug"] = words.get(slug, slug)
    return made


_CONTRACT = AccountSettings()
