"""Duplicate rules (contracts/salesforce.md A2, A8, A9).

A rule is ``{"object", "fields", "action"}``: a new record whose values of all ``fields`` a live record holds is
refused. ``allow`` lets it pass when the call asks for that (``Sforce-Duplicate-Rule-Header: allowSave=true``),
``block`` never does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.salesforce.errors import RowError
from sandbox.salesforce.fields import Field
from sandbox.salesforce.saving.drafts import Draft
from sandbox.salesforce.store import Store

WORDS = "Use one of these records?"
Rules = Sequence[Mapping[str, Any]]


def check_duplicates(rules: Rules, store: Store, drafts: Sequence[Draft], allowed: bool) -> None:
    """Refuse new records that a rule takes for duplicates."""
    for rule in rules:
        allows = rule.get("action", "block") == "allow"
        if allows and allowed:
            continue
        for draft in drafts:
            if draft.created and not draft.errors and draft.item.name.lower() == rule["object"].lower():
                matches = _matches(rule, store, draft)
                if matches:
                    draft.errors.append(
                        RowError("DUPLICATES_DETECTED", WORDS, more=_result(draft, allows, matches))
                    )


def _matches(rule: Mapping[str, Any], store: Store, draft: Draft) -> list[str]:
    found: set[str] | None = None
    for name in rule["fields"]:
        key: Field | None = draft.item.by_name.get(name.lower())
        value = draft.values.get(key.column) if key else None
        if key is None or value is None:
            return []
        holders = {id for ids in store.ids_by(draft.item, key, [value]).values() for id in ids}
        found = holders if found is None else found & holders
    return sorted(found or ())


def _result(draft: Draft, allows: bool, matches: Sequence[str]) -> dict[str, object]:
    name = draft.item.name
    records = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": {"attributes": {"type": name}, "Id": id},
        }
        for id in matches
    ]
    engine = {"entityType": name, "errors": [], "matchEngine": "ExactMatchEngine", "matchRecords": records}
    return {
        "duplicateResult": {
            "allowSave": allows,
            "duplicateRule": f"{name}_Duplicate_Rule",
            "duplicateRuleEntityType": name,
            "errorMessage": WORDS,
            "matchResults": [{**engine, "rule": f"{name}_Match_Rule", "size": len(records), "success": True}],
        }
    }
