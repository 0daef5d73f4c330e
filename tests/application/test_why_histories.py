"""After any history, the explanations agree with what both systems saw happen (rule 24)."""

import os
import random

from sqlalchemy import Engine

from syncer.application.why import Why
from syncer.configuration.versions import ConfigStore
from syncer.core.preferences import ExportMode
from syncer.core.records import System, Value
from tests.support.world import OURS, THEIRS, World

RECORDS = int(os.environ.get("WHY_RECORDS", "12"))
"""How many people the history is about; `make whys` takes more."""
ROUNDS = 8
FIELDS = [{OURS: "user-first-name", THEIRS: "FirstName"}, {OURS: "user-phone-cell-number", THEIRS: "Phone"}]
"""A field that Element451 owns, and one that Salesforce owns."""
NOBODY, A_PERSON = 0, -1
"""Who wrote a value, besides the runs."""


class History:
    """People edit both systems at random, and runs in random modes follow. ``last``: who wrote each field
    last, and what, as the systems saw it."""

    def __init__(self, world: World) -> None:
        self.world, self.chance = world, random.Random(7)
        self.people = [
            dict(
                zip(
                    (OURS, THEIRS), world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"}), strict=True
                )
            )
            for _ in range(RECORDS)
        ]
        self.last: dict[tuple[System, str, str], tuple[int, Value]] = {}
        self._seen = {OURS: 0, THEIRS: 0}
        for person in self.people:
            for system, identity in person.items():
                held = world.in_element451 if system is OURS else world.in_salesforce
                for field in FIELDS:
                    key = field[system]
                    self.last[system, identity, key] = NOBODY, held(identity).get(key)

    def go_on(self) -> None:
        """Some edits, and a run."""
        for person in self.people:
            for system, identity in person.items():
                if self.chance.random() < 0.4:
                    self._edit(system, identity)
        modes = [ExportMode.UPDATE_EXISTING, ExportMode.MATCH_EXISTING]
        self.world.configure(
            update_existing=self.chance.random() < 0.6, export_mode=self.chance.choice(modes)
        )
        run = self.world.sync().id
        for system in System:
            self._note_writes(system, run)

    def _edit(self, system: System, identity: str) -> None:
        key, value = self.chance.choice(FIELDS)[system], self.chance.choice(("1", "22", "333", None))
        side = self.world.element451.people if system is OURS else self.world.salesforce.people
        side.edit(identity, {key: value})
        self._note(system, identity, key, A_PERSON, value)

    def _note_writes(self, system: System, run: int) -> None:
        journal = self.world.element451.journal if system is OURS else self.world.salesforce.journal
        for written in journal[self._seen[system] :]:
            for key, value in written.values.items():
                self._note(system, written.id, key, run, value)
        self._seen[system] = len(journal)

    def _note(self, system: System, identity: str, key: str, who: int, value: Value) -> None:
        """Note who wrote. A write of what stands there already changes nothing, and is not logged."""
        if self.last.get((system, identity, key), (NOBODY, object()))[1] != value:
            self.last[system, identity, key] = who, value


def test_the_last_writer_is_the_one_that_the_systems_saw(engine: Engine) -> None:
    world = World(engine)
    history = History(world)
    for _ in range(ROUNDS):
        history.go_on()
    why = Why(engine, world.setup(), ConfigStore(engine), 10_000)
    for person in history.people:
        told = {each["element451"]: each for each in why.fields(person[OURS])}
        for field in FIELDS:
            for system, identity in person.items():
                side = told[field[OURS]]["values"][system]
                who, value = history.last[system, identity, field[system]]
                wrote = side["written_by"]
                assert side["value"] == value
                if who == NOBODY:
                    assert side["origin"] == "there before the sync"
                elif who == A_PERSON:
                    # Whoever puts our own value back, in a while that no run wrote, leaves no trace.
                    assert side["changed_outside"] or wrote is None or wrote["after"] == value
                else:
                    assert (wrote["run"], side["changed_outside"]) == (who, False)
