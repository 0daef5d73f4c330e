"""A migrated PostgreSQL database made as new: emptying one costs a tenth of copying one."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

_KEPT_BY_DELETING = 256 * 1024
"""Bytes up to which deleting rows is quicker than giving a table a new file."""
_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_SCHEMA = """
    SELECT md5(concat(
        (SELECT string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable), ',' ORDER BY 1)
         FROM (SELECT * FROM information_schema.columns WHERE table_schema = 'public'
               ORDER BY table_name, column_name) AS known),
        (SELECT string_agg(indexdef, ',') FROM (SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
                                                ORDER BY indexname) AS known),
        (SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting),
        (SELECT string_agg(version_num, ',') FROM alembic_version)))"""
_FILLED = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    AND pg_relation_size(oid) > 0"""
_SEQUENCES = """
    SELECT setval(oid::regclass, 1, false) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"""


class Template:
    """What a migrated database is made of: its schema, and the rows that it begins with."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._schema = _schema(connection)
        self._rows: dict[str, Sequence[tuple[Any, ...]]] = {
            name: connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
            for name, _ in connection.execute(_FILLED).fetchall()
        }

    def restore(self, connection: "psycopg.Connection[Any]") -> bool:
        """Make the database of ``connection`` as the template is, and end everybody else's connections to
        it. False where its schema was changed: then it cannot be used again."""
        connection.execute(_OTHERS)
        if _schema(connection) != self._schema:
            return False
        for name, size in connection.execute(_FILLED).fetchall():
            empty = "DELETE FROM {}" if size <= _KEPT_BY_DELETING else "TRUNCATE {}"
            connection.execute(sql.SQL(empty).format(sql.Identifier(name)))
        for name, rows in self._rows.items():
            for row in rows:
                places = sql.SQL(", ").join(sql.Placeholder() * len(row))
                insert = sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(name), places)
                connection.execute(insert, row)
        connection.execute(_SEQUENCES)
        return True


def _schema(connection: "psycopg.Connection[Any]") -> str:
    found = connection.execute(_SCHEMA).fetchone()
    assert found
    return str(found[0])
