"""Plain sound: the samples of a WAV file, read in one pass and in pieces. Pure; numpy inside, and no other library.

It reads PCM of 8, 16, 24 and 32 bits, floating point, and the two codes of telephones (G.711), of any number of
channels that a file can have. Headers lie: a length that the file does not have is not believed, a stream that was
never closed (length zero) is read to its end, and what follows the samples is left alone.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Read = Callable[[int], bytes]

PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
NAMES = {PCM: "pcm", FLOAT: "float", A_LAW: "G.711 A-law", MU_LAW: "G.711 µ-law"}
WIDTHS = {PCM: (8, 16, 24, 32), FLOAT: (32, 64), A_LAW: (8,), MU_LAW: (8,)}

MOST_CHANNELS = 64
MOST_BEFORE = 4 << 20
"""Bytes of other parts that may stand before the samples."""

LONGEST_HEAD = 4096
PIECE = 1 << 18
OPEN_END = (0, 0xFFFFFFFF)
"""Lengths that a program writes which does not know the length yet."""


class NotPlain(Exception):
    """Not a WAV file whose samples are plain."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What a WAV file says of its samples: how they are kept, bits of each, channels, samples a second, bytes."""

    code: int
    bits: int
    channels: int
    rate: int
    size: int

    @property
    def name(self) -> str:
        """How the samples are kept."""
        return f"{NAMES[self.code]} {self.bits} bit" if self.code in (PCM, FLOAT) else NAMES[self.code]


def head(read: Read) -> Plain:
    """What stands before the samples; they follow in `read`. Raises `NotPlain`."""
    start = _exactly(read, 12)
    if start[:4] != b"RIFF" or start[8:] != b"WAVE":
        raise NotPlain
    found: tuple[int, int, int, int] | None = None
    seen = 0
    while True:
        name, size = struct.unpack("<4sI", _exactly(read, 8))
        if name == b"data":
            if found is None:
                raise NotPlain
            return Plain(*found, size)
        seen += size
        if seen > MOST_BEFORE:
            raise NotPlain
        if name == b"fmt ":
            found = _told(_exactly(read, size + size % 2) if size <= LONGEST_HEAD else b"")
        else:
            _skip(read, size + size % 2)


def _told(told: bytes) -> tuple[int, int, int, int]:
    """Code, bits, channels and rate of a format part."""
    if len(told) < 16:
        raise NotPlain
    code, channels, rate, _, block, bits = struct.unpack("<HHIIHH", told[:16])
    if code == EXTENSIBLE and len(told) >= 40:
        code = int.from_bytes(told[24:26], "little")
    if bits not in WIDTHS.get(code, ()) or not 1 <= channels <= MOST_CHANNELS or block != channels * bits // 8:
        raise NotPlain
    return code, bits, channels, rate


def samples(read: Read, plain: Plain) -> Iterator[Any]:
    """The samples, a piece at a time: float32, one row a channel, -1 to 1. It ends where the file does."""
    import numpy as np  # noqa: PLC0415

    block = plain.channels * plain.bits // 8
    left = plain.size if plain.size not in OPEN_END else None
    rest = b""
    while left is None or left > 0:
        got = read(PIECE if left is None else min(PIECE, left))
        if not got:
            return
        left = None if left is None else left - len(got)
        rest += got
        whole = len(rest) // block * block
        if whole:
            flat = _numbers(rest[:whole], plain.code, plain.bits)
            yield np.ascontiguousarray(flat.reshape(-1, plain.channels).T)
        rest = rest[whole:]


def _numbers(raw: bytes, code: int, bits: int) -> Any:
    """Samples as they are kept, as float32 between -1 and 1."""
    import numpy as np  # noqa: PLC0415

    if code in (A_LAW, MU_LAW):
        table = np.array(_a_law() if code == A_LAW else _mu_law(), np.float32) / np.float32(32768)
        return table[np.frombuffer(raw, np.uint8)]
    if code == FLOAT:
        kept = np.frombuffer(raw, "<f4" if bits == 32 else "<f8")
        with np.errstate(over="ignore", invalid="ignore"):
            return np.nan_to_num(np.clip(kept, -4, 4)).astype(np.float32)
    if bits == 8:
        return (np.frombuffer(raw, np.uint8).astype(np.float32) - 128) / 128
    if bits == 24:
        wide = np.zeros((len(raw) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(raw, np.uint8).reshape(-1, 3)
        return (wide.reshape(-1).view("<i4").astype(np.float64) / 2**31).astype(np.float32)
    kept = np.frombuffer(raw, "<i2" if bits == 16 else "<i4")
    return (kept / float(1 << bits - 1)).astype(np.float32)


def _mu_law() -> list[int]:
    """What each byte of G.711 µ-law stands for, in 16 bits (ITU-T G.711, table 2)."""
    made = []
    for byte in range(256):
        turned = ~byte & 0xFF
        size = ((((turned & 0x0F) << 3) + 0x84) << (turned >> 4 & 7)) - 0x84
        made.append(-size if turned & 0x80 else size)
    return made


def _a_law() -> list[int]:
    """What each byte of G.711 A-law stands for, in 16 bits (ITU-T G.711, table 1)."""
    made = []
    for byte in range(256):
        turned = byte ^ 0x55
        steps, height = (turned & 0x0F) << 4, turned >> 4 & 7
        size = steps + 8 if height == 0 else (steps + 0x108) << height - 1
        made.append(size if turned & 0x80 else -size)
    return made


def _exactly(read: Read, size: int) -> bytes:
    """So many bytes; raises `NotPlain` where there are fewer."""
    got = b""
    while len(got) < size:
        part = read(size - len(got))
        if not part:
            raise NotPlain
        got += part
    return got


def _skip(read: Read, size: int) -> None:
    while size:
        part = read(min(size, PIECE))
        if not part:
            raise NotPlain
        size -= len(part)
