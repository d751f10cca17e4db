"""Chromaprint: the fingerprint that music services share, from its own library, where this computer has one.

The library (MIT and LGPL-2.1; `libchromaprint1` in Debian) is found by its name, loaded by the warden before it locks
itself up, and given samples, never a file. Takeback brings no copy of it. Where it is missing, `there` says so. Its
words are of 32 bits, one every STEP seconds; `text` is the compressed form that fpcalc prints and AcoustID takes.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

NAMES = {
    "darwin": ("libchromaprint.1.dylib", "libchromaprint.dylib"),
    "win32": ("chromaprint.dll", "libchromaprint.dll"),
}
ALGORITHM = 1
"""Its default, which fpcalc uses."""

STEP = 4096 / 3 / 11025
"""Seconds from one word to the next: frames of 4096 samples at 11,025 Hz, each a third on."""

REACH = 2.48
"""Seconds that a word looks at beyond its own step: a frame, smoothed over 5, in a picture of 16."""

SILENCE = 627964279
"""The word of silence."""


@cache
def _library() -> Any:
    """The library with its calls described; None where there is none."""
    for name in NAMES.get(sys.platform, ("libchromaprint.so.1", "libchromaprint.so")):
        try:
            library = ctypes.CDLL(name)
            library.chromaprint_new.restype = ctypes.c_void_p
            library.chromaprint_get_version.restype = ctypes.c_char_p
            for call in ("start", "feed", "finish", "get_raw_fingerprint", "get_fingerprint", "free"):
                getattr(library, f"chromaprint_{call}").argtypes = [ctypes.c_void_p, *ARGUMENTS.get(call, ())]
            library.chromaprint_dealloc.argtypes = [ctypes.c_void_p]
        except (OSError, AttributeError):
            continue
        return library
    return None


ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "start": (ctypes.c_int, ctypes.c_int),
    "feed": (ctypes.c_char_p, ctypes.c_int),
    "get_raw_fingerprint": (ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_int)),
    "get_fingerprint": (ctypes.POINTER(ctypes.c_void_p),),
}


def there() -> bool:
    """Whether this computer has the library."""
    return _library() is not None


def version() -> str:
    """The library's version; empty where there is none."""
    library = _library()
    return str(library.chromaprint_get_version().decode("ascii", "replace")) if library else ""


class Print:
    """One recording as Chromaprint hears it. `rate` in samples a second; samples are float32 of one channel."""

    def __init__(self, rate: int) -> None:
        self._library = _library()
        self._context = self._library.chromaprint_new(ALGORITHM)
        self._good = bool(self._context) and bool(self._library.chromaprint_start(self._context, rate, 1))

    def hear(self, samples: Any) -> None:
        """The next samples."""
        import numpy as np  # noqa: PLC0415

        raw = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)
        self._good = self._good and bool(self._library.chromaprint_feed(self._context, raw.tobytes(), len(raw)))

    def done(self) -> tuple[Any, str]:
        """The words, and the compressed text. Call it once, at the end; nothing where it is too short."""
        import numpy as np  # noqa: PLC0415

        words, text = np.zeros(0, np.uint32), ""
        if self._good and self._library.chromaprint_finish(self._context):
            at, long = ctypes.c_void_p(), ctypes.c_int()
            if self._library.chromaprint_get_raw_fingerprint(self._context, ctypes.byref(at), ctypes.byref(long)):
                words = np.frombuffer(ctypes.string_at(at.value or 0, 4 * long.value), np.uint32).copy()
                self._library.chromaprint_dealloc(at)
            written = ctypes.c_void_p()
            if len(words) and self._library.chromaprint_get_fingerprint(self._context, ctypes.byref(written)):
                text = ctypes.string_at(written.value or 0).decode("ascii")
                self._library.chromaprint_dealloc(written)
        self._library.chromaprint_free(self._context)
        return words, text


def speaking(words: Any) -> Any:
    """The words with a zero for each that says nothing: silence, or the same word many times over."""
    import numpy as np  # noqa: PLC0415

    still = words == SILENCE
    if len(words) > 3:
        still[3:] |= (words[3:] == words[:-3]) & (words[3:] == words[2:-1]) & (words[3:] == words[1:-2])
    return np.where(still, np.uint32(0), words)
