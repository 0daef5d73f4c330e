"""Value maps as a person edits them: a list of pairs, the values that it leaves out, and pairs that are
suggested by their labels. Pure; standard library only."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from syncer.configuration.problems import normalize_name
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import System, Value

Options = tuple[tuple[str, str], ...]
"""(value, label) of each value that a field may have."""
Pairs = Sequence[tuple[str | None, str | None]]
"""(Element451 value, Salesforce value) in the order of preference; None or blank if it is still to be
chosen."""


@dataclass(frozen=True, slots=True)
class ValueMapDraft:
    """A value map that is being edited: the complete pairs, why it cannot be saved (``problems``, empty if it
    can), and a sentence about pairs that are ``incomplete``."""

    values: dict[str, str]
    problems: tuple[str, ...]
    incomplete: str = ""


def draft_from_pairs(pairs: Pairs) -> ValueMapDraft:
    """The value map that the pairs make. Pairs without any value are ignored."""
    given = [((element451 or "").strip(), (salesforce or "").strip()) for element451, salesforce in pairs]
    complete = [pair for pair in given if all(pair)]
    problems = [
        f"“{value}” stands {count} times on the side of Element451. Keep one."
        for value, count in Counter(element451 for element451, _ in complete).items()
        if count > 1
    ]
    half = [
        element451 or salesforce for element451, salesforce in given if bool(element451) != bool(salesforce)
    ]
    incomplete = f"The other side's value is missing for {quoted_list(half)}. Choose it, or remove the row."
    return ValueMapDraft(dict(complete), tuple(problems), incomplete if half else "")


def supports_value_map(element451: Field, salesforce: Field) -> bool:
    """Whether a value map between these fields makes sense: text on one side; text, yes and no, or numbers on
    the other."""
    families, words = {element451.family, salesforce.family}, {Family.TEXT, Family.SEVERAL}
    return families <= {*words, Family.BOOLEAN, Family.NUMBER} and bool(families & words)


def field_options(field: Field) -> Options:
    """The values that the field may have, as far as they are listed."""
    return (("true", "Yes"), ("false", "No")) if field.family is Family.BOOLEAN else field.options


def known_options(field: Field, held: Collection[str]) -> Options:
    """Every value to choose from: first those that records hold, in the order given, then the catalogue's."""
    listed = dict(field_options(field))
    return (
        *((value, listed.get(value, value)) for value in held),
        *(option for option in field_options(field) if option[0] not in held),
    )


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A value of the owner that the value map does not list: the number of records that hold it (0 where only
    the catalogue names it), and why it would fail; empty where it is carried over as it is."""

    value: str
    records: int
    problem: str


def unlisted_values(mapped: MappedField, held: Mapping[str, int]) -> list[Unlisted]:
    """What becomes of the owner's values that the value map does not list: first those that records hold
    (``held``, with their numbers), then the catalogue's."""
    source, to = mapped.of(mapped.owner), mapped.owner.other
    listed = {pair[0 if to is System.SALESFORCE else 1] for pair in mapped.values}
    found = []
    for value, _ in known_options(source, held):
        if value not in listed:
            typed: Value = [value] if source.family is Family.SEVERAL else source.type.read(source, value)
            found.append(Unlisted(value, held.get(value, 0), mapped.carried(typed, to)[1] or ""))
    return found


def option_label(option: tuple[str, str]) -> str:
    """An option for people: its label, and its value if that differs."""
    value, label = option
    return value if label == value else f"{label} ({value})"


def quoted_list(names: Sequence[str], most: int = 8) -> str:
    """Names in quotation marks for a sentence: ``most`` of them, and how many more there are."""
    shown = ", ".join(f"“{name}”" for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def unmapped_options(
    source: Field, target: Field, mapped: Collection[str], passes: bool = False
) -> list[tuple[str, str]]:
    """The options of ``source``, in order, that fail: those that are not among the ``mapped`` values of the
    value map. Without a value map, or where what it does not list ``passes``, those that are no options of
    ``target`` either."""
    known = set(mapped)
    if passes or not mapped:
        known |= {value for value, _ in field_options(target)}
    return [option for option in field_options(source) if option[0] not in known]


def match_by_label(
    element451: Field, salesforce: Field, mapped: Mapping[str, str], held: Collection[str] = ()
) -> dict[str, str]:
    """Pairs of options that have the same value or name, and that the value map does not hold yet; ``held``:
    values that records of Element451 hold besides. None where all of them have the same value: then no value
    map is needed."""
    targets = field_options(salesforce)
    same = {value for value, _ in targets}
    by_name = {normalize_name(name): value for value, label in reversed(targets) for name in (value, label)}
    found = {}
    for value, label in known_options(element451, held):
        if value not in mapped:
            names = (normalize_name(label), normalize_name(value))
            match = value if value in same else next(filter(None, map(by_name.get, names)), None)
            if match:
                found[value] = match
    return found if mapped or any(value != match for value, match in found.items()) else {}


def shared_values(values: Mapping[str, str]) -> dict[str, list[str]]:
    """By Salesforce value: the Element451 values that become it, if there are several. The first one listed
    is used on import."""
    groups: dict[str, list[str]] = {}
    for element451, salesforce in values.items():
        groups.setdefault(salesforce, []).append(element451)
    return {salesforce: group for salesforce, group in groups.items() if len(group) > 1}


def with_preferred(values: Mapping[str, str], preferred: Mapping[str, str]) -> dict[str, str]:
    """The value map in an order in which, for each Salesforce value in ``preferred``, that Element451 value
    comes before the others that share it."""
    order = list(values)
    for salesforce, element451 in preferred.items():
        if values.get(element451) == salesforce:
            first = next(at for at, name in enumerate(order) if values[name] == salesforce)
            order.remove(element451)
            order.insert(first, element451)
    return {name: values[name] for name in order}
