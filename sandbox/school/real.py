"""Contacts exported from a real org with the Education Data Architecture, where their file lies beside the
repository."""

import csv
from pathlib import Path
from typing import Any

from sandbox.salesforce.schema import load

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "salesforce" / "eda-contacts.csv"


def contacts(file: Path = FILE) -> list[tuple[str, dict[str, Any]]]:
    """The rows as (account, values by API name); none where the file is absent. Columns that the org does not
    have are left out."""
    if not file.is_file():
        return []
    types = {field.name: field.type for field in load("Contact").fields if field.createable}
    with file.open(newline="", encoding="utf-8") as lines:
        return [(row["account_id"], _values(row, types)) for row in csv.DictReader(lines)]


def _values(row: dict[str, str], types: dict[str, str]) -> dict[str, Any]:
    given = {name: value for name, value in row.items() if value and name in types}
    return {
        "Id": row["sf_id"],
        **{name: value == "true" if types[name] == "boolean" else value for name, value in given.items()},
    }
