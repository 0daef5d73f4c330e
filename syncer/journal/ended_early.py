"""What is said of a run whose process ended before it did."""

from collections.abc import Mapping
from typing import Any

RUN_ENDED = (
    "The process ended before the run did. Nothing is lost: the next run goes on with what is still due."
)
UNDO_ENDED = (
    "The process ended before the undo did. What was put back until then is logged; the rest was left. To go"
    " on where it ended, undo the same once more: {command}"
)


def ended_early(undone: Mapping[str, Any] | None) -> str:
    """The sentence for a run, or for the undo of what ``undone`` says (see `Undoing.to_json`): what an undo
    leaves is not due, so that no other run goes on with it."""
    if not undone:
        return RUN_ENDED
    what = next(each for each in ("entry", "run", "version") if each in undone)
    command = f"python -m syncer undo --{what} {undone[what]}"
    if "field" in undone:
        command += f" --field {undone['field']}"
    return UNDO_ENDED.format(command=command)
