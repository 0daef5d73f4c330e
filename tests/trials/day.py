"""``python -m tests.trials.day``: ``worker all`` through 24 hours of ticks, with people's edits at both sides
and the faults of a day at random moments.

The clock jumps from one tick to the next, for the installation and for both systems; now and then it jumps by
hours or days for the installation alone, while Salesforce refuses every call, and is put right later. Prints
a line for each fault, the memory, and every violation: what the trial that kills the worker looks for, a tick
without a run of its own, an alert that was sent twice or not at all, and memory that grew by more than a
tenth from the middle third of the day to the last. Exits with 1 if there was one.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from syncer.journal.runs import RUNS
from tests.support.listeners import Hook, webhook
from tests.support.sandbox import running_sandbox
from tests.trials.clock.jumping import SITE, JumpingClock
from tests.trials.day_faults import CLOCKS, calm, faults_of_a_day, refuse
from tests.trials.stand import SCHEDULER, SUPERVISOR, WORKER, Stand, standing
from tests.trials.verdict import verdict
from tests.trials.worker_kill import Row, Trial, prepared
from tests.worker.installation import eventually

QUARTER, A_DAY = 900, 86_400
TICKS = A_DAY // QUARTER
PATIENCE = 120.0
"""Seconds in which a tick has its run, whatever was killed."""
LASTING = (SCHEDULER, SUPERVISOR, WORKER)
"""The processes that stay for as long as nobody kills them."""
GROWTH = 1.1
ENOUGH = 24
"""Ticks, from which on a growth of memory can be told from a start."""


class Day(Trial):
    """A day for ``stand``, whose alerts ``hook`` takes and whose time ``clock`` tells; a fault comes with
    every other tick. ``trace`` is a file that nobody may make."""

    def __init__(
        self,
        stand: Stand,
        hook: Hook,
        clock: JumpingClock,
        trace: Path,
        seed: int,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(stand, seed, [], (0, 0), tell)
        self.hook, self.clock, self.trace, self.random = hook, clock, trace, Random(f"day {seed}")
        self.faults = faults_of_a_day(stand, self.sandbox, hook)
        self.memory: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.lost: list[str] = []
        self.ticks, self.outages = 0, 0

    def run(self, count: int) -> list[str]:
        """So many ticks, then quiet; gives every violation."""
        often = count // (2 * len(self.faults) + 2 * len(CLOCKS)) + 1
        names = [*self.faults, *CLOCKS] * often
        self.random.shuffle(names)
        eventually(self._runs, 120)
        while self.ticks < count:
            name = names.pop() if self.ticks % 2 and self.ticks < count - 1 else ""
            if name not in CLOCKS:
                self._tick(name)
            elif self.ticks < count - 3:
                self._with_a_wrong_clock(name)
            # else another one: this needs more ticks than are left
        self._settle()
        found = [*self._stop(), *self.lost, *self.look(), *self._of_alerts(), *self._grown()]
        return found + ["the job of a stranger was done"] * self.trace.exists()

    def _with_a_wrong_clock(self, name: str) -> None:
        """Two ticks in which Salesforce refuses all: the clock goes wrong in the first, during its run or
        before anybody saw that slot begin, and is right again in the second. Another one, and all is well."""
        self.outages += 1
        seen, began = self.random.random() < 0.5, self._begin_tick(refuse)
        if seen:
            self._await_run(*began, begun=True)
        newest = self._newest()
        self.clock.go_wrong(CLOCKS[name])
        self.tell(f"tick {self.ticks:2}: {name}")
        self._await_run(self._slot(), newest)
        self._end_tick()
        self.clock.go_wrong(0)
        self._await_run(*self._begin_tick(refuse))
        self._await_run(*began)
        self._end_tick()
        self._tick("")

    def _tick(self, fault: str) -> None:
        """One tick: with edits, and with this fault at a random moment of it."""
        early = self.random.random() < 0.5
        if fault and early:
            self._strike_with(fault)
        began = self._begin_tick()
        if fault and not early:
            self._await_run(*began, begun=True)
            time.sleep(self.random.uniform(0, 1))
            self._strike_with(fault)
        self._await_run(*began)
        self._end_tick()

    def _begin_tick(self, *faults: Callable[..., None]) -> tuple[int, int]:
        """The second at which the slot begins that the clocks have jumped to, and the newest run before."""
        self.stand.keep()
        self.people.act([self.sandbox])
        for fault in faults:
            fault(self.sandbox)
        newest = self._newest()
        self.clock.jump_to_next(self._interval())
        return self._slot(), newest

    def _end_tick(self) -> None:
        calm(self.sandbox, self.hook)
        for part in LASTING:
            pid = self.stand.find(part)
            if pid and (held := _resident(pid)):
                self.memory[part].append((self.ticks, held))
        self.ticks += 1

    def _strike_with(self, fault: str) -> None:
        self.tell(f"tick {self.ticks:2}: {fault}: {self.faults[fault]() or 'not at this moment'}")

    def _await_run(self, slot: int, newest: int, *, begun: bool = False) -> None:
        """Wait until a run after ``newest`` is over that was made for this slot (or has ``begun``)."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if any(begun or _served(row) for row in self._runs_of(slot, newest)):
                return
            self.stand.keep()
            time.sleep(0.05)
        self.lost.append(f"tick {self.ticks}: nobody served the slot of second {slot}")

    def _slot(self) -> int:
        return int(self.clock.now()) // self._interval() * self._interval()

    def _newest(self) -> int:
        return max((row["id"] for row in self._runs()), default=0)

    def _runs_of(self, slot: int, newest: int) -> list[Row]:
        asked = select(RUNS.c.state, RUNS.c.code).where(RUNS.c.slot == slot, RUNS.c.id > newest)
        try:
            with self.stand.installation.application.database.connect() as connection:
                return [dict(row) for row in connection.execute(asked).mappings()]
        except SQLAlchemyError:
            return []

    def _settle(self) -> None:
        """Another day passes in which nobody does anything: what waits is tried again meanwhile."""
        for seconds in (self._interval(), A_DAY, self._interval(), self._interval()):
            newest = self._newest()
            self.clock.jump_to_next(seconds)
            self._await_run(self._slot(), newest)

    def _missed(self, runs: list[Row]) -> list[int]:
        """None: each tick was waited for."""
        return []

    def _of_alerts(self) -> list[str]:
        """Alerts that were sent again although nothing had changed, or were not sent at all."""
        last, found = dict[str, str](), list[str]()
        for alert, state in self.hook.alerts:
            if last.get(alert) == state:
                found.append(f"the alert “{alert}” was sent twice: {state}")
            last[alert] = state
        told = Counter(f"{alert} {state}" for alert, state in self.hook.alerts)
        self.tell(f"{self.outages} outages; alerts: {', '.join(f'{n} {what}' for what, n in told.items())}")
        if told["run_failing failing"] < self.outages:
            found.append("an outage raised no alert")
        return found

    def _grown(self) -> list[str]:
        found = []
        for part, seen in self.memory.items():
            third = (seen[-1][0] + 1) // 3
            middle = [held for tick, held in seen if third <= tick < 2 * third]
            late = [held for tick, held in seen if tick >= 2 * third]
            if not middle or not late or 3 * third < ENOUGH:
                continue
            before, after = median(middle), median(late)
            self.tell(f"memory of the {part}: {before / 1024:.1f} MB, then {after / 1024:.1f} MB")
            if after > before * GROWTH:
                found.append(f"the {part} grew from {before} to {after} kB")
        return found


def _served(row: Row) -> bool:
    return bool(row["state"] != "running" and row["code"] != "PROCESS_ENDED")


def _resident(pid: int) -> int:
    """The memory of a process in kB; 0 where it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def trial(folder: Path, options: argparse.Namespace, tell: Callable[[str], None]) -> list[str]:
    """A whole day in ``folder``. Returns every violation."""
    with ExitStack() as stack:
        hook = stack.enter_context(webhook())
        sandbox = stack.enter_context(running_sandbox())
        sandbox.reset(contacts=options.contacts, conversations=options.contacts // 8, seed=options.seed)
        clock, trace = JumpingClock(folder / "clock", sandbox), folder / "trace"
        stand = stack.enter_context(
            standing(
                sandbox,
                folder,
                options.interval,
                prepare=prepared,
                PYTHONPATH=str(SITE),
                CLOCK_AHEAD=str(clock.file),
                ALERT_WEBHOOK_URL=hook.url,
                CALL_SECONDS="10",
                TRACE=str(trace),
            )
        )
        return Day(stand, hook, clock, trace, options.seed, tell).run(options.count)


def parser() -> argparse.ArgumentParser:
    """The options."""
    as_written = argparse.RawDescriptionHelpFormatter
    made = argparse.ArgumentParser(
        prog="python -m tests.trials.day", description=__doc__, formatter_class=as_written
    )
    made.add_argument("--count", type=int, default=TICKS, help="how many ticks (default %(default)s)")
    made.add_argument("--seed", type=int, default=1, help="of the school, edits and faults")
    made.add_argument(
        "--interval", type=int, default=QUARTER, help="seconds between ticks (default %(default)s)"
    )
    made.add_argument("--contacts", type=int, default=200, help="the size of the school")
    made.add_argument(
        "--keep", type=Path, help="a folder, not there yet, to keep the database and the log in"
    )
    return made


def main() -> int:
    """Returns the exit status: 1 where a violation was found."""
    options = parser().parse_args()
    with ExitStack() as stack:
        if options.keep:
            options.keep.mkdir(parents=True)
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sync-day-")))
        violations = trial(folder, options, lambda line: print(line, flush=True))
    return verdict(f"{options.count} ticks with seed {options.seed}", violations)


if __name__ == "__main__":
    sys.exit(main())
