"""Step 4 of a run: what of its plans may be carried out now, and what waits for a person (rules 6 and 19)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from syncer.core.guard import (
    IN_ALL,
    ChangeCounts,
    ChangeKind,
    FieldKey,
    FieldRead,
    FieldReads,
    blanked,
    digests,
    over_limits,
    suspect_reads,
    without_blanks,
)
from syncer.core.plan import Plan
from syncer.core.records import Kind
from syncer.journal import approvals, runs
from syncer.journal.approvals import COUNTING, Showing
from syncer.journal.run_state import RunState, Trigger, group
from syncer.journal.runs import Run
from syncer.sync.config_change import LeftBehind, left_behind
from syncer.sync.context import SyncContext
from syncer.sync.export_scope import known_records
from syncer.sync.planning.guard_examples import ExampleCollector
from syncer.sync.planning.planner import PlannedPair

Pages = Iterator[tuple[Kind, list[PlannedPair]]]
"""Planned pairs, a page at a time."""
ASKS = "An undo is carried out once somebody has looked at it."
"""Why an undo that nobody confirmed waits, however small it is (rule 21)."""
OTHERS_CONTINUE = "beside"
"""The key in the numbers of a waiting run which says that the rest of the work goes on meanwhile."""


@dataclass
class Gate:
    """Judges the plans of one run, and then lets those pass that may.

    ``reason`` says why something waits; it is empty where everything may go. ``numbers`` counts what may go;
    ``shown`` what waits, with examples, for whoever decides. ``remembered`` gives what a run has
    to keep among its numbers, whether it waits or goes on.
    """

    context: SyncContext
    run: Run
    reason: str = ""
    numbers: ChangeCounts = field(default_factory=ChangeCounts)
    shown: dict[str, Any] | None = None
    remembered: Callable[[], Mapping[str, Any]] = dict
    approved: bool = False
    _valid_approvals: dict[int, int] = field(default_factory=dict)
    _covered: dict[approvals.ChangeKey, set[str]] = field(default_factory=dict)
    _earlier: dict[tuple[ChangeKind, str], int] = field(default_factory=dict)
    _suspects: dict[FieldKey, FieldRead] = field(default_factory=dict)
    _entities: list[LeftBehind] = field(default_factory=list)
    _approval_required: bool = False

    def judge(self, pages: Pages, replay: Callable[[], Pages]) -> None:
        """Count every plan, and decide. ``replay`` gives the same pages once more, which is asked for where a
        field is suspect: its blanks are then left out of the count."""
        database, config, now = self.context.database, self.context.config, self.context.clock()
        approvals.forget_answered(database, now)
        self._valid_approvals = approvals.valid(database, now)
        reads = FieldReads()
        unapproved = self._count(pages, reads)
        self._find_suspects(reads)
        if self._suspects:
            unapproved = self._count(replay(), FieldReads())
        self._earlier = approvals.unapproved_losses(database, now)
        in_all = {kind: records for (kind, name), records in self._earlier.items() if not name}
        reasons = [each.sentence for each in self._suspects.values()]
        if over := over_limits(unapproved, config.preferences.guard, in_all):
            reasons += [over, approvals.why_not_covered(database, config.version, now)]
        self._entities = left_behind(self.context)
        reasons += [each.sentence for each in self._entities]
        asks = ASKS if self.run.trigger == Trigger.UNDO and unapproved.touched else ""
        reasons.append(asks)
        self._approval_required = bool(over or self._entities or asks)
        self.reason = " ".join(reason for reason in reasons if reason)

    @property
    def all_waits(self) -> bool:
        """Whether nothing may go."""
        return self._approval_required and not self.approved

    def allowed(self, pairs: Sequence[PlannedPair]) -> list[PlannedPair]:
        """These pairs with the plans that may be carried out; what waits stays due."""
        self._mark_approved(pairs)
        parts = [self._parted(each) for each in pairs]
        return [goes for goes, waits in parts if goes.plans or not waits]

    def settle(self, replay: Callable[[], Pages]) -> bool:
        """Decide whether this run goes on; True if so. What needs approval is shown by the run that waits
        already, or by this one; where a person approved this one and it goes on, by a new one."""
        run, database = self.run, self.context.database
        waiting = runs.waiting(database, group(run.trigger))
        other = waiting if waiting and waiting.id != run.id else None
        if other and not self.reason:
            approvals.withdraw(database, other.id)
        if self.reason and not other and not self.all_waits and run.approved_at is not None:
            other = runs.begin(database, run.trigger, run.version, single=True)
        if self.reason:
            self._show(other or run, replay())
        run.state, run.reason, run.code = RunState.RUNNING, "", ""
        # How far an undo goes is known once it is done.
        about = {name: value for name, value in self.remembered().items() if name != runs.PILES}
        run.numbers, run.approved = self.numbers.to_json() | about, self.approved
        if self.reason and other:
            run.reason = f"Run {other.id} waits for approval. {self.reason}"
            self._let_wait(other)
            self.shown = None
            runs.save(database, other)
            run.state = RunState.SKIPPED if self.all_waits else RunState.RUNNING
        elif self.all_waits:
            self._let_wait(run)
        return not self.all_waits

    def _let_wait(self, run: Run) -> None:
        run.state, run.reason, run.code = RunState.WAITING, self.reason, "GUARD"
        run.version, run.numbers = self.context.config.version, self.shown

    def _show(self, run: Run, pages: Pages) -> None:
        """Count what waits, and keep what ``run`` shows of it."""
        counts, examples = ChangeCounts(known=self.numbers.known), ExampleCollector()
        showing = Showing(self.context.database, run)
        for _, pairs in pages:
            shown: dict[approvals.ChangeKey, str] = {}
            self._mark_approved(pairs)
            for each in pairs:
                waits = self._parted(each)[1]
                examples.add(each.pair, waits, counts.add(waits))
                shown |= {(each.row["id"], plan.direction.value): self._digests(plan)[0] for plan in waits}
            showing.add(shown)
        showing.finish()
        self.shown = counts.to_json() | {"examples": examples.to_json()} | dict(self.remembered())
        self.shown |= {"counted_at": self.context.clock().isoformat(), COUNTING: showing.counting}
        self.shown |= self._why()

    def _why(self) -> dict[str, Any]:
        """What else somebody has to know to decide."""
        told: dict[str, Any] = {OTHERS_CONTINUE: True} if not self._approval_required else {}
        earlier: dict[str, dict[str, int]] = {}
        for (kind, name), records in sorted(self._earlier.items()):
            earlier.setdefault(kind.value, {})[name or IN_ALL] = records
        if earlier:
            told["last_day"] = earlier
        if self._suspects:
            told["suspects"] = [each.to_json() for each in self._suspects.values()]
        if self._entities:
            told[approvals.ENTITIES] = [asdict(each) for each in self._entities]
        return told

    def _count(self, pages: Pages, reads: FieldReads) -> ChangeCounts:
        """Count what may go, in ``numbers``, and what of it nobody approved. A field stops being suspect once
        none of its blanks waits."""
        unapproved, waiting = ChangeCounts(), set[FieldKey]()
        self.numbers = ChangeCounts()
        for kind, pairs in pages:
            self._mark_approved(pairs)
            for each in pairs:
                reads.add(each.pair, self.context.mapping(kind))
                if not any(plan.acts for plan in each.plans):
                    continue
                goes, waits = self._parted(each)
                self.numbers.add(goes.plans)
                unapproved.add(plan for plan in goes.plans if not plan.approved)
                self.approved |= any(plan.approved for plan in goes.plans)
                waiting |= {key for plan in waits for key in blanked(plan)}
            del pairs  # before the next page is read
        self.numbers.known = unapproved.known = known_records(self.context)
        self._suspects = {key: each for key, each in self._suspects.items() if key in waiting}
        return unapproved

    def _find_suspects(self, reads: FieldReads) -> None:
        """Which fields came back empty for nearly all. One that a run waits for stays suspect while that is
        so of the records that made it so: others that come to be due prove nothing of these."""
        waiting = runs.waiting(self.context.database, group(self.run.trigger))
        known = suspect_reads((waiting.numbers or {}).get("suspects", [])) if waiting else {}
        for kind, mapping in self.context.config.mappings.items():
            for each in reads.of(kind, mapping):
                waited = replace(each, read=known.get(each.key, 0))
                if each.suspect or waited.suspect:
                    self._suspects[each.key] = each if each.suspect else waited

    def _mark_approved(self, pairs: Sequence[PlannedPair]) -> None:
        """Mark the plans that an approval covers."""
        numbers = (each.row["id"] for each in pairs)
        self._covered = approvals.covered(self.context.database, self._valid_approvals, numbers)
        for each in pairs if self._covered else ():
            each.plans = [
                replace(plan, approved=True) if plan.acts and self._covers(each, plan) else plan
                for plan in each.plans
            ]

    def _covers(self, each: PlannedPair, plan: Plan) -> bool:
        shown = self._covered.get((each.row["id"], plan.direction.value), set())
        return not shown.isdisjoint(self._digests(plan))

    def _parted(self, each: PlannedPair) -> tuple[PlannedPair, list[Plan]]:
        """A pair with those of its plans that may go, and those that wait."""
        goes, waits = list[Plan](), list[Plan]()
        for plan in each.plans:
            rest, blanks = without_blanks(plan, self._suspects)
            if plan.approved or not plan.acts:
                goes.append(plan)
            elif self._approval_required:
                waits.append(plan)
            elif blanks is None or self._covers(each, blanks):
                goes.append(plan)
            else:
                waits.append(blanks)
                goes += [rest] if rest.changes else []
        if not waits:
            return each, []
        return replace(each, plans=[plan for plan in goes if plan.acts], awaits_approval=True), waits

    def _digests(self, plan: Plan) -> tuple[str, ...]:
        return digests(plan, self.context.config.version)
