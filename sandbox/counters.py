"""Counters of calls and records, by system and by class of endpoint."""

from collections import Counter


class Counters:
    """What the two systems were asked. A call is counted once, by the handler that answered it or as
    ``fault``."""

    def __init__(self) -> None:
        self.calls: dict[str, Counter[str]] = {}
        self.records: dict[str, Counter[str]] = {}

    def reset(self) -> None:
        """Count from zero again."""
        self.calls.clear()
        self.records.clear()

    def call(self, system: str, operation: str) -> None:
        """Count a call, such as ("salesforce", "query") or ("element451", "import")."""
        self.calls.setdefault(system, Counter())[operation] += 1

    def read(self, system: str, records: int) -> None:
        """Count records that were read."""
        self.records.setdefault(system, Counter())["read"] += records

    def written(self, system: str, records: int) -> None:
        """Count records that were written (stored, not merely sent)."""
        self.records.setdefault(system, Counter())["written"] += records

    def records_written(self, system: str) -> int:
        """How many were written."""
        return self.records.get(system, Counter())["written"]

    def as_json(self) -> dict[str, object]:
        """``{"calls": {system: {operation: n, "total": n}}, "records": {system: {"read": n, "written":
        n}}}``."""
        return {
            "calls": {system: {**counts, "total": counts.total()} for system, counts in self.calls.items()},
            "records": {
                system: {"read": counts["read"], "written": counts["written"]}
                for system, counts in self.records.items()
            },
        }
