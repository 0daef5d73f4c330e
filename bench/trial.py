"""One school, one delay: a first sync, a changed sync, and what both are compared with."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench import bare, edits, loop
from demo.children import ROOT, child
from demo.imitation import Imitation, sandbox_process
from demo.program import Program, free_callback

OVERLAP_SECONDS = 900
"""How far the sandbox's clock moves between the two syncs: further than any overlap of incremental reading
(docs/architecture.md, "A run")."""


CONNECTIONS = 12
"""So many the product uses at most, by default: four to Salesforce, eight to Element451."""


@dataclass(frozen=True)
class Measurement:
    """One sync, measured on its process from start to end, with the ratios of its speed to the loop's and to
    the bare transfer's."""

    sync: str
    contacts: int
    delay_ms: int
    records: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    calls: dict[str, int]
    counts: dict[str, Any]
    loop_per_second: float
    bare_seconds: float
    compiled: float
    """The share of the planned pairs that the compiled planner took."""
    bare_seconds_at_once: float = 0.0
    """As ``bare_seconds``, over as many connections as the product uses at most."""
    stages: dict[str, float] = field(default_factory=dict)
    """CPU seconds of each step, the start of the process among them; their sum is ``cpu_seconds``."""

    @property
    def per_second(self) -> float:
        """Records a second, those that the sync was about: all at first, then the changed ones."""
        return self.records / self.seconds

    @property
    def calls_per_thousand(self) -> float:
        """Calls to both systems for a thousand records."""
        return sum(self.calls.values()) * 1000 / self.records

    @property
    def times_loop(self) -> float:
        """How many times as fast as the loop."""
        return self.per_second / self.loop_per_second

    @property
    def times_bare_at_once(self) -> float:
        """How many times as fast as the bare transfer over as many connections as the product uses."""
        return self.bare_seconds_at_once / self.seconds

    @property
    def times_bare(self) -> float:
        """How many times as fast as the bare transfer of the same bodies, one after the other."""
        return self.bare_seconds / self.seconds


@dataclass(frozen=True)
class Settings:
    """What to measure: ``share`` of the contacts changes, ``sample`` records go through the loop, ``whole``
    repeats every transfer."""

    share: float = 0.1
    sample: int = 200
    whole: bool = False


def measure(
    contacts: int, delay_ms: int, settings: Settings, tell: Callable[[str], None]
) -> list[Measurement]:
    """Run one trial in a folder of its own. Raises CommandFailed or RuntimeError when a step goes wrong."""
    public_url, callback = free_callback()
    with tempfile.TemporaryDirectory(prefix="sync-bench-") as folder:
        tell(f"{contacts:,} contacts, {delay_ms} ms a call: filling the sandbox")
        with sandbox_process("bench.stage", "--contacts", str(contacts), "--callback", callback) as sandbox:
            program = Program(Path(folder) / "data", public_url, sandbox.url.removeprefix("http://"))
            program.connect_element451(sandbox)
            program.connect_salesforce(sandbox)
            program.run("config", "import", str(ROOT / "bench" / "mapping.yaml"))
            trial = _Trial(
                sandbox,
                program,
                loop.sign_in(sandbox, callback),
                folder=Path(folder),
                delay_ms=delay_ms,
                settings=settings,
                tell=tell,
            )
            return trial.run(contacts)


class _Trial:
    def __init__(
        self,
        sandbox: Imitation,
        program: Program,
        token: str,
        *,
        folder: Path,
        delay_ms: int,
        settings: Settings,
        tell: Callable[[str], None],
    ) -> None:
        self._sandbox, self._program, self._token, self._folder = sandbox, program, token, folder
        self._delay_ms, self._settings, self._tell = delay_ms, settings, tell
        self._salesforce = loop.connect(sandbox, token)

    def run(self, contacts: int) -> list[Measurement]:
        pairs = self._pairs()
        sample = [salesforce_id for _, salesforce_id in pairs[-self._settings.sample :]]
        first = self._sync("first", contacts, contacts, lambda: loop.read_loop(self._salesforce, sample))
        self._settle()
        changed = edits.change(self._sandbox, self._token, pairs, self._settings.share)
        second = self._sync("changed", contacts, changed, lambda: loop.write_loop(self._salesforce, sample))
        return [first, second]

    def _pairs(self) -> list[tuple[str, str]]:
        """(Element ID, Salesforce ID) of everybody, from Salesforce; a page at a time."""
        pages = self._salesforce.query_all_iter(
            "SELECT Id, Element451_ID__c FROM Contact WHERE Element451_ID__c != null ORDER BY Id"
        )
        return [(row["Element451_ID__c"], row["Id"]) for row in pages]

    def _sync(self, name: str, contacts: int, records: int, compare: Callable[[], float]) -> Measurement:
        self._tell(f"{contacts:,} contacts, {self._delay_ms} ms a call: {name} sync")
        self._sandbox.control("POST", "options", {"delay_ms": self._delay_ms})
        self._transfers()
        self._sandbox.control("POST", "counters/reset")
        took, summary = self._launch(name)
        calls, transfers = self._sandbox.calls(), self._transfers()
        self._tell(
            f"{contacts:,} contacts, {self._delay_ms} ms a call: the loop and the bare transfer, for"
            " comparison"
        )
        loop_speed = compare()
        bare_seconds, at_once = self._bare(transfers, 1), self._bare(transfers, CONNECTIONS)
        self._sandbox.control("POST", "options", {"delay_ms": 0})
        return Measurement(
            name,
            contacts,
            self._delay_ms,
            records,
            took["seconds"],
            took["cpu_seconds"],
            took["peak_mib"],
            calls,
            summary["counts"],
            loop_speed,
            bare_seconds,
            compiled=_compiled_share(self._folder / f"{name}.log"),
            bare_seconds_at_once=at_once,
            stages=steps_of(self._folder / f"{name}.log", took["cpu_seconds"]),
        )

    def _settle(self) -> None:
        """Let a run read back what the first one wrote, so that the next one is like any other, and move on
        past the overlap."""
        self._sandbox.control("POST", "clock", {"advance": OVERLAP_SECONDS})
        self._launch("settling")
        self._sandbox.control("POST", "clock", {"advance": OVERLAP_SECONDS})

    def _launch(self, name: str) -> tuple[dict[str, float], dict[str, Any]]:
        output, errors = self._folder / f"{name}.json", self._folder / f"{name}.log"
        command = [
            sys.executable,
            "-m",
            "bench.launch",
            str(output),
            str(errors),
            sys.executable,
            "-m",
            "syncer",
            "sync",
            "--json",
        ]
        done = subprocess.run(
            command, cwd=ROOT, env=self._program.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        took = json.loads(done.stdout)
        if took["status"]:
            raise RuntimeError(
                f"the {name} sync ended with {took['status']}:"
                f" {output.read_text()[-2000:]}{errors.read_text()[-2000:]}"
            )
        return took, json.loads(output.read_text().splitlines()[-1])

    def _transfers(self) -> list[bare.Transfer]:
        return [(request, reply) for request, reply in self._sandbox.get("/_bench/transfers")]

    def _bare(self, transfers: list[bare.Transfer], connections: int) -> float:
        with child(
            ["-m", "bench.bare", "--delay-ms", str(self._delay_ms)], self._program.environment
        ) as server:
            port = int(server.stdout.readline() if server.stdout else 0)
            whole = self._settings.whole or not self._delay_ms
            return bare.replay(port, transfers, whole, connections)


def _compiled_share(log: Path) -> float:
    """Of the pairs that a sync planned, the share that the compiled planner took; 1 where it planned none."""
    planned = [line for line in _lines(log) if line.get("event") == "planned"]
    compiled, others = (sum(line[name] for line in planned) for name in ("compiled", "otherwise"))
    return compiled / (compiled + others) if planned else 1.0


def steps_of(log: Path, cpu_seconds: float) -> dict[str, float]:
    """What each step of a sync took of its CPU seconds, by the lines with which they begin."""
    begun = [(line["phase"], line["cpu_seconds"]) for line in _lines(log) if line.get("event") == "phase"]
    begun = [("Start", 0.0), *begun, ("", cpu_seconds)]
    found: dict[str, float] = {}
    for (name, since), (_, until) in pairwise(begun):
        found[name] = found.get(name, 0.0) + until - since
    return found


def _lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
