"""What is said of a run that ended before it was through."""

from collections.abc import Mapping
from typing import Any

PROCESS_ENDED = "The process ended before the run did."
DATABASE_FAILED = "The database failed in the middle of the run."
STOPPED = "Stopped."
"""Why it ended."""
STAYS_DUE = "Nothing is lost: the next run goes on with what is still due."
UNDO_LEFT = (
    "What was put back until then is logged; the rest was left. To go on where it ended, undo the same once"
    " more: {command}"
)


def ended_early(why: str, undone: Mapping[str, Any] | None) -> str:
    """The sentences for a run, or for the undo of what ``undone`` says (see `Undoing.to_json`): what an undo
    leaves is not due, so that no other run goes on with it."""
    if not undone:
        return f"{why} {STAYS_DUE}"
    what = next(each for each in ("entry", "run", "version") if each in undone)
    command = f"python -m syncer undo --{what} {undone[what]}"
    if "field" in undone:
        command += f" --field {undone['field']}"
    return f"{why} {UNDO_LEFT.format(command=command)}"
