"""How few calls a run needs, by the sandbox's counters, sign-in calls left out: both systems count them
against a daily limit.

``make calls`` measures at full size: 10,000 changed contacts (``CONTACTS``), and a run with nothing to do on
100,000 pairs (``PAIRS``).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syncer.connectors.element451 import contract
from syncer.core.records import Kind
from syncer.sync.pull import audit
from tests.support.databases import Databases
from tests.support.sandbox import Row, running_sandbox
from tests.trials.school import School

SIZE = int(os.environ.get("CONTACTS", 1000))
PAIRS = int(os.environ.get("PAIRS", SIZE))
PAST_THE_OVERLAP = 3600
WRITES, READS = {"import"}, {"export", "search", "conversations", "mappings"}


class Counted(School):
    """A school that says what a run cost."""

    moved = 0

    def cost(self) -> tuple[int, int, int]:
        """Sync, and count: calls to Salesforce, writes to Element451, reads there."""
        self.sandbox.reset_counters()
        summary = self.sync()
        found: dict[str, dict[str, int]] = self.sandbox.counters()["calls"]
        theirs, ours = found.get("salesforce", {}), found.get("element451", {})
        assert set(ours) <= WRITES | READS | {"total"}, "a class of calls that is neither a write nor a read"
        calls = theirs.get("total", 0) - theirs.get("oauth", 0)
        cost = calls, sum(ours.get(name, 0) for name in WRITES), sum(ours.get(name, 0) for name in READS)
        assert summary["api_calls"] == {
            "salesforce": cost[0],
            "element451": cost[1] + cost[2],
        }, "the run counts its calls itself"
        print(
            f"{cost[0]} Salesforce calls, {cost[1]} writes to Element451, {cost[2]} reads there:"
            f" {told(summary)}"
        )
        return cost

    def settle(self) -> None:
        """Let everything that the run before wrote fall behind the overlap of incremental reading."""
        self.later()
        self.sync()
        self.later()

    def later(self, seconds: int = PAST_THE_OVERLAP) -> None:
        """Move both clocks, the sandbox's and that of the product."""
        self.sandbox.clock(advance=seconds)
        self.moved += seconds
        self.program = ["tests.trials.moved_clock", str(self.moved)]

    def pairs(self) -> list[Row]:
        """Everybody in Salesforce: Id and Element451_ID__c."""
        return self.sandbox.records("Contact", fields=["Id", "Element451_ID__c"])


def at_most(fixed: int, per_10_000: int) -> int:
    """The calls that a run over `SIZE` contacts may need."""
    return fixed + per_10_000 * SIZE // 10_000


def told(summary: Row) -> dict[str, dict[str, int]]:
    """A run's counts without the zeros."""
    return {
        name: {status: n for status, n in counts.items() if n}
        for name, counts in summary["counts"].items()
        if any(counts.values())
    }


@contextmanager
def in_step(databases: Databases, folder: Path, pairs: int) -> Iterator[Counted]:
    """A school of so many pairs, and a tenth as many conversations, in step and known."""
    with running_sandbox() as sandbox, databases.url() as url:
        sandbox.reset(contacts=pairs, conversations=pairs // 10, in_step=True)
        sandbox.options(session_minutes=10**6)
        school = Counted(sandbox, folder, url)
        school.connect()
        school.sync()
        yield school


@pytest.fixture(scope="module")
def connected(on_sqlite: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    with in_step(on_sqlite, tmp_path_factory.mktemp("school"), SIZE) as school:
        yield school


@pytest.fixture
def larger(connected: Counted, on_sqlite: Databases, tmp_path: Path) -> Iterator[Counted]:
    """A school of `PAIRS`."""
    if PAIRS == SIZE:
        yield connected
        return
    with in_step(on_sqlite, tmp_path, PAIRS) as school:
        yield school


@pytest.fixture
def school(connected: Counted) -> Counted:
    """A school whose pairs are known and in step."""
    connected.settle()
    return connected


def test_changed_contacts_are_exported_in_22_salesforce_calls_for_10_000(school: Counted) -> None:
    ids = [row["Element451_ID__c"] for row in school.pairs()][:SIZE]
    school.sandbox.edit_element451(
        "contact", {id: {"user-phone-cell-number": f"555 {n}"} for n, id in enumerate(ids)}
    )
    salesforce, writes, _ = school.cost()
    assert (salesforce <= at_most(5, 17), writes) == (True, 0), salesforce
    assert (
        sum(
            row["MobilePhone"].startswith("555 ")
            for row in school.sandbox.records("Contact", fields=["MobilePhone"])
        )
        >= SIZE
    )


def test_changed_contacts_are_imported_in_12_salesforce_calls_25_writes_and_205_reads_for_10_000(
    school: Counted,
) -> None:
    school.sandbox.edit_many(
        "Contact",
        [{"Id": row["Id"], "Description": f"Noted {n}"} for n, row in enumerate(school.pairs()[:SIZE])],
    )
    salesforce, writes, reads = school.cost()
    # Each contact is read once, right before its import (rule 16).
    allowed = at_most(4, 8), at_most(1, 24), at_most(5, 200)
    assert all(needed <= most for needed, most in zip((salesforce, writes, reads), allowed, strict=True)), (
        salesforce,
        writes,
        reads,
    )
    assert school.sandbox.counters()["records"]["element451"]["read"] == SIZE
    notes = school.sandbox.records("contact", system="element451", fields=["user-custom-advisor-notes"])
    assert sum(str(row["user-custom-advisor-notes"]).startswith("Noted ") for row in notes) == SIZE


def test_contacts_are_created_by_import_in_25_salesforce_calls_45_writes_and_401_reads_for_10_000(
    school: Counted,
) -> None:
    school.configure({"sync_conversations": False})
    new = [
        {"LastName": f"New {n}", "FirstName": "Ñ", "Email": f"new.{n}@new.example.edu", "Description": "New"}
        for n in range(SIZE)
    ]
    school.sandbox.create_many("Contact", new)
    salesforce, writes, reads = school.cost()
    # Half of the reads search for the match field right before the creation (rule 7).
    allowed = at_most(2, 23), at_most(0, 45), at_most(1, 400)
    assert all(needed <= most for needed, most in zip((salesforce, writes, reads), allowed, strict=True)), (
        salesforce,
        writes,
        reads,
    )
    assert all(row["Element451_ID__c"] for row in school.pairs())
    assert len(school.sandbox.records("contact", system="element451", fields=["user-elementid"])) == 2 * SIZE


@pytest.mark.variation
@pytest.mark.timeout(1800)
def test_a_forecast_says_the_calls_of_the_first_run_within_15_percent(school: Counted) -> None:
    for before, after in (("MailingCity", "Title"), ("Description", "AssistantName")):
        school.configure({})
        school.settle()
        file = school.folder / "edited.yaml"
        text = (school.folder / "mapping.yaml").read_text("utf-8")
        file.write_text(text.replace(f"salesforce: {before}\n", f"salesforce: {after}\n"), "utf-8")
        found = school.run("forecast", str(file), "--whole")
        school.run("config", "import", str(file))
        salesforce, writes, reads = school.cost()
        print(after, found["calls"], found["touched"])
        told = found["calls"]["first_run"]
        assert found["touched"] > SIZE // 2
        assert abs(told["salesforce"] - salesforce) <= max(2, 0.15 * salesforce)
        assert abs(told["element451"] - writes - reads) <= max(2, 0.15 * (writes + reads))
    school.configure({})
    school.settle()


@pytest.mark.timeout(1800)
def test_a_run_with_nothing_to_do_needs_6_calls_in_all(larger: Counted) -> None:
    larger.configure({})
    larger.settle()
    assert sum(larger.cost()) <= 6


@pytest.mark.timeout(1800)
def test_a_night_with_nothing_stamped_needs_60_salesforce_and_120_element451_calls_for_100_000_contacts(
    larger: Counted,
) -> None:
    larger.configure({})
    larger.settle()
    larger.later(3 * 86_400)
    larger.sync()
    larger.sandbox.reset_counters()
    found = larger.run("audit")
    calls = larger.sandbox.counters()["calls"]
    salesforce = calls["salesforce"]["total"] - calls["salesforce"].get("oauth", 0)
    print(f"{salesforce} Salesforce calls, {calls['element451']['total']} of Element451: {found}")
    assert salesforce <= 8 + 52 * PAIRS // 100_000
    assert calls["element451"]["total"] <= 25 + 95 * PAIRS // 100_000
    assert found["salesforce"]["seen"] >= PAIRS
    assert (found["salesforce"]["differed"], found["element451"]["differed"]) == (0, 0)


def test_the_look_back_of_a_night_needs_400_calls_at_most() -> None:
    reads = sum(records // contract.MAX_IDS_PER_READ for records in audit.LOOK_BACK_RECORDS.values())
    assert reads + audit.LOOK_BACK_RECORDS[Kind.CONTACT] // contract.MAX_IDS_PER_SEARCH + 2 <= 400
