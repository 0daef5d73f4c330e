"""The configuration file: from YAML to a document and back (docs/architecture.md, "Surfaces").

Only the shape of a document is checked here. Whether the fields that it names exist, and fit, is for
`syncer.configuration.validation` to say.

What it is checked and read by is imported when it is: a run needs neither.
"""

import json

from syncer.configuration.document import Document
from syncer.configuration.problems import Problem
from syncer.configuration.promotion import Described, is_description
from syncer.configuration.required_mappings import REQUIRED_MAPPINGS

MAX_LENGTH = 500_000
"""Characters of a configuration file: a hundred times what a school needs, and still read within a second or
two."""


_DESCRIBED = "described"


class BadConfiguration(Exception):
    """A configuration that is refused. ``problems`` lists everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        lines = (
            f"{problem.where}: {problem.message}" if problem.where else problem.message
            for problem in problems
        )
        super().__init__("\n".join(lines))
        self.problems = problems


def parse(text: str) -> Document:
    """The document that the YAML ``text`` holds.

    Raises `BadConfiguration` with all problems at once. An empty text is refused too, for it would replace
    every setting with its default.
    """
    from syncer.configuration import yaml_io

    if len(text) > MAX_LENGTH:
        raise _refused(
            f"This is longer than {MAX_LENGTH:,} characters, and no configuration is. Is it the right file?"
        )
    try:
        data = yaml_io.load(text)
    except yaml_io.BadYaml as bad:
        raise BadConfiguration(
            [Problem("error", where, sentence) for where, sentence in bad.problems]
        ) from None
    if data is None or data == {}:
        raise _refused(
            "There is nothing in it. A configuration begins with “version: 1”. Is it the right file?"
        )
    if isinstance(data, dict):
        data.pop(_DESCRIBED, None)
    return validate(data)


def described(text: str) -> Described:
    """What the YAML ``text``, which `parse` takes, says of the mapped fields where it comes from; empty where
    it says nothing that can be understood."""
    from syncer.configuration import yaml_io

    data = yaml_io.load(text)
    kept = data.get(_DESCRIBED) if isinstance(data, dict) else None
    try:
        told = json.loads(kept) if isinstance(kept, str) else None
    except ValueError:
        told = None
    return told if is_description(told) else {}


def validate(data: object) -> Document:
    """``data`` as a document, with the defaults of what it leaves out. Raises `BadConfiguration` with all
    problems at once."""
    from pydantic import ValidationError

    from syncer.configuration.schema import ConfigurationSchema
    from syncer.configuration.schema_messages import to_problem

    try:
        checked = ConfigurationSchema.model_validate({} if data is None else data)
    except ValidationError as error:
        raise BadConfiguration([to_problem(one) for one in error.errors(include_url=False)]) from None
    return checked.model_dump(mode="json", by_alias=True)


def dump(document: Document, there: Described | None = None) -> str:
    """The document as YAML; `parse` gives the same document back. ``there``: what both systems say of its
    fields, which `described` gives back."""
    from syncer.configuration import yaml_io

    text = yaml_io.dump(document)
    if not there:
        return text
    told = json.dumps(json.dumps(there))  # as one text: the file's own keys are checked one by one
    return f"{text}# what both systems say of these fields, for config plan\n{_DESCRIBED}: {told}\n"


def default_document() -> Document:
    """What a school begins with: every default, and the required mappings with their usual fields."""
    mappings = {
        kind.value: [one.default_row for one in required] for kind, required in REQUIRED_MAPPINGS.items()
    }
    return validate({"mappings": mappings})


def _refused(sentence: str) -> BadConfiguration:
    return BadConfiguration([Problem("error", "", sentence)])
