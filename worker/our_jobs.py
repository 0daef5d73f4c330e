"""Which jobs are done. Whoever reaches Redis can put anything into the queue: only the functions of
`worker.jobs` are called, with numbers and short names, and nothing else that a job may name."""

import re
from collections.abc import Callable
from inspect import isfunction
from typing import Any

from rq.exceptions import DeserializationError
from rq.job import Job

_MODULE = "worker.jobs"
_NAME = re.compile(r"[\w.:-]{1,100}", re.ASCII)


class ForeignJob(Exception):
    """The queue holds a job that we have not put there."""


class OurJob(Job):
    """A job whose function is called only where it is one of ours. Its callbacks and webhooks, which we never
    use, are left out as it is read."""

    def restore(self, raw_data: Any) -> None:
        """Take over what Redis holds of it."""
        super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []

    @property
    def func(self) -> Callable[..., object]:
        """What is called. Raises `ForeignJob`."""
        self.require_ours()
        return _functions()[str(self.func_name)]

    def require_ours(self) -> None:
        """Raises `ForeignJob` where it names another function than ours, or arguments that ours do not
        take."""
        try:
            name, instance, arguments, named = self.func_name, self.instance, self.args, self.kwargs
        except (DeserializationError, TypeError, ValueError):
            raise ForeignJob from None
        if instance is not None or named or name not in _functions():
            raise ForeignJob
        if not isinstance(arguments, list | tuple) or not all(_is_plain(each) for each in arguments):
            raise ForeignJob


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return bool(_NAME.fullmatch(value))
    return isinstance(value, int) and not isinstance(value, bool)


def _functions() -> dict[str, Callable[..., object]]:
    """The jobs by their dotted paths; not what their module imports."""
    from worker import jobs  # which imports the whole product: a client of the queue needs it only here

    return {
        f"{_MODULE}.{name}": each
        for name, each in vars(jobs).items()
        if isfunction(each) and each.__module__ == _MODULE
    }
