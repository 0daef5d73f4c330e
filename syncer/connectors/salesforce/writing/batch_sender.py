"""One batch of writes, sent until each of its records has a result: again where it may pass, in smaller
subrequests where records spoil it for their neighbours (contracts/salesforce.md A4, A8)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from more_itertools import chunked

from syncer.connectors.errors import Fault, LimitReached, Refusal, Result, refused_by
from syncer.connectors.protocol import Write
from syncer.connectors.retry import RetryPolicy, TransientFault
from syncer.connectors.salesforce import responses
from syncer.connectors.salesforce.record_errors import refusal, splits
from syncer.connectors.salesforce.session import DATA_PATH, OrgSession
from syncer.connectors.salesforce.writing import composite
from syncer.connectors.salesforce.writing.batches import ACTIONS, MAX_SUBREQUESTS, Batch
from syncer.connectors.salesforce.writing.composite import Subrequest, SubrequestResult, WriteTarget
from syncer.connectors.salesforce.writing.write_state import WriteState
from syncer.core.error_codes.entry import Cause


class BatchSender:
    """Sends batches of ``writes`` to ``target``; results go to ``state``. Safe for threads."""

    def __init__(
        self,
        session: OrgSession,
        retry: RetryPolicy,
        clock: Callable[[], datetime],
        target: WriteTarget,
        writes: Sequence[Write],
    ) -> None:
        self._session, self._retry, self._clock = session, retry, clock
        self.target, self.writes, self.state = target, writes, WriteState()

    def send(self, batch: Batch) -> None:
        """Send a batch, and then, in smaller subrequests, what of it may succeed a little later or without
        its neighbours."""
        waiting = list(self._subrequests(batch))
        attempt = 1
        while waiting:
            following: list[Subrequest] = []
            pause = False
            for call in chunked(waiting, MAX_SUBREQUESTS):
                for subrequest, outcome in self._call(call):
                    if self._to_split(subrequest, outcome):
                        following += subrequest.halves()
                        continue
                    self._take_in(subrequest, outcome)
                    if outcome.again and attempt < self._retry.max_attempts:
                        following += Subrequest(subrequest.action, list(outcome.again)).halves()
                        pause = True
            if pause:
                self._retry.pause(attempt)
                attempt += 1
            waiting = following

    def _subrequests(self, batch: Batch) -> Iterator[Subrequest]:
        for action in ACTIONS:
            places = [place for place in batch.places if self.writes[place].action == action]
            yield from Subrequest(action, places).cut(batch.size)

    def _to_split(self, subrequest: Subrequest, outcome: SubrequestResult) -> bool:
        spoiled = bool(outcome.failed) and splits(outcome.failed[0])
        return spoiled and len(subrequest.places) > 1 and self.state.may_split()

    def _take_in(self, subrequest: Subrequest, outcome: SubrequestResult) -> None:
        if outcome.failed:
            self._judge_together(subrequest, outcome)
        else:
            self.state.mark_judged(subrequest.places)
        self.state.keep(outcome.results)
        self.state.keep(outcome.again)

    def _judge_together(self, subrequest: Subrequest, outcome: SubrequestResult) -> None:
        """Give each record of a subrequest that failed as a whole its result, to be kept or (where it passes)
        to be tried again."""
        fault = responses.fault_of(outcome.failed, outcome.status, self._clock)
        if isinstance(fault, LimitReached):
            self.state.stop(fault)
        for place in subrequest.places:
            id = self.writes[place].id
            if isinstance(fault, TransientFault):
                # As with whole calls: what Salesforce may have acted upon is repeated only where that does no
                # harm.
                again = self._repeatable(place) or not fault.executed
                result = Result(id=id, refusal=refused_by(fault), uncertain=fault.executed)
                (outcome.again if again else outcome.results)[place] = result
                if fault.executed:
                    self.state.mark_maybe_executed(place)
            elif outcome.failed[0].code == "NOT_FOUND":
                why = Refusal("NOT_FOUND", fault.sentence, Cause.LASTING, fault.detail)
                outcome.results[place] = Result(id=id, refusal=why)
            else:
                outcome.results[place] = Result(id=id, refusal=refusal(outcome.failed, self.target.entity))

    def _call(self, subrequests: Sequence[Subrequest]) -> list[tuple[Subrequest, SubrequestResult]]:
        """One call. A call that cannot be delivered leaves passing refusals for its records."""
        if (stopped := self.state.stopped_by()) is not None:
            return [(one, self._not_sent(one, stopped, uncertain=False)) for one in subrequests]
        body = [
            composite.to_json(self.target, self.writes, one, f"p{number}")
            for number, one in enumerate(subrequests)
        ]
        repeatable = all(self._repeatable(place) for one in subrequests for place in one.places)
        try:
            response = self._session.call(
                "POST",
                f"{DATA_PATH}composite",
                orjson.dumps({"allOrNone": False, "compositeRequest": body}),
                writes=True,
                repeatable=repeatable,
            )
            received = responses.subrequest_responses(response.body)
        except Fault as fault:
            self.state.stop(fault)
            return [(one, self._not_sent(one, fault, uncertain=True)) for one in subrequests]
        self.state.mark_responded()
        return [
            (one, self._parse(one, received.get(f"p{number}"), response.repeated))
            for number, one in enumerate(subrequests)
        ]

    def _parse(
        self, subrequest: Subrequest, response: Mapping[str, Any] | None, repeated: bool
    ) -> SubrequestResult:
        uncertain = repeated or self.state.any_maybe_executed(subrequest.places)
        return composite.parse(self.target, self.writes, subrequest, response, uncertain)

    def _repeatable(self, place: int) -> bool:
        """Whether a repetition does no harm: an update, or a creation that carries our unique id."""
        write, external_id = self.writes[place], self.target.external_id
        return write.action != "insert" or bool(external_id and write.values.get(external_id))

    def _not_sent(self, subrequest: Subrequest, fault: Fault, uncertain: bool) -> SubrequestResult:
        return SubrequestResult(
            {
                place: Result(id=self.writes[place].id, refusal=refused_by(fault), uncertain=uncertain)
                for place in subrequest.places
            }
        )
