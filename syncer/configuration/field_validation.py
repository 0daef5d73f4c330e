"""What is wrong with one mapped field, looked at by itself. Pure; standard library only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from syncer.configuration.problems import Problem, did_you_mean, label_and_key
from syncer.core.field_types.conversion import misfit
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.mapping import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID
from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """A mapped field of the document, as written, with its place and what the catalogues know of it (None:
    nothing)."""

    where: str
    element451: str
    salesforce: str
    owner: System | None
    values: Mapping[str, str]
    ours: Field | None
    theirs: Field | None


def field_problems(row: ResolvedRow, kind: Kind, creates: Collection[System]) -> list[Problem]:
    """Whether its values can go where the owner sends them: types, rights, value map, lists and lengths; and,
    in the systems where records are created, whether the first value can go there whoever owns it (rule 2).
    Nothing where a side is unknown."""
    if not (row.ours and row.theirs and row.owner):
        return []
    if kind is Kind.CONVERSATION and row.owner is not System.ELEMENT451:
        return [
            Problem(
                "error",
                row.where,
                f"Conversations go to Salesforce only: the owner of {row.element451} must be element451.",
            )
        ]
    found = []
    bad = misfit(row.ours, row.theirs, row.owner, bool(row.values))
    if bad:
        found.append(Problem("error", row.where, bad))
    source, target = (row.ours, row.theirs) if row.owner is System.ELEMENT451 else (row.theirs, row.ours)
    if not (target.creatable and target.updatable):
        rest = (
            f"choose another field, or make {target.system.label} the owner."
            if kind is Kind.CONTACT
            else "choose another field."
        )
        message = (
            f"{label_and_key(target)} cannot be written, but {source.system.label} owns the value. Allow the"
            f" connected user to write it, {rest}"
        )
        found.append(Problem("error", row.where, message))
    found += _value_map(row)
    if all(problem.severity == "warning" for problem in found):
        found += _doubts(row, target.system, "Records")
        if source.system in creates and source.creatable:
            found += _first_value(row, source.system)
    if row.owner is System.SALESFORCE and source.calculated:
        message = (
            f"{label_and_key(source)} is calculated by Salesforce, which does not announce its changes. They"
            " arrive when something else in the record"
        )
        found.append(Problem("warning", row.where, f"{message} changes, or with a full sync."))
    return found


def _value_map(row: ResolvedRow) -> list[Problem]:
    """Values in the value map that do not exist."""
    found = []
    for field, names in (
        (row.ours, list(row.values)),
        (row.theirs, list(dict.fromkeys(row.values.values()))),
    ):
        if field is None:
            continue
        for name in names:
            wrong = _unknown(field, name)
            if wrong:
                found.append(
                    Problem(
                        "error"
                        if field.restricted or field.family in (Family.BOOLEAN, Family.NUMBER)
                        else "warning",
                        row.where,
                        wrong,
                    )
                )
    return found


def _unknown(field: Field, name: str) -> str | None:
    if field.family is Family.BOOLEAN:
        return (
            None
            if name in ("true", "false")
            else f"The value map names “{name}”, but {label_and_key(field)} holds true or false."
        )
    if field.family is Family.NUMBER:
        return (
            None
            if _is_number(name)
            else f"The value map names “{name}”, but {label_and_key(field)} holds numbers."
        )
    if not field.options or any(name == value for value, _ in field.options):
        return None
    value = next((value for value, label in field.options if label == name), None)
    hint = (
        f" “{name}” is only its label; the value is “{value}”."
        if value
        else did_you_mean(name, dict(field.options))
    )
    return f"The value map names “{name}”, which is not one of the values of {label_and_key(field)}.{hint}"


def _first_value(row: ResolvedRow, to: System) -> list[Problem]:
    """What may go wrong when the field's owner gets its first value, with a new record, from the other
    side."""
    assert row.ours
    assert row.theirs
    bad = misfit(row.ours, row.theirs, to.other, bool(row.values))
    if bad:
        return [
            Problem(
                "warning",
                row.where,
                f"A new record in {to.label} gets the other side's value too, which may not fit and then"
                f" fails. {bad}",
            )
        ]
    return _doubts(row, to, "New records")


def _doubts(row: ResolvedRow, to: System, which: str) -> list[Problem]:
    """Values that may come to ``to`` and that its field does not take: outside its list, or too long."""
    assert row.ours
    assert row.theirs
    source, target = (row.theirs, row.ours) if to is System.ELEMENT451 else (row.ours, row.theirs)
    values = ["true", "false"] if source.family is Family.BOOLEAN else [value for value, _ in source.options]
    mapped = _carried(row, to)
    found, listed = [], _listed(source, target, values, mapped, which)
    if listed:
        found.append(Problem("warning", row.where, listed))
    if row.element451 not in (CONTACT_ID, CONVERSATION_ID, CONVERSATION_CONTACT):
        longer = _length(source, target, [mapped.get(value, value) for value in values], which)
        short = (
            ""
            if values
            else f"A value of more than {target.length:,} characters would fail in {target.system.label}."
        )
        found += [Problem("warning", row.where, longer, short)] if longer else []
    return found


def _listed(
    source: Field, target: Field, values: Sequence[str], mapped: Mapping[str, str], which: str
) -> str | None:
    if target.family is Family.BOOLEAN and source.family is Family.TEXT:
        allowed = {"true", "false"}
    elif target.restricted and target.options and target.family in (Family.TEXT, Family.SEVERAL):
        allowed = {value for value, _ in target.options}
    else:
        return None
    if not values:
        takes = "the values of its list" if target.options else "those that the value map names"
        return (
            f"{label_and_key(source)} may hold anything, but {label_and_key(target)} takes only {takes}."
            f" {which} with other values will fail."
        )
    missing = [value for value in values if mapped.get(value, value) not in allowed]
    if not missing:
        return None
    shown = ", ".join(f"“{value}”" for value in missing[:5]) + (
        f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    )
    hint = f"Add them to the value map, or {which.lower()} with them will fail."
    return f"{label_and_key(target)} does not have these values of {label_and_key(source)}: {shown}. {hint}"


def _length(source: Field, target: Field, values: Sequence[str], which: str) -> str | None:
    if target.family is not Family.TEXT or not target.length:
        return None
    longest = max(map(len, values)) if values else source.type.longest(source)
    if longest is not None and longest <= target.length:
        return None
    much = f"up to {longest} characters" if longest else "text of any length"
    return (
        f"{label_and_key(source)} may hold {much}, but {label_and_key(target)} takes {target.length}. {which}"
        " with longer values will fail."
    )


def _carried(row: ResolvedRow, to: System) -> dict[str, str]:
    if to is System.SALESFORCE:
        return dict(row.values)
    return {theirs: ours for ours, theirs in reversed(list(row.values.items()))}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
