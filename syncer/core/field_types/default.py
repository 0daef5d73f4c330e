"""Defaults: the value that a new record gets where its source has none. Pure; standard library only."""

import re
from datetime import date, timedelta

from syncer.core.field_types.field_type import Family, Unfit
from syncer.core.field_types.fit import misfit_of
from syncer.core.fields import Field
from syncer.core.records import Value

_DAY = re.compile(r"today(?: *([+-]) *(\d{1,4}) *d)?", re.IGNORECASE)
"""``today``, ``today+30d``, ``today-1d``."""


def default_value(field: Field, text: str, today: date) -> Value:
    """What the default ``text`` is in ``field``, as it will be stored there. Where the field holds a day, it
    may be counted from ``today``. Raises `Unfit`."""
    written = _counted(text, today) if field.family is Family.DATE else text
    value = field.type.convert(field, field.type.read(field, written))
    if problem := misfit_of(field, value):
        raise Unfit(problem, value)
    return field.type.stored(field, value)


def _counted(text: str, today: date) -> str:
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text
    days = timedelta(int(found[2] or 0))
    return (today - days if found[1] == "-" else today + days).isoformat()
