"""What the database pairs by itself, and whom it passes over, is what a decision about each record gives
(rule 7). ``MATCHED=2000`` tries as many schools."""

import os
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, select, true

from syncer.core.ids import element_id
from syncer.core.preferences import Preferences, Scope
from syncer.core.records import Kind
from syncer.sync.match import pairing
from syncer.sync.pair_store import PAIRS
from tests.support.databases import sqlite_databases
from tests.support.memory_common import NotPossible
from tests.support.world import SLUG, UNGUARDED, World

EXAMPLES = int(os.environ.get("MATCHED", 10))
SPELLINGS: dict[str, Callable[[str], str | None]] = {
    "none": lambda identity: None,
    "as it is": lambda identity: identity,
    "short": lambda identity: identity[:15],
    "lower case": str.lower,
    "damaged": lambda identity: identity[:-1] + ("A" if identity[-1] != "A" else "B"),
    "unknown": lambda identity: identity[:10] + "ZZZZZ",
    "of another object": lambda identity: f"001{identity[3:15]}",
    "no ID": lambda identity: "see notes",
}
HOW_IT_IS_TOLD = "problem", "revision"
"""A sentence names who is paired with whom by then, which depends on the size of a page; a code does not."""
MAILS = st.sampled_from([None, "a@x.edu", "b@x.edu", "c@x.edu"])
PEOPLE = st.lists(MAILS, min_size=1, max_size=5)
NAMED = st.tuples(st.integers(0, 4), st.sampled_from(sorted(SPELLINGS)))
EDITS = st.lists(
    st.tuples(st.sampled_from(["ours", "theirs", "delete", "restore"]), st.integers(0, 4), NAMED), max_size=6
)
Edit = tuple[str, int, tuple[int, str]]


class School:
    """Contacts of both systems who name each other in any way; `told` is what the pairs are afterwards."""

    def __init__(
        self, engine: Engine, by_values: bool, ours: list[str | None], theirs: list[str | None]
    ) -> None:
        match_on = ("user-email-address",) if by_values else ()
        modes = Preferences(update_existing=True, scope=Scope.ALL, guard=UNGUARDED, match_on=match_on)
        self.world = World(engine, modes)
        self.theirs = [self.world.theirs(Email=mail) for mail in theirs]
        self.ours = [
            self.world.ours(Kind.CONTACT, user_email_address=mail, user_last_name="Ray") for mail in ours
        ]

    def edit(self, edit: Edit) -> None:
        """Somebody changes what a contact stores, or deletes one in Salesforce, or takes it back."""
        what, number, (other, spelling) = edit
        ours, theirs = self.ours[number % len(self.ours)], self.theirs[number % len(self.theirs)]
        try:
            match what:
                case "ours":
                    named = SPELLINGS[spelling](self.theirs[other % len(self.theirs)])
                    self.world.element451.people.edit(ours, {SLUG: named})
                case "theirs":
                    named = SPELLINGS[spelling](self.ours[other % len(self.ours)])
                    self.world.salesforce.people.edit(theirs, {"Element451_ID__c": named})
                case "delete":
                    self.world.salesforce.people.delete(theirs)
                case "restore":
                    self.world.salesforce.people.undelete(theirs)
        except (NotPossible, KeyError):
            pass  # the system does not allow it, of this record

    def told(self) -> list[dict[str, Any]]:
        """Read both systems, match, and give every row of the pairs."""
        self.world.later()
        self.world.read()
        with self.world.engine.connect() as connection:
            rows = connection.execute(select(PAIRS).order_by(PAIRS.c.id)).mappings().all()
        return [dict(row) | {"former": row["former"] or []} | dict.fromkeys(HOW_IT_IS_TOLD) for row in rows]


@pytest.mark.long
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.booleans(), PEOPLE, PEOPLE, EDITS, EDITS)
def test_who_is_paired_without_a_decision_is_who_would_be_paired_by_one(
    by_values: bool, ours: list[str | None], theirs: list[str | None], first: list[Edit], then: list[Edit]
) -> None:
    def history() -> list[list[dict[str, Any]]]:
        told = []
        with sqlite_databases().engine() as engine:
            school = School(engine, by_values, ours, theirs)
            for edits in first, then:
                for edit in edits:
                    school.edit(edit)
                told.append(school.told())
        return told

    by_the_database = history()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pairing, "join_mutual", lambda *_: None)
        for narrowed in "to_look_up", "to_decide":
            patched.setattr(pairing, narrowed, lambda *_: true())
        assert by_the_database == history()


def test_two_who_name_each_other_are_paired_though_nobody_decides(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(engine)
    monkeypatch.setattr(pairing.Pairing, "pair_up", lambda *_: pytest.fail("somebody had to decide"))
    named = [world.pair(), world.pair()]
    by_us = world.theirs(), world.ours()
    world.element451.people.edit(by_us[1], {SLUG: by_us[0]})
    by_them = world.theirs(), world.ours()
    world.salesforce.people.edit(by_them[0], {"Element451_ID__c": by_them[1]})
    alone = world.theirs(), world.ours()
    world.read()
    with world.engine.connect() as connection:
        rows = connection.execute(select(PAIRS.c.element_id, PAIRS.c.salesforce_id))
        found = {(row.element_id, row.salesforce_id) for row in rows}
    together = {*named, *((ours, theirs) for theirs, ours in (by_us, by_them))}
    assert found == {(element_id(ours), theirs) for ours, theirs in together} | {
        (None, alone[0]),
        (element_id(alone[1]), None),
    }


@pytest.mark.parametrize("decided", [False, True], ids=["by the database", "by a decision"])
def test_a_new_pair_knows_when_either_side_was_read(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, decided: bool
) -> None:
    if decided:
        monkeypatch.setattr(pairing, "join_mutual", lambda *_: None)
    world = World(engine)
    world.pair()
    world.read()
    with engine.connect() as connection:
        row = connection.execute(select(PAIRS.c.element_read_at, PAIRS.c.salesforce_read_at)).one()
    assert tuple(row) == (world.clock.now, world.clock.now)
