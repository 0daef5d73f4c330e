"""A school whose systems answer wrongly for a while, and the same school with systems that never do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
from sqlalchemy import Engine

from syncer.connectors.protocol import Connector
from syncer.core.preferences import ExportMode, Preferences, Scope
from syncer.core.records import Kind, System, Value
from syncer.journal.run_state import Trigger
from syncer.journal.runs import Run
from tests.scenarios.people import ANY, theirs
from tests.support.lying import Lies, LyingConnector
from tests.support.world import CONTACT_FIELDS, OURS, SLUG, THEIRS, UNGUARDED, World

KNOWN = 17
"""People who are in both systems, in step, before the first wrong answer."""
DELETED = KNOWN - 1
"""Whom somebody may delete in Salesforce."""
OWNER = {slug: owner for slug, _, owner in CONTACT_FIELDS}
KEYS = {slug: {OURS: slug, THEIRS: key} for slug, key, _ in CONTACT_FIELDS}
EDITED = [slug for slug, _, _ in CONTACT_FIELDS if slug != "user-last-name"]
"""A last name says who is who, and stays."""
BLANKABLE = [slug for slug in EDITED if slug != "user-sms-updates"]
FULL: dict[str, Value] = {
    "user-first-name": "Ann",
    "user-email-address": "ann@x.edu",
    "user-phone-cell-number": "1",
    "user-dob": "2001-02-03",
    "user-custom-applied": "2021-02-03T04:05:06+00:00",
    "user-sms-updates": True,
    "user-custom-gpa": 3,
    "user-custom-visits": 3,
    "user-education-student-type": "FY",
    "user-race-categories": ["Asian"],
    "user-custom-notes": "note",
}


@dataclass(frozen=True)
class Edit:
    """A person changes a field of somebody's record in one system."""

    who: int
    system: System
    slug: str
    value: Value


@dataclass(frozen=True)
class Told:
    """What one system gets wrong during one tick, by people's numbers (`lying.Lies`)."""

    lost: frozenset[int] = frozenset()
    pages: int | None = None
    slip: tuple[int, str] | None = None
    off: timedelta = timedelta(0)
    hidden: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    cut: frozenset[int] = frozenset()
    unanswered: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Tick:
    """Fifteen minutes: what people do, and what each system gets wrong in the run at their end.
    ``everybody``: all records of a system are touched, and it answers with nothing for this field of its own
    for as many ticks."""

    edits: tuple[Edit, ...] = ()
    new: System | None = None
    deleted: int | None = None
    everybody: tuple[str, int] | None = None
    told: Mapping[System, Told] = field(default_factory=dict)


class School(World):
    """A world that follows a script of ticks; people are known by their last name."""

    def __init__(self, engine: Engine) -> None:
        preferences = Preferences(
            create_new=True,
            update_existing=True,
            export_mode=ExportMode.UPDATE_EXISTING,
            scope=Scope.ALL,
            guard=UNGUARDED,
        )
        super().__init__(engine, preferences)
        self.lies = {system: Lies() for system in System}
        self.told: list[str] = []
        self.salesforce.page_size = self.element451.page_size = 5
        self._new = KNOWN
        self._lasting: dict[System, tuple[str, int]] = {}
        self.held_before: dict[System, dict[str, dict[str, Value]]] = {}
        """What each system held when the last run of `tick` began, by the record's id."""
        for number in range(KNOWN):
            person = FULL | {"user-last-name": name(number)}
            salesforce_id = self.salesforce.people.create("Contact", theirs(person))
            element_id = self.element451.people.create(Kind.CONTACT, person | {SLUG: salesforce_id})
            self.salesforce.people.edit(salesforce_id, {"Element451_ID__c": element_id})
        assert self.sync().state == "done"

    def connectors(self) -> dict[System, Connector]:
        return {
            system: LyingConnector(connector, self.lies[system])
            for system, connector in super().connectors().items()
        }

    def live(self, system: System) -> dict[str, str]:
        """The live contacts' ids by last name; a second one of a name is an error."""
        element451, salesforce = self.contacts()
        found: dict[str, str] = {}
        for record in element451 if system is OURS else salesforce:
            who = str(self.held(system, record)["user-last-name"])
            assert who not in found, f"{who} is twice in {system.label}"
            found[who] = record
        return found

    def held(self, system: System, record: str) -> dict[str, Value]:
        """What a system holds of a contact, by slug."""
        values = self.in_element451(record) if system is OURS else self.in_salesforce(record)
        return {slug: values.get(keys[system]) for slug, keys in KEYS.items()}

    def change(self, system: System, record: str, slug: str, value: Value) -> None:
        """Somebody changes a field."""
        if system is OURS:
            self.element451.people.edit(record, {slug: value})
        else:
            self.salesforce.people.edit(record, theirs({slug: value}))

    def tick(self, tick: Tick, *, lied_to: bool) -> Run:
        """What people do, and the run after it."""
        for edit in tick.edits:
            if record := self.live(edit.system).get(name(edit.who)):
                self.change(edit.system, record, edit.slug, edit.value)
        if tick.new:
            person = FULL | {"user-last-name": name(self._new)}
            self._new += 1
            if tick.new is OURS:
                self.element451.people.create(Kind.CONTACT, person)
            else:
                self.salesforce.people.create("Contact", theirs(person))
        if tick.deleted is not None and (gone := self.live(THEIRS).get(name(tick.deleted))):
            self.salesforce.people.delete(gone)
        self._touch_everybody(tick)
        if lied_to:
            self._lie(tick)
        self.held_before = {
            system: {record: self.held(system, record) for record in self.live(system).values()}
            for system in System
        }
        return self.sync()

    def _touch_everybody(self, tick: Tick) -> None:
        if tick.everybody is None:
            return
        slug, ticks = tick.everybody
        system = OWNER[slug]
        self._lasting[system] = (KEYS[slug][system], ticks)
        people = self.live(system)
        # Somebody new may not have come over yet.
        for record in (people[name(who)] for who in range(KNOWN) if name(who) in people):
            own = "user-custom-visits" if system is OURS else "user-custom-gpa"
            if own != slug:
                self.change(system, record, own, 4)

    def _lie(self, tick: Tick) -> None:
        for system in System:
            told, ids = tick.told.get(system, Told()), self.live(system)

            def of(people: frozenset[int], ids: dict[str, str] = ids) -> set[str]:
                return {ids[name(who)] for who in people if name(who) in ids}

            key, left = self._lasting.get(system, (None, 0))
            self._lasting[system] = (key or "", left - 1)
            slipped = ids.get(name(told.slip[0])) if told.slip else None
            lies = self.lies[system]
            lies.lost, lies.hidden, lies.refused = of(told.lost), of(told.hidden), of(told.refused)
            lies.pages, lies.off = told.pages, told.off
            lies.empty = key if left > 0 else None
            lies.slip = (slipped, KEYS[told.slip[1]][system]) if slipped and told.slip else None
            lies.cut, lies.unanswered = set(told.cut), set(told.unanswered)

    def truth(self) -> None:
        """Both systems answer rightly from now on."""
        self.lies = {system: Lies() for system in System}

    def night(self) -> Run:
        """The nightly run, some hours later."""
        self.later(8 * 60)
        return self.sync(trigger=Trigger.NIGHTLY, check=True)


def name(number: int) -> str:
    """The last name by which a person is known."""
    return f"Person {number}"


def _value(slug: str) -> st.SearchStrategy[Any]:
    if slug == "user-dob":  # a day that both systems take
        return st.dates(date(1900, 1, 1), date(2020, 1, 1)).map(str)
    return ANY[slug].filter(lambda value: value is not None)


def _edit(system: System) -> st.SearchStrategy[Edit]:
    # Five people's fields may be emptied: a field that is emptied for nearly all waits for a person.
    filled = st.sampled_from(EDITED).flatmap(
        lambda slug: st.builds(Edit, st.integers(0, KNOWN - 1), st.just(system), st.just(slug), _value(slug))
    )
    emptied = st.builds(Edit, st.integers(0, 4), st.just(system), st.sampled_from(BLANKABLE), st.none())
    return filled | emptied


PEOPLE = st.frozensets(st.integers(0, KNOWN + 3), max_size=KNOWN + 4)
CALLS = st.frozensets(st.integers(1, 6), max_size=2)
TOLD = st.builds(
    Told,
    lost=st.just(frozenset(range(KNOWN + 20))) | PEOPLE | st.just(frozenset()),
    pages=st.sampled_from([None, None, 1, 2]),
    slip=st.none() | st.tuples(st.integers(0, KNOWN - 1), st.sampled_from(BLANKABLE)),
    off=st.sampled_from([0, 0, 0, -86400, -600, 900, 7200, 86400]).map(lambda s: timedelta(seconds=s)),
    hidden=st.just(frozenset()) | PEOPLE,
    refused=st.just(frozenset()) | PEOPLE,
    cut=st.just(frozenset()) | CALLS,
    unanswered=st.just(frozenset()) | CALLS,
)
TICK = st.builds(
    Tick,
    edits=st.lists(st.sampled_from(System).flatmap(_edit), max_size=4).map(tuple),
    new=st.sampled_from([None, None, None, *System]),
    deleted=st.none() | st.none() | st.just(DELETED),
    everybody=st.none() | st.none() | st.tuples(st.sampled_from(BLANKABLE), st.integers(1, 3)),
    told=st.dictionaries(st.sampled_from(System), TOLD),
)
SCRIPT = st.lists(TICK, min_size=1, max_size=20)
