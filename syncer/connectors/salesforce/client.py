"""The Salesforce org as the road sees it: `syncer.connectors.protocol.Salesforce` over HTTP."""

from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping, Sequence
from datetime import datetime

from syncer.connectors.bounded_calls import CallLimits
from syncer.connectors.errors import Fault, FieldRefused, Result, refused
from syncer.connectors.protocol import Page, Write
from syncer.connectors.response_headers import utc_now
from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce.api_budget import ApiBudget
from syncer.connectors.salesforce.examination import checks
from syncer.connectors.salesforce.examination.automation import AutomationExamination
from syncer.connectors.salesforce.examination.checks import Expected
from syncer.connectors.salesforce.examination.reading import ReadingExamination
from syncer.connectors.salesforce.oauth import App, TokenManager, TokenStore
from syncer.connectors.salesforce.reading import changes, describe, lookup
from syncer.connectors.salesforce.reading.filtering import where
from syncer.connectors.salesforce.reading.queries import Queries
from syncer.connectors.salesforce.record_mapper import RecordMapper
from syncer.connectors.salesforce.session import OrgSession
from syncer.connectors.salesforce.writing.batch_sender import BatchSender
from syncer.connectors.salesforce.writing.composite import WriteTarget
from syncer.connectors.salesforce.writing.deleted_records import mark_deleted
from syncer.connectors.salesforce.writing.part_sizes import PartSizes
from syncer.connectors.salesforce.writing.writer import RecordWriter
from syncer.connectors.trying import tried
from syncer.core.fields import Entity, Field
from syncer.core.matching.conditions import Condition
from syncer.core.records import Record, System
from syncer.core.trust.verdict import Finding, Verdict, not_proved


class SalesforceClient:
    """One org, for one run. Safe for threads, but for `write`, which is called by one thread at a time.

    ``store`` keeps the tokens; ``client_id`` and ``client_secret`` are the External Client App's;
    ``allowed_hosts`` and ``login_url``: see `App`. ``before_send`` is called immediately before every request
    that writes and may stop it by raising anything but a `Fault`. ``spent_before`` tells the calls that we
    spent in the last 24 hours, asked once; ``api_share_percent`` of the daily limit may be spent by us in
    all; ``keeps_reserve``: see `ApiBudget`. ``part_sizes`` are those that the org was found to take, by
    object; what this client finds out is added.
    """

    def __init__(
        self,
        store: TokenStore,
        *,
        client_id: str,
        client_secret: str,
        allowed_hosts: Collection[str] = (),
        login_url: str | None = None,
        batch_size: int = 200,
        threads: int = 4,
        before_send: Callable[[], None] = lambda: None,
        api_share_percent: int = 100,
        spent_before: Callable[[], int] = lambda: 0,
        part_sizes: MutableMapping[str, int] | None = None,
        retry: RetryPolicy | None = None,
        clock: Callable[[], datetime] = utc_now,
        limits: CallLimits | None = None,
        keeps_reserve: Callable[[], bool] = lambda: False,
    ) -> None:
        self._retry = retry or RetryPolicy()
        self._clock, self._threads = clock, max(1, threads)
        self._sizes = PartSizes(batch_size, part_sizes)
        token_manager = TokenManager(
            store, App(client_id, client_secret, allowed_hosts, login_url), sleep=self._retry.sleep
        )
        self._budget = ApiBudget(api_share_percent, spent_before, clock, keeps_reserve)
        self._session = OrgSession(
            token_manager,
            self._budget,
            self._retry,
            clock=clock,
            before_send=before_send,
            connections=self._threads + 2,
            limits=limits,
        )
        self._queries = Queries(self._session, clock, self._threads)
        self.write_fault: Fault | None = None
        """What ended the last `write` before all records were sent, though some were; None when all were."""

    @property
    def calls(self) -> int:
        """See `syncer.connectors.protocol.Salesforce.calls`. Every request counts that Salesforce counts,
        repeated ones too."""
        return self._budget.calls

    @property
    def skipped(self) -> int:
        """See `syncer.connectors.protocol.Connector.skipped`."""
        return self._queries.skipped.count

    @property
    def usage(self) -> tuple[int, int] | None:
        """(used, limit) of the org's API calls in 24 hours, as of the last reply; None before the first."""
        used, limit = self._budget.used, self._budget.limit
        return None if used is None or limit is None else (used, limit)

    def entities(self) -> list[tuple[str, str]]:
        """See `syncer.connectors.protocol.Salesforce.entities`."""
        return describe.entities(self._session)

    def describe(self, entity: str) -> Entity:
        """See `syncer.connectors.protocol.Salesforce.describe`."""
        return describe.describe(self._session, entity, self._clock)

    def changed(
        self,
        entity: Entity,
        fields: Sequence[Field],
        since: datetime | None,
        cursor: str | None,
        only: Sequence[Condition] = (),
    ) -> Iterator[Page]:
        """See `syncer.connectors.protocol.Salesforce.changed`. The next page is fetched while the caller
        handles the current one."""
        return changes.pages(self._queries, RecordMapper(entity, fields), since, cursor, where(only))

    def complete_until(self, entity: Entity, until: datetime) -> datetime:
        """See `syncer.connectors.protocol.Salesforce.complete_until`."""
        return changes.complete_until(self._session, entity, until)

    def read(self, entity: Entity, ids: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        """See `syncer.connectors.protocol.Salesforce.read`."""
        return lookup.read(self._queries, entity, ids, fields)

    def deleted(self, entity: Entity) -> frozenset[str]:
        """See `syncer.connectors.protocol.Salesforce.deleted`."""
        return lookup.deleted(self._session, entity, self._queries.asked_at or self._clock())

    def find(
        self, entity: Entity, field: Field, values: Sequence[str], fields: Sequence[Field]
    ) -> list[Record]:
        """See `syncer.connectors.protocol.Salesforce.find`."""
        return lookup.find(self._queries, entity, field, values, fields)

    def write(self, entity: Entity, writes: Sequence[Write], external_id: str | None = None) -> list[Result]:
        """See `syncer.connectors.protocol.Salesforce.write`. Raises a `Fault` only where no record got an
        answer; where it came in midway, the rest has passing refusals and `write_fault` tells the fault."""
        self.write_fault = None
        sent = iter(self._write(entity, [write for write in writes if write.sendable], external_id))
        return [
            next(sent) if write.sendable else Result(write.id, refused("DAMAGED_TEXT")) for write in writes
        ]

    def examine(self, expected: Expected) -> Iterator[Verdict]:
        """Try what is assumed of Salesforce, a verdict each as it is found. Reads only, unless a test record
        is named: that one is written to, and given back what it held."""
        reading = ReadingExamination(self._session, self._queries, expected, self._clock)
        yield from reading.verdicts()
        if (record := expected.test_record) is None:
            return

        def automation() -> Finding:
            contact = expected.objects[0]
            entity = reading.entities.get(contact.name)
            if entity is None or not record:
                return not_proved("There is no record of Salesforce to try it on.")
            return AutomationExamination(entity, contact, record, self.read, self.write).finding()

        yield from tried(System.SALESFORCE, {checks.AUTOMATION: automation})

    def _write(self, entity: Entity, writes: Sequence[Write], external_id: str | None) -> list[Result]:
        if not writes:
            return []
        describe.checked_name(entity.name)
        if external_id is not None:
            describe.checked_name(external_id)
        if any(write.action == "upsert" for write in writes) and external_id is None:
            raise FieldRefused(
                System.SALESFORCE,
                f"{entity.label} has no field that holds our id, so records cannot be matched on it.",
            )
        target = WriteTarget(entity, external_id)
        sender = BatchSender(self._session, self._retry, self._clock, target, writes, self._sizes)
        RecordWriter(sender, threads=self._threads).run()
        state = sender.state
        self.write_fault = state.fault
        mark_deleted(
            target,
            writes,
            state.results,
            state.judged_individually,
            lambda ids: self.read(entity, ids, ()),
            lambda keys: self._by_key(target, keys),
        )
        results = state.final()
        return [results[place] for place in range(len(writes))]

    def _by_key(self, target: WriteTarget, keys: Sequence[str]) -> Mapping[str, Record]:
        field = target.entity.fields[target.external_id or ""]
        found = self.find(target.entity, field, keys, [field])
        return {str(record.values.get(field.key) or "").casefold(): record for record in found}
