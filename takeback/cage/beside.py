"""A file beside a picture of the person's own, in the cage: the parts of one that stand in the other.

Both are decoded in one child, which answers with places and, where they are asked for, two small copies to be shown.
Whatever the files do, `lay` returns: where no part could be looked for it says why.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from takeback import cage, formats, patches

if TYPE_CHECKING:
    from takeback.cage.source import Source
    from takeback.patches import Laid

COMMAND = (sys.executable, "-I", "-m", "takeback.cage.besider")


def lay(source: Source | bytes, own: Source | bytes, *, views: bool = False, within: cage.Cage | None = None) -> Laid:
    """What of `own` stands in `source`; with `views`, small copies of both too. The warden ends with the call."""
    mine = own if isinstance(own, bytes) else _whole(own)
    if mine is None:
        return patches.Laid(why="not-pictures")
    head = bytes([views]) + len(mine).to_bytes(4, "big") + mine
    if within is not None:
        return patches.read(within.ask(source, head, patches.MOST_ANSWER).raw)
    with cage.Cage(command=COMMAND) as own_cage:
        return patches.read(own_cage.ask(source, head, patches.MOST_ANSWER).raw)


def _whole(source: Source) -> bytes | None:
    """All of a file; None where it is larger than any picture that is opened."""
    data = bytearray()
    while part := source.read(cage.CHUNK):
        data += part
        if len(data) > formats.MAX_BYTES:
            return None
    return bytes(data)
