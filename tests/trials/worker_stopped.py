"""``python -m tests.trials.worker_stopped``: stop a work horse in the middle of its writing for longer than
its lease lives, then let it go on.

Prints what happens: another worker takes the run over and brings it to its end; the one that was stopped
writes nothing more, commits nothing, and says so in the log. Then a write that was on its way all the time
lands late, and the next run puts it right. Exits with 1 if it was otherwise.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select

from syncer.infra.database.tables import LeaseRow, SendingRow, table
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.trials import agreement
from tests.trials.stand import Stand, standing
from tests.trials.verdict import verdict
from tests.worker.installation import Installation, eventually, is_alive

LEASE_SECONDS = 4
PATIENCE = 120.0
SF_API = "/services/data/v60.0"
Row = dict[str, Any]


class Trial:
    """The story, told line by line to ``tell``."""

    def __init__(self, stand: Stand, tell: Callable[[str], None]) -> None:
        self.stand, self.installation, self.sandbox = stand, stand.installation, stand.installation.sandbox
        self.began, self._tell = time.monotonic(), tell

    def run(self) -> list[str]:
        """Returns every violation."""
        horse, run = self._stop_while_it_writes()
        successor = self._taken_over(run)
        wrong = (
            [f"the run of the stopped process is called {run['state']}"]
            if (run := self._run(run["id"]))["state"] != "failed"
            else []
        )
        wrong += agreement.disagreements(self.sandbox)
        return wrong + self._go_on(horse, run, successor) + self._late_write()

    def _stop_while_it_writes(self) -> tuple[int, Row]:
        eventually(lambda: len(self._writes()) >= 20, PATIENCE)
        horse = int(eventually(self._owner, PATIENCE).split(" ")[2])
        os.kill(horse, signal.SIGSTOP)
        (run,) = eventually(lambda: self.installation.runs(state="running"), PATIENCE)
        self.tell(
            f"work horse {horse} stopped in run {run['id']}, after {len(self._writes())} writes; the lease is"
            f" {self._lease()}"
        )
        return horse, run

    def _taken_over(self, stopped: Row) -> Row:
        """The first run that is done after it. That one waited for the lease to expire, and no longer."""
        done = eventually(
            lambda: next(
                (row for row in self.installation.runs(state="done") if row["id"] > stopped["id"]), None
            ),
            PATIENCE,
        )
        former = self._run(stopped["id"])
        self.tell(f"run {stopped['id']} is {former['state']}: {former['reason']}")
        self.tell(
            f"run {done['id']} of another worker is done after {len(self._writes())} writes in all; the lease"
            f" is {self._lease()}"
        )
        eventually(
            lambda: self.installation.runs(state="done")[-1]["id"] > done["id"], PATIENCE
        )  # what was left to the next one is done too
        return done

    def _go_on(self, horse: int, run: Row, successor: Row) -> list[str]:
        """What the stopped one does when it goes on: nothing."""
        writes, entries, noted = self._writes(), self.installation.entries(run=run["id"]), self._noted(run)
        os.kill(horse, signal.SIGCONT)
        eventually(lambda: not is_alive(horse), PATIENCE)
        late = self._writes()[len(writes) :]
        after, now = self._run(run["id"]), self.installation.entries(run=run["id"])
        self.tell(
            f"work horse {horse} went on and ended: {len(late)} writes, {len(now) - len(entries)} log entries"
            f" since, its run is {after['state']}"
        )
        said = [row["reason"] for row in self.installation.runs(state="skipped", slot=run["slot"])]
        for line in said:
            self.tell(f"it said: {line}")
        wrong = [
            f"the stopped process wrote {line['object']} {line['id']} under a lost lease" for line in late
        ]
        wrong += ["the stopped process added log entries"] if now != entries else []
        wrong += ["the stopped process changed its run's row"] if after != run else []
        wrong += ["the stopped process noted what it was going to send"] if self._noted(run) != noted else []
        return wrong + ([] if said else ["the stopped process did not say that it lost the lease"])

    def _late_write(self) -> list[str]:
        """A write that was past the check when the lease was lost arrives now: an old value, by the sync's
        own user."""
        person = next(
            row
            for row in self.sandbox.records("Contact")
            if row["Element451_ID__c"] and row["MobilePhone"] and not row["IsDeleted"]
        )
        grant = self.sandbox.sign_in()
        where = f"{self.sandbox.url}{SF_API}/sobjects/Contact/{person['Id']}"
        late = {"MobilePhone": "an old value", "Description": person["Description"]}
        requests.patch(
            where, json=late, headers={"Authorization": f"Bearer {grant['access_token']}"}, timeout=30
        ).raise_for_status()
        began = self.installation.runs()[-1]["id"]
        eventually(
            lambda: len([row for row in self.installation.runs(state="done") if row["id"] > began]) >= 2,
            PATIENCE,
        )
        (now,) = (row["MobilePhone"] for row in self.sandbox.records("Contact") if row["Id"] == person["Id"])
        self.tell(
            f"a late write of MobilePhone “an old value” arrived; after the next run it is “{now}” again"
        )
        return (
            []
            if now == person["MobilePhone"]
            else [f"MobilePhone of {person['Id']} stays {now!r}, it was {person['MobilePhone']!r}"]
        )

    def tell(self, line: str) -> None:
        """Say a line, with the time."""
        self._tell(f"{time.monotonic() - self.began:6.1f} s  {line}")

    def _writes(self) -> list[Row]:
        return [line for line in self.sandbox.journal() if line["by"] == "api"]

    def _run(self, run: int) -> Row:
        (row,) = self.installation.runs(id=run)
        return row

    def _noted(self, run: Row) -> int:
        sending = table(SendingRow)
        with self.installation.application.database.connect() as connection:
            return len(connection.execute(select(sending.c.id).where(sending.c.run == run["id"])).all())

    def _lease(self) -> str:
        owner = self._owner()
        return f"of process {owner.split(' ')[2]}" if owner else "free"

    def _owner(self) -> str | None:
        leases = table(LeaseRow)
        with self.installation.application.database.connect() as connection:
            found: str | None = connection.execute(
                select(leases.c.owner).where(leases.c.name == "run")
            ).scalar_one_or_none()
            return found


def trial(folder: Path, sandbox: RunningSandbox, tell: Callable[[str], None]) -> list[str]:
    """The story in ``folder``. Returns every violation."""
    sandbox.reset(contacts=120, conversations=12)
    with standing(
        sandbox, folder, 3, prepare=_prepared, workers=2, LEASE_SECONDS=str(LEASE_SECONDS)
    ) as stand:
        return Trial(stand, tell).run()


def _prepared(installation: Installation) -> None:
    installation.configure(batch_size=10)
    installation.sandbox.options(delay_ms=60)


def main() -> int:
    """Returns the exit status: 1 where a violation was found."""
    argparse.ArgumentParser(
        prog="python -m tests.trials.worker_stopped",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sync-stopped-")))
        violations = trial(
            folder, stack.enter_context(running_sandbox()), lambda line: print(line, flush=True)
        )
    return verdict("1 stop", violations)


if __name__ == "__main__":
    sys.exit(main())
