"""The plans of contacts, made ready once for one set of rules. They are those of `syncer.core.planner`, which
says why, and which plans whatever is not plain: holds, damaged text, problems, values that do not fit. Pure;
standard library only."""

from syncer.core import reasons, values
from syncer.core.compiled.fields import UNCLEAR, Carried, CompiledField, constant, names
from syncer.core.ids import contradicted, element_id, salesforce_id
from syncer.core.mapping import FieldMapping
from syncer.core.pair import ALTERED_RUNS, NEW, Pair
from syncer.core.plan import Change, Direction, Plan, Rules
from syncer.core.planner import plan_pair
from syncer.core.preferences import Scope
from syncer.core.reasons import Reason
from syncer.core.records import Kind, RecordState, System, Value, Values
from syncer.core.trust.restraint import outside

_UNREAD = object()
"""Equal to no value."""
_LIVE = RecordState.LIVE


class PairPlanner:
    """Plans pairs by ``rules``; the one entry for previews, forecasts and runs. ``compiled`` and ``referred``
    count the pairs that were planned here, and by the other planner."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.compiled = self.referred = 0
        self._filters = rules.mapping.filters
        self._contacts = rules.mapping.kind is Kind.CONTACT and rules.mapping.salesforce_id is not None
        if self._contacts:
            self._import, self._export = _Way(rules, Direction.IMPORT), _Way(rules, Direction.EXPORT)

    def plans(self, pair: Pair) -> list[Plan]:
        """What `plan_pair` gives for the pair."""
        found = self._found(pair) if self._contacts and self._is_plain(pair) else None
        if found is None:
            self.referred += 1
            return plan_pair(pair, self.rules)
        self.compiled += 1
        return found

    def _is_plain(self, pair: Pair) -> bool:
        if pair.left or pair.holds or pair.damaged or pair.problem or pair.kind is not Kind.CONTACT:
            return False
        if pair.element_state is not _LIVE or pair.salesforce_state is not _LIVE:
            return False
        if pair.rewrites and any(kept.times >= ALTERED_RUNS for kept in pair.rewrites.values()):
            return False
        return not self._filters or not outside(pair, self._filters)

    def _found(self, pair: Pair) -> list[Plan] | None:
        """The plans; None where they are the other planner's to make."""
        ours, theirs = pair.element_id, pair.salesforce_id
        if not (ours and theirs):
            if self._filters or not (ours or theirs):
                return None
            return self._half(pair, *((self._export, self._import) if ours else (self._import, self._export)))
        imported = self._import.toward(pair, pair.salesforce, pair.element451, theirs)
        exported = self._export.toward(pair, pair.element451, pair.salesforce, ours) if imported else None
        return [imported, exported] if imported and exported else None

    def _half(self, pair: Pair, way: "_Way", back: "_Way") -> list[Plan] | None:
        known = pair.values(way.source)
        if why := way.why_not_created(pair):
            return [way.plan(pair, known, why)]
        creation = way.creation(pair, known)
        if creation is None:
            return None
        following = back.toward(pair, way.once_created(creation), known, NEW, follows=True)
        if following is None:
            return None
        return [creation, following] if following.writes else [creation]


class _Way:
    """One direction, of contacts."""

    def __init__(self, rules: Rules, direction: Direction) -> None:
        mapping, modes, target = rules.mapping, rules.preferences, direction.target
        self.direction, self.source, self.target = direction, direction.source, target
        self._names = names(mapping.by_key(target))
        fields = {one: CompiledField.of(one, target, rules.today) for one in mapping.fields}
        self._owned = [fields[one] for one in mapping.owned_by(self.source) if one.of(target).updatable]
        self._creatable = [fields[one] for one in mapping.fields if one.of(target).creatable]
        self._constants: dict[str, Carried] = {
            one.salesforce.key: constant(one, rules.today)
            for one in (mapping.constants if target is System.SALESFORCE else ())
        }
        self._blank: dict[str, Value] = {
            field.key: values.stored(field, None)
            for field in mapping.read_from(target)
            if field.creatable and field.key in self._names
        }
        self._link, self._stored_link = _link_key(mapping, target), _link_key(mapping, self.source)
        self._normal = salesforce_id if target is System.ELEMENT451 else element_id
        imports = direction is Direction.IMPORT
        self._takes_all = imports or modes.scope is Scope.ALL
        self._updates = modes.update_existing if imports else modes.export_updates
        self._creates, self._stopped = modes.create_new or not imports, bool(rules.no_creations.get(target))
        self._paired, self._differ = reasons.newly_paired(target), reasons.values_differ(mapping.kind)
        self._updates_are_off, self._no_match = reasons.updates_are_off(target), reasons.no_match(target)

    def toward(
        self, pair: Pair, known: Values, held: Values, identity: str, *, follows: bool = False
    ) -> Plan | None:
        """The plan for a contact that the target has as well: ``known`` at the source, under ``identity``,
        and ``held`` at the target. ``follows``: it is still to be created at the source."""
        stored = held.get(self._link)
        if stored is not None and (self._normal(stored) or stored) != identity:
            return None
        if not (self._updates and (self._takes_all or pair.in_scope)):
            return self._linked(pair, known, held, None if stored is not None else identity, follows)
        found = self._differences(known, held)
        if found is None:
            return None
        outgoing, changes = found
        if stored is None:
            outgoing[self._link] = identity
            changes.append(self._link_change(held, identity))
        if self.target is System.SALESFORCE or not changes:
            outgoing = {change.salesforce: change.after for change in changes}
        reason = self._differ if changes else reasons.VALUES_AGREE
        return self._plan(
            pair, known, reason if stored is not None else self._paired, outgoing, changes, follows
        )

    def _linked(self, pair: Pair, known: Values, held: Values, missing: str | None, follows: bool) -> Plan:
        """The plan where nothing but a ``missing`` ID may be written."""
        if missing is None:
            every = self._takes_all or pair.in_scope
            return self._plan(pair, known, self._updates_are_off if every else reasons.NOT_IN_SCOPE, {}, [])
        changes = [self._link_change(held, missing)]
        return self._plan(pair, known, self._paired, {self._link: missing}, changes, follows)

    def _differences(self, known: Values, held: Values) -> tuple[dict[str, Value], list[Change]] | None:
        """What the source owns, as the target will store it, and what of it differs there."""
        outgoing: dict[str, Value] = {}
        changes: list[Change] = []
        for field in self._owned:
            if field.source_key not in known:
                continue
            value = known[field.source_key]
            if value is None and field.has_default:
                continue
            if (after := field.carry(value)) is UNCLEAR:
                return None
            outgoing[field.key] = after
            if held.get(field.key, _UNREAD) != after:
                if (change := field.change(held, after)) is UNCLEAR:
                    return None
                if change is not None:
                    changes.append(change)
        return outgoing, changes

    def why_not_created(self, pair: Pair) -> Reason | None:
        """Why a contact that only the source has is left alone; None where it is to be created."""
        if not (self._takes_all or pair.in_scope):
            return reasons.NOT_IN_SCOPE
        return None if self._creates else reasons.CREATE_NEW_IS_OFF

    def creation(self, pair: Pair, known: Values) -> Plan | None:
        """The plan to create a contact, ``known`` at the source, at the target."""
        stored = known.get(self._stored_link)
        damaged = self.source is System.ELEMENT451 and stored is not None and contradicted(stored)
        if damaged or self._stopped or pair.values(self.target):
            return None
        outgoing: dict[str, Value] = {}
        defaults: dict[str, Carried] = {}
        for field in self._creatable:
            if (value := known.get(field.source_key)) is not None:
                if (after := field.carry(value)) is UNCLEAR:
                    return None
                outgoing[field.key] = after
            elif field.has_default and field.source_key in known:
                defaults[field.key] = field.default
            elif field.required:
                return None
        for key, default in (defaults | self._constants).items():
            if default is UNCLEAR:
                return None
            outgoing[key] = default
        outgoing[self._link] = pair.id(self.source)
        changes = [self._first(key, after) for key, after in outgoing.items()]
        return self._plan(pair, known, self._no_match, outgoing, changes)

    def once_created(self, creation: Plan) -> dict[str, Value]:
        """What the target will hold once this creation is done (`pair_after_creation`)."""
        return self._blank | {
            key: after for key, after in (creation.outgoing or {}).items() if key in self._names
        }

    def _first(self, key: str, after: Value) -> Change:
        """The first value of a field of a new record; a constant is Salesforce's alone."""
        if key not in self._names:
            return Change("", key, System.SALESFORCE, None, after)
        return Change(*self._names[key], None, after, False)

    def _link_change(self, held: Values, identity: str) -> Change:
        return Change(*self._names[self._link], None, identity, self._link in held)

    def plan(self, pair: Pair, known: Values, reason: Reason) -> Plan:
        """A plan that writes nothing."""
        return self._plan(pair, known, reason, {}, [])

    def _plan(
        self,
        pair: Pair,
        known: Values,
        reason: Reason,
        outgoing: dict[str, Value],
        changes: list[Change],
        follows: bool = False,
    ) -> Plan:
        return Plan(
            pair.kind,
            self.direction,
            pair.element_id,
            pair.salesforce_id,
            reason.status,
            reasons.because_missed(reason) if pair.missed else reason.sentence,
            tuple(changes),
            dict(known),
            outgoing,
            reason.code,
            self.source in pair.changed,
            follows,
        )


def _link_key(mapping: FieldMapping, system: System) -> str:
    """The key of the field in which ``system`` holds the other system's ID."""
    link = mapping.link(system)
    return link.of(system).key if link else ""
