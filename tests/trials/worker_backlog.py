"""``python -m tests.trials.worker_backlog``: export a large backlog to slow systems, with several threads and
with one.

Everybody in a school that was in step is edited in Element451; then the worker is asked for a run, and, while
it writes, for tests of single contacts. Prints time and calls for each number of threads, how long the tests
took, and every violation: a contact that was written twice or not at all, a test that took more than ten
seconds. Exits with 1 if there was one.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syncer.application.work_requests import Answer
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.trials.verdict import verdict
from tests.worker.installation import Installation, eventually, processes
from worker.client import WorkerClient

ENOUGH = 10.0
"""Seconds that a test may take while a run goes on."""
PATIENCE = 3600.0
EDITS_AT_ONCE = 10_000
ASKED_AT = (0.1, 0.4, 0.7)
"""How much of the backlog is written when a test is asked for."""


@dataclass(frozen=True)
class Test:
    """A test of a single contact that was asked for while the run wrote."""

    __test__ = False  # pytest looks for classes of this name

    seconds: float
    during_the_run: bool


@dataclass(frozen=True)
class Export:
    """One backlog, exported. ``written_wrongly``: what was written twice, not at all, or with another
    value."""

    threads: int
    contacts: int
    seconds: float
    calls: dict[str, int]
    tests: list[Test]
    written_wrongly: list[str]

    def told(self) -> str:
        """In a line or two."""
        rate = self.contacts / self.seconds
        calls = ", ".join(f"{count} calls to {system}" for system, count in self.calls.items())
        tests = ", ".join(
            f"{test.seconds:.1f} s{'' if test.during_the_run else ' (after the run)'}" for test in self.tests
        )
        return (
            f"{self.threads} threads: {self.contacts} contacts in {self.seconds:.1f} s ({rate:.0f} a second),"
            f" {calls}\n  tests answered after {tests}"
        )

    def violations(self) -> list[str]:
        """What is wrong, a line each."""
        return self.written_wrongly + [
            f"a test took {test.seconds:.1f} s" for test in self.tests if test.seconds > ENOUGH
        ]


class School:
    """Everybody in step and known, and a worker that waits for something to do."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.sandbox = installation, installation.sandbox
        self.client = WorkerClient(installation.application)
        self._ticket(self.client.sync_now())  # everything is read once
        rows = self.sandbox.records("Contact", fields=["Id", "Element451_ID__c"])
        self.pairs = sorted((str(row["Element451_ID__c"]), str(row["Id"])) for row in rows)

    def export(self, threads: int, delay_ms: int) -> Export:
        """Edit everybody, and carry it over."""
        self.installation.configure(batch_size=200, salesforce_threads=threads, sync_conversations=False)
        self.sandbox.options(delay_ms=0)
        before = self.sandbox.journal()[-1:]
        for place in range(0, len(self.pairs), EDITS_AT_ONCE):
            some = self.pairs[place : place + EDITS_AT_ONCE]
            self.sandbox.edit_element451(
                "contact", {ours: {"user-phone-cell-number": f"{threads} {ours[-8:]}"} for ours, _ in some}
            )
        self.sandbox.options(delay_ms=delay_ms)
        self.sandbox.reset_counters()
        began = time.monotonic()
        ticket = self.client.sync_now()
        tests = [self._test(ticket, place) for place in ASKED_AT]
        answer = self._ticket(ticket)
        seconds = time.monotonic() - began
        (run,) = self.installation.runs(id=answer.run)
        self.sandbox.options(delay_ms=0)
        wrong = [] if run["state"] == "done" else [f"the run ended {run['state']}: {run['reason']}"]
        wrong += self._wrong(self.sandbox.journal(before[0]["sequence"] if before else 0), threads)
        return Export(threads, len(self.pairs), seconds, run["calls"], tests, wrong)

    def _test(self, ticket: str, share: float) -> Test:
        """Ask for a test of a contact once so much is written."""
        eventually(lambda: self._written() >= share * len(self.pairs) or self.client.answer(ticket), PATIENCE)
        asked = time.monotonic()
        request = self.client.export_one(element_id=self.pairs[-1 - int(share * 10)][0])
        answer = eventually(lambda: self.client.answer(request), PATIENCE)
        assert not answer.failed, answer.sentence
        return Test(time.monotonic() - asked, self.client.answer(ticket) is None)

    def _written(self) -> int:
        return int(self.sandbox.counters()["records"].get("salesforce", {}).get("written", 0))

    def _wrong(self, journal: list[dict[str, Any]], threads: int) -> list[str]:
        """Everybody was written once, and holds what was edited."""
        writes = Counter(
            line["id"] for line in journal if (line["by"], line["system"]) == ("api", "salesforce")
        )
        others = sum((line["by"], line["system"]) == ("api", "element451") for line in journal)
        found = [f"{id} was written {writes[id]} times" for _, id in self.pairs if writes[id] != 1]
        held = {
            row["Id"]: row["MobilePhone"]
            for row in self.sandbox.records("Contact", fields=["Id", "MobilePhone"])
        }
        found += [
            f"{theirs} holds {held[theirs]!r}"
            for ours, theirs in self.pairs
            if held[theirs] != f"{threads} {ours[-8:]}"
        ]
        return found + ([f"{others} writes went to Element451"] if others else [])

    def _ticket(self, ticket: str) -> Answer:
        return eventually(lambda: self.client.answer(ticket), PATIENCE)


def trial(
    folder: Path,
    sandbox: RunningSandbox,
    contacts: int,
    delay_ms: int,
    threads: list[int],
    tell: Callable[[str], None],
) -> list[Export]:
    """One export for each number of threads, in this order."""
    sandbox.reset(contacts=contacts, in_step=True)
    sandbox.options(session_minutes=10**6)
    installation = Installation(sandbox, folder / "data")
    installation.configure(batch_size=200, sync_conversations=False)
    done = []
    with processes(installation.environment) as worker:
        worker.start("run")
        school = School(installation)
        for some in threads:
            done.append(school.export(some, delay_ms))
            tell(done[-1].told())
    installation.application.close()
    return done


def main() -> int:
    """Returns the exit status: 1 where a violation was found."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m tests.trials.worker_backlog", description=__doc__, formatter_class=as_written
    )
    parser.add_argument("--contacts", type=int, default=50_000, help="how many are due (default %(default)s)")
    parser.add_argument(
        "--delay-ms", type=int, default=200, help="how long each answer takes (default %(default)s)"
    )
    parser.add_argument(
        "--threads",
        default="4,1",
        help="how many calls to Salesforce at once, one export for each (default %(default)s)",
    )
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sync-backlog-")))
        sandbox = stack.enter_context(running_sandbox())
        threads = [int(number) for number in options.threads.split(",")]
        done = trial(
            folder, sandbox, options.contacts, options.delay_ms, threads, lambda line: print(line, flush=True)
        )
    violations = [f"{export.threads} threads: {line}" for export in done for line in export.violations()]
    return verdict(f"{len(done)} exports", violations)


if __name__ == "__main__":
    sys.exit(main())
