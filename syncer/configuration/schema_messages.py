"""Problems with the shape of a configuration file, in an analyst's words in place of pydantic's."""

from collections.abc import Mapping, Sequence
from typing import Any

from syncer.configuration.problems import Problem
from syncer.configuration.schema import ConfigurationSchema, Section

Place = Sequence[int | str]


def to_problem(error: Mapping[str, Any]) -> Problem:
    """One of pydantic's errors as a problem with its place in the file."""
    place = [part for part in error["loc"] if part != "[key]"]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")
    return Problem("error", where, _sentence(error, place))


def _sentence(error: Mapping[str, Any], place: Place) -> str:  # noqa: C901, PLR0912  a table: one sentence a case
    """What is wrong, and what would be right. Pydantic's own message remains only for what cannot occur in
    this file."""
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return f"“{place[-1]}” is not known here. Known are: {', '.join(_known(place[:-1]))}."
        case "missing":
            return f"“{place[-1]}” is missing. Add it."
        case "enum":
            return (
                f"{_quoted(error)} is not possible here. Choose"
                f" {str(context['expected']).replace(chr(39), '')}."
            )
        case "bool_parsing" | "bool_type":
            return f"{_quoted(error)} is not possible here. Write true or false."
        case "int_parsing" | "int_parsing_size" | "int_type" | "int_from_float":
            return f"{_quoted(error)} is not a whole number."
        case "greater_than_equal":
            return f"{_quoted(error)} is too small. The smallest number is {context['ge']}."
        case "less_than_equal":
            return f"{_quoted(error)} is too large. The largest number is {context['le']}."
        case "list_type":
            return "A list is needed here, with a dash before each item, or [in brackets]."
        case "model_type":
            return "Settings are needed here, each as “key: value”."
        case "dict_type":
            return "Pairs of values are needed here, each as “Element451 value: Salesforce value”."
        case "string_type" | "string_pattern_mismatch" if "values" in place:
            return "Text is needed here. An empty value cannot be mapped."
        case "string_pattern_mismatch" if place[-1] == "default":
            return "Text is needed here. Remove “default” where there is none."
        case "string_type":
            return "Text is needed here."
        case "string_pattern_mismatch" if place[-1] == "element451" or "match_on" in place:
            return f"{_quoted(error)} cannot be a slug of Element451. A slug looks like user-first-name."
        case "string_pattern_mismatch":
            return (
                f"{_quoted(error)} cannot be an API name of Salesforce. An API name looks like FirstName or"
                " Element451_ID__c."
            )
        case "string_too_long":
            return f"This text is longer than {context['max_length']} characters."
        case "string_unicode":
            return "This text holds characters that cannot be stored."
        case _:
            return str(error["msg"])


def _quoted(error: Mapping[str, Any]) -> str:
    text = str(error["input"])
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"


def _known(place: Place) -> list[str]:
    """The keys that the section of the file at ``place`` may have."""
    section: type[Section] = ConfigurationSchema
    for step in place:
        if isinstance(step, str):
            found = next(field for name, field in section.model_fields.items() if step in (name, field.alias))
            inner: Any = found.annotation
            section = inner.__args__[0] if hasattr(inner, "__args__") else inner
    return [field.alias or name for name, field in section.model_fields.items()]
