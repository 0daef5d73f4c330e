"""Disks that cannot be written to: found at the start, and said in words that tell what to do."""

import errno
import os
import tempfile
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
_SAMPLE = 64 * 1024
"""Bytes that must fit: more than a page of any file system, so that a full one is noticed."""


def advice(error: BaseException) -> str:
    """What to do where ``error`` comes of a disk that is full or may not be written to; an empty text where
    it does not."""
    if isinstance(error, OSError):
        full, closed = error.errno in _FULL, error.errno in _CLOSED
    elif isinstance(error, SQLAlchemyError):
        # SQLite and PostgreSQL pass on what the system said, in their own words.
        said = str(getattr(error, "orig", None) or error).lower()
        full = any(
            words in said
            for words in ("disk is full", "disk i/o error", "no space left", "could not extend file")
        )
        closed = any(
            words in said
            for words in ("readonly database", "read-only file system", "unable to open database file")
        )
    else:
        return ""
    if full:
        return "The disk is full, or fails. Make room on it."
    return "Give a place that this program may write to." if closed else ""


def writable(folder: Path) -> str:
    """Make sure that ``folder`` is there and takes files, by writing one and removing it. Returns a sentence
    where it does not, else nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".room-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(b"\0" * _SAMPLE)
        finally:
            Path(draft).unlink()
    except OSError as error:
        return (
            f"The folder {folder} cannot be written to ({error.strerror})."
            f" {advice(error) or 'Give a folder that this program may write to.'}"
        )
    return ""
