"""Trying what can be tried without writing: some thirty small requests, whatever the size of the account."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from syncer.connectors.element451 import contract
from syncer.connectors.element451.contract import ELEMENT_ID
from syncer.connectors.element451.examination import checks, verdicts
from syncer.connectors.element451.http import ApiResponse, ApiSession
from syncer.connectors.element451.segments import meta_of
from syncer.connectors.errors import Fault, ReconnectNeeded
from syncer.connectors.trying import must_be_lasting, tried
from syncer.core.fields import Field
from syncer.core.records import Kind, System
from syncer.core.trust.verdict import Check, Finding, State, Verdict, disproved, not_proved, proved

NOBODY = "f" * 24
"""An id that no contact has: the highest that can be."""
NO_SUCH_FIELD = "user-custom-no-such-field"
EXPORT_EVERYBODY = (
    "Set the export scope to “all” and switch Sync Conversations off, or nobody is exported: by default those"
    " are who take part in a conversation. Or ask Element451 where conversations are exported, and enter that"
    " in the settings of the connection."
)
_MOST_COLUMNS = 40
_STAMP = contract.UPDATED[Kind.CONTACT]
_NAMES = {name: slug for slug, name in contract.PROJECTED.items()}
Row = Mapping[str, Any]


class ReadingExamination:
    """Tries one account. ``salesforce_id_slug`` is the one in force; ``another_token`` gives a session with a
    token that is wrong."""

    def __init__(
        self,
        http: ApiSession,
        salesforce_id_slug: str,
        another_token: Callable[[], ApiSession],
        clock: Callable[[], datetime],
    ) -> None:
        self._http, self._slug, self._another_token, self._clock = (
            http,
            salesforce_id_slug,
            another_token,
            clock,
        )

    def verdicts(self) -> Iterator[Verdict]:
        """One for each check, as it is tried."""
        tries: dict[Check, Callable[[], Finding]] = {
            checks.FIELD_LIST: self._field_list,
            checks.CHANGED_SINCE: self._changed_since,
            checks.ORDER: self._order,
            checks.LAST_PAGE: self._last_page,
            checks.EMPTY_VALUES: self._empty_values,
            checks.SALESFORCE_ID: self._salesforce_id,
            checks.CONVERSATIONS: self._conversations,
            checks.WRONG_TOKEN: self._wrong_token,
            checks.UNKNOWN_FIELDS: self._unknown_fields,
            checks.UNKNOWN_IDS: self._unknown_ids,
            checks.NAMES: self._names,
            checks.SEARCH: self._search,
            checks.CLOCK: self._clock_agrees,
        }
        yield from tried(System.ELEMENT451, tries)

    @cached_property
    def fields(self) -> list[Field]:
        """The fields of contacts and conversations."""
        return contract.fields_of(self._field_rows[0], self._slug)

    @cached_property
    def _field_rows(self) -> tuple[list[Any], object]:
        rows: list[Any] = []
        while True:
            size = self._http.account.field_list_size
            asked = {"limit": size, "offset": len(rows)}
            response = self._http.get(contract.MAPPINGS, asked)
            page = _rows(response)
            rows += page
            total = meta_of(response).get("total")
            if len(page) < size:
                return rows, total

    @cached_property
    def _everybody(self) -> list[str]:
        """The ids of a first page."""
        return self._searched(contract.since_segment(Kind.CONTACT, None), self._http.account.read_size)

    @cached_property
    def _columns(self) -> list[Field]:
        """Fields of contacts to read of a sample: the names, the stamp, and some others."""
        wanted = [
            field
            for field in self.fields
            if field.kind is Kind.CONTACT and field.family is not None and field.key != ELEMENT_ID
        ]
        first = {_STAMP, *contract.PROJECTED}
        return sorted(wanted, key=lambda field: field.key not in first)[:_MOST_COLUMNS]

    @cached_property
    def _sample(self) -> ApiResponse:
        body = contract.ids_body(Kind.CONTACT, self._everybody, self._columns)
        return self._http.post(contract.EXPORT[Kind.CONTACT], body)

    @property
    def _people(self) -> list[Row]:
        return [row for row in _rows(self._sample) if isinstance(row, dict) and row.get(ELEMENT_ID)]

    def _field_list(self) -> Finding:
        return verdicts.field_list(*self._field_rows)

    def _changed_since(self) -> Finding:
        finding = not_proved(verdicts.NO_RECORDS)
        for _ in range(2):  # whoever edits a contact between two requests is no reason to doubt
            if not self._everybody:
                return finding
            stamps = self._stamps()
            if not stamps:
                return disproved(f"Contacts come without {_STAMP}.", verdicts.ASK_THE_VENDOR)
            moment = sorted(stamps.values())[len(stamps) // 2]
            since, after = (
                set(
                    self._searched(
                        contract.since_segment(Kind.CONTACT, start), self._http.account.search_size
                    )
                )
                for start in (moment, moment + timedelta(seconds=1))
            )
            finding = verdicts.changed_since(stamps, moment, since, after)
            if finding.state is State.PROVED:
                break
            self.__dict__.pop("_sample", None)
        return finding

    def _stamps(self) -> dict[str, datetime]:
        found = {}
        for row in self._people:
            with suppress(ValueError):
                stamp = datetime.fromisoformat(str(row.get(_STAMP)))
                found[str(row[ELEMENT_ID])] = stamp.astimezone(UTC).replace(microsecond=0)
        return found

    def _order(self) -> Finding:
        ids = self._everybody
        if not ids:
            return not_proved(verdicts.NO_RECORDS)
        behind = ids[len(ids) // 2]
        everybody = contract.since_segment(Kind.CONTACT, None)
        return verdicts.order(ids, behind, self._searched(everybody, self._http.account.read_size, behind))

    def _last_page(self) -> Finding:
        body = contract.search_body(contract.since_segment(Kind.CONTACT, None), 10, NOBODY)
        response = self._http.post(contract.SEARCH, body)
        return verdicts.last_page(_rows(response), meta_of(response).get("next_last_id"))

    def _empty_values(self) -> Finding:
        return verdicts.empty_values(self._people, [field.key for field in self._columns])

    def _salesforce_id(self) -> Finding:
        by_slug = {field.key: field for field in self.fields}
        others = sorted(slug for slug in by_slug if "salesforce" in slug and slug != self._slug)
        return verdicts.salesforce_id(by_slug.get(self._slug), self._slug, others)

    def _conversations(self) -> Finding:
        kind = Kind.CONVERSATION
        stamp = contract.UPDATED[kind]
        known = {field.key for field in self.fields}
        wanted = [slug for slug in (stamp, "conversation-user-elementid") if slug in known]
        if len(wanted) < 2:
            missing = "the stamp" if stamp not in known else "the contact"
            return disproved(
                f"The list of fields has no field for {missing} of a conversation.", EXPORT_EVERYBODY
            )
        columns = [field for field in self.fields if field.key in wanted]
        body = contract.segment_body(
            kind, contract.since_segment(kind, None), columns, None, self._http.account.read_size
        )
        try:
            response = self._http.post(contract.EXPORT[kind], body)
        except Fault as fault:
            must_be_lasting(fault)
            return disproved(f"Conversations cannot be exported ({fault.code}).", EXPORT_EVERYBODY)
        return verdicts.conversations(
            [row for row in _rows(response) if isinstance(row, dict)], contract.ID_SLUG[kind], wanted
        )

    def _wrong_token(self) -> Finding:
        session = self._another_token()
        try:
            session.get(contract.MAPPINGS, {"limit": 1, "offset": 0})
        except ReconnectNeeded:
            return proved("A wrong token is answered by 401.")
        except Fault as fault:
            must_be_lasting(fault)
            return disproved(
                f"A wrong token is answered by {fault.code}: a token that has ended would not be noticed as"
                " such.",
                "Watch the failures of runs for this status, and tell Element451.",
            )
        finally:
            session.close()
        return disproved("A wrong token is accepted.", "Tell Element451: anybody could read your contacts.")

    def _unknown_fields(self) -> Finding:
        columns = [Field(System.ELEMENT451, NO_SUCH_FIELD, NO_SUCH_FIELD, self.fields[0].type)]
        body = contract.ids_body(Kind.CONTACT, [NOBODY], columns)
        try:
            self._http.post(contract.EXPORT[Kind.CONTACT], body)
        except Fault as fault:
            must_be_lasting(fault)
            if NO_SUCH_FIELD in getattr(fault, "fields", ()):
                return proved(f"The refusal of a field that does not exist names it ({fault.code}).")
            found = (
                f"A field that does not exist is refused ({fault.code}), and the refusal does not name it."
            )
        else:
            found = "A field that does not exist is not refused."
        return disproved(
            found,
            "A mapped field that is removed in Element451 will be noticed by the daily look at the fields"
            " only.",
        )

    def _unknown_ids(self) -> Finding:
        if not self._everybody:
            return not_proved(verdicts.NO_RECORDS)
        asked = self._everybody[0]
        body = contract.ids_body(Kind.CONTACT, [asked, NOBODY], [])
        try:
            response = self._http.post(contract.EXPORT[Kind.CONTACT], body)
        except Fault as fault:
            must_be_lasting(fault)
            return verdicts.unknown_ids(asked, NOBODY, [])
        brought = [str(row.get(ELEMENT_ID)) for row in _rows(response) if isinstance(row, dict)]
        return verdicts.unknown_ids(asked, NOBODY, brought)

    def _names(self) -> Finding:
        fields = [field for field in self._columns if field.key in contract.PROJECTED]
        everybody = contract.since_segment(Kind.CONTACT, None)
        body = contract.search_body(everybody, self._http.account.read_size, None, fields)
        rows = [row for row in _rows(self._http.post(contract.SEARCH, body)) if isinstance(row, dict)]
        searched = {str(row.get("_id")): row for row in rows}
        read = {
            str(row[ELEMENT_ID]): {
                name: value
                for name, slug in _NAMES.items()
                if isinstance(value := row.get(slug), str) and value
            }
            for row in self._people
        }
        return verdicts.names(read, searched)

    def _search(self) -> Finding:
        email = next(slug for slug in contract.PROJECTED if "email" in slug)
        person = next((row for row in self._people if "@" in str(row.get(email))), None)
        if person is None:
            return not_proved("No contact of the sample has an e-mail address.")
        address = str(person[email])
        segments = (
            contract.any_of_segment(email, [address]),
            contract.alike_segment(email, address.swapcase()),
        )
        return verdicts.search(
            str(person[ELEMENT_ID]),
            *(self._searched(segment, self._http.account.read_size) for segment in segments),
        )

    def _clock_agrees(self) -> Finding:
        before = self._clock()
        response = self._http.get(contract.MAPPINGS, {"limit": 1, "offset": 0})
        newest = max(self._stamps().values(), default=None)
        return verdicts.clock(response.time, before, newest)

    def _searched(self, segment: contract.Body, per_page: int, behind: str | None = None) -> list[str]:
        """The ids of one page of a segment, as they come."""
        response = self._http.post(contract.SEARCH, contract.search_body(segment, per_page, behind))
        return [str(row.get("_id")) for row in _rows(response) if isinstance(row, dict)]


def _rows(response: ApiResponse) -> Sequence[Any]:
    rows = response.body.get("data")
    return rows if isinstance(rows, list) else []
