"""Migrations, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from syncer.infra.database.alembic_commands import differences
from syncer.infra.database.engine import engine_for
from syncer.infra.database.migrate import REVISIONS, NewerDatabase, editions, migrate, newest
from syncer.infra.database.table_row import TableRow


def test_a_migrated_database_has_exactly_the_tables_of_the_program(engine: Engine) -> None:
    assert differences(engine) == []
    assert set(inspect(engine).get_table_names()) == {*TableRow.metadata.tables, "alembic_version"}


def test_a_difference_would_be_seen(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE facts ADD COLUMN surplus INTEGER"))
    assert len(differences(engine)) == 1


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO facts (name, value) VALUES ('kept', '{}')"))
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM facts")).scalars().all() == ["kept"]


def test_the_newest_revision_is_known_without_alembic() -> None:
    scripts = ScriptDirectory(str(REVISIONS.parent), version_locations=[str(one) for one in editions()])
    assert scripts.get_heads() == [newest()]
    assert [script.revision for script in scripts.walk_revisions()] == [
        f"{number:04}" for number in range(int(newest()), 0, -1)
    ]


def test_two_programs_that_start_at_once_do_not_disturb_each_other(blank_url: str) -> None:
    engines = [engine_for(blank_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, engines))
    assert differences(engines[0]) == []
    for engine in engines:
        engine.dispose()


def test_a_database_made_by_a_newer_program_is_refused_in_words(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="made by a newer version of this program"):
        migrate(engine)
