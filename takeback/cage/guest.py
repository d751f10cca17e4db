"""The warden of one plug-in: it imports the plug-in, and forks a child in which the plug-in looks at the one file.

While it is imported the plug-in can read files, as any import does; it has no network and no socket, can write
to no file, run no program and gain no right. Before it gets a byte of the person's file all guards of the cage hold:
from then on it can open nothing at all, so it has to load its weights while it is imported. A plug-in that starts
threads then can't be shut in, and is not run.
Run as `python -m takeback.cage.guest FOLDER ENTRY MEMORY CPU-SECONDS WALL-SECONDS`.
"""

from __future__ import annotations

import gc
import importlib
import json
import socket
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import formats, pixels
from takeback.cage import Limits, guards, warden
from takeback.plugins import File

if TYPE_CHECKING:
    from collections.abc import Callable

    from takeback.cage.warden import Read

CHUNK = 1 << 20
MOST = 512 << 20
"""Bytes of a file that fit in a child's memory beside what is made of them."""

NOWHERE = "/nowhere"
"""Where compiled twins of modules are looked for: what runs is compiled from the source that was hashed."""

STOPPED = b'{"stopped": true}'


def look(call: Callable[[File], Any], read: Read) -> bytes:
    """A file to what the plug-in says of it, as JSON. The parent believes none of it unread."""
    data = bytearray()
    while part := read(CHUNK):
        data += part
        if len(data) > MOST:
            return STOPPED
    try:
        return json.dumps(call(_file(bytes(data)))).encode()
    except BaseException:  # noqa: BLE001  a stranger's code; what it raised may hold a part of the file
        return STOPPED


def _file(data: bytes) -> File:
    format_ = formats.sniff(data)
    if format_.decoder is None:
        return File(data, format_.name)
    found = pixels.picture(data)
    return File(data, format_.name, bytes(found.rgb), found.rows, found.cols)


def shut_in() -> bool:
    """No network, socket, right or program, nothing to write to; what serves requests takes the reading away too."""
    locked = guards.no_network() and guards.no_new_rights() and guards.no_files(but_reading=True)
    return locked and guards.no_reach()


def called(folder: str, entry: str) -> Callable[[File], Any]:
    """The plug-in's function."""
    sys.pycache_prefix, sys.dont_write_bytecode = NOWHERE, True
    sys.path.append(folder)
    module, _, name = entry.partition(":")
    found: Callable[[File], Any] = getattr(importlib.import_module(module), name)
    return found


def threads() -> int:
    """How many threads there are, those that Python does not know of too. A guard holds for the one that calls it."""
    return len(list(Path("/proc/self/task").iterdir()))


def main() -> None:
    """Shut in first, then imported, then served. Whoever started this hears nothing where that can't be."""
    folder, entry = sys.argv[1:3]
    memory, cpu, wall = map(int, sys.argv[3:])
    pixels.warm()
    if not shut_in():
        sys.exit(1)
    call = called(folder, entry)
    if threads() > 1:
        sys.exit(1)
    gc.disable()
    gc.freeze()
    warden.serve(socket.socket(fileno=0), Limits(memory, cpu, wall), partial(look, call), offline=True)


if __name__ == "__main__":
    main()
