"""Why a record holds what it holds: every mapped field explained from its pair, the log and the versions
(rule 24). Reads the database alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from syncer.application.container import Application
from syncer.application.engine_factory import NotReady
from syncer.configuration.document import field_keys, mapping_rows
from syncer.configuration.problems import errors_in
from syncer.configuration.suspension import suspend
from syncer.configuration.validation.check import check
from syncer.configuration.versions import ConfigStore
from syncer.core import values
from syncer.core.ids import element_id, salesforce_id
from syncer.core.mapping import MappedField
from syncer.core.plan import Status
from syncer.core.records import Kind, System
from syncer.core.trust.written import Written, written_by
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from syncer.journal.run_state import WRITING_RUNS
from syncer.journal.runs import RUNS
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.holds import listing
from syncer.sync.on_demand import NoSuchRecord
from syncer.sync.pair_rows import READ_AT, Row
from syncer.sync.pair_store import SIDES, PairStore

LOOKED_AT = 2000
"""Log entries of one record that are looked through at most, newest first."""
ALL_AGREED = "Checked: all values agreed."


@dataclass(frozen=True, slots=True)
class Why:
    """Explains records. ``store`` has the versions; ``config`` is the one in force; log entries are kept for
    ``retention`` days."""

    database: Engine
    config: CompiledConfig
    store: ConfigStore
    retention: int

    def fields(self, record: str, field: str | None = None) -> list[dict[str, Any]]:
        """Each mapped field of the record that has this ID in either system, or the one field of this slug or
        API name (docs/architecture.md, "Surfaces"). Raises `NoSuchRecord`."""
        kind, row = self._row(record)
        mapping = self.config.mappings[kind]
        asked = [each for each in mapping.fields if field in (None, each.element451.key, each.salesforce.key)]
        if not asked:
            raise NoSuchRecord(
                f"No field {field} of a {kind} is mapped. Name it as the mapping does: by its slug in"
                " Element451, or its API name in Salesforce."
            )
        writes = self._last_writes(kind, row, asked)
        people, since = self._people(writes.values()), self._owned_since(kind, asked)
        untold = "older than the log" if self._log_was_cut() else "there before the sync"
        held = listing.of_fields(self.database, row["id"]) if row["held"] else {}
        return [
            self._field(each, row, writes, people, untold)
            | since.get(_keys(each), {})
            | {"held": held.get(_keys(each)) or held.get(listing.WHOLE)}
            for each in asked
        ]

    def history(self, record: str, limit: int = 100) -> list[dict[str, Any]]:
        """What became of the record, newest first: its log entries as `logs` prints them, and the last check
        that found nothing to do, which has no entry. Raises `NoSuchRecord`."""
        kind, row = self._row(record)
        found = [
            entry
            for entry in log_queries.entries(self.database, LogFilter(records=_ids(row)), limit)
            if entry["kind"] == kind
        ]
        if row["checked_at"] and all(entry["run"] != row["checked_in"] for entry in found):
            found.append(_check(kind, row))
        return sorted(found, key=lambda each: (each["time"], each["entry"] or 0), reverse=True)[:limit]

    def _row(self, record: str) -> tuple[Kind, Row]:
        ids = {System.ELEMENT451: element_id(record), System.SALESFORCE: salesforce_id(record)}
        with self.database.connect() as connection:
            for kind, mapping in self.config.mappings.items():
                for system, identity in ids.items():
                    rows = PairStore(mapping).by_ids(connection, system, [identity])
                    if identity in rows:
                        return kind, rows[identity]
        raise NoSuchRecord(f"No record with the ID {record} is known. Copy the ID from the record's page.")

    def _last_writes(
        self, kind: Kind, row: Row, asked: Iterable[MappedField]
    ) -> dict[tuple[System, str], Written]:
        """The last write to each field on each side of the record, by system and key."""
        wanted = {(system, each.of(system).key) for each in asked for system in System}
        found: dict[tuple[System, str], Written] = {}
        for batch in log_queries.batches(self.database, LogFilter(records=_ids(row)), LOOKED_AT, 200):
            for entry in (entry for entry in batch if entry["kind"] == kind):
                for one in written_by(entry):
                    side = SIDES[one.target].id
                    # What was written to a record that was merged away does not stand in this one.
                    if (one.target, one.key) in wanted and entry[side] == row[side]:
                        found.setdefault((one.target, one.key), one)
            if wanted == found.keys():
                break
        return found

    def _field(
        self,
        mapped: MappedField,
        row: Row,
        writes: Mapping[tuple[System, str], Written],
        people: Mapping[int, str],
        untold: str,
    ) -> dict[str, Any]:
        sides: dict[str, dict[str, Any]] = {}
        for system in System:
            known, field = row[SIDES[system].values] or {}, mapped.of(system)
            last = writes.get((system, field.key))
            outside = bool(
                last and field.key in known and not values.same(field, known[field.key], last.change.after)
            )
            told = "changed outside the sync" if outside else "written by the sync" if last else untold
            sides[system.value] = {
                "value": known.get(field.key),
                "read_at": row[READ_AT[system]],
                "known": field.key in known,
                "origin": told if field.key in known else "not read yet",
                "written_by": _written_by(last, people),
                "changed_outside": outside,
            }
        of_field = [one for system in System if (one := writes.get((system, mapped.of(system).key)))]
        newest = max(of_field, key=lambda one: (one.time, one.entry), default=None)
        return {
            "element451": mapped.element451.key,
            "salesforce": mapped.salesforce.key,
            "owner": mapped.owner.value,
            "agree": _agree(mapped, row),
            "values": sides,
            "written_by": _written_by(newest, people),
            "changed_outside": bool(newest and sides[newest.target.value]["changed_outside"]),
        }

    def _people(self, writes: Iterable[Written]) -> dict[int, str]:
        """Who saved the versions under which these values were written."""
        return self.store.authors({one.version for one in writes})

    def _owned_since(self, kind: Kind, asked: Iterable[MappedField]) -> dict[tuple[str, str], dict[str, Any]]:
        """Since which version, without a break, each field has had its owner of now, and who saved it."""
        owners = {_keys(each): each.owner.value for each in asked}
        since: dict[tuple[str, str], dict[str, Any]] = {}
        for version, document in self.store.newest_first():
            rows = {field_keys(each): each.get("owner") for each in mapping_rows(document, kind)}
            owners = {keys: owner for keys, owner in owners.items() if rows.get(keys) == owner}
            if not owners:
                break
            told = {"version": version.id, "person": version.author, "time": version.created_at}
            since |= {keys: {"owned_since": told} for keys in owners}
        return since

    def _log_was_cut(self) -> bool:
        """Whether there were runs whose log entries are past their retention."""
        first = select(func.min(RUNS.c.started_at)).where(RUNS.c.trigger.in_(WRITING_RUNS))
        with self.database.connect() as connection:
            began: datetime | None = connection.execute(first).scalar_one()
        return bool(began and began < datetime.now(UTC) - timedelta(days=self.retention))


def _agree(mapped: MappedField, row: Row) -> bool | None:
    """Whether the other side holds its owner's value, as it would store that; None where one side's is not
    known yet."""
    source, target = mapped.owner, mapped.owner.other
    given, held = row[SIDES[source].values] or {}, row[SIDES[target].values] or {}
    key, field = mapped.of(source).key, mapped.of(target)
    if key not in given or field.key not in held:
        return None
    value, problem = mapped.carried(given[key], target)
    return problem is None and values.same(field, held[field.key], value)


def _keys(mapped: MappedField) -> tuple[str, str]:
    return mapped.element451.key, mapped.salesforce.key


def _ids(row: Row) -> tuple[str, ...]:
    return tuple(identity for identity in (row["element_id"], row["salesforce_id"]) if identity)


def _written_by(one: Written | None, people: Mapping[int, str]) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "run": one.run,
        "entry": one.entry,
        "version": one.version,
        "person": people.get(one.version, ""),
        "time": one.time,
        "system": one.target.value,
        "owner": one.change.owner.value,
        "created": one.creates,
        "before": one.change.before,
        "before_known": one.change.known,
        "after": one.change.after,
    }


def _check(kind: Kind, row: Row) -> dict[str, Any]:
    """The last check of a record, as an entry would tell of it."""
    nothing: dict[str, Any] = dict.fromkeys(log_queries.SHOWN)
    return (
        {"entry": None}
        | nothing
        | {
            "run": row["checked_in"],
            "time": row["checked_at"],
            "kind": kind.value,
            "entity": row["entity"],
            "element_id": row["element_id"],
            "salesforce_id": row["salesforce_id"],
            "status": Status.UNCHANGED.value,
            "reason": ALL_AGREED,
            "code": "",
            "detail": "",
            "changes": [],
        }
    )


def open_why(application: Application) -> Why:
    """What explains the records of an installation, by its configuration in force and the catalogues as last
    read: neither system is asked. Raises `NotReady`."""
    current, catalogues = application.configuration.current(), application.catalogues
    if current is None:
        raise NotReady("Nothing is mapped yet, so that there is nothing to explain.")
    version, document = current
    entities, fields = catalogues.last_entities(document), catalogues.last_element_fields()
    errors = errors_in(check(document, fields, entities, catalogues.last_objects()))
    reduced, suspension = suspend(document, errors, entities)
    if not suspension.syncs(Kind.CONTACT):
        raise NotReady(
            "The configuration has errors, so that no field can be explained. Correct them: python -m syncer"
            " config check",
            errors,
        )
    config = CompiledConfig.compile(version, reduced, fields, entities.__getitem__, suspension)
    retention = application.settings.log_retention_days
    return Why(application.database, config, application.configuration, retention)
