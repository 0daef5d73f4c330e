"""What is said of one record for which there is nothing to plan: for a Preview, Test or Retry, which answer
for it. Pure."""

from syncer.core.pair import Pair
from syncer.core.plan import Direction, Plan, Status, why_left
from syncer.core.records import Kind, State, System


def absent(pair: Pair, direction: Direction) -> Plan | None:
    """Why nothing is planned for this pair in this direction: it has left the sync, or no record is there to
    be carried; None where one is."""
    if left := why_left(pair):
        return left
    source, target = direction.source, direction.target
    if pair.id(source) and pair.state(source) is State.LIVE:
        return None
    noun = "contact" if pair.kind is Kind.CONTACT else "conversation"
    if pair.id(source):
        reason = (
            f"The {noun} {_gone(pair, source)}. It is not paired, so that nothing is to be done in"
            f" {target.label}."
        )
    elif pair.state(target) is not State.LIVE:
        reason = f"The {noun} {_gone(pair, target)}, and is not in {source.label}. Nothing is to be done."
    elif direction is Direction.EXPORT:
        reason = (
            f"This {noun} is in Salesforce only, so that there is nothing to export. Preview its import,"
            " which says what Element451 would get."
        )
    else:
        reason = (
            f"This {noun} is in Element451 only, so that there is nothing to import. Preview its export,"
            " which says what Salesforce would get."
        )
    return Plan(
        pair.kind,
        direction,
        pair.element_id,
        pair.salesforce_id,
        Status.IGNORED,
        reason,
        own_side_changed=False,
    )


def _gone(pair: Pair, system: System) -> str:
    if pair.state(system) is State.DELETED:
        return f"was deleted in {system.label}"
    if pair.state(system) is State.MERGED:
        return f"was merged into another one in {system.label}"
    return f"no longer exists in {system.label}"
