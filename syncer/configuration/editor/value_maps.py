"""Value maps as a person edits them: a list of pairs, what is left out of it, and what would be listed by
like names. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from syncer.configuration.problems import normalize_name
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field

Options = tuple[tuple[str, str], ...]
Pairs = Sequence[tuple[str | None, str | None]]
"""(Element451 value, Salesforce value) in the order of preference; None or blank where it is still to be
chosen."""


@dataclass(frozen=True, slots=True)
class ValueMapDraft:
    """What a list of pairs comes to: the value map, why it cannot be saved as it stands (nothing where it
    can), and what is still ``open``."""

    values: dict[str, str]
    problems: tuple[str, ...]
    open: str = ""


def draft_from_pairs(pairs: Pairs) -> ValueMapDraft:
    """The value map that the pairs make. Pairs without either value are passed over."""
    given = [((ours or "").strip(), (theirs or "").strip()) for ours, theirs in pairs]
    complete = [pair for pair in given if all(pair)]
    often = Counter(ours for ours, _ in complete)
    problems = [
        f"“{ours}” stands {count} times on the side of Element451. Keep one."
        for ours, count in often.items()
        if count > 1
    ]
    half = [ours or theirs for ours, theirs in given if bool(ours) != bool(theirs)]
    missing = (
        f"The other side's value is missing for {quoted_list(half)}. Choose it, or remove the row."
        if half
        else ""
    )
    return ValueMapDraft(dict(complete), tuple(problems), missing)


def supports_value_map(element451: Field, salesforce: Field) -> bool:
    """Whether a value map between these fields makes sense: words on one side; words, yes and no, or numbers
    on the other."""
    families, words = {element451.family, salesforce.family}, {Family.TEXT, Family.SEVERAL}
    return families <= {*words, Family.BOOLEAN, Family.NUMBER} and bool(families & words)


def field_options(field: Field) -> Options:
    """(value, label) of what the field's value may be, as far as that is listed."""
    return (("true", "Yes"), ("false", "No")) if field.family is Family.BOOLEAN else field.options


def option_label(option: tuple[str, str]) -> str:
    """An option as a person reads it: its label, and its value where that differs."""
    value, label = option
    return value if label == value else f"{label} ({value})"


def quoted_list(names: Sequence[str], most: int = 8) -> str:
    """Some names in a sentence, with how many more there are."""
    shown = ", ".join(f"“{name}”" for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def unmapped_options(source: Field, target: Field, mapped: Iterable[str]) -> list[tuple[str, str]]:
    """The options of ``source`` that the value map does not name and that ``target`` does not have either, in
    order."""
    known = {value for value, _ in field_options(target)} | set(mapped)
    return [option for option in field_options(source) if option[0] not in known]


def match_by_label(element451: Field, salesforce: Field, mapped: Mapping[str, str]) -> dict[str, str]:
    """Pairs of options that are named alike but have different values, and that the value map does not
    hold."""
    theirs = field_options(salesforce)
    same = {value for value, _ in theirs}
    known = {normalize_name(word): value for value, label in reversed(theirs) for word in (value, label)}
    found = {}
    for value, label in field_options(element451):
        if value not in mapped and value not in same:
            match = known.get(normalize_name(label)) or known.get(normalize_name(value))
            if match:
                found[value] = match
    return found


def shared_values(values: Mapping[str, str]) -> dict[str, list[str]]:
    """By Salesforce value: the Element451 values that become it, where they are several. The first listed is
    used on import."""
    groups: dict[str, list[str]] = {}
    for ours, theirs in values.items():
        groups.setdefault(theirs, []).append(ours)
    return {theirs: ours for theirs, ours in groups.items() if len(ours) > 1}


def with_preferred(values: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """The value map in which, for each Salesforce value in ``chosen``, that Element451 value stands before
    the others that share it."""
    order = list(values)
    for theirs, ours in chosen.items():
        if values.get(ours) != theirs:
            continue
        first = next(at for at, name in enumerate(order) if values[name] == theirs)
        order.remove(ours)
        order.insert(first, ours)
    return {name: values[name] for name in order}
