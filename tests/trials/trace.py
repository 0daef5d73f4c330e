"""Every value that the sync overwrote, by the sandbox's journal, must have its log entry, and so must every
record that it created (rule 16); and what the entries tell must have happened.
"""

from collections import Counter, defaultdict
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
        if frees(line):
            continue
        key = line["system"], line["id"]
        entry_key = ("export" if line["system"] == "salesforce" else "import", line["id"])
        if line["by"] == "api" and line["operation"] == "create" and told.created[entry_key] != 1:
            missing.append(
                f"{told.created[entry_key]} entries tell that {line['object']} {line['id']} was created"
            )
        if line["by"] == "api" and line["operation"] != "create":
            for name, after in line["fields"].items():
                old = values[key].get(name)
                if not same(old, None) and not same(old, after) and not told.has(entry_key, name, old, after):
                    missing.append(
                        f"no entry tells that {name} of {line['object']} {line['id']} was {old!r} and became"
                        f" {after!r}"
                    )
        values[key].update(line["fields"])
    return missing


def frees(line: Row) -> bool:
    """Whether a write only empties an ID that the next one fills: a unique one that is somebody else's. The
    log tells the two as one."""
    return bool(line["by"] == "api" and line["fields"] == {"Element451_ID__c": None})


def untrue(journal: Iterable[Row], entries: Iterable[Row]) -> list[str]:
    """What log entries tell and the journal does not, a line each; entries that say that they are not certain
    are left out."""
    done: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for line in journal:
        if line["by"] == "api":
            for name, after in line["fields"].items():
                done["export" if line["system"] == "salesforce" else "import", line["id"], name].append(after)
    wrong = []
    for entry in entries:
        side, id = (
            ("salesforce", "salesforce_id")
            if entry["direction"] == "export"
            else ("element451", "element_id")
        )
        if entry["status"] not in ("inserted", "updated", "upserted") or entry["code"]:
            continue
        for change in entry["changes"]:
            name, after = change[side], change["after"]
            if not any(same(after, written) for written in done[entry["direction"], entry[id], name]):
                wrong.append(
                    f"entry {entry['entry']} tells that {name} of {entry[id]} became {after!r}, which was"
                    f" never written ({entry['status']} in run {entry['run']}: {entry['changes']};"
                    f" {entry['reason']})"
                )
    return wrong


class _Told:
    """The changes that the entries tell, by direction and the target's id."""

    def __init__(self) -> None:
        self.changes: dict[tuple[str, str], list[tuple[str, Any, Any]]] = defaultdict(list)
        self.created: Counter[tuple[str, str]] = Counter()

    def has(self, key: tuple[str, str], name: str, before: Any, after: Any) -> bool:
        """Whether an entry tells that this field was, and became."""
        return any(
            field == name and same(was, before) and same(became, after)
            for field, was, became in self.changes[key]
        )


def _told(entries: Iterable[Row]) -> _Told:
    told = _Told()
    for entry in entries:
        export = entry["direction"] == "export"
        key = entry["direction"], entry["salesforce_id"] if export else entry["element_id"]
        new = entry["status"] == "inserted" or (entry["status"] == "upserted" and not told.created[key])
        told.created[key] += new
        told.changes[key] += [
            (change["salesforce" if export else "element451"], change["before"], change["after"])
            for change in entry["changes"]
        ]
    return told


def same(one: Any, other: Any) -> bool:
    """Whether two spellings, of either system or of the log, mean the same value."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    """One spelling of a value: lists for texts joined by a semicolon, moments by their second, numbers as
    numbers, None for empty."""
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
