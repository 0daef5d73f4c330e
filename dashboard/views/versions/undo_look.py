"""A look at what an undo would do, taken beside the page: both systems are read, and none is written."""

import threading
from collections import Counter
from time import monotonic
from typing import Any, NamedTuple

from dashboard.shared import errors
from syncer.application.commands import Busy, Commands, NotReady
from syncer.application.container import Application
from syncer.core.plan import Plan
from syncer.core.records import Kind, System
from syncer.core.trust.holds import change_key
from syncer.journal.log import plan_json
from syncer.journal.run_state import RunState
from syncer.journal.runs import PILES
from syncer.journal.undoable import Undoing

_MOST = 300
"""Plans of each sort that are kept to be shown; all are counted."""
_FORGOTTEN_AFTER = 30.0
"""Seconds after which a look that nobody asks about any more ends: its page was closed."""


class Field(NamedTuple):
    """A field that was written, in the system whose values are put back."""

    kind: Kind
    system: System
    key: str


class Look:
    """What an undo of all runs under ``version`` would do, for the person of ``application``. It begins at
    once; ``refused`` says why it came to nothing, ``piles`` how many values fell into each pile."""

    def __init__(self, application: Application, version: int) -> None:
        self.version, self.records, self.refused = version, 0, ""
        self.piles: dict[str, int] = {}
        self.back: Counter[Field] = Counter()
        self.left: Counter[Field] = Counter()
        self._staying: list[dict[str, Any]] = []
        self._restoring: list[dict[str, Any]] = []
        self._application, self._asked, self._stopping = application, monotonic(), threading.Event()
        self._thread = threading.Thread(target=self._take, name=f"undo-of-version-{version}", daemon=True)
        self._thread.start()

    @property
    def plans(self) -> list[dict[str, Any]]:
        """The plans (`log.plan_json`) that are shown: first those by which something stays as it is."""
        return self._staying + self._restoring

    def is_over(self, wait: float = 0.0) -> bool:
        """Whether it has come to an end, now or within ``wait`` seconds."""
        self._asked = monotonic()
        self._thread.join(wait)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self._stopping.set()

    def phase(self, name: str, total: int | None = None) -> None:
        """See `Progress`."""

    def advance(self, records: int) -> None:
        """See `Progress`."""
        if monotonic() - self._asked > _FORGOTTEN_AFTER:
            self._stopping.set()

    def _take(self) -> None:
        commands = Commands(self._application, self, self._stopping)
        try:
            run = commands.preview_undo(Undoing(version=self.version), self._add)
        except (Busy, NotReady) as cannot:
            self.refused = str(cannot)
        except Exception as error:  # whatever it is, the page has to say that there is no answer
            self.refused = errors.report(error)
        else:
            self.piles = (run.numbers or {}).get(PILES, {})
            self.refused = run.reason if run.state != RunState.DONE else ""

    def _add(self, plan: Plan) -> None:
        target = plan.direction.target
        self.records += 1
        for counts, changes in ((self.back, plan.changes), (self.left, plan.left_out)):
            counts.update(Field(plan.kind, target, change_key(change, target)) for change in changes)
        # What was not undone of a record as a whole, as its creation, is only said in words.
        stays = bool(plan.left_out) or not plan.changes
        kept = self._staying if stays else self._restoring
        if len(kept) < _MOST and (plan.changes or plan.left_out or plan.code):
            kept.append(plan_json(plan))
