"""What the threads of one write share: the results so far, and what stops the sending."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace

from syncer.connectors.errors import Fault, LimitReached, NotAllowed, ReconnectNeeded, Refusal, Result

_STOPPING = (LimitReached, ReconnectNeeded, NotAllowed)
_MAX_UNDELIVERED = 2
"""So many calls that could not be delivered in spite of all attempts end the sending."""


class WriteState:
    """Safe for threads. Records are named by their places in the caller's order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._undelivered = 0
        self._maybe_executed: set[int] = set()
        self.results: dict[int, Result] = {}
        self.judged_individually: set[int] = set()
        """Records that Salesforce judged one by one, not together with others."""
        self.left_out: dict[int, Refusal] = {}
        """Why fields of an update were refused, of updates that were sent again without them."""
        self.responded = False
        """Whether any record got a response."""
        self.fault: Fault | None = None
        """What ended, or disturbed, the sending."""

    def keep(self, results: Mapping[int, Result]) -> None:
        """Take results in."""
        with self._lock:
            self.results.update(results)

    def leave_out(self, place: int, why: Refusal) -> None:
        """Note the fields of an update that were refused, besides those before."""
        with self._lock:
            earlier = self.left_out.get(place)
            if earlier:
                why = replace(
                    why,
                    sentence=f"{earlier.sentence} {why.sentence}",
                    detail="; ".join(filter(None, (earlier.detail, why.detail))),
                    fields=earlier.fields + why.fields,
                )
            self.left_out[place] = why

    def final(self) -> dict[int, Result]:
        """The results, those of updates that passed without some fields with these."""
        with self._lock:
            return {
                place: result if result.refusal else replace(result, left_out=self.left_out.get(place))
                for place, result in self.results.items()
            }

    def mark_responded(self) -> None:
        """Note that a call got its response."""
        with self._lock:
            self.responded = True

    def mark_judged(self, places: Iterable[int]) -> None:
        """Note that Salesforce judged these records one by one."""
        with self._lock:
            self.judged_individually.update(places)

    def mark_maybe_executed(self, place: int) -> None:
        """Note that Salesforce may have carried out this write although it reported a failure."""
        with self._lock:
            self._maybe_executed.add(place)

    def any_maybe_executed(self, places: Iterable[int]) -> bool:
        """Whether one of these writes may have been carried out already."""
        with self._lock:
            return not self._maybe_executed.isdisjoint(places)

    def stop(self, fault: Fault) -> None:
        """Note a call that could not be delivered; the gravest kinds, and too many of any kind, end the
        sending."""
        with self._lock:
            if self.fault is None or isinstance(fault, _STOPPING):
                self.fault = fault
            if not isinstance(fault, _STOPPING):
                self._undelivered += 1

    def stopped_by(self) -> Fault | None:
        """The fault that ended the sending, if one did."""
        with self._lock:
            ended = isinstance(self.fault, _STOPPING) or self._undelivered >= _MAX_UNDELIVERED
            return self.fault if ended else None
