"""The besider: what a child does with two pictures that may share a part. Bytes in, places as JSON out.

It runs under the same warden, guards and limits as `look` does. Run as
`python -m takeback.cage.besider MEMORY CPU-SECONDS WALL-SECONDS`; a request starts with one byte that says whether
small copies are wanted, four bytes of length and the person's own picture; the file follows.
"""

from __future__ import annotations

import gc
import socket
import sys
from typing import TYPE_CHECKING

from takeback import features, formats, patches, pixels
from takeback.cage import Limits, warden
from takeback.patches import Laid, View

if TYPE_CHECKING:
    from takeback.cage.warden import Read
    from takeback.patches import Patch, Why
    from takeback.pixels import Picture

CHUNK = 1 << 20
HEAD = 5
MOST = 2 * formats.MAX_BYTES + HEAD


def beside(read: Read) -> bytes:
    """A request to its answer. The whole of it is read before a byte is answered."""
    data = bytearray()
    while part := read(CHUNK):
        if len(data) <= MOST:
            data += part
    long = HEAD + int.from_bytes(data[1:HEAD], "big")
    own, file = bytes(data[HEAD:long]), bytes(data[long:])
    wanted = bool(data[0])
    del data
    try:
        return patches.as_json(_laid(pixels.picture(file), pixels.picture(own), views=wanted))
    except formats.Unreadable:
        return patches.as_json(Laid(why="not-pictures"))
    except MemoryError:
        return patches.as_json(Laid(why="stopped"))


def _laid(file: Picture, own: Picture, *, views: bool) -> Laid:
    found, why = _parts(file, own)
    shown = (_view(file), _view(own)) if views else ()
    shapes = ((file.cols, file.rows), (own.cols, own.rows))
    return Laid(found, why, shapes, features.version() if why != "no-library" else "", shown)


def _parts(file: Picture, own: Picture) -> tuple[tuple[Patch, ...], Why | None]:
    if not features.there():
        return (), "no-library"
    here, mine, turned = (
        features.of(bytes(one.rgb), one.rows, one.cols, mirrored=mirrored)
        for one, mirrored in ((file, False), (own, False), (own, True))
    )
    if min(len(here.places), len(mine.places)) < features.AGREE:
        return (), "too-plain"
    found = (*features.common(here, mine), *features.common(here, turned, mirrored=True))
    return tuple(sorted(found, key=lambda one: -one.agree)[: patches.MOST_PATCHES]), None


def _view(picture: Picture) -> View:
    """A small copy."""
    from PIL import Image  # noqa: PLC0415

    image = Image.frombytes("RGB", (picture.cols, picture.rows), bytes(picture.rgb))
    image.thumbnail((patches.LARGEST_VIEW, patches.LARGEST_VIEW), Image.Resampling.BOX)
    return View(image.height, image.width, image.tobytes())


def main() -> None:
    """Take the limits from the command line and the socket from standard input."""
    memory, cpu, wall = map(int, sys.argv[1:4])
    pixels.warm()
    features.warm()
    gc.disable()
    gc.freeze()
    warden.serve(socket.socket(fileno=0), Limits(memory, cpu, wall), beside)


if __name__ == "__main__":
    main()
