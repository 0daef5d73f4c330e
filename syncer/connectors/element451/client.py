"""`syncer.connectors.protocol.Element451` over HTTP."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType

from syncer.connectors.bounded_calls import CallLimits
from syncer.connectors.element451.account_settings import AccountSettings
from syncer.connectors.element451.contract import SALESFORCE_ID_SLUG
from syncer.connectors.element451.examination.importing import ImportExamination
from syncer.connectors.element451.examination.reading import ReadingExamination
from syncer.connectors.element451.http import ApiSession
from syncer.connectors.element451.reading import Reader
from syncer.connectors.element451.writing import Writer
from syncer.connectors.errors import Fault, Result
from syncer.connectors.protocol import Page
from syncer.connectors.response_headers import utc_now
from syncer.connectors.retry import RetryPolicy
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, Value
from syncer.core.trust.verdict import Verdict


def _nothing() -> None:
    """What is done before an import is sent, unless the caller says otherwise."""


class Element451Client:
    """One Element451 account. Closes its connections at the end of a ``with`` block, or by `close`."""

    def __init__(
        self,
        api_url: str,
        feature_token: str,
        api_key: str | None = None,
        *,
        salesforce_id_slug: str = SALESFORCE_ID_SLUG,
        threads: int = 8,
        before_send: Callable[[], None] = _nothing,
        retry: RetryPolicy | None = None,
        account: AccountSettings | None = None,
        limits: CallLimits | None = None,
    ) -> None:
        """``threads`` is how many requests run at once. ``before_send`` is called right before each import is
        sent: what it raises, other than a `Fault`, ends the writing. ``account``: where the account differs
        from the contract. Raises ValueError, with a sentence, for an address that is not Element451's."""
        self._api_url, self._slug, self._before_send, self._retry = (
            api_url,
            salesforce_id_slug,
            before_send,
            retry,
        )
        # Half as many connections again, so that imports and reads of another piece of work don't wait for
        # each other.
        self._http = ApiSession(
            api_url,
            feature_token,
            api_key,
            connections=threads + threads // 2 + 1,
            retry=retry,
            account=account,
            limits=limits,
        )
        self._reader = Reader(self._http, threads, salesforce_id_slug)
        self._writer = Writer(self._http, self._reader, threads, before_send)

    @property
    def calls(self) -> int:
        """Calls sent so far, repeated ones too."""
        return self._http.calls

    @property
    def skipped(self) -> int:
        """See `syncer.connectors.protocol.Connector.skipped`."""
        return self._http.skipped.count

    @property
    def read_size(self) -> int:
        """How many ids are asked for in one call."""
        return self._http.account.read_size

    @property
    def write_fault(self) -> Fault | None:
        """The fault that ended the last `create` or `update`, if one did: the rows that were sent have
        their results all the same, the others are refused as passing."""
        return self._writer.write_fault

    def catalogue(self) -> list[Field]:
        """See `syncer.connectors.protocol.Element451.catalogue`. Raises a `Fault`."""
        return self._reader.catalogue()

    def changed(
        self, kind: Kind, fields: Sequence[Field], since: datetime | None, cursor: str | None
    ) -> Iterator[Page]:
        """See `syncer.connectors.protocol.Element451.changed`. Raises a `Fault`, after the pages that were
        read before it. An idle call is one request."""
        if kind is Kind.CONTACT:
            return self._reader.changed_contacts(fields, since, cursor)
        return self._reader.changed_conversations(fields, since, cursor)

    def names(self, fields: Sequence[Field]) -> Iterator[list[Record]]:
        """See `syncer.connectors.protocol.Element451.names`. Raises a `Fault`."""
        return self._reader.names(fields)

    def members(self, segment: str) -> Iterator[list[str]]:
        """See `syncer.connectors.protocol.Element451.members`. Raises a `Fault`."""
        return self._reader.members(segment)

    def read(self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        """See `syncer.connectors.protocol.Element451.read`. Raises a `Fault`."""
        return list(self._reader.read(kind, ids, fields).values())

    def find(self, field: Field, values: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        """See `syncer.connectors.protocol.Element451.find`. Raises a `Fault`."""
        return self._reader.find(field, values, fields)

    def find_alike(self, field: Field, value: str, fields: Sequence[Field]) -> list[Record]:
        """See `syncer.connectors.protocol.Element451.find_alike`. Raises a `Fault`."""
        return self._reader.find_alike(field, value, fields)

    def create(self, rows: Sequence[dict[str, Value]], unique: str, fields: Sequence[Field]) -> list[Result]:
        """See `syncer.connectors.protocol.Element451.create`. Raises a `Fault` only where no row got an
        answer; one that came in midway is in `write_fault`."""
        return self._writer.create(rows, unique, fields)

    def update(
        self,
        rows: Sequence[tuple[str, dict[str, Value]]],
        fields: Sequence[Field] = (),
        believed_empty: Mapping[str, Collection[str]] | None = None,
    ) -> list[Result]:
        """See `syncer.connectors.protocol.Element451.update`. Raises a `Fault` only where no row got an
        answer; one that came in midway is in `write_fault`."""
        return self._writer.update(rows, fields, believed_empty or {})

    def examine(self, test_contact: str | None = None) -> Iterator[Verdict]:
        """Try what is assumed of Element451, a verdict each as it is found. Reads only, unless the Element ID
        of a ``test_contact`` is given: that one is written to, and given back what it held."""
        reading = ReadingExamination(self._http, self._slug, self._with_wrong_token, utc_now)
        yield from reading.verdicts()
        if test_contact is not None:
            try:
                fields = reading.fields
            except Fault:
                fields = []
            yield from ImportExamination(
                self._http, fields, self._slug, test_contact, self._before_send
            ).verdicts()

    def _with_wrong_token(self) -> ApiSession:
        return ApiSession(
            self._api_url, "wrong-token", connections=1, retry=self._retry, account=self._http.account
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> "Element451Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
