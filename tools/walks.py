"""``python -m tools.walks``: which files a record passes, written into docs/architecture.md.

Two walks are traced in memory, with a profile hook, on the small school of the tests. Nothing is sent
anywhere.

- A contact that changed in Element451: from the page that the connector gives to the entry in the log.
- Retry of a failed entry: from the request that the button in `dashboard/views/logs/retry.py` makes to the
  new entry, done by the worker's handler. The queue is left out: a job carries the request's number only.
  Plan, push and log are the steps of the first walk, by the same engine, and not listed a second time.

A file of syncer/, worker/ or dashboard/ is on a walk where one of its functions receives or returns the
record. That is an object or a row which names it by ``id``, ``element_id`` or ``salesforce_id`` (a record,
pair, plan, outcome or entry), or a page, list or object that holds one. Before the entry is looked up, Retry
knows nothing but its number: an argument or attribute ``entry`` with that number counts as well.

What receives only values, or only an ID, is a helper and not on the walk; nor is syncer/infra/, which stores
and encodes whatever it is given. Files are in the order in which the record reaches them first.
"""

import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import redis
import structlog

from syncer.application.container import Application
from syncer.application.request_handler import handle_all
from syncer.core.plan import Status
from syncer.core.preferences import ExportMode
from tests.support.world import World
from worker.client import WorkerClient

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- walks: begin -->", "<!-- walks: end -->"
CHANGED = "A changed contact, from the connector's page to the log entry"
RETRIED = "A click on Retry, to its new entry, besides the steps that it shares with the first walk"
JOINTS = ("syncer/sync/engine.py", "syncer/journal/log.py")
"""Where Retry enters the steps of the first walk, and where it ends with them."""
NAMES = ("id", "element_id", "salesforce_id")
DEEPEST = 4
"""How many objects within one another are looked into."""


@dataclass
class Walk:
    """The files that a record passes while `traced`. ``ids``: both its IDs; ``entry``: the number of the
    entry that is retried."""

    ids: frozenset[str]
    entry: int | None = None
    files: list[str] = field(default_factory=list)

    @contextmanager
    def traced(self) -> Iterator[None]:
        """Follow the record in this thread, and in those that are started."""
        before = sys.getprofile()
        threading.setprofile(self._hook)
        sys.setprofile(self._hook)
        try:
            yield
        finally:
            sys.setprofile(before)
            threading.setprofile(before)

    def _hook(self, frame: FrameType, event: str, result: Any) -> None:
        code = frame.f_code
        if event not in ("call", "return") or code.co_name.startswith("<"):
            return
        file = _file_of(code.co_filename)
        if file is None or file in self.files:
            return
        if event == "return":
            found = self._holds(result)
        else:
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            given = {name: frame.f_locals.get(name) for name in names if name not in ("self", "cls")}
            found = self._is_entry(given) or any(self._holds(value) for value in given.values())
        if found:
            self.files.append(file)

    def _is_entry(self, named: Mapping[str, Any]) -> bool:
        return self.entry is not None and named.get("entry") == self.entry

    def _holds(self, value: Any, depth: int = DEEPEST) -> bool:
        """Whether ``value`` is the record, or holds it."""
        if isinstance(value, list | tuple | set | frozenset):
            inner: Iterable[Any] = value
        else:
            named = _attributes(value)
            if self._is_entry(named) or any(str(named.get(name)) in self.ids for name in NAMES):
                return True
            inner = named.values()
        return depth > 0 and any(self._holds(each, depth - 1) for each in inner)


def _file_of(path: str) -> str | None:
    """The path from the repository's root, of a file of the product."""
    file = path.removeprefix(f"{ROOT}/")
    product = file.startswith(("syncer/", "worker/", "dashboard/")) and not file.startswith("syncer/infra/")
    return file if product else None


def _attributes(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name, None) for one in fields(value)}
    return {}


def changed_contact(application: Application) -> list[str]:
    """The files that a contact passes when somebody edited it in Element451 and a run carries that over."""
    world = _school(application)
    element_id, salesforce_id = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.element451.people.edit(element_id, {"user-first-name": "Anna"})
    walk = Walk(frozenset({element_id, salesforce_id}))
    with walk.traced():
        world.sync()
    assert world.entries()[-1]["status"] == Status.UPDATED
    return walk.files


def retried_entry(application: Application) -> list[str]:
    """The files that a failed contact passes when somebody puts it right and clicks Retry."""
    world = _school(application)
    element_id, salesforce_id = world.pair({}, {"user_email_address": "not an address"})
    world.sync()
    failed = next(entry for entry in world.entries() if entry["status"] == Status.FAILED)
    world.element451.people.edit(element_id, {"user-email-address": "ann@school.edu"})
    nowhere = redis.Redis(unix_socket_path=str(application.settings.data_dir / "no server"))
    walk, engine = Walk(frozenset({element_id, salesforce_id}), failed["id"]), world.sync_engine()
    with structlog.testing.capture_logs(), walk.traced():
        WorkerClient(application, nowhere).retry(failed["id"])
        handle_all(engine)
    assert world.entries()[-1]["retry_of"] == failed["id"]
    assert world.entries()[-1]["status"] == Status.UPDATED
    return walk.files


def _school(application: Application) -> World:
    world = World(application.database)
    world.configure(update_existing=True, export_mode=ExportMode.UPDATE_EXISTING)
    return world


def walks() -> dict[str, list[str]]:
    """Both walks: title -> files."""
    found = {}
    for title, traced in ((CHANGED, changed_contact), (RETRIED, retried_entry)):
        with (
            tempfile.TemporaryDirectory() as folder,
            Application.from_environment({"DATA_DIR": folder}) as application,
        ):
            found[title] = traced(application)
    shared = set(found[CHANGED]) - set(JOINTS)
    return found | {RETRIED: [file for file in found[RETRIED] if file not in shared]}


def written(document: str, found: Mapping[str, list[str]]) -> str:
    """``document`` with these walks in their section."""
    before, after = document.split(BEGIN)[0], document.split(END)[1]
    lists = [
        "\n".join([f"### {title}", "", *(f"{number}. `{file}`" for number, file in enumerate(files, 1))])
        for title, files in found.items()
    ]
    return "\n\n".join([f"{before}{BEGIN}", *lists, f"{END}{after}"])


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), walks()), encoding="utf-8")
