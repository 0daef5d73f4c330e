"""``python -m tests.trials.kill``: kill the sync at random moments, start it again, and compare the end with
a school that was never killed.

Two sandboxes of the same seed get the same edits. In one, ``sync`` is killed with SIGKILL again and again,
most often while it writes, with answers lost and calls refused in between; in the other it runs in peace.
Prints a line for each kill, and every violation; exits with 1 if there was one.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from tests.support.databases import Databases
from tests.support.postgres import running_postgres
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.trials import trace
from tests.trials.people import People
from tests.trials.picture import Picture, differences, ids
from tests.trials.school import DONE, FAILED, School, answer
from tests.trials.verdict import verdict

AT_WRITING = 0.85
"""The share of kills that wait until the writing has begun."""
LATENCY_MS = 15
"""How long a call takes, so that a run is long enough to be killed anywhere."""
TROUBLES: tuple[dict[str, Any], ...] = (
    {"action": "html503", "probability": 0.04},
    {
        "action": "cut_after",
        "system": "salesforce",
        "path": "composite",
        "method": "POST",
        "probability": 0.08,
    },
    {"action": "cut_after", "system": "element451", "path": "users/import", "probability": 0.08},
)


class Trial:
    """One school to be killed and a calm one. ``tell`` is handed a line for each kill."""

    def __init__(self, killed: School, calm: School, seed: int, tell: Callable[[str], None]) -> None:
        self.killed, self.calm, self.seed, self.tell = killed, calm, seed, tell
        self.random = Random(f"kill {seed}")
        self.writing_seconds = 1.0
        self.violations: list[str] = []

    def run(self, count: int) -> list[str]:
        """Kill ``count`` times, let both finish, and compare. Returns every violation."""
        at_start = ids(self.killed.sandbox)
        if at_start != ids(self.calm.sandbox):
            return ["the two sandboxes did not begin as equals"]
        before = trace.held(self.killed.sandbox)
        people = People(self.calm.sandbox, self.seed)
        self.killed.sandbox.options(delay_ms=LATENCY_MS)
        for place, trouble in enumerate(TROUBLES):
            self.killed.sandbox.fault(times=-1, seed=self.seed + place, **trouble)
        kills = 0
        while kills < count:
            if kills:
                people.act([self.killed.sandbox, self.calm.sandbox])
            kills += self._strike(kills + 1)
        self.killed.sandbox.clear_faults()
        self._finish(self.killed, "the killed school")
        self._finish(self.calm, "the calm school")
        self.violations += differences(
            Picture.of(self.killed.sandbox, at_start), Picture.of(self.calm.sandbox, at_start)
        )
        for name, school in (("killed", self.killed), ("calm", self.calm)):
            journal, entries = school.sandbox.journal(), school.logs()
            wrong = trace.untold(before, journal, entries) + trace.untrue(journal, entries)
            self.violations += [f"{name}: {line}" for line in wrong]
        return self.violations

    def _strike(self, number: int) -> bool:
        """Start a run and kill it. False where it ended before that."""
        with self.killed.running("sync") as process:
            base, began = written(self.killed.sandbox), time.monotonic()
            wait_for_writing = self.random.random() < AT_WRITING
            while wait_for_writing and process.poll() is None and written(self.killed.sandbox) == base:
                time.sleep(0.01)
            pause = self.random.uniform(0, self.writing_seconds if wait_for_writing else 3)
            try:
                process.wait(pause)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            if process.returncode == -signal.SIGKILL:
                self.writing_seconds *= 1.05
                records = written(self.killed.sandbox) - base
                phase = f"while it wrote, after {records} records" if records else "before it wrote"
                self.tell(f"kill {number}: {time.monotonic() - began:.2f} s after its start, {phase}")
                return True
            self.writing_seconds *= 0.7
            summary = answer(process, (DONE, FAILED))
            self.tell(
                f"        (a run ended by itself before its kill: {summary['state']}"
                f" {summary.get('reason', '')})"
            )
            return False

    def _finish(self, school: School, name: str) -> None:
        """One more run brings everything in step; the next one finds nothing to do."""
        began = time.monotonic()
        summary = school.sync()
        took = time.monotonic() - began
        written_before = written(school.sandbox)
        school.sync()
        later = written(school.sandbox) - written_before
        self.tell(
            f"{name}: one more run in {took:.1f} s, {told(summary)}; the run after it wrote {later} records"
        )
        if later:
            self.violations.append(f"{name} wrote {later} records in a run that had nothing to do")


def written(sandbox: RunningSandbox) -> int:
    """How many records the API has written in both systems."""
    records = sandbox.counters()["records"]
    return sum(counts["written"] for counts in records.values())


def told(summary: dict[str, dict[str, dict[str, int]]]) -> str:
    """The counts of a run, in a few words."""
    some = {
        status: sum(counts[status] for counts in summary["counts"].values())
        for status in ("inserted", "updated", "upserted", "failed")
    }
    return ", ".join(f"{count} {status}" for status, count in some.items())


@contextmanager
def schools(
    folder: Path, databases: Databases, seed: int, contacts: int, conversations: int
) -> Iterator[tuple[School, School]]:
    """Two equal schools, each connected to a sandbox of its own."""
    with ExitStack() as stack:
        made = []
        now = datetime.now(UTC).isoformat()
        for name in ("killed", "calm"):
            sandbox = stack.enter_context(running_sandbox())
            sandbox.reset(contacts=contacts, conversations=conversations, seed=seed, now=now)
            made.append(School(sandbox, folder / name, stack.enter_context(databases.url())))
        for school in made:
            school.connect()
        yield made[0], made[1]


def main() -> int:
    """Returns the exit status: 1 where a violation was found."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.trials.kill",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=20, help="how many kills (default %(default)s)")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the school, the edits and the moments (default %(default)s)"
    )
    parser.add_argument(
        "--contacts", type=int, default=2000, help="the size of the school (default %(default)s)"
    )
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sync-kill-")))
        databases = Databases(folder, stack.enter_context(running_postgres()) if options.postgres else None)
        killed, calm = stack.enter_context(
            schools(folder, databases, options.seed, options.contacts, options.contacts // 6)
        )
        violations = Trial(killed, calm, options.seed, lambda line: print(line, flush=True)).run(
            options.count
        )
    return verdict(f"{options.count} kills", violations)


if __name__ == "__main__":
    sys.exit(main())
