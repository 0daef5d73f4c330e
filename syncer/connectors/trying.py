"""Trying one assumption after another on a connected system (`syncer.core.trust.verdict`)."""

from collections.abc import Callable, Iterator, Mapping

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
            finding = not_proved(f"{fault.sentence} ({fault.code})" if fault.code else fault.sentence)
            if isinstance(fault, LimitReached | ReconnectNeeded) or fault.code.lower() == _NETWORK:
                ended = fault
        except _OF_ANOTHER_SHAPE as error:
            finding = not_proved(f"The answer was not understood ({type(error).__name__}).")
        yield Verdict(check.name, system, finding)


def must_be_lasting(fault: Fault) -> None:
    """Raises the fault where it passes, or ends the sign-in: it says nothing about what was asked for."""
    if not fault.permanent or isinstance(fault, ReconnectNeeded):
        raise fault
