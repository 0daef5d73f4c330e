"""The progress of a run: a bar on a terminal, log lines elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

import structlog
from rich import progress as rich_progress
from rich.console import Console

from syncer.sync.progress import Progress

log = structlog.get_logger(__name__)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Progress as a bar if standard error is a terminal, else as log lines."""
    if not sys.stderr.isatty():
        yield _LogLines()
        return
    columns = (
        rich_progress.SpinnerColumn(),
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TextColumn("{task.fields[rate]}"),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar)


class _Bar:
    def __init__(self, bar: rich_progress.Progress) -> None:
        self._bar = bar
        self._task: rich_progress.TaskID | None = None

    def phase(self, name: str, total: int | None = None) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(name, total=total, rate="")

    def advance(self, records: int) -> None:
        if self._task is None:
            return
        self._bar.advance(self._task, records)
        speed = next(task.speed for task in self._bar.tasks if task.id == self._task)
        self._bar.update(self._task, rate=f"{speed:,.0f}/s" if speed else "")


class _LogLines:
    def __init__(self) -> None:
        self._phase, self._done = "", 0

    def phase(self, name: str, total: int | None = None) -> None:
        if self._done:
            log.info("phase done", phase=self._phase, records=self._done)
        self._phase, self._done = name, 0
        more = {"total": total} if total is not None else {}
        log.info("phase", phase=name, **more, cpu_seconds=round(process_time(), 3))

    def advance(self, records: int) -> None:
        self._done += records
