"""The warden: a process that holds no secret, keeps the decoders warm, and forks one child a file.

It reads requests from the socket on its standard input: one byte, with two open pipes beside it, the file's bytes (and
before them a byte that says what is wanted) and the answer's. A video comes as a third beside them, the open file
itself; then the first pipe only says where to begin. The child closes all else, gives up every right (guards.py),
decodes, writes its answer and ends, or is ended by the clock; when it is gone for certain the warden says so with one
byte. It takes one file at a time and ends when its own parent does.
Run as `python -m takeback.cage.warden MEMORY CPU-SECONDS WALL-SECONDS`.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from takeback import film, formats, media, pixels
from takeback.cage import LOOK, LOOK_AT_EDITS, Limits, guards, projector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Read = Callable[[int], bytes]
    Work = Callable[[Read], bytes]

CHUNK = 1 << 20


def look(read: Read) -> bytes:
    """What the child does: the bytes of a file to an answer in JSON, or the reason why there is none."""
    try:
        return json.dumps(WORK[read(len(LOOK))](read)).encode()
    except formats.Unreadable as cause:
        return json.dumps({"why": cause.why}).encode()
    except MemoryError:
        return b'{"why": "stopped"}'


def _look(read: Read, *, edits: bool = False) -> dict[str, object]:
    head = read(CHUNK)
    format_ = formats.sniff(head)
    if format_.decoder is None:
        return {"format": format_.name}
    data = _whole(head, read)
    found = media.hashed(pixels.pictures(data))
    signals = found.signals
    if edits:
        signals += media.edited(pixels.edited(pixels.picture(data)), signals[0])
    hashes = [[signal.edit, signal.value, signal.quality] for signal in signals]
    return {"format": format_.name, "rows": found.rows, "cols": found.cols, "pdq": hashes, "notes": found.notes}


WORK: dict[bytes, Callable[[Read], dict[str, object]]] = {LOOK: _look, LOOK_AT_EDITS: partial(_look, edits=True)}
"""What can be wanted."""


def _whole(head: bytes, read: Read, most: int = formats.MAX_BYTES) -> bytes:
    data = bytearray(head)
    while part := read(CHUNK):
        data += part
        if len(data) > most:
            raise formats.Unreadable("heavy")
    return bytes(data)


def serve(control: socket.socket, limits: Limits, work: Work = look, *, offline: bool = False) -> None:
    """Lock up, say which guards do not hold, and answer requests until the parent is gone.

    `offline` says that the network is gone already: it can't be left twice.
    """
    locked = (offline or guards.no_network(), guards.no_new_rights(), guards.no_files())
    held = (*locked, *_rehearse(limits))
    control.sendall(bytes([sum(1 << bit for bit, holds in enumerate(held) if not holds)]))
    while True:
        _, pipes, _, _ = socket.recv_fds(control, 1, 3)
        if len(pipes) < 2:
            return
        child = partial(_live, limits, work, threads=held[-1])
        _keep(control, limits, child, tuple(pipes))
        control.sendall(b".")


def _rehearse(limits: Limits) -> tuple[bool, bool]:
    """Whether a child's own guards hold, found out by a child that decodes nothing."""
    child = os.fork()
    if child == 0:
        os._exit(0b100 | guards.limits(limits.memory, limits.cpu) | guards.no_calls() << 1)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ended in (0b101, 0b111), ended in (0b110, 0b111)


def _keep(control: socket.socket, limits: Limits, live: Callable[..., NoReturn], pipes: tuple[int, ...]) -> None:
    """Fork a child for one file and see it end: by itself, by the clock, or because the parent is gone."""
    alive, held_by_child = os.pipe()
    child = os.fork()
    if child == 0:
        control.close()
        os.close(alive)
        live(*pipes)
    for fd in (held_by_child, *pipes):
        os.close(fd)
    end = select.poll()
    for fd in (alive, control.fileno()):
        end.register(fd, select.POLLIN)
    end.poll(limits.wall * 1000)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(alive)


def _live(limits: Limits, work: Work, file: int, answer: int, video: int | None = None, *, threads: bool) -> NoReturn:
    """The life of a child. Whatever happens, it ends here and runs nothing of the warden's."""
    try:
        guards.end_with_parent()
        guards.limits(limits.memory, limits.cpu, threads=threads)
        guards.no_calls()
        for said in _said(work, lambda size: os.read(file, size), video):
            while said:
                said = said[os.write(answer, said) :]  # noqa: PLW2901
    finally:
        os._exit(0)


def _said(work: Work, read: Read, video: int | None) -> Iterator[bytes]:
    if video is None:
        return iter([work(read)])
    return projector.look(read(CHUNK), video)


def main() -> None:
    """Take the limits from the command line and the socket from standard input."""
    memory, cpu, wall = map(int, sys.argv[1:])
    pixels.warm()
    film.have()
    gc.disable()
    gc.freeze()  # a child shares these pages for as long as nothing writes to them
    serve(socket.socket(fileno=0), Limits(memory, cpu, wall))


if __name__ == "__main__":
    main()
