"""What a Preview, Test or Retry says of a pair for which nothing is planned. Pure."""

from dataclasses import replace

from syncer.core import reasons
from syncer.core.pair import Pair
from syncer.core.plan import Direction, Plan
from syncer.core.planner import bare_plan, deactivation_of
from syncer.core.records import RecordState


def why_no_plan(pair: Pair, direction: Direction) -> Plan | None:
    """For a Preview, Test or Retry, which answer for each record: why nothing is planned for this pair in
    this direction. It has left the sync, or there is no record to be carried; None where there is one."""
    if pair.left and (deactivation := deactivation_of(pair)):
        return deactivation
    source, target = direction.source, direction.target
    if pair.id(source) and pair.state(source) is RecordState.LIVE:
        return None
    if pair.id(source):
        reason = reasons.unpaired_and_gone(pair.kind, pair.state(source), source)
    elif pair.state(target) is not RecordState.LIVE:
        reason = reasons.nowhere_live(pair.kind, pair.state(target), target)
    else:
        reason = reasons.only_at_the_target(pair.kind, direction)
    return replace(bare_plan(pair, direction, reason), own_side_changed=False)
