"""The duplicate rules as rows of their own object, as an administrator's query finds them
(contracts/salesforce.md A9). They are the option ``duplicate_rules``, copied when they are asked for."""

from sandbox.salesforce.ids import make_id
from sandbox.salesforce.org import Org
from sandbox.salesforce.visibility import quote

OBJECT = "DuplicateRule"
_COLUMNS = ("Id", "DeveloperName", "MasterLabel", "SobjectType", "IsActive", "CreatedDate")
_STAMPS = ("LastModifiedDate", "SystemModstamp")


def mirror(org: Org) -> None:
    """Make the object's rows those of the option."""
    prefix, now = org.schema.get(OBJECT).keyPrefix, org.store.now()
    columns = (*_COLUMNS, *_STAMPS)
    rows = [
        (
            make_id(prefix, number + 1),
            f"{rule['object']}_Duplicate_Rule",
            f"{rule['object']} Duplicate Rule",
            rule["object"],
            True,
            *[now] * (len(_STAMPS) + 1),
        )
        for number, rule in enumerate(org.options.duplicate_rules)
    ]
    org.world.db.execute(f"DELETE FROM {quote(OBJECT)}")
    org.world.db.executemany(
        f"INSERT INTO {quote(OBJECT)} ({', '.join(map(quote, columns))}) VALUES"
        f" ({', '.join('?' * len(columns))})",
        rows,
    )
