"""Every value that the sync overwrote, by the sandbox's journal, must have its log entry, and so must every record that it created (rule 16)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.support.sandbox import Row, RunningSandbox
from tests.trials.picture import OBJECTS

Held = dict[tuple[str, str], Row]


def held(sandbox: RunningSandbox) -> Held:
    """What every record holds now, by system and id."""
    rows: Held = {}
    for (system, object), (id, _, _) in OBJECTS.items():
        rows |= {(system, row[id]): row for row in sandbox.records(object, system=system)}
    return rows


def untold(before: Held, journal: Iterable[Row], entries: Iterable[Row]) -> list[str]:
    """What the journal tells since ``before`` and the log entries do not, a line each."""
    values: dict[tuple[str, str], Row] = defaultdict(dict, {key: dict(row) for key, row in before.items()})
    told = _told(entries)
    missing = []
    for line in journal:
        key = line["system"], line["id"]
        entry_key = ("export" if line["system"] == "salesforce" else "import", line["id"])
        if line["by"] == "api" and line["operation"] == "create" and not told.created[entry_key]:
            missing.append(f"no entry tells that {line['object']} {line['id']} was created")
        if line["by"] == "api" and line["operation"] != "create":
            for name, after in line["fields"].items():
                old = values[key].get(name)
                if not _same(old, None) and not _same(old, after) and not told.has(entry_key, name, old, after):
                    missing.append(f"no entry tells that {name} of {line['object']} {line['id']} was {old!r} and became {after!r}")
        values[key].update(line["fields"])
    return missing


class _Told:
    """The changes that the entries tell, by direction and the target's id."""

    def __init__(self) -> None:
        self.changes: dict[tuple[str, str], list[tuple[str, Any, Any]]] = defaultdict(list)
        self.created: dict[tuple[str, str], bool] = defaultdict(bool)

    def has(self, key: tuple[str, str], name: str, before: Any, after: Any) -> bool:
        """Whether an entry tells that this field was, and became."""
        return any(field == name and _same(was, before) and _same(became, after) for field, was, became in self.changes[key])


def _told(entries: Iterable[Row]) -> _Told:
    told = _Told()
    for entry in entries:
        export = entry["direction"] == "export"
        key = entry["direction"], entry["salesforce_id"] if export else entry["element_id"]
        told.created[key] |= entry["status"] in ("inserted", "upserted")
        told.changes[key] += [(change["salesforce" if export else "element451"], change["before"], change["after"]) for change in entry["changes"]]
    return told


def _same(one: Any, other: Any) -> bool:
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    """One spelling of a value: lists for texts joined by a semicolon, moments by their second, numbers as numbers, None for empty."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, list):
        return sorted(str(item) for item in value) if len(value) > 1 else _plain(value[0])
    text = str(value).strip()
    if ";" in text and "\n" not in text:
        return sorted(part.strip() for part in text.split(";"))
    if "T" in text and text[:4].isdigit():
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return text
    return text or None
