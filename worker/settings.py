"""What the environment says to the worker alone; the rest is in `syncer.infra.settings.environment`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from syncer.infra.settings.environment import BadSettings


@dataclass(frozen=True)
class Options:
    """``redis_server`` is the program to run as the embedded server; None, the default, stands for the one
    that comes as a package."""

    redis_server: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Options":
        """Read `REDIS_SERVER`; an empty variable counts as absent. Raises `BadSettings`."""
        given = {
            name: value.strip()
            for name, value in (os.environ if environment is None else environment).items()
            if value.strip()
        }
        problems: list[str] = []
        options = cls(_program(given.get("REDIS_SERVER"), problems))
        if problems:
            raise BadSettings(problems)
        return options


def _program(text: str | None, problems: list[str]) -> Path | None:
    if text is None:
        return None
    path = Path(text).expanduser().absolute()
    if not path.is_file() or not os.access(path, os.X_OK):
        problems.append(
            f"REDIS_SERVER: “{text}” is not a program. Give the path of redis-server or valkey-server, or"
            " leave it out."
        )
    return path
