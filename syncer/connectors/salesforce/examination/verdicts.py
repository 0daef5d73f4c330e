"""What follows from what was read of Salesforce: one function for each check. Pure: no I/O, no clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from syncer.connectors.salesforce.examination.checks import ExpectedObject
from syncer.core.fields import Entity
from syncer.core.records import Value
from syncer.core.trust.clocks import TRUSTED
from syncer.core.trust.verdict import Finding, disproved, not_proved, proved

COVERED_WITHIN = timedelta(days=1)
_EXAMPLES = 3


def api_version(wanted: str, offered: Sequence[str]) -> Finding:
    """Whether the org offers the version."""
    if wanted in offered:
        return proved(f"The org offers version {wanted}.")
    remedy = "Ask Salesforce when the org gets that release, or install the version of this program before."
    return disproved(f"The org does not offer version {wanted} of its API.", remedy)


def unique_ids(expected: Mapping[str, str], entities: Mapping[str, Entity]) -> Finding:
    """``expected``: the field of each object that holds Element451's ID."""
    flaws, unseen = [], []
    for name, key in expected.items():
        entity = entities.get(name)
        field = entity.fields.get(key) if entity else None
        if field is None:
            unseen.append(f"{name}.{key}")
            continue
        flags = {"unique": field.unique, "an external id": field.external_id}
        if lacking := [word for word, there in flags.items() if not there]:
            flaws.append(f"{name}.{key} is not {' and not '.join(lacking)}.")
    if flaws:
        remedy = (
            "Tick “Unique” and “External ID” in the definition of the field; otherwise a creation that is"
            " repeated after a lost reply makes a second record."
        )
        return disproved(" ".join(flaws), remedy)
    if unseen:
        return not_proved(f"Not visible to the connected user: {', '.join(unseen)}.")
    return proved(f"{' and '.join(f'{name}.{key}' for name, key in expected.items())}: unique external ids.")


def rights(expected: Sequence[ExpectedObject], entities: Mapping[str, Entity]) -> Finding:
    """What the connected user may not do of what the configuration asks for."""
    lacking = [sentence for one in expected for sentence in _lacking(one, entities.get(one.name))]
    if lacking:
        remedy = "Give these rights to the connected user, by a permission set."
        return disproved(" ".join(lacking), remedy)
    fields = sum(len(one.read) for one in expected)
    return proved(f"{fields} mapped fields can be read, and written as the mapping asks for.")


def _lacking(expected: ExpectedObject, entity: Entity | None) -> list[str]:
    if entity is None:
        return [f"{expected.name} is not visible."]
    flags = {"query": entity.queryable, "create": entity.creatable, "edit": entity.updatable}
    said = [f"{expected.name}: no right to {verb} records." for verb, may in flags.items() if not may]
    hidden = sorted(expected.read - entity.fields.keys())
    if hidden:
        said.append(f"{expected.name}: not visible: {', '.join(hidden)}.")
    for verb, names in (("set on a new record", expected.created), ("edit", expected.updated)):
        refused = sorted(
            name
            for name in names & entity.fields.keys()
            if not (entity.fields[name].updatable if verb == "edit" else entity.fields[name].creatable)
        )
        if refused:
            said.append(f"{expected.name}: no right to {verb}: {', '.join(refused)}.")
    return said


def visibility(known: Sequence[str], unseen: Sequence[str], entity: str) -> Finding:
    """``unseen``: those of the ``known`` ids that neither a read nor the list of deleted records brought."""
    if not known:
        return not_proved("No record is known yet: try again when records are paired.")
    if unseen:
        found = (
            f"{len(unseen)} of {len(known)} records that the sync knows are not visible to the connected"
            f" user, such as {', '.join(sorted(unseen)[:_EXAMPLES])}."
        )
        return disproved(found, f"Give the connected user “View All Records” for {entity}.")
    return proved(f"All of {len(known)} known records are visible.")


def clock(server: datetime, now: datetime) -> Finding:
    """The ``server``'s date in the moment that was ``now`` here."""
    off = abs(server - now)
    if off > TRUSTED:
        found = f"Salesforce's clock and this machine's differ by {off.total_seconds() / 60:,.0f} minutes."
        return disproved(found, "Set this machine's clock by a time server.")
    return proved("Salesforce's clock agrees with this machine's clock.")


def limits(usage: tuple[int, int] | None, share_percent: int, calls_a_day: int) -> Finding:
    """``usage``: calls of the last 24 hours and the limit."""
    if usage is None:
        return not_proved("Salesforce did not say how many calls it allows.")
    used, limit = usage
    share = limit * share_percent // 100
    found = f"{used:,} of {limit:,} calls are used; the share of the sync is {share:,}"
    if share < calls_a_day or limit - used < calls_a_day:
        remedy = "Let the sync run less often, raise its share of the calls, or buy more calls of Salesforce."
        return disproved(f"{found}, and a day of runs takes at least {calls_a_day:,}.", remedy)
    return proved(f"{found}; a day of runs takes at least {calls_a_day:,}.")


def changes(covered: datetime | None, now: datetime) -> Finding:
    """``covered``: getUpdated's latestDateCovered; None where it is no date."""
    if covered is None or covered < now - COVERED_WITHIN:
        found = "getUpdated does not say up to when changes are complete: each run reads the last hour again."
        return disproved(found, "Nothing is lost, but more calls are used. Ask Salesforce's support.")
    return proved("getUpdated says up to when changes are complete.")


def duplicate_rules(active: Sequence[str]) -> Finding:
    """``active``: the names of the active rules of the objects in which records are created."""
    if active:
        found = f"Active duplicate rules: {', '.join(active)}. They may refuse new records."
        remedy = (
            "Let the rule report duplicates instead of blocking or alerting, or exempt the connected user in"
            " the rule's conditions. Otherwise such records fail with DUPLICATES_DETECTED."
        )
        return disproved(found, remedy)
    return proved("No duplicate rule is active.")


def sign_in(rotated: bool | None, ends: datetime | None) -> Finding:
    """Whether renewing the sign-in gave another refresh token, None where it was renewed on connecting only;
    ``ends``: when Salesforce says that it ends."""
    rotation = {True: " now, with rotation", False: " now, without rotation", None: " on connecting"}[rotated]
    if ends:
        found = f"The sign-in could be renewed{rotation}, and ends at {ends:%Y-%m-%d %H:%M} UTC."
        remedy = (
            "Let the refresh token be “valid until revoked” in the policies of the External Client App, then"
            " connect again."
        )
        return disproved(found, remedy)
    return proved(f"The sign-in could be renewed{rotation}, and does not end.")


def automation(
    written: Mapping[str, Value], read: Mapping[str, Value], others: Mapping[str, tuple[Value, Value]]
) -> Finding:
    """What a test record held after it was written; ``others``: mapped fields that were not written, with
    their values before and after."""
    altered = sorted(name for name, value in written.items() if read.get(name) != value)
    moved = sorted(name for name, (before, after) in others.items() if before != after)
    said = [
        *([f"Salesforce changes what is written to: {', '.join(altered)}."] if altered else []),
        *([f"Writing changes other mapped fields too: {', '.join(moved)}."] if moved else []),
    ]
    if said:
        remedy = "Look for a flow or trigger that does it, and exempt the connected user from it."
        return disproved(" ".join(said), remedy)
    return proved(f"{len(written)} fields held what was written.")
