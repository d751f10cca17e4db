"""Chunks, as a file that is only read: for age, for tar and for the cage, which ask for bytes by their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Chunks:
    """Chunks of any size, read once from first to last."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        parts = []
        while size > 0 and self._more():
            part, self._left = self._left[:size], self._left[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _more(self) -> bool:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self._left = memoryview(chunk)
        return True
