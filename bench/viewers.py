"""``python -m bench.viewers``: 30 people have the dashboard open at once, and a sync runs beside them.

A school is connected to the sandbox and synced; then its database is filled as `bench.dashboard` fills it.
Each of the people is a client of the dashboard's own WebSocket, as a browser is one: half look at the
Overview, half at the Integration Logs, everybody changes over to the other page again and again, and the
parts of a page that ask by themselves do so. Told are the seconds until a page is there again, the answers of
``/healthz`` meanwhile, the dashboard's CPU, and that of a sync of everybody in the sandbox, alone and beside
them.
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import monotonic

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from bench.dashboard import fill_pairs
from bench.history import fill
from demo.children import ROOT
from tests.support.dashboard import Installed, dashboard_process
from tests.support.sandbox import RunningSandbox, running_sandbox

PAGES = ("", "logs")
LOOKS_SECONDS = 12.0
"""How long somebody looks at a page before they open the other one, on average."""
HEALTH_SECONDS = 1.0
PHONE = "user-phone-cell-number"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Seen:
    """What the people waited for, in seconds."""

    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    parts: int = 0
    health: list[float] = field(default_factory=list)


class Person:
    """One browser: asks for pages, and for the parts of them that are to be drawn again by the clock."""

    def __init__(self, socket: ClientConnection, page: str, random: Random, seen: Seen) -> None:
        self.socket, self.page, self.random, self.seen = socket, page, random, seen
        self._parts: dict[str, float] = {}
        self._due: dict[str, float] = {}

    async def look(self, until: float) -> None:
        """Look at the pages, one after the other."""
        self.seen.first.append(await self._open())
        while (now := monotonic()) < until:
            turns = now + self.random.uniform(0.5, 1.5) * LOOKS_SECONDS
            while (now := monotonic()) < min(turns, until):
                await self._listen(min([turns, until, *self._due.values()]) - now)
                for part in [part for part, when in self._due.items() if when <= monotonic()]:
                    self._due[part] = monotonic() + self._parts[part]
                    await self._send(part)
            if now < until:
                self.page = PAGES[1 - PAGES.index(self.page)]
                self.seen.again.append(await self._open())

    async def _open(self) -> float:
        began = monotonic()
        await self._send()
        while not await self._listen(60):
            if monotonic() - began > 120:
                raise TimeoutError("a page did not come within two minutes")
        return monotonic() - began

    async def _send(self, part: str = "") -> None:
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.query_string = ""
        message.rerun_script.fragment_id = part
        message.rerun_script.is_auto_rerun = bool(part)
        self.seen.parts += bool(part)
        await self.socket.send(message.SerializeToString())

    async def _listen(self, seconds: float) -> bool:
        """Take what comes within this time; True as soon as a whole page is there."""
        try:
            async with asyncio.timeout(max(seconds, 0.01)):
                while True:
                    if self._take(ForwardMsg.FromString(await self.socket.recv(decode=False))):
                        return True
        except TimeoutError:
            return False

    def _take(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "new_session":  # of a whole page: what the former one asked for is over
            self._parts, self._due = {}, {}
        elif kind == "auto_rerun":
            part, seconds = message.auto_rerun.fragment_id, message.auto_rerun.interval
            self._parts[part] = seconds
            self._due.setdefault(part, monotonic() + seconds)
        return kind == "script_finished" and message.script_finished == (
            ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
        )


async def _look_together(address: str, people: int, seconds: float, seen: Seen) -> None:
    began = monotonic()

    async def one(number: int) -> None:
        await asyncio.sleep(number * 0.1)  # nobody opens a page in the very moment in which all others do
        stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        async with connect(stream, max_size=None) as socket:
            random = Random(f"viewer {number}")
            await Person(socket, PAGES[number % 2], random, seen).look(began + seconds)

    await asyncio.gather(*(one(number) for number in range(people)))


def _watch_health(address: str, seen: Seen, over: threading.Event) -> None:
    while not over.wait(HEALTH_SECONDS):
        began = monotonic()
        requests.get(f"{address}/healthz", timeout=30)
        seen.health.append(monotonic() - began)


def _cpu(pid: int) -> float:
    """CPU seconds that a process took so far."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / TICKS


def _sync(installed: Installed, sandbox: RunningSandbox, text: str) -> tuple[float, float]:
    """The CPU seconds of one sync of everybody, whose phone number somebody changed, and its seconds."""
    sandbox.edit_element451(
        "contact",
        {row["user-elementid"]: {PHONE: text} for row in sandbox.records("contact", system="element451")},
    )
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "syncer", "sync", "--json"],
        env=dict(installed.environment),
        cwd=ROOT,
        check=False,  # single records fail in every school
        capture_output=True,
        text=True,
    )
    if '"done"' not in done.stdout:
        raise RuntimeError(f"the sync failed: {done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, monotonic() - began


def _told(name: str, found: Sequence[float]) -> str:
    if not found:
        return f"{name:28}none"
    parts = quantiles(found, n=20) if len(found) > 1 else [found[0]] * 19
    return f"{name:28}{len(found):6}{median(found):8.2f} s{parts[18]:8.2f} s{max(found):8.2f} s"


def measure(people: int, seconds: float, entries: int, pairs: int, contacts: int) -> Iterator[str]:
    """Everything, line by line."""
    with (
        running_sandbox(contacts, 60) as sandbox,
        tempfile.TemporaryDirectory(prefix="viewers-") as folder,
    ):
        installed = Installed(Path(folder) / "data", sandbox)
        installed.connect()
        installed.configure()
        installed.sync()
        fill(installed.application.database, entries)
        fill_pairs(installed.application.database, pairs)
        alone, took = _sync(installed, sandbox, "555 100")
        with dashboard_process(installed.environment, sandbox) as (address, pid):
            seen, over, cpu = Seen(), threading.Event(), _cpu(pid)
            watch = threading.Thread(target=_watch_health, args=(address, seen, over), daemon=True)
            watch.start()
            beside: list[tuple[float, float]] = []
            sync = threading.Timer(seconds / 4, lambda: beside.append(_sync(installed, sandbox, "555 200")))
            sync.start()
            asyncio.run(_look_together(address, people, seconds, seen))
            sync.join()
            over.set()
            watch.join()
            yield f"{people} people for {seconds:.0f} s; {entries:,} log entries, {pairs:,} pairs"
            yield f"{'':28}{'times':>6}{'median':>10}{'95 %':>10}{'longest':>10}"
            yield _told("first view", seen.first)
            yield _told("a page again", seen.again)
            yield _told("/healthz", seen.health)
            yield f"{seen.parts} times a part asked by itself; the dashboard's CPU: {_cpu(pid) - cpu:.1f} s"
            for cpu_seconds, wall in beside:
                yield (
                    f"a sync: {alone:.2f} s of CPU alone ({took:.1f} s), {cpu_seconds:.2f} s beside them"
                    f" ({wall:.1f} s): {cpu_seconds / alone:.2f} times"
                )
        installed.application.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 when everything was measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.viewers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--people", type=int, default=30, metavar="N", help="(default %(default)s)")
    parser.add_argument("--seconds", type=float, default=120, metavar="N", help="(default %(default)s)")
    parser.add_argument("--entries", type=int, default=1_000_000, metavar="N", help="(default %(default)s)")
    parser.add_argument("--pairs", type=int, default=100_000, metavar="N", help="(default %(default)s)")
    parser.add_argument(
        "--contacts", type=int, default=2000, metavar="N", help="in the sandbox (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    for line in measure(options.people, options.seconds, options.entries, options.pairs, options.contacts):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
