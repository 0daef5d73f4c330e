"""What this program keeps on the disk is for its own user alone: students' data, and the key to the
secrets."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from syncer.infra.settings.environment import Settings

_PRIVATE = 0o077
_OURS = ("secret.key", "last-error.txt", "supervisor.lock")


def keep_private() -> None:
    """From now on, files and folders that this process makes are for its own user."""
    os.umask(_PRIVATE)


def correct_old_files(settings: Settings) -> None:
    """Take away from others what an older version, or another umask, let them read. What belongs to somebody
    else is left alone."""
    for path in _ours(settings):
        with suppress(OSError):  # it went away meanwhile, or is not ours to change
            mode = stat.S_IMODE(path.lstat().st_mode)
            if mode & _PRIVATE and not path.is_symlink():
                path.chmod(mode & ~_PRIVATE)


def _ours(settings: Settings) -> Iterator[Path]:
    folder, kept = settings.data_dir, list[Path]()
    kept += [folder / name for name in _OURS]
    if not settings.shared_database:
        database = Path(str(make_url(settings.database_url).database))
        kept += [database, *(database.with_name(f"{database.name}-{part}") for part in ("wal", "shm"))]
    redis = folder / "redis"
    kept += [redis, *(redis.rglob("*") if redis.is_dir() else ())]
    yield from (path for path in kept if path.exists())
    # Not a folder that others share: one is ours where something of ours is in it.
    if any(path.parent == folder and path.exists() for path in kept) and not _is_shared(folder):
        yield folder


def _is_shared(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_ISVTX)
