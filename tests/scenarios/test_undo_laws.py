"""Whatever runs and people did before, an undo puts back exactly what stood there, and touches nothing else
(rule 21)."""

import os
import random

import pytest
from sqlalchemy import Engine

from syncer.core.preferences import ExportMode
from syncer.core.records import System, Value
from syncer.journal.undoable import Undoing
from syncer.sync.undo import run as undo_runs
from tests.scenarios.test_undo import in_force
from tests.support.world import OURS, THEIRS, World

HISTORIES = int(os.environ.get("UNDO_HISTORIES", "2"))
"""How many histories; `make undos` takes more."""
PEOPLE, ROUNDS = 4, 6
FIELDS = [
    {OURS: "user-first-name", THEIRS: "FirstName"},
    {OURS: "user-phone-cell-number", THEIRS: "Phone"},
    {OURS: "user-custom-notes", THEIRS: "Description"},
]
Snapshot = dict[tuple[System, str, str], Value]


class History:
    """People edit both systems and the settings at random; runs follow, and undos of random runs."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.people = [
            dict(
                zip(
                    (OURS, THEIRS), world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"}), strict=True
                )
            )
            for _ in range(PEOPLE)
        ]
        self.before: dict[int, Snapshot] = {}
        self.after: dict[int, Snapshot] = {}

    def snapshot(self) -> Snapshot:
        """What each record holds in each field."""
        read = {OURS: self.world.in_element451, THEIRS: self.world.in_salesforce}
        return {
            (system, identity, field[system]): read[system](identity).get(field[system])
            for person in self.people
            for system, identity in person.items()
            for field in FIELDS
        }

    def go_on(self) -> None:
        """Some edits, another owner now and then, and a run."""
        for person in self.people:
            for system, identity in person.items():
                if self.chance.random() < 0.5:
                    side = self.world.element451.people if system is OURS else self.world.salesforce.people
                    key = self.chance.choice(FIELDS)[system]
                    side.edit(identity, {key: self.chance.choice(("1", "22", "333", None))})
        if self.chance.random() < 0.4:
            slug = self.chance.choice(FIELDS)[OURS]
            self.world.contact_fields = [
                (ours, theirs, owner.other if ours == slug else owner)
                for ours, theirs, owner in self.world.contact_fields
            ]
            self.world.configure()
        before = self.snapshot()
        run = self.world.sync().id
        self.before[run], self.after[run] = before, self.snapshot()

    def undo(self) -> None:
        """Undo a random run, and hold what came of it against what the systems held then."""
        number = self.chance.choice(sorted(self.before))
        then, now, known = self.before[number], self.snapshot(), self.world.contacts()
        self.world.later()
        undoing, rules = Undoing(run=number), in_force(self.world)
        run = undo_runs.undo(self.world.sync_engine(), undoing, rules, "ann", confirmed=True)
        assert run.state == "done"
        expected = dict(now)
        restored = 0
        for entry in self.world.entries():
            if entry["run"] != run.id:
                continue
            target = THEIRS if entry["direction"] == "export" else OURS
            identity = entry["salesforce_id" if target is THEIRS else "element_id"]
            for change in entry["changes"]:
                key = change["salesforce" if target is THEIRS else "element451"]
                if change.get("left_out") or (target, identity, key) not in now:
                    continue
                restored += 1
                assert change["before"] == now[target, identity, key]
                assert change["after"] == then[target, identity, key]
                assert change["before"] == self.after[number][target, identity, key]
                expected[target, identity, key] = change["after"]
        assert self.snapshot() == expected
        assert self.world.contacts() == known
        assert run.numbers
        assert run.numbers["piles"]["restored"] >= restored
        self.before[run.id], self.after[run.id] = now, self.snapshot()


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_an_undo_puts_back_what_stood_there_before_its_run(engine: Engine, seed: int) -> None:
    world = World(engine)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    history = History(world, seed)
    for _ in range(ROUNDS):
        history.go_on()
        if history.chance.random() < 0.6:
            history.undo()
    history.undo()
