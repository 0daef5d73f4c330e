"""``/query`` and ``/queryAll``: pages by locator, each a snapshot of ids whose values are read late
(contracts/salesforce.md A3, A5.2)."""

import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import Field
from sandbox.salesforce.org import Org
from sandbox.salesforce.rest import duplicate_rules
from sandbox.salesforce.rest.api import Call, Reply
from sandbox.salesforce.rest.cursors import Cursor
from sandbox.salesforce.saving.part_limits import check_part
from sandbox.salesforce.soql.compile import Compiled, compile_query, records
from sandbox.salesforce.soql.errors import malformed
from sandbox.salesforce.soql.parse import parse
from sandbox.salesforce.visibility import quote

PAGE = 2000
SMALLEST_PAGE = 200
VERY_WIDE = 100_000  # rows with a field so long come in small pages
_BATCH = re.compile(r"\s*batchSize\s*=\s*(\d+)\s*", re.IGNORECASE)


def query(call: Call) -> Reply:
    """``GET /query?q=``."""
    return _first_page(call, with_deleted=False)


def query_all(call: Call) -> Reply:
    """``GET /queryAll?q=``: deleted and merged rows too."""
    return _first_page(call, with_deleted=True)


def more(call: Call) -> Reply:
    """``GET /query/{locator}-{start}``. A query sent again along with it is ignored."""
    locator, _, start = call.parts[1].rpartition("-")
    others = call.org.options.locators_of_other_sessions
    cursor = call.org.cursors.get(locator, call.org.world.clock.now(), call.session, others)
    if not start.isdigit() or int(start) >= len(cursor.ids):
        raise SalesforceError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    first = int(start)
    compiled = compile_query(call.org, cursor.soql, parse(cursor.soql), cursor.with_deleted)
    ids = cursor.ids[first : first + cursor.page]
    rows = _read(call.org, compiled, ids, cursor.with_deleted)
    return _page(
        call, cursor.soql, compiled, rows, len(cursor.ids), locator=locator, following=first + cursor.page
    )


def _first_page(call: Call, with_deleted: bool) -> Reply:
    if "q" not in call.params:
        raise malformed("A query string has to be specified")
    soql = call.params["q"]
    compiled = compile_query(call.org, soql, parse(soql), with_deleted)
    if compiled.item.name == duplicate_rules.OBJECT:
        duplicate_rules.mirror(call.org)
    db = call.org.world.db
    if compiled.counts:
        (count,) = db.execute(
            f"SELECT count(*) FROM {compiled.source} WHERE {compiled.condition}", compiled.parameters
        ).fetchone()
        return Reply(
            200,
            {
                "totalSize": count if compiled.limit is None else min(count, compiled.limit),
                "done": True,
                "records": [],
            },
        )
    page = _page_size(call, compiled)
    limit = page + 1 if compiled.limit is None else min(compiled.limit, page + 1)
    rows = _select(call.org, compiled, compiled.columns, limit)
    check_part(call.org.options.part_limits, compiled.item, "query", len(rows))
    if len(rows) <= page:
        return _page(call, soql, compiled, rows, len(rows))
    ids = [
        id
        for (id,) in _select(call.org, compiled, ["t.Id"], -1 if compiled.limit is None else compiled.limit)
    ]
    check_part(call.org.options.part_limits, compiled.item, "query", len(ids))
    cursor = Cursor(soql, with_deleted, ids, page, call.org.world.clock.now(), call.session)
    locator = call.org.cursors.add(cursor)
    return _page(call, soql, compiled, rows[:page], len(ids), locator=locator, following=page)


def _select(org: Org, compiled: Compiled, columns: Sequence[str], limit: int) -> list[Any]:
    sql = f"SELECT {', '.join(columns)} FROM {compiled.source} WHERE {compiled.condition}{compiled.order} LIMIT ? OFFSET ?"
    try:
        return org.world.db.execute(sql, [*compiled.parameters, limit, compiled.offset or 0]).fetchall()
    except sqlite3.OperationalError:  # SQLite, too, has a limit to the depth of conditions
        text = "Query is either selecting too many fields or the filter conditions are too complicated."
        raise SalesforceError(400, "QUERY_TOO_COMPLICATED", text) from None


def _read(org: Org, compiled: Compiled, ids: Sequence[str], with_deleted: bool) -> list[Any]:
    live = " AND NOT t.IsDeleted" if compiled.item.soft_deletes and not with_deleted else ""
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT {', '.join(compiled.columns)} FROM {compiled.source} WHERE t.Id IN ({marks}){live}"
    found = {row[0]: row for row in org.world.db.execute(sql, ids)}
    return [found[id] for id in ids if id in found]


def _page_size(call: Call, compiled: Compiled) -> int:
    asked = _BATCH.fullmatch(call.headers.get("sforce-query-options", ""))
    size = min(max(int(asked[1]), SMALLEST_PAGE), PAGE) if asked else PAGE
    return SMALLEST_PAGE if compiled.widest > VERY_WIDE else size


def _page(
    call: Call,
    soql: str,
    compiled: Compiled,
    rows: Sequence[Any],
    total: int,
    *,
    locator: str = "",
    following: int = 0,
) -> Reply:
    found = records(compiled.shape, call.base, rows)
    for name, select, child, lookup in compiled.children:
        inner = compile_query(call.org, soql, select, with_deleted=False, child_of=child)
        _attach(call, found, [row[0] for row in rows], name, inner, lookup)
    call.org.world.counters.read("salesforce", len(found))
    done = not locator or following >= total
    reply: dict[str, Any] = {"totalSize": total, "done": done}
    if not done:
        reply["nextRecordsUrl"] = f"{call.base}/query/{locator}-{following}"
    reply["records"] = found
    return Reply(200, reply)


def _attach(
    call: Call, parents: list[dict[str, Any]], ids: list[str], name: str, inner: Compiled, lookup: Field
) -> None:
    """Put the children of an inner query into their parents: null, not an empty list, where there is none."""
    marks = ", ".join("?" * len(ids))
    column = f"t.{quote(lookup.column)}"
    rows = call.org.world.db.execute(
        f"SELECT {', '.join([*inner.columns, column])} FROM {inner.source} WHERE {inner.condition} AND"
        f" {column} IN ({marks}){inner.order}",
        [*inner.parameters, *ids],
    ).fetchall()
    families: dict[str, list[Any]] = {}
    for row in rows:
        families.setdefault(row[-1], []).append(row)
    for parent, id in zip(parents, ids, strict=True):
        own = families.get(id, [])[: inner.limit]
        parent[name] = (
            {"totalSize": len(own), "done": True, "records": records(inner.shape, call.base, own)}
            if own
            else None
        )
