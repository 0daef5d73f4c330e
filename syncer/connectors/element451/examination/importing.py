"""Trying what an import does, on one test contact that gets back what it held. Each step is tried only where
the one before it did no harm."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from syncer.connectors.element451 import contract
from syncer.connectors.element451.contract import ELEMENT_ID, ImportResponse
from syncer.connectors.element451.examination import checks
from syncer.connectors.element451.examination.verdicts import ASK_THE_VENDOR
from syncer.connectors.element451.http import ApiSession
from syncer.connectors.errors import Fault, Unexpected
from syncer.connectors.trying import tried
from syncer.core.field_types.dates import DATE
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Field
from syncer.core.records import Kind, System, Value
from syncer.core.trust.verdict import Check, Finding, State, Verdict, disproved, not_proved, proved

FIRST, SECOND = "Sync check one", "Sync check two"
NO_DAY = "no day"
_PREFERRED = ("user-preferred-name", "user-middle-name")
STOPPED = "Not tried: an import did what it must not."


class ImportExamination:
    """Tries imports on the contact with the Element ID ``contact``. ``fields`` are the account's,
    ``before_send`` is called right before each import."""

    def __init__(
        self,
        http: ApiSession,
        fields: Sequence[Field],
        salesforce_id_slug: str,
        contact: str,
        before_send: Callable[[], None],
    ) -> None:
        self._http, self._slug, self._contact, self._before_send = (
            http,
            salesforce_id_slug,
            contact,
            before_send,
        )
        writable = {
            field.key: field
            for field in fields
            if field.kind is Kind.CONTACT and field.updatable and not field.unique and not field.options
        }
        texts = [key for key, field in writable.items() if field.type is TEXT]
        self._text = next((slug for slug in _PREFERRED if slug in texts), texts[0] if texts else None)
        self._date = next((key for key, field in writable.items() if field.type is DATE), None)
        by_slug = {field.key: field for field in fields}
        self._read_fields = [
            by_slug[slug] for slug in (self._text, self._date, salesforce_id_slug) if slug and slug in by_slug
        ]
        self._harm = False

    def verdicts(self) -> Iterator[Verdict]:
        """One for each check. What cannot be put back at the end is said by the last one that failed."""
        before = self._before()
        if isinstance(before, Finding):
            yield from tried(System.ELEMENT451, {check: lambda: before for check in checks.IMPORTING})
            return
        tries: dict[Check, Callable[[], Finding]] = {
            checks.UPDATES: self._updates,
            checks.CREATIONS: lambda: self._creations(before.get(self._slug)),
            checks.EMPTY_CELLS: self._empty_cells,
            checks.REFUSED_ROWS: lambda: self._refused_rows(before),
        }
        found = list(tried(System.ELEMENT451, tries))
        yield from (
            found if self._put_back(before) else _not_restored(found, self._kept(before), self._contact)
        )

    def _before(self) -> Mapping[str, Value] | Finding:
        """What the contact holds; or why nothing can be tried."""
        if not contract.is_id(self._contact):
            return not_proved(f"{self._contact} is no Element ID.")
        if self._text is None:
            return not_proved("There is no text field of contacts that an import can write.")
        try:
            values = self._values()
        except Fault as fault:
            return not_proved(fault.sentence)
        return not_proved("There is no contact with this Element ID.") if values is None else values

    def _updates(self) -> Finding:
        answer = self._import({ELEMENT_ID: self._contact, self._text or "": FIRST}, ELEMENT_ID, "null")
        if answer.created:
            return self._harmed(f"An update created another contact: {', '.join(sorted(answer.created))}.")
        if self._contact not in answer.updated:
            self._harm = True
            return disproved("The answer to an import does not name the contact it was for.", ASK_THE_VENDOR)
        if self._now() != FIRST:
            self._harm = True
            return disproved("An update that was confirmed is not there when it is read.", ASK_THE_VENDOR)
        return proved("An update found its contact by the Element ID, said so, and was there when read.")

    def _creations(self, salesforce_id: Value) -> Finding:
        if self._harm:
            return not_proved(STOPPED)
        if not isinstance(salesforce_id, str):
            return not_proved(
                "The test contact holds no Salesforce ID.", "Name a contact that is paired with Salesforce."
            )
        answer = self._import({self._slug: salesforce_id, self._text or "": SECOND}, self._slug, "skip")
        if answer.created:
            created = ", ".join(sorted(answer.created))
            return self._harmed(
                "An import with a Salesforce ID that a contact holds created another contact:"
                f" {created}. Delete it in Element451."
            )
        if self._contact not in answer.updated:
            return disproved(
                "An import with a Salesforce ID did not find the contact that holds it.", ASK_THE_VENDOR
            )
        return proved("An import with its Salesforce ID found the contact, and created none.")

    def _empty_cells(self) -> Finding:
        if self._harm:
            return not_proved(STOPPED)
        row = {ELEMENT_ID: self._contact, self._text or "": None}
        before = self._now()
        self._import(row, ELEMENT_ID, "skip")
        if self._now() != before:
            return disproved(
                "An empty cell in a column with skip emptied the field.",
                "Choose another word for such cells in the settings of the connection, and try again.",
            )
        self._import(row, ELEMENT_ID, "null")
        if self._now() is not None:
            return disproved(
                "An empty cell in a column with null did not empty the field: what is emptied in Salesforce"
                " would stay in Element451.",
                "Choose another word for such cells in the settings of the connection, and try again.",
            )
        return proved("An empty cell did nothing with skip, and emptied the field with null.")

    def _refused_rows(self, before: Mapping[str, Value]) -> Finding:
        if self._harm:
            return not_proved(STOPPED)
        if self._date is None:
            return not_proved("There is no date field of contacts that an import can write.")
        answer = self._import({ELEMENT_ID: self._contact, self._date: NO_DAY}, ELEMENT_ID, "null")
        if (self._values() or {}).get(self._date) != before.get(self._date):
            return disproved("A date field took a text that is no date.", ASK_THE_VENDOR)
        if self._contact in answer.updated:
            return disproved("A row that was not stored is confirmed as updated.", ASK_THE_VENDOR)
        if self._date not in answer.warnings.get(0, {}):
            return disproved(
                "A row that was not stored is not named in the warnings with its field: failures would have"
                " no reason.",
                ASK_THE_VENDOR,
            )
        return proved("A row that cannot be stored is named in the warnings with its field.")

    def _harmed(self, found: str) -> Finding:
        self._harm = True
        return disproved(found, f"Let no import run. {ASK_THE_VENDOR}")

    def _import(self, row: Mapping[str, Value], unique: str, empty: str) -> ImportResponse:
        answer = self._http.post(
            contract.IMPORT, contract.import_body([row], unique, empty), self._before_send
        )
        try:
            return contract.import_response(answer.body)
        except (KeyError, TypeError, ValueError, AttributeError):
            self._harm = True
            sentence = "Element451's answer to an import was not understood."
            raise Unexpected(System.ELEMENT451, sentence, code="CONTRACT") from None

    def _now(self) -> Value:
        return (self._values() or {}).get(self._text or "")

    def _values(self) -> Mapping[str, Value] | None:
        """The contact's values; None where it does not come."""
        body = contract.ids_body(Kind.CONTACT, [self._contact], self._read_fields)
        rows = self._http.post(contract.EXPORT[Kind.CONTACT], body).body.get("data") or []
        found = [row for row in rows if isinstance(row, dict) and row.get(ELEMENT_ID) == self._contact]
        mapper = contract.RowMapper(Kind.CONTACT, self._read_fields)
        return mapper.record(found[0]).values if found else None

    def _kept(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Those of the values that the tries may have changed."""
        return {slug: values.get(slug) for slug in (self._text, self._date) if slug}

    def _put_back(self, before: Mapping[str, Value]) -> bool:
        """Give the contact what it held; whether it holds it now."""
        kept = self._kept(before)
        try:
            now = self._values()
            if now is not None and self._kept(now) != kept:
                self._import({ELEMENT_ID: self._contact, **kept}, ELEMENT_ID, "null")
                now = self._values()
            return now is not None and self._kept(now) == kept
        except Fault:
            return False


def _not_restored(found: Sequence[Verdict], kept: Mapping[str, Value], contact: str) -> Iterator[Verdict]:
    """The verdicts; the last one that is disproved, or else the last, says that the contact was not given
    back what it held."""
    guilty = max(
        (place for place, verdict in enumerate(found) if verdict.state is State.DISPROVED),
        default=len(found) - 1,
    )
    for place, verdict in enumerate(found):
        if place != guilty:
            yield verdict
            continue
        old = verdict.finding
        sentence = f"{old.found} The test contact {contact} could not be given back what it held."
        remedy = f"{old.remedy} Set {', '.join(kept)} of the test contact by hand.".strip()
        yield replace(verdict, finding=Finding(State.DISPROVED, sentence, remedy, kept))
