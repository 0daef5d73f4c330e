"""``python -m tests.trials.day``: ``worker all`` through a day of ticks, with people's edits at both sides
and the faults of a day at random moments.

A tick comes every few seconds; 96 of them are the day of a schedule of 15 minutes. Prints a line for each
fault, the memory, and every violation: what the trial that kills the worker looks for, an alert that was sent
twice, and memory that grew by more than a tenth from the middle third of the day to the last. Exits with 1 if
there was one.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median

from tests.support.listeners import Hook, webhook
from tests.support.sandbox import running_sandbox
from tests.trials.day_faults import calm, faults_of_a_day
from tests.trials.stand import SCHEDULER, SUPERVISOR, WORKER, Stand, standing
from tests.trials.verdict import verdict
from tests.trials.worker_kill import Trial, prepared
from tests.worker.installation import eventually

TICKS = 96
LASTING = (SCHEDULER, SUPERVISOR, WORKER)
"""The processes that stay for as long as nobody kills them."""
GROWTH = 1.1
ENOUGH = 24
"""Ticks, from which on a growth of memory can be told from a start."""


class Day(Trial):
    """A day for ``stand``, whose alerts ``hook`` takes; a fault comes with every other tick."""

    def __init__(self, stand: Stand, hook: Hook, seed: int, tell: Callable[[str], None]) -> None:
        super().__init__(stand, seed, [], (0, 0), tell)
        self.hook, self.random = hook, Random(f"day {seed}")
        self.faults = faults_of_a_day(stand, self.sandbox, hook)
        self.memory: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def run(self, count: int) -> list[str]:
        """So many ticks, then quiet; gives every violation."""
        names = [*self.faults] * (count // (2 * len(self.faults)) + 1)
        self.random.shuffle(names)
        eventually(self._runs, 120)
        for tick in range(count):
            began = time.monotonic()
            self._live_through(tick, names.pop() if tick % 2 and tick < count - 1 else None)
            time.sleep(max(0.0, self._interval() - (time.monotonic() - began)))
        calm(self.sandbox, self.hook)
        self._settle()
        return self._stop() + self.look() + self._sent_twice() + self._grown()

    def _live_through(self, tick: int, fault: str | None) -> None:
        """One tick: with edits, and with this fault at a random moment of it."""
        calm(self.sandbox, self.hook)
        self.stand.keep()
        self.people.act([self.sandbox])
        if fault:
            time.sleep(self.random.uniform(0, self._interval() / 2))
            self.tell(f"tick {tick:2}: {fault}: {self.faults[fault]() or 'not at this moment'}")
        for part in LASTING:
            pid = self.stand.find(part)
            if pid and (held := _resident(pid)):
                self.memory[part].append((tick, held))

    def _sent_twice(self) -> list[str]:
        """Alerts that were sent again although nothing had changed."""
        last, twice = dict[str, str](), list[str]()
        for alert, state in self.hook.alerts:
            if last.get(alert) == state:
                twice.append(f"the alert “{alert}” was sent twice: {state}")
            last[alert] = state
        self.tell(f"alerts: {len(self.hook.alerts)}")
        return twice

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


def _resident(pid: int) -> int:
    """The memory of a process in kB; 0 where it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def trial(folder: Path, options: argparse.Namespace, tell: Callable[[str], None]) -> list[str]:
    """A whole day in ``folder``. Gives every violation."""
    with ExitStack() as stack:
        hook = stack.enter_context(webhook())
        sandbox = stack.enter_context(running_sandbox())
        sandbox.reset(contacts=options.contacts, conversations=options.contacts // 8, seed=options.seed)
        stand = stack.enter_context(
            standing(sandbox, folder, options.interval, prepare=prepared, ALERT_WEBHOOK_URL=hook.url)
        )
        return Day(stand, hook, options.seed, tell).run(options.count)


def parser() -> argparse.ArgumentParser:
    """The options."""
    as_written = argparse.RawDescriptionHelpFormatter
    made = argparse.ArgumentParser(
        prog="python -m tests.trials.day", description=__doc__, formatter_class=as_written
    )
    made.add_argument("--count", type=int, default=TICKS, help="how many ticks (default %(default)s)")
    made.add_argument("--seed", type=int, default=1, help="of the school, edits and faults")
    made.add_argument("--interval", type=int, default=6, help="seconds between ticks (default %(default)s)")
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
