"""What a field holds, in an analyst's words, the same for both systems. Pure; standard library only."""

from syncer.core.field_types.several import CHOICES
from syncer.core.field_types.text import CHOICE, TEXT
from syncer.core.fields import Field


def type_label(field: Field) -> str:
    """What the field holds, in a word or two; the system's own word where there is no better one."""
    return CHOICE.label if field.options and field.type == TEXT else field.type.label


def type_details(field: Field) -> str:
    """What the field holds, with the number of values to choose from, or how long a text may be."""
    word = type_label(field)
    if field.options:
        return f"{word} of {len(field.options)}" if word in (CHOICE.label, CHOICES.label) else word
    return f"{word} (up to {field.length:,} characters)" if field.length and field.type.sized else word
