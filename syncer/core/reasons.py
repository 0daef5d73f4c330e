"""The reason of every status that the sync itself decides: its sentence, and the code of a failure. Written
here once, for the planner, for previews and for the results of writes. What a system answers to a write is
worded by its connector."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncer.core.error_codes.code import Code as Code
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind, RecordState, System, Value


@dataclass(frozen=True, slots=True)
class Reason:
    """A status with its sentence for an analyst, and its code where it is a failure."""

    status: Status
    sentence: str
    code: str = ""


# Records that are created or updated

CONVERSATION_IS_NEW = Reason(Status.UPSERTED, "The conversation is not in Salesforce yet.")
VALUES_AGREE = Reason(Status.UNCHANGED, "All values agree already.")
ID_FREED = "This ID belongs to another record, and is emptied before each gets its own."
"""Why an ID is emptied ahead of a page's writes; the status is the one that was planned."""


def no_match(target: System) -> Reason:
    """A contact that ``target`` does not have is created there."""
    return Reason(Status.INSERTED, f"No match in {target.label}: a new record is created.")


def newly_paired(target: System, kind: Kind = Kind.CONTACT) -> Reason:
    """``target`` does not hold the other system's ID yet (rule 8)."""
    return Reason(status_of_update(kind), f"Newly paired: {target.label} gets the ID of the other half.")


def id_corrected(target: System, kind: Kind) -> Reason:
    """``target`` holds a wrong ID, and updates are on (rule 7)."""
    return Reason(
        status_of_update(kind),
        f"The ID that {target.label} holds is not that of the other half, and is put right.",
    )


def values_differ(kind: Kind) -> Reason:
    """The target's values differ from those of their owner."""
    return Reason(status_of_update(kind), "Values differ from their owner's.")


def because_missed(reason: Reason) -> str:
    """The sentence for a record that is written because the nightly check found a change that was missed
    (rule 23)."""
    missed = "Missed change, found by the nightly check. " if reason.status.writes else ""
    return missed + reason.sentence


def status_of_update(kind: Kind) -> Status:
    """The status of a record of ``kind`` that was there, and is written."""
    return Status.UPSERTED if kind is Kind.CONVERSATION else Status.UPDATED


BEFORE_AS_LAST_READ = (
    "What it overwrote could not be read at that moment: the values before are those that were last read."
)
"""Said of an update whose former values a lost reply hides, or a reading that failed (rule 16)."""


# Records that are left alone

NOT_IN_SCOPE = Reason(
    Status.IGNORED, "This contact takes part in no exported conversation, so it is not exported."
)
CREATE_NEW_IS_OFF = Reason(Status.IGNORED, "No match in Element451, and Create New is off.")
ANONYMOUS = Reason(Status.IGNORED, "Anonymous: it is exported once someone is attached to it.")


def contact_left(why: str | None) -> Reason:
    """A conversation whose contact is not synced: it left the sync, or (``why``) is outside the filter."""
    return Reason(
        Status.IGNORED, f"Its contact is not synced. {why}" if why else "Its contact has left the sync."
    )


def updates_are_off(target: System) -> Reason:
    """The record exists, and the mode does not update existing ones (rules 10 and 11)."""
    return Reason(
        Status.IGNORED, f"The record exists in {target.label}, and updating existing records is off."
    )


def unpaired_and_gone(kind: Kind, state: RecordState, source: System) -> Reason:
    """The record is no longer in ``source``, and never had another half."""
    return Reason(
        Status.IGNORED,
        f"The {_noun(kind)} {_what_became(state, source)}. It is not paired, so that nothing is to be done in"
        f" {source.other.label}.",
    )


def nowhere_live(kind: Kind, state: RecordState, target: System) -> Reason:
    """The record was in ``target`` only, and is no longer there."""
    return Reason(
        Status.IGNORED,
        f"The {_noun(kind)} {_what_became(state, target)}, and is not in {target.other.label}. Nothing is to"
        " be done.",
    )


def only_at_the_target(kind: Kind, direction: Direction) -> Reason:
    """The record is at the target only, so that this direction has nothing to carry."""
    verb, other_way = ("export", "import") if direction is Direction.EXPORT else ("import", "export")
    return Reason(
        Status.IGNORED,
        f"This {_noun(kind)} is in {direction.target.label} only, so that there is nothing to {verb}. Preview"
        f" its {other_way}, which says what {direction.source.label} would get.",
    )


# Pairs that leave the sync (rule 9)


def deactivated_in_salesforce(kind: Kind, state: RecordState) -> Reason:
    """A pair leaves the sync because its record is not live in Salesforce any more."""
    what = {
        RecordState.DELETED: "is in Salesforce's recycle bin",
        RecordState.MERGED: "was merged in Salesforce into a record that is paired already",
    }.get(state, "no longer exists in Salesforce")
    return _left_sync(kind, what)


def not_visible(kind: Kind, system: System) -> Reason:
    """A read by ID did not bring the record, and nothing proves that it was deleted (rule 9)."""
    return Reason(
        Status.FAILED,
        f"The {_noun(kind)} no longer exists in {system.label}, or the connected user may not see it.",
        Code.NOT_VISIBLE,
    )


def emptiness_not_believed(source: System, fields: str) -> Reason:
    """Fields come back empty from their owner for other records that held a value, too (rule 6)."""
    return Reason(
        Status.FAILED,
        f"{source.label} answers with nothing in {fields}, for other records that held a value as well. It is"
        f" not emptied in {source.other.label} before {source.label} answers rightly for these.",
        Code.SUSPECT_FIELD,
    )


def deactivated_in_element451(kind: Kind) -> Reason:
    """A pair leaves the sync because its record is gone from Element451."""
    return Reason(
        Status.DEACTIVATED,
        f"The {_noun(kind)} no longer exists in Element451, so it left the sync. Nothing is written in"
        " Salesforce.",
    )


def _left_sync(kind: Kind, what: str) -> Reason:
    return Reason(
        Status.DEACTIVATED,
        f"The {_noun(kind)} {what}, so it left the sync. Nothing is written; it comes back when the"
        " record does.",
    )


# Failures

AMBIGUOUS = (
    "More than one possible match. Nothing was written; leave one record with these values or IDs, then it"
    " goes on by itself."
)
"""Several records may be the other half (rule 7). A sentence alone: it is kept with the pair, with the
records concerned added to it."""
CONTRADICTION = (
    "More than one possible match: the IDs that the two systems hold name different records. Put them right,"
    " then it goes on by itself."
)
"""The IDs of live records contradict each other (rule 7)."""
OTHERS_ARE_WRITTEN = "Only this is left out; the other values are written."
"""Ends the reason of an update of which only a part fails (rule 15)."""
NO_ID = "The stored Salesforce ID is damaged, so that nobody can tell which record it names."
"""The other half cannot be looked for (rule 7)."""
NAMED_BY_NO_ID = (
    "More than one possible match: a contact in Element451 holds a damaged Salesforce ID, which may be this"
    " record's. Correct the ID there, then it goes on by itself."
)
"""The record may be the one that a damaged ID meant (rule 7)."""
STORED_ID_NOT_SEEN = (
    "The ID that is stored names a record that no longer exists, or that the connected user may not see."
    " Nothing was written: the two may belong together."
)
"""What a record stores names one that no read brings, which proves nothing (rule 9)."""
STORED_ID_OF_ANOTHER_OBJECT = (
    "Element451 stores an ID of another Salesforce object than the one that is synced. Nothing was written:"
    " the ID would be lost."
)
"""A stored Salesforce ID begins with the key prefix of another object (rule 7)."""
_PROBLEM_CODES = {
    NO_ID: Code.DAMAGED_ID,
    STORED_ID_NOT_SEEN: Code.NOT_VISIBLE,
    STORED_ID_OF_ANOTHER_OBJECT: Code.ID_OF_ANOTHER_OBJECT,
}
CONTACT_NOT_IN_SALESFORCE = "It is still to be exported."
CONTACT_NOT_FOUND = "It was not found in Element451."


def more_than_one_match(problem: str) -> Reason:
    """Several records may be the other half; ``problem``: `AMBIGUOUS`, with what it is about."""
    return Reason(Status.FAILED, problem, Code.MORE_THAN_ONE_MATCH)


def no_clear_match(problem: str, code: str) -> Reason:
    """Pairing found a ``problem`` with this `problem_code`; an older one has none."""
    return Reason(Status.FAILED, problem, code or Code.MORE_THAN_ONE_MATCH)


def problem_code(problem: str) -> Code:
    """The code of a problem of pairing, given in general."""
    return _PROBLEM_CODES.get(problem, Code.MORE_THAN_ONE_MATCH)


def damaged_id(stored: Value) -> Reason:
    """Element451 holds a text in place of a Salesforce ID whose last three characters contradict the others
    (rule 7)."""
    held = ", ".join(stored) if isinstance(stored, list) else stored
    return Reason(
        Status.FAILED,
        f"The Salesforce ID that Element451 holds is damaged: “{held}”. Its last three characters do not fit"
        " the others, so that nobody can tell which record it names. Nothing was written or created.",
        Code.DAMAGED_ID,
    )


def values_do_not_fit(
    problems: Mapping[str, Value], *, others: bool = False, unlisted: bool = False
) -> Reason:
    """Some values cannot be carried over; a sentence for each. ``others``: there are further ones to write,
    which do fit (rule 15). ``unlisted``: all that is wrong with them is that value maps do not list them."""
    sentences = [*problems, OTHERS_ARE_WRITTEN] if others else problems
    empty = all(value is None for value in problems.values())
    code = Code.REQUIRED_FIELD_MISSING if empty else Code.VALUE_DOES_NOT_FIT
    code = Code.VALUE_NOT_IN_MAP if unlisted else code
    return Reason(Status.FAILED, " ".join(sentences), code)


def text_damaged(source: System, labels: Iterable[str], also: str = "", *, others: bool = False) -> Reason:
    """``source`` sends text in these fields that cannot be decoded (rule 22). ``also``: what else is wrong,
    in words; ``others``: there are further values to write (rule 15)."""
    sentence = (
        f"The text that {source.label} holds in {', '.join(labels)} is damaged: it has characters that cannot"
        " be read. It is not carried over."
    )
    sentences = [sentence, also or (OTHERS_ARE_WRITTEN if others else "")]
    return Reason(Status.FAILED, " ".join(filter(None, sentences)), Code.DAMAGED_TEXT)


def creations_stopped(why: str) -> Reason:
    """No record can be created at the moment, while updates go on (rule 22)."""
    return Reason(Status.FAILED, why, Code.CREATIONS_STOPPED)


def id_changed(target: System, stored: Value) -> Reason:
    """``target`` holds a wrong ID, and updates are off (rule 7)."""
    return Reason(
        Status.FAILED,
        f"{target.label} holds another ID ({stored}) than the record it is paired with, and updates are off."
        " Put the ID right there.",
        Code.ID_CHANGED,
    )


def contact_failed(why: str) -> Reason:
    """A conversation waits for its contact, which is not in Salesforce (rule 13)."""
    return Reason(Status.FAILED, f"Its contact is not in Salesforce. {why}", Code.CONTACT_FAILED)


def altered_after_write(target: System, label: str, before: str = "", *, others: bool = False) -> Reason:
    """``target`` changes the value of the field called ``label`` whenever it is written (rule 5). ``before``:
    why the record fails besides; ``others``: there are further values to write."""
    sentence = f"{target.label} changes {label} after each write."
    parts = filter(None, (before, sentence, OTHERS_ARE_WRITTEN if others else ""))
    return Reason(Status.FAILED, " ".join(parts), Code.ALTERED_AFTER_WRITE)


def _noun(kind: Kind) -> str:
    return "contact" if kind is Kind.CONTACT else "conversation"


def _what_became(state: RecordState, system: System) -> str:
    if state is RecordState.DELETED:
        return f"was deleted in {system.label}"
    if state is RecordState.MERGED:
        return f"was merged into another one in {system.label}"
    if state is RecordState.ABSENT:
        return f"was not found in {system.label}"
    return f"no longer exists in {system.label}"
