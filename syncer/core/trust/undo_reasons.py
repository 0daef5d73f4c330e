"""What an undo says of a record (rule 21): its status and sentence, and a code where something is left. Pure;
standard library only."""

from collections.abc import Collection

from syncer.core.plan import Status
from syncer.core.reasons import Code, Reason, status_of_update
from syncer.core.records import Kind, System

ALREADY_BACK = Reason(Status.UNCHANGED, "What was there before is back already.")
CREATED_STAYS = "The record was created by it, and nobody is ever deleted."
LEFT_STAYS = "The record left the sync by it, and comes back when it is there again."
LINKS_STAY = "The two records were linked by it, and stay linked."
"""Why something cannot be put back; sentences alone, since a plan may have several."""


def not_there_any_more(system: System) -> str:
    """Why nothing is put back in a record that cannot be read."""
    return f"The record is not to be had in {system.label} any more."


def undone(kind: Kind, back: bool, moved: Collection[str], cannot: Collection[str]) -> Reason:
    """What an undo does to a record: whether values are put ``back``; the fields, by their labels, that
    ``moved`` since; why others ``cannot`` be put back, a sentence each."""
    if not (back or moved or cannot):
        return ALREADY_BACK
    told = ["Puts back what was there before."] if back else []
    told += [f"Changed since, and left as it is: {', '.join(moved)}."] if moved else []
    told += [f"Not put back: {why}" for why in cannot]
    code = Code.MOVED_SINCE if moved else Code.CANNOT_BE_UNDONE if cannot else ""
    return Reason(status_of_update(kind) if back else Status.IGNORED, " ".join(told), code)
