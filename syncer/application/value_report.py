"""What a check of the values found (``config check --values``), as JSON and as sentences."""

from collections.abc import Iterable
from typing import Any

from syncer.configuration.catalogue import Labels
from syncer.core.records import System
from syncer.sync.planning.value_check import Duplicates, Longest, ValueCheck, ValueFinding

_NOTHING_READ = (
    "No record has been read yet, so that no value can be checked. Let a dry run read them first: python -m"
    " syncer sync --dry-run"
)


def as_json(found: ValueCheck) -> list[dict[str, Any]]:
    """Everything that was found, as warnings of a configuration."""
    if not found.records:
        return [_warning("", _NOTHING_READ)]
    return [
        *(_finding(one) for one in sorted(found.findings.values(), key=lambda one: -one.records)),
        *(_longest(one) for one in found.longest.values() if one.characters > one.limit),
        *(_duplicates(one) for one in found.duplicates),
        *(
            _warning(f"{slug} / {name}", f"{number:,} values are not read yet.", records=number)
            for (slug, name), number in found.unread.items()
        ),
    ]


def as_lines(found: ValueCheck, labels: Labels) -> list[str]:
    """The same for a person, with the worst of each."""
    if not found.records:
        return [_NOTHING_READ]
    lines = [f"{found.records:,} records were checked; {found.failing:,} would fail."]
    for one in as_json(found):
        where = one["where"].partition(" / ")[0]
        label = labels.of(System.ELEMENT451, where)
        lines.append(f"warning  {label}: {one['message']}")
        lines += [f"           {example}" for example in _example_lines(one.get("examples", ()))]
    return lines


def _example_lines(examples: Iterable[Any]) -> Iterable[str]:
    for example in examples:
        if isinstance(example, list):
            yield ", ".join(example)
            continue
        ids = " / ".join(filter(None, (example["element_id"], example["salesforce_id"])))
        yield f"{ids}: {example['why']}"


def _finding(one: ValueFinding) -> dict[str, Any]:
    message = f"{one.records:,} {one.kind.value}s would fail on their way to {one.target.label} ({one.code})."
    examples = [
        {
            "element_id": example.element_id,
            "salesforce_id": example.salesforce_id,
            "value": example.value,
            "why": example.why,
        }
        for example in one.examples
    ]
    where = f"{one.element451} / {one.salesforce}"
    return _warning(
        where, message, code=one.code, target=one.target.value, records=one.records, examples=examples
    )


def _longest(one: Longest) -> dict[str, Any]:
    message = f"The longest value has {one.characters:,} characters; {one.target.label} takes {one.limit:,}."
    return _warning(f"{one.element451} / {one.salesforce}", message, longest=one.characters, limit=one.limit)


def _duplicates(one: Duplicates) -> dict[str, Any]:
    message = (
        f"{one.records:,} records of {one.system.label} share their match values with others, in"
        f" {one.groups:,} groups: none of them is matched by values."
    )
    return _warning(
        "preferences.match_on",
        message,
        records=one.records,
        groups=one.groups,
        examples=list(map(list, one.examples)),
    )


def _warning(where: str, message: str, **more: object) -> dict[str, Any]:
    return {"severity": "warning", "where": where, "message": message, **more}
