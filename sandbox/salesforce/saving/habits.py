"""What the org makes of values that it takes without a word (contracts/salesforce.md A9)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.salesforce.fields import NUMBER_TYPES, Field
from sandbox.salesforce.options import SalesforceOptions
from sandbox.salesforce.saving.convert import Convert

_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")


@dataclass(frozen=True, slots=True)
class Habits:
    """Which habits the org has: e-mail addresses in lower case, the listed spelling of a picklist value that
    is not restricted, numbers of so many significant digits. Rich text is always stored encoded."""

    lowercase_emails: bool
    listed_spelling: bool
    significant_digits: int

    @classmethod
    def of(cls, options: SalesforceOptions) -> "Habits":
        """The habits that the options ask for."""
        return cls(options.lowercase_emails, options.listed_spelling, options.significant_digits)

    def after(self, item: Field, convert: Convert) -> Convert:
        """``convert``, followed by what the org makes of the field's values."""
        if item.htmlFormatted:
            return lambda value: _changed(convert(value), lambda text: _BARE_AMPERSAND.sub("&amp;", text))
        if item.type == "email" and self.lowercase_emails:
            return lambda value: _changed(convert(value), str.lower)
        if item.type in ("picklist", "multipicklist") and self.listed_spelling:
            listed = {value.lower(): value for value, _ in item.pairs}
            return lambda value: _changed(convert(value), lambda text: _spelt(text, listed))
        if item.type in NUMBER_TYPES and self.significant_digits < 17:
            return lambda value: _rounded(convert(value), self.significant_digits)
        return convert


def _changed(value: object, change: Callable[[str], str]) -> object:
    return change(value) if isinstance(value, str) else value


def _spelt(text: str, listed: dict[str, str]) -> str:
    return ";".join(listed.get(part.lower(), part) for part in text.split(";"))


def _rounded(value: object, digits: int) -> object:
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value
