"""Who is in a segment, kept in twelve bytes each. Pure; standard library only."""

from bisect import bisect_left
from collections.abc import Iterable

_SIZE = 12


class Members:
    """The ids of everybody in a segment; ``pages`` gives them in their order (contracts/element451.md A3)."""

    def __init__(self, pages: Iterable[Iterable[str]]) -> None:
        self._ids = bytearray()
        for page in pages:
            self._ids += b"".join(map(_packed, page))

    def __contains__(self, identity: str | None) -> bool:
        wanted = _packed(identity or "")
        at = bisect_left(range(len(self)), wanted, key=self._at)
        return at < len(self) and self._at(at) == wanted

    def __len__(self) -> int:
        return len(self._ids) // _SIZE

    def _at(self, number: int) -> bytes:
        return bytes(self._ids[number * _SIZE : (number + 1) * _SIZE])


def _packed(identity: str) -> bytes:
    """An id of 24 hexadecimal digits as bytes, which are in the same order; anything else is nobody's id."""
    try:
        packed = bytes.fromhex(identity)
    except ValueError:
        return b""
    return packed if len(packed) == _SIZE else b""
