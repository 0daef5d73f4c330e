"""A sign-in that somebody ended stays ended, whoever serves the dashboard next; others are not touched."""

from sqlalchemy import Engine

from dashboard import ended_sign_ins

MINE, LATER = ("me", 1000.0), ("me", 2000.0)


def test_an_ended_sign_in_is_known_by_whoever_reads_the_database_and_no_other_is(engine: Engine) -> None:
    ended_sign_ins.end(engine, MINE, 1500.0, 3600.0)
    assert ended_sign_ins.has_ended(engine, MINE)
    assert not ended_sign_ins.has_ended(engine, LATER)
    assert not ended_sign_ins.has_ended(engine, ("another", 1000.0))


def test_what_has_expired_anyway_is_forgotten(engine: Engine) -> None:
    ended_sign_ins.end(engine, MINE, 1500.0, 100.0)
    ended_sign_ins.end(engine, LATER, 2500.0, 100.0)
    assert not ended_sign_ins.has_ended(engine, MINE)
    assert ended_sign_ins.has_ended(engine, LATER)
