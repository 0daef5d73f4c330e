"""One batch of writes, sent until each of its records has a result: again where it may pass, in smaller
subrequests where records spoil it for their neighbours (contracts/salesforce.md A4, A8)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from syncer.connectors import json_bodies
from syncer.connectors.errors import Fault, LimitReached, Refusal, Result, refused_by
from syncer.connectors.protocol import Write
from syncer.connectors.retry import RetryPolicy, TransientFault
from syncer.connectors.salesforce import responses
from syncer.connectors.salesforce.record_errors import error_of, refusal, splits, spoils, too_large
from syncer.connectors.salesforce.session import DATA_PATH, OrgSession
from syncer.connectors.salesforce.writing import composite
from syncer.connectors.salesforce.writing.batches import ACTIONS, Batch
from syncer.connectors.salesforce.writing.composite import Before, SubrequestResult, WriteTarget
from syncer.connectors.salesforce.writing.part_sizes import PartSizes
from syncer.connectors.salesforce.writing.subrequests import UPDATE, Call, Subrequest, calls, split
from syncer.connectors.salesforce.writing.write_state import WriteState
from syncer.core.error_codes.entry import Cause


class BatchSender:
    """Sends batches of ``writes`` to ``target``; results go to ``state``. ``sizes`` says how large a part may
    be, and learns it. Safe for threads."""

    def __init__(
        self,
        session: OrgSession,
        retry: RetryPolicy,
        clock: Callable[[], datetime],
        target: WriteTarget,
        writes: Sequence[Write],
        sizes: PartSizes,
    ) -> None:
        self._session, self._retry, self._clock = session, retry, clock
        self.target, self.writes, self.sizes, self.state = target, list(writes), sizes, WriteState()

    def send(self, batch: Batch) -> None:
        """Send a batch, and then, in smaller subrequests, what of it may succeed a little later or without
        its neighbours.

        What is refused as a whole, or as too large, is halved down to the one record. Only the API limit,
        or the school's share of it, ends that: then the rest is refused as passing, for that reason.
        """
        size_of = {place: composite.size(self.target, self.writes[place]) for place in batch.places}
        refused, passed = set[int](), set[int]()
        waiting = [list(self._subrequests(batch))]
        attempt = 1
        while waiting:
            together: Call = []
            apart: list[Call] = []
            pause = False
            for call in (call for group in waiting for call in calls(group, size_of)):
                answered = self._call(call)
                if answered is None:
                    apart += split(call)
                    continue
                for subrequest, outcome in answered:
                    smaller = self._smaller(subrequest, outcome)
                    if _is_too_large(outcome):
                        refused.add(len(subrequest.places))
                    elif any(result.refusal is None for result in outcome.results.values()):
                        passed.add(len(subrequest.places))
                    self._take_in(subrequest, outcome, sent_again=bool(smaller))
                    together += smaller
                    if outcome.again and attempt < self._retry.max_attempts:
                        together += Subrequest(subrequest.action, list(outcome.again)).halves()
                        pause = True
                    together += self._rests(outcome)
            if pause:
                self._retry.pause(attempt)
                attempt += 1
            waiting = [together, *apart] if together else apart
        self.sizes.learn(self.target.entity.name, refused, passed)

    def _subrequests(self, batch: Batch) -> Iterator[Subrequest]:
        size = min(batch.size, self.sizes.of(self.target.entity.name))
        for action in ACTIONS:
            places = [place for place in batch.places if self.writes[place].action == action]
            yield from Subrequest(action, places).cut(size)

    def _smaller(self, subrequest: Subrequest, outcome: SubrequestResult) -> list[Subrequest]:
        """What of a subrequest is sent again in smaller ones: all of it where it was refused as a whole."""
        if len(subrequest.places) == 1:
            return []
        if outcome.failed:
            return subrequest.halves() if splits(outcome.failed[0], outcome.status) else []
        return Subrequest(subrequest.action, list(outcome.among_fewer)).halves()

    def _rests(self, outcome: SubrequestResult) -> list[Subrequest]:
        """The updates that go once more without the fields that were refused (rule 15)."""
        for place, result in outcome.without_fields.items():
            if result.refusal:
                self.state.leave_out(place, result.refusal)
                write, refused = self.writes[place], set(result.refusal.fields)
                rest = {key: value for key, value in write.values.items() if key not in refused}
                self.writes[place] = replace(write, values=rest)
        return Subrequest(UPDATE, list(outcome.without_fields)).cut(self.sizes.of(self.target.entity.name))

    def _take_in(self, subrequest: Subrequest, outcome: SubrequestResult, *, sent_again: bool) -> None:
        if outcome.failed and sent_again:
            return
        if outcome.failed:
            self._judge_together(subrequest, outcome)
        else:
            self.state.mark_judged(subrequest.places)
        self.state.keep(outcome.results)
        refusals = (result.refusal for result in outcome.results.values() if result.refusal)
        if fault := responses.fault_of_connection(refusals, self._clock):
            self.state.stop(fault)
        self.state.keep(outcome.again)
        self.state.keep(outcome.among_fewer)
        self.state.keep(outcome.without_fields)

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

    def _call(self, call: Call) -> list[tuple[Subrequest, SubrequestResult]] | None:
        """One call; None where it was refused as a whole, and is to be sent in smaller ones. A call that
        cannot be delivered leaves passing refusals for its records."""
        if (stopped := self.state.stopped_by()) is not None:
            return [(one, self._not_sent(one, stopped, uncertain=False)) for one in call]
        body = composite.reading(self.target, self.writes, call) + [
            composite.to_json(self.target, self.writes, one, f"p{number}") for number, one in enumerate(call)
        ]
        repeatable = all(self._repeatable(place) for one in call for place in one.places)
        try:
            response = self._session.call(
                "POST",
                f"{DATA_PATH}composite",
                json_bodies.encode({"allOrNone": False, "compositeRequest": body}),
                writes=True,
                repeatable=repeatable,
            )
            received = responses.subrequest_responses(response.body)
        except Fault as fault:
            if spoils(fault):
                self.state.mark_responded()
                alone = SubrequestResult(failed=[error_of(fault)], status=400)
                return None if split(call) else [(call[0], alone)]
            self.state.stop(fault)
            return [(one, self._not_sent(one, fault, uncertain=True)) for one in call]
        self.state.mark_responded()
        before = composite.parse_reading(self.target, received.get(composite.READING))
        return [
            (one, self._parse(one, received.get(f"p{number}"), before, response.repeated))
            for number, one in enumerate(call)
        ]

    def _parse(
        self, subrequest: Subrequest, response: Mapping[str, Any] | None, before: Before, repeated: bool
    ) -> SubrequestResult:
        # What is read after a lost reply may be what the lost attempt wrote.
        uncertain = repeated or self.state.any_maybe_executed(subrequest.places)
        return composite.parse(
            self.target, self.writes, subrequest, response, uncertain, {} if uncertain else before
        )

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


def _is_too_large(outcome: SubrequestResult) -> bool:
    return bool(outcome.among_fewer) or (bool(outcome.failed) and too_large(outcome.failed[0]))
