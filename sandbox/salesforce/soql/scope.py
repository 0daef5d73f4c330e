"""Names of a query resolved against the schema: fields, parents reached by joins, and how each is read in
SQL."""

from dataclasses import dataclass, field

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.org import Org
from sandbox.salesforce.present import column_sql
from sandbox.salesforce.soql.errors import located
from sandbox.salesforce.soql.parse import Path
from sandbox.salesforce.visibility import quote

DEEPEST = 5
HINT = (
    " If you are attempting to use a custom {0}, be sure to append the '__c' after the {1} name."
    " Please reference your WSDL or the describe call for the appropriate names."
)


@dataclass
class Scope:
    """One object in FROM and the parents that its query reaches."""

    org: Org
    soql: str
    item: SObject
    joins: dict[tuple[str, ...], tuple[str, SObject]] = field(default_factory=dict)
    sql: list[str] = field(default_factory=list)

    def resolve(self, path: Path) -> tuple[tuple[str, ...], str, SObject, Field]:
        """A path's parents (as spelt by the schema), the alias of its table, the object and the field. Raises
        SalesforceError."""
        parents, alias, item = self.parent(path, path.names[:-1])
        name = path.names[-1]
        found = item.field(name)
        if found is None:
            message = f"No such column '{name}' on entity '{item.name}'." + HINT.format(
                "field", "custom field"
            )
            raise located(self.soql, path.at, "INVALID_FIELD", message)
        return parents, alias, item, found

    def parent(self, path: Path, names: tuple[str, ...]) -> tuple[tuple[str, ...], str, SObject]:
        """Join the parents on the way. Raises SalesforceError (INVALID_FIELD) for a relationship that there
        is not."""
        if names and names[0].lower() == self.item.name.lower():
            names = names[1:]  # the object's own name may come before a field
        if len(names) > DEEPEST:
            raise located(
                self.soql, path.at, "MALFORMED_QUERY", "the relationship path is longer than five levels"
            )
        alias, item, spelt = "t.", self.item, tuple[str, ...]()
        for name in names:
            lookup = item.by_relationship.get(name.lower())
            target = (
                next((known for known in map(self.org.schema.find, lookup.referenceTo) if known), None)
                if lookup and not lookup.hidden
                else None
            )
            if lookup is None or target is None:
                message = f"Didn't understand relationship '{name}' in field path." + HINT.format(
                    "relationship", "custom relationship"
                ).replace("'__c'", "'__r'")
                raise located(self.soql, path.at, "INVALID_FIELD", message)
            spelt = (*spelt, str(lookup.relationshipName))
            if spelt not in self.joins:
                short = f"p{len(self.joins)}."
                source = self.org.store.visibility.source(target)
                self.sql.append(
                    f" LEFT JOIN {source} {short[:-1]} ON {short}Id = {alias}{quote(lookup.column)}"
                )
                self.joins[spelt] = (short, target)
            alias, item = self.joins[spelt]
        return spelt, alias, item

    def from_sql(self) -> str:
        """The FROM clause with its joins."""
        return f"{self.org.store.visibility.source(self.item)} t{''.join(self.sql)}"

    @staticmethod
    def column(alias: str, item: SObject, found: Field) -> str:
        """How a field is read."""
        return column_sql(item, found, alias)


def object_named(org: Org, soql: str, name: str, at: int) -> SObject:
    """The object in FROM. Raises SalesforceError (INVALID_TYPE)."""
    found = org.schema.find(name)
    if found is None:
        message = f"sObject type '{name}' is not supported." + HINT.format("object", "entity")
        raise located(soql, at, "INVALID_TYPE", message)
    return found


def refuse_filter(item: Field) -> SalesforceError:
    """For a field that WHERE cannot hold."""
    return SalesforceError(400, "INVALID_FIELD", f"field '{item.name}' can not be filtered in a query call")
