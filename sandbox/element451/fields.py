"""A field of the imitation account, and the rules that its slug and type carry (contracts/element451.md F5,
F7)."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

Entity = Literal["user", "conversation"]

TYPES = frozenset(
    {
        "text",
        "textarea",
        "boolean",
        "checkbox",
        "dropdown",
        "radio",
        "date",
        "datetime",
        "integer",
        "float",
        "array",
        "object",
        "upload",
    }
)
CHOICES = frozenset({"checkbox", "dropdown", "radio"})
WHOLE = frozenset({"array", "object", "upload"})  # hold more than a value: exported as JSON, never imported
_SLUG = re.compile(r"(?:user|conversation)-[a-z0-9_]+(?:-[a-z0-9_]+)*\*?")


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the field catalogue. ``options`` holds (value, label); the value is what is stored."""

    slug: str
    name: str
    type: str = "text"
    read_only: bool = False
    unique: bool = False
    options: tuple[tuple[str, str], ...] = ()
    hidden: bool = False  # not in the catalogue for the time being, though its values are kept

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            raise ValueError(f"{self.slug!r} is not a slug")
        if self.type not in TYPES:
            raise ValueError(f"{self.type!r} is not a field type; there are {', '.join(sorted(TYPES))}")
        if self.options and self.type not in CHOICES:
            raise ValueError(f"a {self.type} field has no options")

    @property
    def entity(self) -> Entity:
        """Whose field it is."""
        return "user" if self.slug.startswith("user-") else "conversation"

    @property
    def repeater(self) -> bool:
        """Whether it holds a list of things: a trailing ``*`` or ``-root`` says so."""
        return self.slug.endswith(("*", "-root"))

    @property
    def importable(self) -> bool:
        """Whether an import may write it."""
        return self.entity == "user" and not (self.read_only or self.repeater or self.type in WHOLE)

    def as_mapping(self) -> dict[str, Any]:
        """The row as ``GET /mappings`` shows it."""
        return {
            "slug": self.slug,
            "name": self.name,
            "type": self.type,
            "entity": self.entity,
            "range": ["unique"] if self.unique else [],
            "repeater": self.repeater,
            "read_only": self.read_only,
            "options": [{"name": label, "value": value} for value, label in self.options],
        }

    def as_json(self) -> dict[str, Any]:
        """The row as the account's own table keeps it."""
        return asdict(self)

    @staticmethod
    def from_json(row: dict[str, Any]) -> "Field":
        """The field that ``as_json`` gave."""
        return Field(**{**row, "options": tuple((value, label) for value, label in row["options"])})
