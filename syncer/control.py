"""The verbs of the product (sync, dry run, preview, test, retry), over the connections and the configuration in force.

Whoever asks, the command line or a worker, asks here: one connection, one run at a time, one mapping version per run (rule 18).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from syncer import runs, setup
from syncer.bootstrap import Application
from syncer.catalogue import Catalogues
from syncer.check_field import Problem
from syncer.config import Document, to_mapping, to_preferences
from syncer.lease import RUN, Lease
from syncer.logbook import Outcome
from syncer.mapping import Mapping
from syncer.plan import Direction, Plan
from syncer.progress import Progress, Silent
from syncer.records import Kind, System
from syncer.run import PAUSED, Road, reject
from syncer.runs import Run
from syncer.setup import Setup
from syncer.single import Asked, Single
from syncer.systems.errors import Fault, FieldRefused, LimitReached


class NotReady(Exception):
    """A run cannot even begin: the configuration is missing or has errors (``problems``). ``str()`` says what to do."""

    def __init__(self, sentence: str, problems: list[Problem] | None = None) -> None:
        super().__init__(sentence)
        self.problems = problems or []


class Busy(Exception):
    """Another run is going on, or the connection pauses; ``str()`` says which, and until when."""


class Control:
    """Does what somebody asks for. Every verb raises `NotReady` and `Busy`, and the `Fault`s of connecting."""

    def __init__(self, application: Application, progress: Progress | None = None) -> None:
        self.application, self.progress = application, progress or Silent()

    def sync(self, trigger: str = "sync", *, full: bool = False, approve: int | None = None) -> Run:
        """A whole run; ``approve`` goes on with the run that waits. What a system refuses ends the run `failed`, with the reason."""
        if trigger == "sync":
            # Someone said Sync now: the pause after a rejected run is over (rule 19).
            with self.application.engine.begin() as connection:
                setup.write_fact(connection, PAUSED, {})
        try:
            with self._road() as road:
                run = road.run(trigger, full=full, approve=approve)
                self._after(run)
                return run
        except Fault as fault:
            return self._never_begun(trigger, fault.sentence, fault.code, fault.detail)
        except NotReady as found:
            if not found.problems:
                raise
            reason = " ".join([str(found), *(problem.message for problem in found.problems)])
            return self._never_begun(trigger, reason, "CONFIGURATION")

    def dry_run(self, on_plan: Callable[[Plan], None], *, full: bool = False) -> Run:
        """Plan everything that is due; nothing is written to either system."""
        with self._road() as road:
            run = road.dry_run(on_plan, full=full)
            self._after(run)
            return run

    def preview(self, direction: Direction, asked: Asked | None) -> list[Plan]:
        """The plans for one record, or for a sample of those that are due. Raises `single.NoSuchRecord` and `Fault`s."""
        with self._road() as road:
            return Single(road).preview(asked) if asked else Single(road).sample(direction)

    def test(self, asked: Asked) -> tuple[Run, list[Outcome]]:
        """Really do it for one record. Raises `single.NoSuchRecord`."""
        with self._road() as road:
            run, done = Single(road).do(asked, "test")
            self._after(run)
            return run, done

    def retry(self, entry: int) -> tuple[Run, list[Outcome]]:
        """Do a logged record again, planned anew. Raises `single.NoSuchRecord`."""
        with self._road() as road:
            run, done = Single(road).retry(entry)
            self._after(run)
            return run, done

    def retry_failed(self) -> tuple[Run, list[Outcome]]:
        """Do every record again that is failing now."""
        with self._road() as road:
            run, done = Single(road).retry_failed()
            self._after(run)
            return run, done

    def reject(self, run: int) -> Run | None:
        """End the run that waits; None where that run does not."""
        return reject(self.application.engine, run)

    @contextmanager
    def _road(self) -> Iterator[Road]:
        application = self.application
        lease = Lease(application.engine, RUN)
        paused = application.connections.view(System.SALESFORCE)
        if paused and paused.paused_until and paused.paused_until > datetime.now(UTC):
            raise Busy(f"Salesforce allows no more calls for now. The sync pauses until {paused.paused_until:%Y-%m-%d %H:%M} UTC and then goes on.")
        if not lease.take():
            raise Busy(f"Another run is going on ({lease.holder()}). This one was skipped; nothing is lost.")
        try:
            salesforce = application.salesforce(lease.check, self._spent)
            element451 = application.element451(lease.check)
            catalogues = Catalogues(application.engine, lambda: salesforce, lambda: element451)
            yield Road(application.engine, salesforce, element451, self._setup(catalogues), _Live(catalogues).may_blank, self.progress)
        finally:
            lease.release()

    def _setup(self, catalogues: Catalogues, fresh: bool = False) -> Setup:
        current = self.application.configuration.current()
        if current is None:
            raise NotReady("Nothing is mapped yet. Import a configuration first: python -m syncer config import FILE.yaml")
        version, document = current
        errors = _errors(catalogues.check(document, fresh))
        if errors and not fresh:
            errors = _errors(catalogues.check(document))  # what was wrong yesterday may be right by now
        if errors:
            raise NotReady("The configuration has errors, so that nothing runs. Correct them: python -m syncer config check", errors)
        return Setup(version, to_preferences(document), {kind: self._mapping(catalogues, document, kind) for kind in _kinds(document)})

    def _mapping(self, catalogues: Catalogues, document: Document, kind: Kind) -> Mapping:
        entity = catalogues.entity(document["preferences"][f"{kind.value}_entity"])
        return to_mapping(document, kind, catalogues.element_fields(), entity)

    def _never_begun(self, trigger: str, reason: str, code: str, detail: str = "") -> Run:
        """A run that could not even begin is a failed run: whoever looks finds the reason among the runs."""
        current = self.application.configuration.current()
        run = runs.begin(self.application.engine, trigger, current[0] if current else 0)
        run.state, run.reason, run.code, run.detail = "failed", reason, code, detail
        runs.save(self.application.engine, run)
        return run

    def _spent(self) -> int:
        return runs.spent(self.application.engine, datetime.now(UTC) - timedelta(days=1))

    def _after(self, run: Run) -> None:
        """A limit pauses the connection; a refused field is looked for in the live catalogues, so that the reason names it."""
        if isinstance(run.fault, LimitReached):
            self.application.connections.pause(run.fault.system, run.fault.until)
        if isinstance(run.fault, FieldRefused) or run.field_refused:
            try:
                self._setup(self.application.catalogues, fresh=True)
            except NotReady as found:
                run.reason = " ".join([run.reason, *(problem.message for problem in found.problems)])
                runs.save(self.application.engine, run)
            except Fault:
                return


class _Live:
    """The catalogues as they are now, read once per run and only if something is about to be blanked (rule 6)."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues, self._read = catalogues, dict[System, set[str]]()

    def may_blank(self, system: System, field: str) -> None:
        """Raises `FieldRefused` where ``field``, which reads as empty, is no longer in ``system``."""
        if system is not System.ELEMENT451:
            return  # Salesforce refuses to be asked for a field that it does not have: what reads as empty there is empty
        if system not in self._read:
            self._read[system] = {known.key for known in self._catalogues.element_fields(fresh=True)}
        if field not in self._read[system]:
            sentence = (
                f"{field} is mapped but is no longer a field of {system.label}. Nothing was blanked; remove it from the mapping, or bring it back."
            )
            raise FieldRefused(system, sentence, code="FIELD_GONE")


def _errors(problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def _kinds(document: Document) -> list[Kind]:
    return [kind for kind in Kind if kind is Kind.CONTACT or document["preferences"]["sync_conversations"]]
