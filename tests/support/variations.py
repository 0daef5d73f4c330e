"""Parameters that are crossed with one another, of which not every combination has to be tried each time."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet


def each_once(*values: Sequence[Any]) -> list[ParameterSet]:
    """Every combination of one value of each sequence, for ``pytest.mark.parametrize``: as few as hold each
    value once run always, and the others are variations."""
    longest = max(map(len, values))
    always = {tuple(at % len(some) for some in values) for at in range(longest)}
    return [
        pytest.param(
            *(some[at] for some, at in zip(values, places, strict=True)),
            marks=[] if places in always else pytest.mark.variation,
        )
        for places in product(*(range(len(some)) for some in values))
    ]
