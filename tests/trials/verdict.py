"""How a trial ends that was started by hand."""

from collections.abc import Sequence

AT_MOST = 100


def verdict(tried: str, violations: Sequence[str]) -> int:
    """Print what was broken (the first hundred), and how much was tried; gives the exit status."""
    for violation in violations[:AT_MOST]:
        print(f"VIOLATION: {violation}")
    print(f"{tried}, {len(violations)} violations")
    return 1 if violations else 0
