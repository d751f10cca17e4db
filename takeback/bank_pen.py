"""How a bank file is written: one writer at a time, whole or not at all, and on the disk before anyone is told.

Frames are appended behind the last whole one and shown by one word of the first page: that is what readers look at,
so that they need not wait for the disk. Then they are synced, and only then confirmed by another word. What the disk
refuses is taken back. A new file is written beside the old one and takes its name once it is synced; the old one says
so first, in a word of its own, so that whoever has it open looks at the name from then on, however the writer ends.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import secrets
from typing import TYPE_CHECKING, Self

from takeback import bank_columns, bank_memory
from takeback import bank_file as form
from takeback.errors import BadInput, Unwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typing_extensions import Buffer

    from takeback.bank_view import View

sync = getattr(os, "fdatasync", os.fsync)

LARGE = 1 << 20
"""Bytes from which on a piece of a new file goes to the disk past the page cache."""


@contextlib.contextmanager
def spoken() -> Iterator[None]:
    """What the system says of a write, in one sentence."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise Unwritable(f"The bank can't be written: {why}", "what was in it before is unharmed") from error


def lock(file: int, *, wait: bool) -> None:
    """Be the only one who writes this file, until it is closed."""
    import fcntl  # noqa: PLC0415 (banks are read on any system, and written where there is this)

    fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def put(file: int, data: bytes | memoryview, at: int) -> None:
    """All of it, in its place."""
    rest = memoryview(data)
    while rest:
        done = os.pwrite(file, rest, at)
        rest, at = rest[done:], at + done


class Pen:
    """The only writer of the file that has this name now. Waits for the one before."""

    def __init__(self, path: Path) -> None:
        while True:
            self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                lock(self._file, wait=True)
                if os.path.samestat(os.fstat(self._file), path.stat()):
                    break
            except BaseException:
                os.close(self._file)
                raise
            os.close(self._file)  # it was compacted while we waited
        self._map = mmap.mmap(self._file, form.PAGE)
        self._words = memoryview(self._map).cast("Q")
        self._words[form.MOVED] = 0  # set, if the last writer was killed before its new file took the name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._words.release()
        self._map.close()
        os.close(self._file)

    def append(self, view: View, kind: int, content: bytes) -> None:
        """A frame behind the last whole one: in every open bank at once, and on the disk when this returns."""
        frame = form.pack_frame(kind, content, view.end, view.header.uid)
        end = view.end + len(frame)
        try:
            if os.fstat(self._file).st_size > view.end:  # what a killed writer left is never taken for part of a frame
                os.ftruncate(self._file, view.end)
            put(self._file, frame, view.end)
            self._words[form.SHOWN] = end
            sync(self._file)
        except BaseException:
            self._take_back(view.end)
            raise
        self._words[form.CONFIRMED] = end

    def _take_back(self, end: int) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, end)
        self._words[form.SHOWN] = end
        self._words[form.TAKEN_BACK] += 1

    def say_moved(self) -> None:
        """Have every open bank look at the name from now on."""
        self._words[form.MOVED] = 1


class New:
    """A file on its way to a name.

    Its large parts go past the page cache, where the file system lets them: that takes a tenth of the time, and nothing
    else is pushed out by gigabytes that wait to be written. Then it is read into memory, for whoever opens it next.
    """

    def __init__(self, file: int, direct: int | None, beside: Path, target: Path) -> None:
        self._file, self._direct, self._beside, self._target = file, direct, beside, target
        self._at = form.PAGE

    def write(self, columns: bank_columns.Columns, progress: Callable[[float], object]) -> None:
        """All of it, and onto the disk."""
        header = bank_columns.write(columns, secrets.token_bytes(16), self._append, progress)
        put(self._file, form.pack_header(header), 0)
        os.ftruncate(self._file, header.log_at)
        os.fsync(self._file)
        bank_memory.fetch(self._file, header.log_at)

    def _append(self, data: Buffer) -> None:
        view = memoryview(data)
        pages = len(view) // form.PAGE * form.PAGE
        if len(view) < LARGE or not self._put_direct(view[:pages]):
            pages = 0
        put(self._file, view[pages:], self._at + pages)
        self._at += len(view)

    def _put_direct(self, data: memoryview) -> bool:
        """Whether the file system took it past the page cache: it may want memory to lie as the disk's blocks do."""
        if self._direct is None:
            return False
        try:
            put(self._direct, data, self._at)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return False
        return True

    def take_place(self) -> None:
        """Have the name; what had it before loses it."""
        self._beside.rename(self._target)
        folder = os.open(self._target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextlib.contextmanager
def opened(path: Path, flags: int) -> Iterator[int]:
    """A file, open until the end of a block; if it is made, only its owner can read it."""
    file = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        yield file
    finally:
        os.close(file)


@contextlib.contextmanager
def past_the_cache(path: Path) -> Iterator[int | None]:
    """The same file, for writing past the page cache; none where the system or its file system has no such thing."""
    with contextlib.ExitStack() as stack:
        direct = None
        with contextlib.suppress(OSError, AttributeError):
            direct = stack.enter_context(opened(path, os.O_WRONLY | os.O_DIRECT))
        yield direct


@contextlib.contextmanager
def fresh(target: Path) -> Iterator[New]:
    """A new file beside this name, readable by its owner only, gone again unless it took the name."""
    beside = target.with_name(f".{target.name}.takeback-new")
    if not target.parent.is_dir():
        raise BadInput("The folder to write into is not there", "make it first, or choose another")
    with opened(beside, os.O_RDWR | os.O_CREAT) as file, past_the_cache(beside) as direct:
        try:
            lock(file, wait=False)
        except BlockingIOError:
            raise Unwritable("This bank is being written by another process", "wait until that is done") from None
        os.ftruncate(file, 0)
        try:
            yield New(file, direct, beside, target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
