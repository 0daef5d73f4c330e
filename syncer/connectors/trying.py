"""Trying one assumption after another on a connected system (`syncer.core.trust.verdict`)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from syncer.connectors.errors import Fault, LimitReached, ReconnectNeeded
from syncer.core.records import System
from syncer.core.trust.verdict import Check, Finding, Verdict, not_proved

_NETWORK = "network"
_OF_ANOTHER_SHAPE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What reading a reply raises that does not look as it should: here it says something of the system."""


def tried(system: System, tries: Mapping[Check, Callable[[], Finding]]) -> Iterator[Verdict]:
    """The verdict of each try. What cannot be asked is not proved; where nothing can be asked any more, the
    rest is not tried."""
    ended: Fault | None = None
    for check, attempt in tries.items():
        try:
            finding = not_proved(ended.sentence) if ended else attempt()
        except Fault as fault:
            sentence = f"{fault.sentence} ({fault.code})" if fault.code else fault.sentence
            finding = not_proved(sentence, wait_until=_asked_to_wait(fault))
            if isinstance(fault, LimitReached | ReconnectNeeded) or fault.code.lower() == _NETWORK:
                ended = fault
        except _OF_ANOTHER_SHAPE as error:
            finding = not_proved(f"The answer was not understood ({type(error).__name__}).")
        yield Verdict(check.name, system, finding)


def _asked_to_wait(fault: Fault) -> datetime | None:
    """Until when, where the system itself said so: a run keeps to our own share of its limit."""
    return fault.until if isinstance(fault, LimitReached) and fault.share is None else None


def must_be_lasting(fault: Fault) -> None:
    """Raises the fault where it passes, or ends the sign-in: it says nothing about what was asked for."""
    if not fault.permanent or isinstance(fault, ReconnectNeeded):
        raise fault
