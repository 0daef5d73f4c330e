"""How many records of an object an org takes in one part, as far as its refusals have shown."""

import threading
from collections.abc import Collection, MutableMapping


class PartSizes:
    """Sizes by the objects' API names, at most ``most`` records. Safe for threads.

    ``known`` keeps what was learned: it is read and written here, and may outlive this object.
    """

    def __init__(self, most: int, known: MutableMapping[str, int] | None = None) -> None:
        self._lock, self._most = threading.Lock(), max(1, most)
        self._known = {} if known is None else known

    def of(self, entity: str) -> int:
        """How many records of this object a part may have."""
        with self._lock:
            return min(self._most, self._known.get(entity, self._most))

    def learn(self, entity: str, refused: Collection[int], passed: Collection[int]) -> None:
        """Note which sizes of parts were too large in one sending, and which passed.

        The next parts have the largest size that passed below every one that was refused. Where even a single
        record was refused, that record was to blame, and not the size.
        """
        if not refused:
            return
        bound = min(refused)
        fitting = max((size for size in passed if size < bound), default=0)
        with self._lock:
            held = self._known.get(entity, self._most)
            best = max(held, fitting) if held < bound else fitting
            if best:
                self._known[entity] = best
