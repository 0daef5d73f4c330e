"""Objects and fields of the org, as describe shows them."""

from dataclasses import dataclass, field

TEXT_TYPES = frozenset(
    {"string", "textarea", "picklist", "multipicklist", "email", "phone", "url", "encryptedstring"}
)
NUMBER_TYPES = frozenset({"double", "currency", "percent"})


@dataclass
class Field:
    """One field, under describe's own names.

    ``hidden`` and ``read_only`` are the user's field-level security; ``expression`` computes a read-only
    value in SQL.
    """

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    filterable: bool = True
    sortable: bool = True
    groupable: bool | None = None
    defaultedOnCreate: bool = False
    idLookup: bool = False
    nameField: bool = False
    calculated: bool = False
    restrictedPicklist: bool = False
    htmlFormatted: bool = False
    externalId: bool = False
    unique: bool = False
    encrypted: bool = False
    permissionable: bool = False
    searchPrefilterable: bool = False
    default: object = None
    referenceTo: list[str] = field(default_factory=list)
    relationshipName: str | None = None
    childName: str | None = None
    compound: str | None = None
    extra: str | None = None
    values: list[str | list[str]] = field(default_factory=list)
    inactive: list[str] = field(default_factory=list)  # values that stay on old records and are taken no more
    formula: str | None = None
    expression: str | None = None
    autoNumber: str | None = None
    hidden: bool = False
    read_only: bool = False

    def __post_init__(self) -> None:
        self.column = self.name  # where its values are kept; stays when an administrator renames the field
        self.first_type = self.type
        if self.type in ("id", "reference"):
            self.length = 18
        if self.groupable is None:
            self.groupable = self.type not in ("double", "currency", "percent", "datetime", "address")

    @property
    def custom(self) -> bool:
        """Whether an administrator or a package added it."""
        return self.name.endswith("__c")

    @property
    def required(self) -> bool:
        """Whether a creation must bring a value (contracts/salesforce.md A3)."""
        return self.createable and not self.nillable and not self.defaultedOnCreate

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The picklist as (value, label)."""
        return [(entry, entry) if isinstance(entry, str) else (entry[0], entry[1]) for entry in self.values]

    @property
    def can_create(self) -> bool:
        """Whether the user may set it on a new record."""
        return self.createable and not self.read_only

    @property
    def can_update(self) -> bool:
        """Whether the user may change it."""
        return self.updateable and not self.read_only


@dataclass
class SObject:
    """One object and its fields, in describe's order."""

    name: str
    label: str
    labelPlural: str
    keyPrefix: str
    fields: list[Field]
    mergeable: bool = False
    writable: bool = True
    scopes: list[list[str]] = field(default_factory=list)
    removed: list[tuple[int, Field]] = field(default_factory=list)  # with the place where each was

    def __post_init__(self) -> None:
        self.index()

    def index(self) -> None:
        """Rebuild the look-ups after a field was added, removed or renamed."""
        self.by_name = {item.name.lower(): item for item in self.fields}
        self.by_relationship = {
            item.relationshipName.lower(): item for item in self.fields if item.relationshipName
        }

    @property
    def custom(self) -> bool:
        """Whether an administrator made it."""
        return self.name.endswith("__c")

    @property
    def soft_deletes(self) -> bool:
        """Whether it has a recycle bin."""
        return "isdeleted" in self.by_name

    def field(self, name: str) -> Field | None:
        """The field of that name, in any case, unless the user may not see it."""
        found = self.by_name.get(name.lower())
        return None if found is None or found.hidden else found

    def visible(self) -> list[Field]:
        """The fields that the user may see."""
        return [item for item in self.fields if not item.hidden]

    def components(self, compound: Field) -> list[Field]:
        """The parts of a compound field such as MailingAddress."""
        return [item for item in self.fields if item.compound == compound.name]
