"""What may be kept of a system's own words about a call that failed: the reason, and nothing of anybody's
record, which messages like to quote. Everybody who may look at a run reads them. No I/O."""

import re

import requests

LONGEST = 300
_BLANKS = re.compile(r"\s+")
_QUERY = re.compile(r"^.*\^\s*(?=ERROR at Row)", re.DOTALL)
"""Salesforce repeats the query before it says what is wrong with it."""
_NAMED = re.compile(
    r"(?:column|entity|field|fields|object|relationship|type|slug|mapping)\s+$", re.IGNORECASE
)
_QUOTED = re.compile(r"(?:(?<!\w)|(?<=\bb))(['\"“‘])(.*?)(?:\1|[”’])(?!\w)")
_GIVEN = re.compile(
    r"(?<=[_ ]value )(?!of\b|for\b|is\b|not\b|too\b).*?(?=$| or request | at \[)", re.IGNORECASE
)
_FOLLOWING = re.compile(r"(?<=ID field: ).*", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+")
_NUMBER = re.compile(r"(?<!\w)\+?\d[\d ().-]{5,}\d(?!\w)")


def without_values(text: str) -> str:
    """``text`` without what may be a value of a record: quotations but the names of fields, values that
    follow their announcement, e-mail addresses, long numbers. One line, of 300 characters at most."""
    text = _BLANKS.sub(" ", _QUERY.sub("", text)).strip()
    text = _QUOTED.sub(lambda found: found[0] if _NAMED.search(text[: found.start()]) else "…", text)
    for pattern in (_GIVEN, _FOLLOWING, _ADDRESS, _NUMBER):
        text = pattern.sub("…", text)
    return text[:LONGEST]


def described(response: requests.Response) -> str:
    """A reply that is not understood, by its form alone."""
    form = response.headers.get("Content-Type") or "no content type"
    return f"HTTP {response.status_code}, {form.partition(';')[0]}, {len(response.content):,} bytes"
