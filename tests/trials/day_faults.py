"""What a day brings to a school's installation, one of it at a time: each gives a word on what it did; None
where it cannot be done at this moment."""

from collections.abc import Callable, Mapping
from functools import partial

from redis.exceptions import RedisError
from sqlalchemy import make_url

from syncer.infra.database.backup import back_up
from tests.support.listeners import Hook
from tests.support.sandbox import RunningSandbox
from tests.trials.stand import HORSE, REDIS, SCHEDULER, SUPERVISOR, WORKER, Stand
from worker.embedded_redis.connection import queue_on

Fault = Callable[[], str | None]
_LOCKED = [{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "unable to obtain exclusive access"}]
_DISABLED = [{"errorCode": "API_DISABLED_FOR_ORG", "message": "The REST API is not enabled"}]
_ENOUGH = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
_FULL = {"statusCode": "STORAGE_LIMIT_EXCEEDED", "message": "storage limit exceeded", "fields": []}
_AHEAD = 3600
CLOCKS = {
    "the clock is three hours ahead": 3 * 3600,
    "the clock is forty days ahead": 40 * 86_400,
    "the clock is half an hour behind": -1800,
    "the clock is three hours behind": -3 * 3600,
    "the clock is two days behind": -2 * 86_400,
}
"""By how many seconds the installation's clock goes wrong."""


def faults_of_a_day(stand: Stand, sandbox: RunningSandbox, hook: Hook) -> Mapping[str, Fault]:
    """All but those of the clock, by what they are called."""

    def order(action: str, **rule: object) -> Fault:
        def ordered() -> str:
            sandbox.fault(action, **rule)
            return "ordered"

        return ordered

    def set_option(**values: object) -> str:
        sandbox.options(**values)
        return f"set {values}"

    def expire() -> str:
        sandbox.expire_tokens()
        return "every session ended"

    def close_webhook() -> str:
        hook.status = 503
        return "the webhook is closed for a while"

    def expire_while_paging() -> str:
        sandbox.meanwhile(path="/query", moment="after").expire_tokens()
        return "ordered"

    def put_foreign_job() -> str | None:
        try:
            with stand.redis() as connection:
                queue_on(connection).enqueue_call("tests.worker.foreign.leave_trace", timeout=-1)
        except RedisError:
            return None
        return "somebody put a job of their own into the queue"

    def back_up_database() -> str:
        settings = stand.installation.application.settings
        file = settings.data_dir / "day.backup"
        file.unlink(missing_ok=True)
        back_up(make_url(settings.database_url), file)
        return f"{file.stat().st_size} bytes"

    of_theirs, of_ours = {"system": "salesforce"}, {"system": "element451"}
    wait = partial(order, "status", status=429, body={"message": "slow down"}, **of_ours)
    killed = {f"the {part} is killed": partial(stand.kill, part) for part in _PARTS}
    return {
        **killed,
        "Salesforce's edge is overloaded": order("html503", **of_theirs, times=2),
        "Element451 is overloaded": order("status", **of_ours, status=503, times=2),
        "a write to Salesforce does not arrive": order("cut_before", **of_theirs, kind="write"),
        "the reply to a write to Salesforce is lost": order("cut_after", **of_theirs, kind="write"),
        "the reply to a write to Element451 is lost": order("cut_after", **of_ours, kind="write"),
        "a write to Element451 is carried out and refused": order(
            "status_after", **of_ours, kind="write", status=502
        ),
        "a read is cut": order("cut_after", kind="read"),
        "a call is slow": order("delay", ms=1500),
        "every session ends": expire,
        "a session ends while a query is paged": expire_while_paging,
        "a call takes longer than calls may": order("delay", ms=11_000),
        "a limit of the whole organization is met by one record": order(
            "record", object="Contact", error=_FULL
        ),
        "Salesforce allows no more calls": order("status", **of_theirs, status=403, body=_ENOUGH),
        "Element451 asks to wait": wait(headers={"Retry-After": "1"}),
        "Element451 asks to wait for long": wait(headers={"Retry-After": "2700"}),
        "Element451 asks to wait in odd words": wait(headers={"Retry-After": "1e30"}),
        "getUpdated is refused": order("status", path="/updated", status=400, body=_LOCKED),
        "the clock of both systems' replies jumps": partial(
            set_option, salesforce_date_off=_AHEAD, element451_date_off=-_AHEAD
        ),
        "nobody takes alerts": close_webhook,
        "a stranger reaches the queue": put_foreign_job,
        "the database is backed up": back_up_database,
    }


def refuse(sandbox: RunningSandbox) -> None:
    """From now on, Salesforce refuses every call."""
    sandbox.fault("status", system="salesforce", status=403, body=_DISABLED, times=-1)


def calm(sandbox: RunningSandbox, hook: Hook) -> None:
    """End what lasts of them."""
    sandbox.clear_faults()
    sandbox.options(salesforce_date_off=0, element451_date_off=0)
    hook.status = 204


_PARTS = (HORSE, WORKER, SCHEDULER, REDIS, SUPERVISOR)
