"""What follows from what was read of Element451: one function for each check. Pure: no I/O, no clock."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from syncer.connectors.element451.field_types import FIELD_TYPES, REPEATING
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.trust.clocks import TRUSTED
from syncer.core.trust.verdict import Finding, disproved, not_proved, proved

ASK_THE_VENDOR = (
    "Give the report to Element451 (python -m syncer doctor --report FILE), and let nothing run until this is"
    " cleared up."
)
NO_RECORDS = "There are no contacts to try it on."
_KEYS = ("slug", "name", "type", "entity")
_WORDS = frozenset({"null", "none", "n/a", "undefined", "nil"})
"""Texts that some systems write for nothing. One field may hold such a text rightly: several do not."""
_SUSPICIOUS_FROM = 3


def field_list(rows: Sequence[object], total: object) -> Finding:
    """``rows`` of the whole list; ``total``: how many it said there are."""
    fields = [row for row in rows if isinstance(row, Mapping)]
    lacking = [key for key in _KEYS if any(not row.get(key) for row in fields)]
    if not fields:
        return disproved("The list of fields is empty.", ASK_THE_VENDOR)
    if lacking or len(fields) < len(rows):
        return disproved(
            f"Rows of the list of fields lack: {', '.join(lacking) or 'everything'}.", ASK_THE_VENDOR
        )
    if total != len(rows):
        return disproved(f"The list says {total} fields and has {len(rows)}.", ASK_THE_VENDOR)
    unknown = sorted({str(row["type"]) for row in fields} - FIELD_TYPES.keys() - REPEATING - {"upload"})
    odd = f" Fields of these types cannot be mapped: {', '.join(unknown)}." if unknown else ""
    return proved(f"{len(rows)} fields, each with slug, name, type and kind of record.{odd}")


def changed_since(
    stamps: Mapping[str, datetime], moment: datetime, since: set[str], after: set[str]
) -> Finding:
    """``stamps``: when each contact of a sample changed; ``since`` and ``after``: what was found from
    ``moment`` on, and from a second later on."""
    missed = {id for id, stamp in stamps.items() if stamp >= moment} - since
    missed |= {id for id, stamp in stamps.items() if stamp > moment} - after
    extra = {id for id, stamp in stamps.items() if stamp < moment} & since
    extra |= {id for id, stamp in stamps.items() if stamp <= moment} & after
    if extra:
        found = f"{len(extra)} of {len(stamps)} contacts were found although they had changed before."
        return disproved(found, ASK_THE_VENDOR)
    if missed and all(stamps[id] == moment for id in missed):
        found = "What changed in the very second that is asked for is not found."
        return disproved(found, ASK_THE_VENDOR)
    if missed:
        found = f"{len(missed)} of {len(stamps)} contacts were not found although they changed then or later."
        return disproved(found, ASK_THE_VENDOR)
    return proved(f"Of {len(stamps)} contacts exactly those were found that changed then or later.")


def order(ids: Sequence[str], behind: str, following: Sequence[str]) -> Finding:
    """``ids``: a page of a segment; ``following``: the page that was asked for behind the id ``behind`` of
    it."""
    if len(ids) < 3:
        return not_proved("There are too few contacts to see an order.")
    if any(first >= second for first, second in pairwise(ids)):
        return disproved("A page of contacts is not in the order of their ids.", ASK_THE_VENDOR)
    rest = ids[ids.index(behind) + 1 :]
    if list(following[: len(rest)]) != rest:
        return disproved("last_id does not go on behind that id.", ASK_THE_VENDOR)
    return proved(
        f"{len(ids)} contacts came in the order of their ids, and last_id went on behind one of them."
    )


def last_page(rows: Sequence[object], mark: object) -> Finding:
    """``rows`` of the page behind the highest id that can be; ``mark``: its next_last_id."""
    if rows:
        found = f"Behind the highest id came {len(rows)} records instead of none: a reading would never end."
        return disproved(found, ASK_THE_VENDOR)
    spelling = (
        "no next_last_id" if mark is None else "an empty next_last_id" if mark == "" else "a next_last_id"
    )
    return proved(f"Behind the last record comes a page without rows, with {spelling}.")


def empty_values(rows: Sequence[Mapping[str, Any]], slugs: Sequence[str]) -> Finding:
    """``rows``: contacts with the columns ``slugs``, as they came."""
    known: Counter[str] = Counter()
    odd: dict[str, set[str]] = {}
    for row in rows:
        for slug in slugs:
            if spelling := _known_empty(row, slug):
                known[spelling] += 1
            elif word := _odd_empty(row[slug]):
                odd.setdefault(word, set()).add(slug)
    meant = sorted(word for word, fields in odd.items() if len(fields) >= _SUSPICIOUS_FROM)
    if meant:
        found = f"Empty fields come as {', '.join(meant)}: the sync would take that for a value."
        return disproved(found, ASK_THE_VENDOR)
    if not known:
        return not_proved("No field of the sample is empty.")
    return proved(f"Empty fields come as {', '.join(sorted(known))}.")


def _known_empty(row: Mapping[str, Any], slug: str) -> str:
    """How a cell spells empty, of the spellings that are known; an empty text for every other cell."""
    if slug not in row:
        return "no key"
    value = row[slug]
    if isinstance(value, str) and not value.strip():
        return "blanks" if value else "empty text"
    return {"None": "null", "[]": "an empty list"}.get(repr(value), "")


def _odd_empty(value: object) -> str:
    """What may be meant as empty and would be read as a value."""
    if value == {}:
        return "an empty object"
    word = value.strip().lower() if isinstance(value, str) else ""
    return f"the text “{word}”" if word in _WORDS else ""


def salesforce_id(field: Field | None, slug: str, others: Sequence[str]) -> Finding:
    """``field``: the one that is to hold the Salesforce ID, if there is one; ``others``: slugs that may be
    meant instead."""
    if field is None:
        hint = f" Perhaps it is {' or '.join(others)}." if others else ""
        remedy = f"Map Salesforce's Id to the slug that holds it.{hint}"
        return disproved(f"There is no field {slug}.", remedy)
    flaws = [
        flaw
        for flaw, there in {
            "holds several values": field.family is Family.SEVERAL or field.repeater,
            "holds no text": field.family not in (Family.TEXT, Family.SEVERAL),
            "cannot be written": not field.updatable,
        }.items()
        if there
    ]
    if flaws:
        return disproved(
            f"{slug} {' and '.join(flaws)}.", "Map Salesforce's Id to a text field that an import can write."
        )
    return proved(f"{slug} is a text field that can be written.")


def conversations(rows: Sequence[Mapping[str, Any]], id_slug: str, slugs: Sequence[str]) -> Finding:
    """``rows`` of a first page with the columns ``slugs``."""
    if not rows:
        return proved("Conversations can be exported; there is none yet.")
    lacking = [slug for slug in (id_slug, *slugs[:1]) if any(not row.get(slug) for row in rows)]
    if lacking:
        return disproved(f"Conversations come without {', '.join(lacking)}.", ASK_THE_VENDOR)
    return proved(f"Conversations come with {', '.join([id_slug, *slugs])}.")


def unknown_ids(asked: str, unknown: str, brought: Sequence[str]) -> Finding:
    """What came when a contact and an id that nobody has were read together."""
    if unknown in brought:
        return disproved("A contact that does not exist comes as a row.", ASK_THE_VENDOR)
    if asked not in brought:
        return disproved("An id that does not exist keeps the others from being read.", ASK_THE_VENDOR)
    return proved("An id that does not exist is missing from the answer; the other one came.")


def names(read: Mapping[str, Mapping[str, str]], searched: Mapping[str, Mapping[str, str]]) -> Finding:
    """The same contacts by id: their filled names and e-mail as they were read, and as a search gave them."""
    lacking = {
        name
        for id, values in read.items()
        for name, value in values.items()
        if id in searched and searched[id].get(name) != value
    }
    if not any(read.values()):
        return not_proved("No contact of the sample has a name or an e-mail address.")
    if lacking:
        found = f"A search does not give what the contact holds in: {', '.join(sorted(lacking))}."
        return disproved(found, "The nightly check of all names would see differences: tell Element451.")
    return proved(f"A search gave the names and e-mail addresses of {len(read)} contacts.")


def search(id: str, by_in: Sequence[str], by_match: Sequence[str]) -> Finding:
    """Whether the contact was found by its e-mail address."""
    failed = [name for name, found in (("$in", by_in), ("$match", by_match)) if id not in found]
    if failed:
        return disproved(
            f"{' and '.join(failed)} did not find a contact by the e-mail address that it holds.",
            "Switch matching by fields off, and give the report to Element451.",
        )
    return proved("$in, and $match without regard to case, found a contact by its e-mail address.")


def clock(server: datetime, now: datetime, newest: datetime | None) -> Finding:
    """The ``server``'s date in the moment that was ``now`` here, and the newest stamp of a sample."""
    off = abs(server - now)
    if off > TRUSTED:
        found = f"Element451's clock and this machine's differ by {_minutes(off)}."
        return disproved(found, "Set this machine's clock by a time server, or tell Element451.")
    if newest and newest - now > TRUSTED:
        return disproved(f"Contacts carry stamps {_minutes(newest - now)} in the future.", "Tell Element451.")
    return proved("Element451's clock and stamps agree with this machine's clock.")


def _minutes(difference: timedelta) -> str:
    return f"{difference.total_seconds() / 60:,.0f} minutes"
