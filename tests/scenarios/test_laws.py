"""The rules of docs/architecture.md, held over random schools, mappings, modes and histories of edits,
through the sync engine. ``make laws`` tries a thousand histories."""

import os
from collections import Counter
from contextlib import ExitStack
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from syncer.core import values
from syncer.core.mapping import MappedField
from syncer.core.preferences import ExportMode, Preferences, Scope
from syncer.core.records import Kind, System, Value
from tests.scenarios.people import ONE_FIELD, OUR_FIELD, OUR_PERSON, PERSON, WORDS, theirs
from tests.support.databases import sqlite_databases
from tests.support.world import CONTACT_FIELDS, OURS, SLUG, THEIRS, UNGUARDED, World, statuses

pytestmark = pytest.mark.long
EXAMPLES = int(os.environ.get("LAWS", 6))


class School(RuleBasedStateMachine):
    """People edit both systems and the settings at will; at any moment a run must keep every law."""

    def __init__(self) -> None:
        super().__init__()
        self.database = ExitStack()
        self.engine = self.database.enter_context(sqlite_databases().engine())
        self.deleted_ours = 0

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.a_run_keeps_every_law()
            self.nobody_is_there_twice()
        self.database.close()

    @initialize(
        create=st.booleans(),
        update=st.booleans(),
        export=st.sampled_from(ExportMode),
        scope=st.sampled_from(Scope),
        match=st.booleans(),
    )
    def open_school(self, create: bool, update: bool, export: ExportMode, scope: Scope, match: bool) -> None:
        match_on = ("user-email-address",) if match else ()
        modes = Preferences(
            create_new=create,
            update_existing=update,
            export_mode=export,
            scope=scope,
            match_on=match_on,
            guard=UNGUARDED,
        )
        self.world = World(self.engine, modes)

    # what people do

    @rule(person=OUR_PERSON)
    def someone_is_added_in_element451(self, person: dict[str, Value]) -> None:
        self.world.element451.people.create(Kind.CONTACT, person)

    @rule(person=PERSON)
    def someone_is_added_in_salesforce(self, person: dict[str, Value]) -> None:
        self.world.salesforce.people.create("Contact", theirs(person))

    @rule(one=PERSON, other=OUR_PERSON, held=st.sampled_from(["both", "ours", "theirs"]))
    def someone_is_known_to_both(self, one: dict[str, Value], other: dict[str, Value], held: str) -> None:
        salesforce_id = self.world.salesforce.people.create("Contact", theirs(one))
        element_id = self.world.element451.people.create(
            Kind.CONTACT, other | ({SLUG: salesforce_id} if held != "theirs" else {})
        )
        if held != "ours":
            self.world.salesforce.people.edit(salesforce_id, {"Element451_ID__c": element_id})

    @rule(change=OUR_FIELD, pick=st.randoms(use_true_random=False))
    def someone_is_edited_in_element451(self, change: tuple[str, Value], pick: Any) -> None:
        if people := self.world.contacts()[0]:
            self.world.element451.people.edit(pick.choice(people), dict([change]))

    @rule(change=ONE_FIELD, pick=st.randoms(use_true_random=False))
    def someone_is_edited_in_salesforce(self, change: tuple[str, Value], pick: Any) -> None:
        if people := self.world.contacts()[1]:
            self.world.salesforce.people.edit(pick.choice(people), theirs(dict([change])))

    @rule(pick=st.randoms(use_true_random=False), anonymous=st.booleans(), subject=WORDS)
    def someone_talks(self, pick: Any, anonymous: bool, subject: Value) -> None:
        people = self.world.contacts()[0]
        self.world.conversation(
            pick.choice(people) if people and not anonymous else None, conversation_subject=subject
        )

    @rule(pick=st.randoms(use_true_random=False))
    def an_anonymous_conversation_gets_a_person(self, pick: Any) -> None:
        people = self.world.contacts()[0]
        alone = [
            talk
            for talk in self.world.element451.people.live(Kind.CONVERSATION)
            if not self.world.in_element451(talk).get("conversation-user-elementid")
        ]
        if people and alone:
            self.world.element451.people.edit(
                pick.choice(alone), {"conversation-user-elementid": pick.choice(people)}
            )

    @rule(pick=st.randoms(use_true_random=False))
    def someone_is_deleted_in_salesforce(self, pick: Any) -> None:
        if people := self.world.contacts()[1]:
            self.world.salesforce.people.delete(pick.choice(people))

    @rule(pick=st.randoms(use_true_random=False))
    def two_are_merged_in_salesforce(self, pick: Any) -> None:
        people = self.world.contacts()[1]
        if len(people) > 1:
            self.world.salesforce.people.merge(*pick.sample(people, 2))

    @rule(pick=st.randoms(use_true_random=False))
    def someone_is_deleted_in_element451(self, pick: Any) -> None:
        if people := self.world.contacts()[0]:
            self.world.element451.people.delete(pick.choice(people))
            self.deleted_ours += 1

    @rule(pick=st.randoms(use_true_random=False), to=st.sampled_from([None, "theirs"]))
    def someone_meddles_with_an_id_in_salesforce(self, pick: Any, to: str | None) -> None:
        # Not of a record that was just created and whose reply was lost: that ID is all that tells whose it
        # is.
        held = {self.world.in_element451(person).get(SLUG) for person in self.world.contacts()[0]}
        if people := [person for person in self.world.contacts()[1] if person in held]:
            self.world.salesforce.people.edit(
                pick.choice(people), {"Element451_ID__c": "f" * 24 if to else None}
            )

    @rule(
        create=st.booleans(),
        update=st.booleans(),
        export=st.sampled_from(ExportMode),
        scope=st.sampled_from(Scope),
    )
    def the_modes_change(self, create: bool, update: bool, export: ExportMode, scope: Scope) -> None:
        self.world.configure(create_new=create, update_existing=update, export_mode=export, scope=scope)

    @rule(at=st.integers(0, len(CONTACT_FIELDS) - 1), owner=st.sampled_from(System))
    def an_owner_changes(self, at: int, owner: System) -> None:
        slug, key, _ = CONTACT_FIELDS[at]
        self.world.contact_fields = [
            (slug, key, owner) if row[0] == slug else row for row in self.world.contact_fields
        ]
        self.world.version += 1

    @rule(at=st.integers(0, len(CONTACT_FIELDS) - 1))
    def a_field_is_mapped_or_no_longer(self, at: int) -> None:
        fields, row = self.world.contact_fields, CONTACT_FIELDS[at]
        rest = [mapped for mapped in fields if mapped[0] != row[0]]
        needed = row[0] in ("user-last-name", *self.world.preferences.match_on)
        self.world.contact_fields = rest if len(rest) < len(fields) and not needed else [*rest, row]
        self.world.version += 1

    @rule(lost=st.integers(1, 2), system=st.sampled_from(System))
    def replies_get_lost(self, lost: int, system: System) -> None:
        (self.world.salesforce if system is THEIRS else self.world.element451).faults.lose_reply(lost)

    @rule(system=st.sampled_from(System), after=st.integers(0, 3), pages=st.booleans())
    def a_run_is_cut_off(self, system: System, after: int, pages: bool) -> None:
        adapter = self.world.salesforce if system is THEIRS else self.world.element451
        call = "changed" if pages else "write" if system is THEIRS else "update"
        adapter.faults.fail(call, after=after)
        self.world.sync()
        adapter.faults.forgive()

    # what must hold

    @precondition(lambda self: hasattr(self, "world"))
    @rule()
    def a_run_keeps_every_law(self) -> None:
        world = self.world
        before = self._people()
        foreseen, dry = world.dry_run()
        seen = len(world.salesforce.journal), len(world.element451.journal)
        assert dry.state == "done", dry.reason
        assert (len(world.salesforce.journal), len(world.element451.journal)) == seen, "a dry run wrote"
        run = world.sync()
        assert run.state == "done", run.reason
        if not self.deleted_ours:
            assert statuses(run) == statuses(dry), "preview is the run"
            assert sum(Counter(plan.status for plan in foreseen).values()) == sum(
                sum(c.values()) for c in run.counts.values()
            )
        self._only_owned_fields_were_updated(before, seen)
        if any(counts["failed"] for counts in run.counts.values()):
            # Two possible matches may have become one, now that the owners' values are in.
            assert world.sync().state == "done"
        wrote = len(world.writes())
        again = world.sync()
        assert again.state == "done"
        assert len(world.writes()) == wrote, f"a second run wrote: {world.writes()[wrote:]}"
        assert not any(
            status in counts
            for counts in statuses(again).values()
            for status in ("inserted", "updated", "upserted")
        )
        assert world.due(seen=True) == 0
        self._owners_have_their_way(run.counts)

    @invariant()
    def nobody_is_there_twice(self) -> None:
        if not hasattr(self, "world"):
            return
        created = [entry for entry in self.world.salesforce.journal if entry.action == "insert"]
        assert len({entry.values["Element451_ID__c"] for entry in created}) == len(created), (
            "inserted twice into Salesforce"
        )
        ours = [entry for entry in self.world.element451.journal if entry.action == "create"]
        people = {entry.id: entry.values[SLUG] for entry in ours}  # a repeated creation finds the first one
        assert len(set(people.values())) == len(people), "created twice in Element451"
        talks = [
            self.world.in_salesforce(talk)["Conversation_ID__c"]
            for talk in self.world.salesforce.people.live("E451_Conversation__c")
        ]
        assert len(set(talks)) == len(talks)

    def _mapped(self) -> list[MappedField]:
        return list(self.world.setup().mappings[Kind.CONTACT].fields)

    def _people(self) -> dict[System, dict[str, dict[str, Value]]]:
        element451, salesforce = self.world.contacts()
        return {
            OURS: {person: dict(self.world.in_element451(person)) for person in element451},
            THEIRS: {person: dict(self.world.in_salesforce(person)) for person in salesforce},
        }

    def _only_owned_fields_were_updated(
        self, before: dict[System, dict[str, dict[str, Value]]], seen: tuple[int, int]
    ) -> None:
        for target, entries in (
            (THEIRS, self.world.salesforce.journal[seen[0] :]),
            (OURS, self.world.element451.journal[seen[1] :]),
        ):
            owned = {
                m.of(target).key: m.of(target.other).key for m in self._mapped() if m.owner is target.other
            }
            link = "Element451_ID__c" if target is THEIRS else SLUG
            for entry in entries:
                if entry.action != "update" or entry.id not in before[target]:
                    continue
                for key, value in entry.values.items():
                    assert key in owned or key == link, f"{key} was written, but {target.label} owns it"
                    if value is None:
                        partner = entry.values.get(link) or before[target][entry.id].get(link)
                        source = before[target.other].get(str(partner))
                        assert source is None or source.get(owned[key]) is None, (
                            f"{key} was blanked, but its owner has a value"
                        )

    def _owners_have_their_way(self, _: object) -> None:
        """Every live pair that holds both IDs has the owner's value on both sides, where the modes write
        it."""
        preferences = self.world.preferences
        for element_id in self.world.contacts()[0]:
            ours = self.world.in_element451(element_id)
            salesforce_id = str(ours.get(SLUG))
            if salesforce_id not in self.world.contacts()[1]:
                continue
            theirs_now = self.world.in_salesforce(salesforce_id)
            if theirs_now.get("Element451_ID__c") != element_id:
                continue
            for mapped in self._mapped():
                if mapped.owner is THEIRS and not preferences.update_existing:
                    continue
                if mapped.owner is OURS and not (
                    preferences.export_updates and preferences.scope is Scope.ALL
                ):
                    continue
                target = mapped.owner.other
                here = {OURS: ours.get(mapped.element451.key), THEIRS: theirs_now.get(mapped.salesforce.key)}
                owned = values.stored(mapped.of(mapped.owner), here[mapped.owner])
                wanted, problem = mapped.carried(owned, target)
                if problem or mapped.of(target).type.unreadable(mapped.of(target), here[target]):
                    continue
                assert values.same(mapped.of(target), here[target], wanted), (
                    f"{mapped.salesforce.key}: {here} after a run"
                )


School.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
TestLaws = School.TestCase
