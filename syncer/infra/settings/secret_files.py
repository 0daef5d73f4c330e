"""Secrets given as files, as container platforms hand them out: the setting ``X`` may come as ``X_FILE``, the
path of a file that holds its value."""

from collections.abc import Collection, Mapping
from pathlib import Path

_LONGEST = 65536  # characters; whoever names a disk image by mistake is told so instead of having it read


def with_files(
    environment: Mapping[str, str], secrets: Collection[str], optional: Collection[str], problems: list[str]
) -> dict[str, str]:
    """The variables of ``environment`` that are not blank, without blanks around them; each of ``secrets``
    also from its file.

    What is wrong with a file, or given twice, is added to ``problems`` by name. A file's content is never
    repeated there. The files of ``optional`` secrets may be empty, which counts as absent; an empty file of
    another one would quietly mean another database or key.
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    for name in secrets:
        path = given.pop(f"{name}_FILE", None)
        if path is None:
            continue
        if name in given:
            problems.append(f"{name}_FILE: {name} is set as well. Keep one of the two.")
            continue
        value = _content(name, path, problems)
        if value:
            given[name] = value
        elif value == "" and name not in optional:
            problems.append(f"{name}_FILE: {path} is empty. Put the value of {name} there.")
    return given


def _content(name: str, path: str, problems: list[str]) -> str | None:
    wanted = f"Give the path of a text file that holds the value of {name}, and that this program may read."
    try:
        with open(Path(path).expanduser(), encoding="utf-8") as file:
            text = file.read(_LONGEST + 1)
    except OSError as error:
        problems.append(f"{name}_FILE: {path} cannot be read ({error.strerror}). {wanted}")
        return None
    except UnicodeDecodeError:
        text = "\0"
    if len(text) > _LONGEST or "\0" in text:
        problems.append(f"{name}_FILE: {path} is no text file with one value. {wanted}")
        return None
    return text.strip()
