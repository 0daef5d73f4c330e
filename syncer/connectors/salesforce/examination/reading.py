"""Trying what can be tried without writing to a record. The sign-in is renewed, as every run may do."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property

from syncer.connectors.errors import Fault, FieldRefused, ReconnectNeeded
from syncer.connectors.response_headers import server_time
from syncer.connectors.salesforce.examination import checks, verdicts
from syncer.connectors.salesforce.examination.checks import Expected
from syncer.connectors.salesforce.oauth import API_VERSION
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.reading.changes import moment_of
from syncer.connectors.salesforce.reading.describe import describe, object_of
from syncer.connectors.salesforce.reading.lookup import deleted, read
from syncer.connectors.salesforce.reading.queries import Queries
from syncer.connectors.salesforce.session import OrgSession
from syncer.connectors.trying import must_be_lasting, tried
from syncer.core.fields import Entity
from syncer.core.records import System
from syncer.core.trust.verdict import Finding, Verdict, disproved, not_proved, proved

TRIED = timedelta(minutes=10)
"""The window that getUpdated is asked for; a day for getDeleted."""
RECONNECT = "Connect again, with a refresh token that is “valid until revoked”."


class ReadingExamination:
    """Tries one org."""

    def __init__(
        self, session: OrgSession, queries: Queries, expected: Expected, clock: Callable[[], datetime]
    ) -> None:
        self._session, self._queries, self._expected, self._clock = session, queries, expected, clock

    def verdicts(self) -> Iterator[Verdict]:
        """One for each check, as it is tried."""
        yield from tried(
            System.SALESFORCE,
            {
                checks.API_VERSION_CHECK: self._api_version,
                checks.UNIQUE_IDS: self._unique_ids,
                checks.RIGHTS: self._rights,
                checks.VISIBILITY: self._visibility,
                checks.CLOCK: self._clock_agrees,
                checks.LIMITS: self._limits,
                checks.CHANGES: self._changes,
                checks.DELETIONS: self._deletions,
                checks.DUPLICATE_RULES: self._duplicate_rules,
                checks.SIGN_IN: self._sign_in,
            },
        )

    @cached_property
    def entities(self) -> Mapping[str, Entity]:
        """The objects that are visible, by name."""
        found = {}
        for one in self._expected.objects:
            try:
                found[one.name] = describe(self._session, one.name, self._clock)
            except FieldRefused:
                continue
        return found

    def _api_version(self) -> Finding:
        listed = self._session.fetch("/services/data").body
        rows = listed if isinstance(listed, list) else []
        offered = [str(row.get("version")) for row in rows if isinstance(row, dict)]
        return verdicts.api_version(API_VERSION, offered)

    def _unique_ids(self) -> Finding:
        keys = {one.name: one.external_id for one in self._expected.objects if one.external_id}
        return verdicts.unique_ids(keys, self.entities)

    def _rights(self) -> Finding:
        return verdicts.rights(self._expected.objects, self.entities)

    def _visibility(self) -> Finding:
        contact = self._expected.objects[0].name
        entity, known = self.entities.get(contact), set(self._expected.known)
        if entity is None:
            return not_proved(f"{contact} is not visible to the connected user.")
        unseen = known - {record.id for record in read(self._queries, entity, sorted(known), ())}
        if unseen:
            unseen -= deleted(self._session, entity, self._clock())
        return verdicts.visibility(sorted(known), sorted(unseen), contact)

    def _clock_agrees(self) -> Finding:
        before = self._clock()
        response = self._session.fetch("/services/data")
        return verdicts.clock(server_time(response.http, self._clock), before)

    def _limits(self) -> Finding:
        self._session.fetch(soql.path("SELECT Id FROM User LIMIT 1"))
        used, limit = self._session.budget.used, self._session.budget.limit
        usage = None if used is None or limit is None else (used, limit)
        return verdicts.limits(usage, self._expected.share_percent, self._expected.calls_a_day)

    def _changes(self) -> Finding:
        until = self._clock().astimezone(UTC)
        contact = object_of(self._session, self._expected.objects[0].name)
        try:
            answer = contact.updated(until - TRIED, until)
        except Fault as fault:
            must_be_lasting(fault)
            answer = None
        covered = moment_of(answer.get("latestDateCovered")) if isinstance(answer, dict) else None
        return verdicts.changes(covered, until)

    def _deletions(self) -> Finding:
        until = self._clock().astimezone(UTC)
        name = self._expected.objects[0].name
        try:
            answer = object_of(self._session, name).deleted(until - timedelta(days=1), until)
        except Fault as fault:
            must_be_lasting(fault)
            answer = None
        if isinstance(answer, dict) and isinstance(answer.get("deletedRecords"), list):
            return proved("getDeleted names the records that were deleted.")
        return disproved(
            "getDeleted does not say which records were deleted: a record that has left the recycle bin is"
            " taken for one that cannot be seen, for two days.",
            f"Give the connected user the right to read {name}, with “View All Records”.",
        )

    def _duplicate_rules(self) -> Finding:
        query = "SELECT Id, DeveloperName, SobjectType FROM DuplicateRule WHERE IsActive = true"
        try:
            rows = self._queries.first_page(query).rows
        except FieldRefused:
            return not_proved(
                "The connected user may not look at duplicate rules.",
                "Look in Setup under Duplicate Rules, or give the user “View Setup and Configuration”.",
            )
        ours = {one.name for one in self._expected.objects}
        active = [str(row.get("DeveloperName")) for row in rows if row.get("SobjectType") in ours]
        return verdicts.duplicate_rules(sorted(active))

    def _sign_in(self) -> Finding:
        manager = self._session.token_manager
        before = manager.current()
        if not self._expected.renew:
            return verdicts.sign_in(None, manager.ends())
        try:
            now, _ = manager.renew(before.access_token)
        except ReconnectNeeded as ended:
            return disproved(f"The sign-in cannot be renewed. {ended.sentence}", RECONNECT)
        return verdicts.sign_in(now.refresh_token != before.refresh_token, manager.ends())
