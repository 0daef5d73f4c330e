"""What the environment says to the worker alone; the rest is in `syncer.settings`."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from syncer.settings import BadSettings

_A_DAY = 86_400


@dataclass(frozen=True)
class Options:
    """``interval_seconds`` replaces the interval of the configuration in force (for trials); ``redis_server`` is the program to run as the
    embedded server. None, the default, stands for neither."""

    interval_seconds: int | None = None
    redis_server: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Options":
        """Read `SYNC_INTERVAL_SECONDS` and `REDIS_SERVER`; an empty variable counts as absent. Raises `BadSettings` with all problems at once."""
        given = {name: value.strip() for name, value in (os.environ if environment is None else environment).items() if value.strip()}
        problems: list[str] = []
        options = cls(_seconds(given.get("SYNC_INTERVAL_SECONDS"), problems), _program(given.get("REDIS_SERVER"), problems))
        if problems:
            raise BadSettings(problems)
        return options


def _seconds(text: str | None, problems: list[str]) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= _A_DAY:
        problems.append(f"SYNC_INTERVAL_SECONDS: “{text}” is not a whole number of seconds from 1 to {_A_DAY}. Leave it out to use interval_minutes.")
        return None
    return int(text)


def _program(text: str | None, problems: list[str]) -> Path | None:
    if text is None:
        return None
    path = Path(text).expanduser().absolute()
    if not path.is_file() or not os.access(path, os.X_OK):
        problems.append(f"REDIS_SERVER: “{text}” is not a program. Give the path of redis-server or valkey-server, or leave it out.")
    return path
