"""Writing many records: packs from several threads, each record's result, and what is sent again (rule 14,
contracts/salesforce.md A4, A8)."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

import orjson

from syncer.connectors.errors import Fault, LimitReached, NotAllowed, ReconnectNeeded, Refusal, Result
from syncer.connectors.protocol import Write
from syncer.connectors.retry import RetryPolicy, TransientFault
from syncer.connectors.salesforce import responses
from syncer.connectors.salesforce.record_errors import refusal, splits, unsent
from syncer.connectors.salesforce.responses import subrequest_responses
from syncer.connectors.salesforce.session import DATA_PATH, OrgSession
from syncer.connectors.salesforce.writing import composite
from syncer.connectors.salesforce.writing.batches import ACTIONS, MAX_SUBREQUESTS, Pack, lanes, rounds
from syncer.connectors.salesforce.writing.composite import Part, Target
from syncer.core.error_codes.entry import Cause

_ENDING = (LimitReached, ReconnectNeeded, NotAllowed)
_DOWN = 2
"""So many packs that could not be delivered in spite of all tries end the sending."""
_SMALLER_PARTS = 64
"""So many parts are halved, in all, to single out records that make Salesforce refuse their neighbours."""


class Writing:
    """One `write` call. ``results`` by place; ``singly`` are the places of records that Salesforce judged one
    by one, not as a part; ``fault`` is what stopped the sending before its end, if anything did."""

    def __init__(
        self,
        session: OrgSession,
        retry: RetryPolicy,
        target: Target,
        writes: Sequence[Write],
        *,
        clock: Callable[[], datetime],
        batch_size: int,
        threads: int,
    ) -> None:
        self._session, self._retry, self._target, self._writes = session, retry, target, writes
        self._clock, self._batch, self._threads = clock, batch_size, threads
        self._guard = threading.Lock()
        self._undelivered, self._smaller = 0, _SMALLER_PARTS
        self._broken = False
        self._doubtful: set[int] = set()
        self.results: dict[int, Result] = {}
        self.singly: set[int] = set()
        self.answered = 0
        self.fault: Fault | None = None

    def run(self) -> None:
        """Send everything. Raises the fault that stopped it only where no record got an answer; else the
        records that were not sent get passing refusals. An error of ``before_send`` stops the sending and is
        raised as it is."""
        failure: BaseException | None = None
        with ThreadPoolExecutor(self._threads, thread_name_prefix="salesforce-write") as pool:
            for places in rounds(self._writes, self._target.external_id):
                sent: list[Future[None]] = [
                    pool.submit(self._lane, lane) for lane in lanes(self._writes, places, self._batch)
                ]
                for one in sent:
                    failure = failure or one.exception()
        if failure is not None:
            raise failure
        if self.fault is not None and not self.answered:
            raise self.fault

    def _lane(self, lane: Sequence[Pack]) -> None:
        for pack in lane:
            if self._broken:
                return
            try:
                self._pack(pack)
            except BaseException:  # whatever it is, the other lanes stop too
                self._broken = True
                raise

    def _pack(self, pack: Pack) -> None:
        """Deliver a pack, and then, in smaller parts, what of it may succeed a little later or without its
        neighbours."""
        by_action = {
            action: [place for place in pack.places if self._writes[place].action == action]
            for action in ACTIONS
        }
        waiting = [
            piece for action, places in by_action.items() for piece in _cut(Part(action, places), pack.batch)
        ]
        attempt = 1
        while waiting:
            later: dict[int, Result] = {}
            following: list[Part] = []
            for at in range(0, len(waiting), MAX_SUBREQUESTS):
                for part, found in self._send(waiting[at : at + MAX_SUBREQUESTS]):
                    if (
                        found.failed
                        and splits(found.failed[0])
                        and len(part.places) > 1
                        and self._may_halve()
                    ):
                        following += _halves(part, part.places)
                        continue
                    if found.failed:
                        self._failed(part, found)
                    else:
                        self._judged(part)
                    self._keep(found.results)
                    later.update(found.again)
                    if attempt < self._retry.max_attempts:
                        following += _halves(part, list(found.again))
            self._keep(later)
            if later and following:
                self._retry.pause(attempt)
                attempt += 1
            waiting = following

    def _failed(self, part: Part, found: composite.Read) -> None:
        """Give each record of a part that failed as a whole its result, to be kept or (where it passes) to be
        tried again."""
        fault = responses.fault_of(found.failed, found.status, self._clock)
        if isinstance(fault, LimitReached):
            self._stop(fault)
        for place in part.places:
            id = self._writes[place].id
            if isinstance(fault, TransientFault):
                # As with whole calls: what Salesforce may have acted upon is repeated only where that does no
                # harm.
                repeatable = self._recognised(place) or not fault.executed
                (found.again if repeatable else found.results)[place] = Result(
                    id=id, refusal=unsent(fault), uncertain=fault.executed
                )
                if fault.executed:
                    self._doubtful.add(place)
            elif found.failed[0].code == "NOT_FOUND":
                found.results[place] = Result(
                    id=id, refusal=Refusal("NOT_FOUND", fault.sentence, Cause.LASTING, fault.detail)
                )
            else:
                found.results[place] = Result(id=id, refusal=refusal(found.failed, self._target.entity))

    def _send(self, sent: Sequence[Part]) -> list[tuple[Part, composite.Read]]:
        """One call. A call that cannot be delivered leaves passing refusals for its records."""
        if (ended := self._ended()) is not None:
            return [(part, self._undone(part, ended, uncertain=False)) for part in sent]
        body = [
            composite.request(self._target, self._writes, part, f"p{number}")
            for number, part in enumerate(sent)
        ]
        repeatable = all(self._recognised(place) for part in sent for place in part.places)
        try:
            response = self._session.call(
                "POST",
                f"{DATA_PATH}composite",
                orjson.dumps({"allOrNone": False, "compositeRequest": body}),
                writes=True,
                repeatable=repeatable,
            )
            answered = subrequest_responses(response.body)
        except Fault as fault:
            self._stop(fault)
            return [(part, self._undone(part, fault, uncertain=True)) for part in sent]
        with self._guard:
            self.answered += sum(len(part.places) for part in sent)
        return [
            (part, self._read(part, answered.get(f"p{number}"), response.repeated))
            for number, part in enumerate(sent)
        ]

    def _read(self, part: Part, answer: dict[str, Any] | None, repeated: bool) -> composite.Read:
        uncertain = repeated or not self._doubtful.isdisjoint(part.places)
        return composite.read(self._target, self._writes, part, answer, uncertain)

    def _judged(self, part: Part) -> None:
        with self._guard:
            self.singly.update(part.places)

    def _may_halve(self) -> bool:
        with self._guard:
            self._smaller -= 1
            return self._smaller >= 0

    def _recognised(self, place: int) -> bool:
        """Whether a repetition does no harm: an update, or a creation that carries our unique id."""
        write = self._writes[place]
        return write.action != "insert" or bool(
            self._target.external_id and write.values.get(self._target.external_id)
        )

    def _undone(self, part: Part, fault: Fault, uncertain: bool) -> composite.Read:
        return composite.Read(
            {
                place: Result(id=self._writes[place].id, refusal=unsent(fault), uncertain=uncertain)
                for place in part.places
            }
        )

    def _keep(self, results: dict[int, Result]) -> None:
        with self._guard:
            self.results.update(results)

    def _stop(self, fault: Fault) -> None:
        with self._guard:
            if self.fault is None or isinstance(fault, _ENDING):
                self.fault = fault
            if not isinstance(fault, _ENDING):
                self._undelivered += 1

    def _ended(self) -> Fault | None:
        """The fault that ended the sending, if one did."""
        with self._guard:
            return self.fault if isinstance(self.fault, _ENDING) or self._undelivered >= _DOWN else None


def _cut(part: Part, size: int) -> list[Part]:
    return [Part(part.action, part.places[at : at + size]) for at in range(0, len(part.places), size)]


def _halves(part: Part, places: Sequence[int]) -> list[Part]:
    return _cut(Part(part.action, places), -(-len(places) // 2)) if places else []
