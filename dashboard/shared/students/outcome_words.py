"""What a Retry came to, in a sentence: how many were tried and fixed, and why the others are not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from syncer.application.remedies import for_code
from syncer.application.work_requests import Answer
from syncer.core.plan import Status
from syncer.journal.runs import Run

_NOTHING_DONE = "Nothing was done: no such record fails any more, or it needs nothing in this direction."


def sentence(answer: Answer, run: Run | None = None) -> str:
    """How many records got which status, and why those that failed did so again. ``run`` has the numbers
    where the answer holds only some of the outcomes."""
    if run:
        numbers = sum((Counter(counts) for counts in run.counts.values()), Counter[str]())
        tried, fixed = numbers.total(), numbers.total() - numbers[Status.FAILED]
    else:
        numbers = Counter(str(outcome["status"]) for outcome in answer.outcomes)
        tried, fixed = tried_and_fixed(answer)
    told = []
    if failed := tried - fixed:
        told.append(f"{tried:,} tried, {fixed:,} fixed.")
        told.append(f"{failed:,} failed again in run {answer.run}{_causes(failures(answer))}")
    elif tried:
        done = ", ".join(f"{number:,} {status}" for status, number in numbers.items() if number)
        told.append(f"Done again in run {answer.run}: {done}.")
        if not answer.sentence:
            told.append("It does not fail any more." if tried == 1 else "None of them fails any more.")
    if answer.sentence:
        told.append(answer.sentence)
    return " ".join(told) or _NOTHING_DONE


def tried_and_fixed(answer: Answer) -> tuple[int, int]:
    """How many records the answer says were tried, and how many of them do not fail any more, in either
    direction."""
    failed: dict[str, bool] = {}
    for outcome in answer.outcomes:
        record = outcome["kind"] + str(outcome["element_id"] or outcome["salesforce_id"])
        failed[record] = failed.get(record, False) or outcome["status"] == Status.FAILED
    return len(failed), sum(not each for each in failed.values())


def failures(answer: Answer) -> list[Mapping[str, Any]]:
    """The outcomes that failed, of those that the answer holds."""
    return [outcome for outcome in answer.outcomes if outcome["status"] == Status.FAILED]


def _causes(failed: Sequence[Mapping[str, Any]]) -> str:
    """The rest of the sentence after "failed again": the most frequent cause. Without failures, their reasons
    are not among the outcomes that the answer holds."""
    if not failed:
        return "."
    causes = Counter(_cause(failure) for failure in failed).most_common()
    cause = causes[0][0]
    reasons = {str(failure["reason"]) for failure in failed if _cause(failure) == cause}
    # Records with the same cause may have reasons that name different values.
    reason = reasons.pop() if len(reasons) == 1 else f"{for_code(cause).title}."
    others = len(causes) - 1
    if others == 0:
        return f": {reason}"
    others_too = "There is one other reason" if others == 1 else f"There are {others} other reasons"
    return f": {reason} ({others_too} too.)"


def _cause(failure: Mapping[str, Any]) -> str:
    return str(failure.get("code") or failure["reason"])
