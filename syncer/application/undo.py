"""Undoing runs, versions, entries and records: what somebody means, and the run that does it (rule 21)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from syncer.application.container import Application
from syncer.application.engine_factory import NotReady
from syncer.application.engine_host import Busy, EngineHost
from syncer.configuration.catalogue import Catalogues
from syncer.configuration.document import Document
from syncer.configuration.problems import errors_in
from syncer.configuration.suspension import suspend
from syncer.core.mapping import FieldMapping
from syncer.core.permissions import Action
from syncer.core.plan import Plan
from syncer.core.records import System
from syncer.core.trust.written import undoable
from syncer.journal import log_queries, runs
from syncer.journal.log_queries import LogFilter
from syncer.journal.runs import UNDO, Run
from syncer.journal.undoable import Undoing, last_write
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.engine import SyncEngine
from syncer.sync.on_demand import NoSuchRecord
from syncer.sync.undo import run as undo_runs
from syncer.sync.undo.run import AnotherWaits, RulesInForce


class UndoCommands(EngineHost):
    """The verbs of undo. They raise `NotPermitted`, `NotReady` and `Busy`, and the `Fault`s of connecting."""

    def undo(self, asked: Undoing, *, confirmed: bool = False) -> Run:
        """Put back what was overwritten. It waits for an approval, unless whoever asks has ``confirmed`` it
        on its full preview: of a whole run or version that takes the right to approve. Where the version
        that is undone is in force, the one before it is restored first. Raises `BadConfiguration` where that
        has errors."""
        self._allow(Action.UNDO, str(asked))
        self._require_reached(asked)
        if confirmed and asked.entry is None:
            self.application.person.require(Action.APPROVE)
        if document := document_before(self.application, asked):
            self.application.configuration.store(document, based_on=self._version())
        try:
            with self._engine() as engine:
                run = undo_runs.undo(
                    *self._prepared(engine, asked), self.application.person.name, confirmed=confirmed
                )
        except AnotherWaits as other:
            raise Busy(str(other)) from None
        return self._after(run)

    def put_back(self, entry: int, field: str | None = None) -> Run:
        """Undo one log entry, or one field of it, for somebody who was allowed to and confirmed it. Raises
        `NotReady` where there is nothing to undo any more."""
        self.application.person.require_operator()
        try:
            asked = which(self.application, entry=entry, field=field)
        except NoSuchRecord as nothing:
            raise NotReady(str(nothing)) from None
        return self.undo(asked, confirmed=True)

    def preview_undo(self, asked: Undoing, on_plan: Callable[[Plan], None]) -> Run:
        """What `undo` would do, with all its plans, by the configuration that would then be in force. Nothing
        is written to either system, or stored."""
        self._allow(Action.DRY_RUN)
        self._require_reached(asked)
        with self._engine(document=document_before(self.application, asked)) as engine:
            run = undo_runs.preview(*self._prepared(engine, asked), lambda run, plan: on_plan(plan))
        return self._after(run)

    def _go_on_undoing(self, engine: SyncEngine, run: int) -> Run:
        """The undo that waits goes on, once it is approved. Raises `NotWaiting`."""
        asked = undo_runs.waiting_for(engine.context.database, run)
        prepared, _, rules = self._prepared(engine, asked)
        return undo_runs.go_on(prepared, run, rules)

    def _require_reached(self, asked: Undoing) -> None:
        """Whichever way it was asked for, nothing is undone as a whole that the log no longer has whole."""
        if why := _beyond_the_log(self.application, asked):
            raise NotReady(why)

    def _prepared(self, engine: SyncEngine, asked: Undoing) -> tuple[SyncEngine, Undoing, RulesInForce]:
        """The engine that also reads and writes the fields that were mapped then; and the rules in force."""
        config = engine.context.config
        rules = config.rules(engine.context.clock().date())
        versions = _versions_of(self.application.database, asked)
        for document in self.application.configuration.documents(versions).values():
            # A catalogue that cannot be read leaves the fields of now.
            with suppress(KeyError):
                config = _with_fields_of(config, self.application.catalogues, document)
        return replace(engine, context=replace(engine.context, config=config)), asked, rules


def which(
    application: Application,
    *,
    run: int | None = None,
    version: int | None = None,
    entry: int | None = None,
    record: str | None = None,
    field: str | None = None,
) -> Undoing:
    """What somebody means by one of these: of a ``record``, by an ID of either system, its last write. Raises
    `NoSuchRecord` where there is nothing to undo, with the reason."""
    database, days = application.database, application.settings.log_retention_days
    gone = f"Entries are kept for {days} days; what is older cannot be undone."
    if record is not None:
        entry = last_write(database, record, field)
        if entry is None:
            raise NoSuchRecord(
                f"No entry of the log wrote anything to {field or 'the record'} {record}. {gone}"
            )
    if entry is not None:
        found = log_queries.entry(database, entry)
        if found is None:
            raise NoSuchRecord(f"There is no log entry {entry}. {gone}")
        if not undoable(found):
            raise NoSuchRecord(f"Entry {entry} wrote nothing, so that there is nothing to undo.")
        return Undoing(run=found["run"], entry=entry, field=field)
    if version is not None:
        if application.configuration.document(version) is None:
            raise NoSuchRecord(f"There is no version {version}.")
        return _as_a_whole(application, Undoing(version=version, field=field))
    if run is None or runs.find(database, run) is None:
        raise NoSuchRecord(f"There is no run {run}. Look the number up with: python -m syncer logs")
    if not log_queries.entries(database, LogFilter(run=run), 1):
        raise NoSuchRecord(f"The log has no entry of run {run}: it wrote nothing. {gone}")
    return _as_a_whole(application, Undoing(run=run, field=field))


def _as_a_whole(application: Application, asked: Undoing) -> Undoing:
    if why := _beyond_the_log(application, asked):
        raise NoSuchRecord(why)
    return asked


def _beyond_the_log(application: Application, asked: Undoing) -> str | None:
    """Why a run or version cannot be undone as a whole, where the log may lack its oldest entries: what a run
    of it wrote would pass for what was there before. None where the log has every entry."""
    days = application.settings.log_retention_days
    oldest = asked.oldest_run(application.database) if asked.entry is None else None
    if oldest is None or oldest[1] >= datetime.now(UTC) - timedelta(days=days):
        return None
    run, began = oldest
    return (
        f"Run {run} began on {began:%Y-%m-%d}, and entries are kept for {days} days: what was there before is"
        f" older than the log, so that {asked} cannot be undone as a whole. Undo a later run, a single entry,"
        " or a record's last write."
    )


def document_before(application: Application, asked: Undoing) -> Document | None:
    """The version before the one that is undone, where that is in force: it is restored first. None where
    nothing is to be restored."""
    store, current = application.configuration, application.configuration.current()
    if asked.version is None or current is None or current[0] != asked.version:
        return None
    before = store.history(1, asked.version)
    return store.document(before[0].id) if before else None


def _versions_of(database: Engine, asked: Undoing) -> set[int]:
    """The versions whose fields were written. An undo also wrote those of what it undid."""
    versions: set[int] = set()
    pending, seen = [asked], set()
    while pending:
        if (one := pending.pop()) in seen:
            continue
        seen.add(one)
        if one.run is None and one.version is not None:
            versions.add(one.version)
        for run in _runs_to_follow(database, one):
            versions.add(run.version)
            if undone := (run.numbers or {}).get(UNDO):
                pending.append(Undoing.from_json(undone))
    return versions


def _runs_to_follow(database: Engine, asked: Undoing) -> list[Run]:
    """The run that is meant, or the undos among the runs of a version."""
    numbers = Undoing(version=asked.version).whole_undos(database) if asked.run is None else [asked.run]
    return [run for run in (runs.find(database, number) for number in numbers) if run]


def _with_fields_of(config: CompiledConfig, catalogues: Catalogues, document: Document) -> CompiledConfig:
    """The configuration with the fields that ``document`` maps besides, as far as both systems still have
    them, so that they can be read and written."""
    errors = errors_in(catalogues.check(document, fresh=False))
    reduced, suspension = suspend(document, errors, catalogues.last_entities(document))
    then = CompiledConfig.compile(0, reduced, catalogues.element_fields(), catalogues.entity, suspension)
    mappings = {
        kind: _with_fields(mapping, then.mappings[kind]) if kind in then.mappings else mapping
        for kind, mapping in config.mappings.items()
    }
    return replace(config, mappings=mappings)


def _with_fields(mapping: FieldMapping, then: FieldMapping) -> FieldMapping:
    if mapping.entity.name != then.entity.name:
        return mapping
    besides = tuple(
        mapped
        for mapped in then.fields
        if any(mapped.of(system).key not in mapping.by_key(system) for system in System)
    )
    return replace(mapping, fields=besides + mapping.fields) if besides else mapping
