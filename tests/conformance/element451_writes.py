"""How the tests write to an Element451 account, and look at what is there then."""

from syncer.connectors.errors import Result
from syncer.core.error_codes.entry import Cause
from syncer.core.records import Kind, RecordState, Value
from tests.conformance.accounts import SLUG, Account, fields
from tests.conformance.element451_reads import NAMES

Row = dict[str, Value]


def create(account: Account, *rows: Row) -> list[Result]:
    return account.api.create(rows, SLUG, NAMES)


def made(account: Account, **values: Value) -> str:
    """A contact that a person made; slugs without ``user-``."""
    return account.create(
        Kind.CONTACT, {f"user-{slug.replace('_', '-')}": value for slug, value in values.items()}
    )


def values(account: Account, id: str, *slugs: str) -> list[Value]:
    (record,) = account.api.read(Kind.CONTACT, [id], fields(*slugs))
    assert record.state is RecordState.LIVE
    return [record.values[slug] for slug in slugs]


def everyone(account: Account) -> list[str]:
    return [
        record.id for page in account.api.changed(Kind.CONTACT, NAMES, None, None) for record in page.records
    ]


def named_a(number: int) -> list[Row]:
    """So many rows to create."""
    return [{SLUG: f"K{place}", "user-first-name": "A"} for place in range(number)]


def cause(result: Result) -> Cause | None:
    return result.refusal.cause if result.refusal else None
