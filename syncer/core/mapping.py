"""Mapped fields: which field of one system goes with which of the other, and who owns it. Pure; standard
library only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from syncer.core import values
from syncer.core.field_types.conversion import convert, takes_any_text
from syncer.core.field_types.default import default_value
from syncer.core.field_types.field_type import Family, Unfit, quoted, written_out
from syncer.core.field_types.fit import misfit_of, refusal_of
from syncer.core.fields import Entity, Field
from syncer.core.matching.conditions import Condition
from syncer.core.records import Kind, System, Value, Values

CONTACT_ID = "user-elementid"
CONVERSATION_ID = "conversation-id"
CONVERSATION_CONTACT = "conversation-user-elementid"
"""The slugs of Element451 whose mappings are required (rule 8)."""


@dataclass(frozen=True)
class MappedField:
    """An Element451 field, a Salesforce field and their owner. ``values`` pairs Element451 values with
    Salesforce values. ``default``, a value as Salesforce takes it, is what a creation gets where the source
    has none; empty where there is no default. A value that ``values`` does not list fails, unless
    ``unlisted_passes``."""

    element451: Field
    salesforce: Field
    owner: System
    values: tuple[tuple[str, str], ...] = ()
    default: str = ""
    unlisted_passes: bool = False

    def of(self, system: System) -> Field:
        """The field on ``system``'s side."""
        return self.element451 if system is System.ELEMENT451 else self.salesforce

    def carried(self, value: Value, to: System) -> tuple[Value, str | None]:
        """``value`` of the other side as ``to`` will store it in its field, and, where it does not fit there,
        why, as a sentence that names both."""
        target = self.of(to)
        if value is None or (isinstance(value, str) and self.passes_text(to)):
            kept = target.type.stored(target, value)
            return kept, refusal_of(target, kept)
        source = self.of(to.other)
        if problem := source.type.unreadable(source, value):
            return value, problem
        try:
            return values.stored(target, self.converted(value, to)), None
        except Unfit as unfit:
            return values.stored(target, unfit.value), str(unfit)

    def converted(self, value: Value, to: System) -> Value:
        """``value`` of the other side as this side's field takes it. Raises `Unfit` where it does not."""
        target = self.of(to)
        if value is None or (isinstance(value, str) and self.passes_text(to)):
            if problem := misfit_of(target, value):
                raise Unfit(problem, value)
            return value
        if missing := self.not_in_map(value, to):
            problem = (
                f"{quoted(missing[0])} is not in the value map of {self.of(to.other).label}. Add it there."
            )
            raise Unfit(problem, target.type.convert(target, value))
        return convert(value, target, self._translations[to])

    def not_in_map(self, value: Value, to: System) -> tuple[str, ...]:
        """Those of the other side's values that the value map should translate into this side's and does not
        list; none where there is no map, or others may pass."""
        if not self.values or self.unlisted_passes or value is None:
            return ()
        listed = self._translations[to]
        given = value if isinstance(value, list) else [written_out(value)]
        return tuple(one for one in given if one not in listed and one.strip() not in listed)

    def default_in(self, system: System, today: date) -> Value:
        """The default as this side's field takes it, counted from ``today`` where it says so. Raises
        `Unfit`."""
        value = default_value(self.salesforce, self.default, today)
        return value if system is System.SALESFORCE else self.converted(value, system)

    def passes_text(self, to: System) -> bool:
        """Whether text passes to ``to`` as it is, which most of a school's values do."""
        return self._plain[to]

    @cached_property
    def _plain(self) -> dict[System, bool]:
        return {
            to: not self.values
            and takes_any_text(self.of(to))
            and self.of(to.other).family is not Family.SEVERAL
            for to in System
        }

    @cached_property
    def _translations(self) -> dict[System, dict[str, str]]:
        """The value map by the side that it translates to."""
        # Where several Element451 values share a Salesforce value, the first listed is used on import.
        back = _lenient((salesforce, element451) for element451, salesforce in reversed(self.values))
        return {System.SALESFORCE: _lenient(self.values), System.ELEMENT451: back}


@dataclass(frozen=True)
class Constant:
    """A Salesforce field without another half: every record that is created gets the ``default``, and nothing
    is read or written there afterwards."""

    salesforce: Field
    default: str


@dataclass(frozen=True)
class FieldMapping:
    """Everything that is mapped for one kind of record.

    ``element_id`` is the link that Salesforce holds (Element ID or conversation ID, in a unique external id).
    ``salesforce_id`` (contacts) is the link that Element451 holds: the Salesforce ID slug. ``contact``
    (conversations) is the lookup to the contact. ``fields`` are the others: links belong to pairing, not to a
    direction or a mode (rule 8). ``constants`` are what new Salesforce records get besides. ``filters``
    (contacts): who is synced at all (rule 12); their fields are read, mapped or not.
    """

    kind: Kind
    entity: Entity
    element_id: MappedField
    salesforce_id: MappedField | None
    contact: MappedField | None
    fields: tuple[MappedField, ...]
    match_on: tuple[MappedField, ...] = ()
    constants: tuple[Constant, ...] = ()
    filters: tuple[Condition, ...] = ()

    def owned_by(self, system: System) -> tuple[MappedField, ...]:
        """The fields that ``system`` owns. Ownership is decided here: an update from ``system`` carries these
        and no others (rule 1)."""
        return self._owned[system]

    def owned_keys(self, system: System) -> tuple[tuple[str, str], ...]:
        """The keys of the fields that ``system`` owns: there, and in the other system."""
        return self._owned_keys[system]

    def read_from(self, system: System) -> tuple[Field, ...]:
        """Every field that has to be read from ``system``, links included; the record's own ID is always
        read, and segments are looked at otherwise."""
        return self._read[system]

    def known_of(self, system: System, sent: Values) -> dict[str, Value]:
        """Those of the values ``sent`` to ``system`` that are read from it too, as constants are not."""
        return {key: value for key, value in sent.items() if key in self._by_key[system]}

    def without(self, fields: Iterable[MappedField]) -> "FieldMapping":
        """This mapping without these of its ``fields``."""
        left_out = frozenset(mapped.salesforce.key for mapped in fields)
        if left_out not in self._without:
            kept = tuple(mapped for mapped in self.fields if mapped.salesforce.key not in left_out)
            self._without[left_out] = replace(self, fields=kept)
        return self._without[left_out]

    def by_key(self, system: System) -> dict[str, MappedField]:
        """Every mapped field, links included, by its key in ``system``."""
        return self._by_key[system]

    def link(self, system: System) -> MappedField | None:
        """The mapped field in which ``system`` holds the other system's ID."""
        return self.element_id if system is System.SALESFORCE else self.salesforce_id

    def narrowed(self, system: System) -> tuple[Condition, ...]:
        """The conditions by which a reading of all of ``system`` may leave records out (rule 12):
        Salesforce's own, but none where match fields need every live record (rule 7)."""
        if system is System.ELEMENT451 or self.match_on:
            return ()
        return tuple(one for one in self.filters if one.field.system is system)

    @cached_property
    def segments(self) -> tuple[Condition, ...]:
        """The conditions of ``filters`` that ask for a segment of Element451."""
        return tuple(one for one in self.filters if one.segment)

    @cached_property
    def _without(self) -> dict[frozenset[str], "FieldMapping"]:
        """What `without` gave: many pairs of one undo lack the same fields."""
        return {}

    @cached_property
    def _by_key(self) -> dict[System, dict[str, MappedField]]:
        every = [
            mapped for mapped in (self.element_id, self.salesforce_id, self.contact, *self.fields) if mapped
        ]
        return {system: {mapped.of(system).key: mapped for mapped in every} for system in System}

    @cached_property
    def _owned(self) -> dict[System, tuple[MappedField, ...]]:
        return {
            system: tuple(mapped for mapped in self.fields if mapped.owner is system) for system in System
        }

    @cached_property
    def _owned_keys(self) -> dict[System, tuple[tuple[str, str], ...]]:
        return {
            system: tuple((one.of(system).key, one.of(system.other).key) for one in self._owned[system])
            for system in System
        }

    @cached_property
    def _read(self) -> dict[System, tuple[Field, ...]]:
        links = [link for link in (self.element_id, self.salesforce_id, self.contact) if link]
        own = {System.ELEMENT451: self.element_id.element451.key, System.SALESFORCE: "Id"}
        return {
            system: _once(
                field
                for field in (
                    *(mapped.of(system) for mapped in (*links, *self.fields)),
                    *(one.field for one in self.filters if one.field.system is system and not one.segment),
                )
                if field.key != own[system]
            )
            for system in System
        }


def _lenient(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A value map in which blanks around what is looked up do not matter."""
    exact = dict(pairs)
    return {value.strip(): translated for value, translated in exact.items()} | exact


def _once(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple({field.key: field for field in fields}.values())
