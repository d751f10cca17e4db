"""How a bank file is written: one writer at a time, whole or not at all, and on the disk before anyone is told.

Frames are appended behind the last whole one and shown by one word of the first page: that is what readers look at,
so that they need not wait for the disk. Then they are synced, and only then confirmed by another word. What the disk
refuses is taken back. A new file is written beside the old one and takes its name once it is synced; the old one says
so first, in a word of its own, so that whoever has it open looks at the name from then on, however the writer ends.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
from typing import TYPE_CHECKING, BinaryIO, Self

from takeback import bank_columns
from takeback import bank_file as form
from takeback.errors import BadInput, Unwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from takeback.bank_view import View

sync = getattr(os, "fdatasync", os.fsync)


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
            self._put(frame, view.end)
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

    def _put(self, data: bytes, at: int) -> None:
        rest = memoryview(data)
        while rest:
            done = os.pwrite(self._file, rest, at)
            rest, at = rest[done:], at + done

    def say_moved(self) -> None:
        """Have every open bank look at the name from now on."""
        self._words[form.MOVED] = 1


class New:
    """A file on its way to a name."""

    def __init__(self, file: BinaryIO, beside: Path, target: Path) -> None:
        self._file, self._beside, self._target = file, beside, target

    def write(self, columns: bank_columns.Columns, progress: Callable[[float], object]) -> None:
        """All of it, and onto the disk."""
        self._file.seek(form.PAGE)
        header = bank_columns.write(columns, secrets.token_bytes(16), self._file.write, progress)
        self._file.seek(0)
        self._file.write(form.pack_header(header))
        self._file.truncate(header.log_at)
        self._file.flush()
        os.fsync(self._file.fileno())

    def take_place(self) -> None:
        """Have the name; what had it before loses it."""
        self._beside.rename(self._target)
        folder = os.open(self._target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextlib.contextmanager
def fresh(target: Path) -> Iterator[New]:
    """A new file beside this name, readable by its owner only, gone again unless it took the name."""
    beside = target.with_name(f".{target.name}.takeback-new")
    if not target.parent.is_dir():
        raise BadInput("The folder to write into is not there", "make it first, or choose another")
    with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "w+b") as file:
        try:
            lock(file.fileno(), wait=False)
        except BlockingIOError:
            raise Unwritable("This bank is being written by another process", "wait until that is done") from None
        file.truncate(0)
        try:
            yield New(file, beside, target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
