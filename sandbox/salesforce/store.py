"""The org's rows in SQLite: one table an object, stamps, and the recycle bin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sandbox.journal import By
from sandbox.salesforce.fields import NUMBER_TYPES, TEXT_TYPES, Field, SObject
from sandbox.salesforce.ids import PERSON_ID, USER_ID, make_id
from sandbox.salesforce.schema import Schema
from sandbox.salesforce.stamps import stamp
from sandbox.salesforce.visibility import Visibility, before, quote, server_time
from sandbox.world import World

Values = dict[str, object]


def column_definition(item: Field, plain: bool = False) -> str:
    """The column that keeps a field's values, as SQL defines it; ``plain`` ones are never computed."""
    if item.type == "id":
        return f"{quote(item.column)} TEXT PRIMARY KEY"
    if item.type in TEXT_TYPES:
        kind = "TEXT COLLATE NOCASE"  # SOQL compares text without regard to case
    elif item.type in NUMBER_TYPES:
        kind = "REAL"
    else:
        kind = "INTEGER" if item.type in ("boolean", "int") else "TEXT"
    computed = f" GENERATED ALWAYS AS ({item.expression}) VIRTUAL" if item.expression and not plain else ""
    return f"{quote(item.column)} {kind}{computed}"


def _user(by: By) -> str:
    return USER_ID if by == "api" else PERSON_ID


def folded(value: object) -> object:
    """A value as unique fields compare it: text without regard to case."""
    return value.lower() if isinstance(value, str) else value


class Store:
    """Reads and writes rows. It trusts its callers: values were checked before."""

    def __init__(self, world: World, schema: Schema) -> None:
        self._world = world
        self._db = world.db
        self._schema = schema
        self.visibility = Visibility(world)

    def create_tables(self) -> None:
        """Make the tables that are missing, and the two users."""
        for item in self._schema.objects.values():
            stored = [found for found in item.fields if found.type != "address"]
            for table, plain in ((item.name, False), (before(item), True)):
                self._db.execute(
                    f"CREATE TABLE IF NOT EXISTS {quote(table)}"
                    f" ({', '.join(column_definition(found, plain) for found in stored)})"
                )
            keys = [["SystemModstamp", "Id"]] + [
                [found.column]
                for found in stored
                if found.unique
                or found.externalId
                or found.childName
                or (found.idLookup and found.type != "id")
            ]
            for columns in keys:
                name = quote("_".join([item.name, *columns]))
                self._db.execute(
                    f"CREATE INDEX IF NOT EXISTS {name} ON {quote(item.name)}"
                    f" ({', '.join(map(quote, columns))})"
                )
        self._db.execute("CREATE TABLE IF NOT EXISTS sf_sequence (object TEXT PRIMARY KEY, last INTEGER)")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS sf_deleted (object TEXT, id TEXT, date TEXT, PRIMARY KEY (object,"
            " id))"
        )
        self.visibility.create_table()
        self._add_users()

    def add_column(self, item: SObject, field: Field) -> None:
        """Make the column of a new field, where there is none yet."""
        for table in (item.name, before(item)):
            known = {row[1] for row in self._db.execute(f"PRAGMA table_info({quote(table)})")}
            if field.column not in known:
                self._db.execute(f"ALTER TABLE {quote(table)} ADD COLUMN {column_definition(field)}")

    def _add_users(self) -> None:
        now = self.now()
        people = ("Id", "FirstName", "LastName", "Name", "Username", "Email", "Alias", "IsActive")
        columns = (*people, "CreatedDate", "LastModifiedDate", "SystemModstamp")
        for id, first, last in ((USER_ID, "Element451", "Integration"), (PERSON_ID, "Robin", "Registrar")):
            address = f"{last.lower()}@sandbox.example"
            row = (
                id,
                first,
                last,
                f"{first} {last}",
                address,
                address,
                last[:8].lower(),
                True,
                now,
                now,
                now,
            )
            names, marks = ", ".join(map(quote, columns)), ", ".join("?" * len(columns))
            self._db.execute(f'INSERT OR IGNORE INTO "User" ({names}) VALUES ({marks})', row)

    def now(self) -> str:
        """The stamp of this moment."""
        return stamp(server_time(self._world))

    def states(self, item: SObject, ids: Sequence[str]) -> dict[str, bool]:
        """Which of the rows exist, and whether each is in the recycle bin."""
        bin_column = "IsDeleted" if item.soft_deletes else "0"
        marks = ", ".join("?" * len(ids))
        return dict(
            self._db.execute(f"SELECT Id, {bin_column} FROM {quote(item.name)} WHERE Id IN ({marks})", ids)
        )

    def ids_by(self, item: SObject, key: Field, values: Sequence[object]) -> dict[object, list[str]]:
        """The live rows that hold one of the values, by the value in one case (``folded``)."""
        found: dict[object, list[str]] = {}
        column, marks = quote(key.column), ", ".join("?" * len(values))
        live = " AND NOT IsDeleted" if item.soft_deletes else ""
        for value, id in self._db.execute(
            f"SELECT {column}, Id FROM {quote(item.name)} WHERE {column} IN ({marks}){live} ORDER BY Id",
            values,
        ):
            found.setdefault(folded(value), []).append(id)
        return found

    def next_ids(self, item: SObject, count: int) -> list[tuple[str, int]]:
        """``count`` new ids, each with its number (auto numbers use it)."""
        row = self._db.execute("SELECT last FROM sf_sequence WHERE object = ?", (item.name,)).fetchone()
        last = row[0] if row else 1000
        self._db.execute("INSERT OR REPLACE INTO sf_sequence VALUES (?, ?)", (item.name, last + count))
        return [(make_id(item.keyPrefix, number), number) for number in range(last + 1, last + count + 1)]

    def insert(
        self, item: SObject, rows: Sequence[tuple[str, int, Values]], by: By, journal: bool = True
    ) -> None:
        """Store new rows given as (id, number, values by column). What is not given gets its default."""
        now, user = self.now(), _user(by)
        defaults: Values = {
            "CreatedDate": now,
            "LastModifiedDate": now,
            "SystemModstamp": now,
            "CreatedById": user,
            "LastModifiedById": user,
        }
        defaults = {name: value for name, value in defaults.items() if name.lower() in item.by_name}
        for found in item.fields:
            if found.expression is None and (found.type == "boolean" or found.default is not None):
                defaults[found.column] = found.default if found.default is not None else False
        if "ownerid" in item.by_name:
            defaults["OwnerId"] = user
        auto = next((found for found in item.fields if found.autoNumber), None)
        groups: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
        for id, number, values in rows:
            row = {"Id": id, **defaults, **values}
            if auto is not None and auto.autoNumber is not None:
                row.setdefault(auto.column, auto.autoNumber.replace("{000000}", f"{number:06}"))
            groups[tuple(row)].append(tuple(row.values()))
        for columns, group in groups.items():
            marks = ", ".join("?" * len(columns))
            self._db.executemany(
                f"INSERT INTO {quote(item.name)} ({', '.join(map(quote, columns))}) VALUES ({marks})", group
            )
        if journal:
            ids = [id for id, _, _ in rows]
            self.note(item, "create", [(id, values) for id, _, values in rows], by)
            self.visibility.changed(item, ids, by, new=True)

    def update(
        self,
        item: SObject,
        rows: Sequence[tuple[str, Values]],
        by: By,
        operation: str = "update",
        stamped: bool = True,
    ) -> None:
        """Change rows given as (id, values by column), and move their stamps."""
        self.visibility.changed(item, [id for id, _ in rows], by)
        now = self.now()
        stamps: Values = (
            {"LastModifiedDate": now, "LastModifiedById": _user(by), "SystemModstamp": now} if stamped else {}
        )
        groups: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
        for id, values in rows:
            row = {**values, **stamps}
            groups[tuple(row)].append((*row.values(), id))
        for columns, group in groups.items():
            changes = ", ".join(f"{quote(column)} = ?" for column in columns)
            self._db.executemany(f"UPDATE {quote(item.name)} SET {changes} WHERE Id = ?", group)
        self.note(item, operation, rows, by)

    def delete(
        self,
        item: SObject,
        ids: Sequence[str],
        by: By,
        changes: Values | None = None,
        operation: str = "delete",
    ) -> None:
        """Put rows into the recycle bin; their SystemModstamp moves."""
        self.update(item, [(id, {"IsDeleted": True, **(changes or {})}) for id in ids], by, operation)
        now = self.now()
        self._db.executemany(
            "INSERT OR REPLACE INTO sf_deleted VALUES (?, ?, ?)", [(item.name, id, now) for id in ids]
        )

    def undelete(self, item: SObject, ids: Sequence[str], by: By) -> None:
        """Take rows back out of the recycle bin; their SystemModstamp moves."""
        master: Values = {"MasterRecordId": None} if "masterrecordid" in item.by_name else {}
        self.update(item, [(id, {"IsDeleted": False, **master}) for id in ids], by, "undelete")
        self._db.executemany(
            "DELETE FROM sf_deleted WHERE object = ? AND id = ?", [(item.name, id) for id in ids]
        )

    def purge(self, item: SObject, ids: Sequence[str], by: By) -> None:
        """Remove rows for good."""
        self._db.executemany(f"DELETE FROM {quote(item.name)} WHERE Id = ?", [(id,) for id in ids])
        self.note(item, "purge", [(id, {}) for id in ids], by)

    def note(
        self, item: SObject, operation: str, rows: Iterable[tuple[str, Mapping[str, object]]], by: By
    ) -> None:
        """Write to the journal."""
        self._world.journal.write_many("salesforce", operation, item.name, rows, by)
