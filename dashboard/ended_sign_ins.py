"""Sign-ins that people ended before they expired: they stay ended, in every tab and after a restart. The
cookie that a browser keeps would let them in again."""

import hashlib

from sqlalchemy import Engine

from syncer.infra.database import key_value
from syncer.infra.database.engine import durable

SignIn = tuple[str, float]
"""Identifies a sign-in: whose it is, and when the issuer made it."""
_NAME = "ended sign-ins"


def end(database: Engine, sign_in: SignIn, now: float, lasts: float) -> None:
    """Remember at ``now`` that ``sign_in`` ended, for the seconds that it could have lasted."""
    with durable(database) as connection:
        kept = {name: until for name, until in key_value.read(connection, _NAME).items() if until > now}
        key_value.write(connection, _NAME, {**kept, _name(sign_in): now + lasts})


def has_ended(database: Engine, sign_in: SignIn) -> bool:
    """Whether somebody ended ``sign_in``."""
    with database.connect() as connection:
        return _name(sign_in) in key_value.read(connection, _NAME)


def _name(sign_in: SignIn) -> str:
    return hashlib.sha256(repr(sign_in).encode()).hexdigest()[:32]
