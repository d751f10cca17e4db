# The kernel: pixels in, bits out. C, in kernel/; the interpreter's lock is released while it works.

from typing_extensions import Buffer

# The PDQ hash, 32 bytes, and its quality, 0 to 100, of uint8 pixels in the shape (rows, cols) for grey, (rows, cols, 3)
# for RGB or (rows, cols, 4) for RGBA, which is composited on white. The pixels of a row lie side by side; the rows may
# lie anywhere. Anything else is a ValueError, in words for a person.
def pdq(pixels: Buffer, /) -> tuple[bytes, int]: ...

# The hashes of a picture's eight turns and mirrors, for the price of one: as it is, turned left by 90, 180 and 270
# degrees, upside down, mirrored, and mirrored on either diagonal.
def pdq_dihedral(pixels: Buffer, /) -> tuple[tuple[bytes, ...], int]: ...

# `pdq` of plain bytes, row after row.
def pdq_bytes(data: Buffer, rows: int, cols: int, channels: int, /) -> tuple[bytes, int]: ...

# The ways to work that this processor has and the environment leaves on (TAKEBACK_NO_AVX512=1, and so on for each,
# switches one off), slowest first; the last is the one that is taken. All give the same bits.
def paths() -> list[str]: ...

# `pdq` on one of them.
def pdq_by(path: str, pixels: Buffer, /) -> tuple[bytes, int]: ...

# Hashes, 32 bytes each, with their bits in the order in which a bank keeps them: rows. Distances stay what they are.
def spread(hashes: Buffer, /) -> bytes: ...

# The way back.
def gather(rows: Buffer, /) -> bytes: ...

# How long an index over so many rows is. It has 16 bands of one length, in their order; each is made by itself, into
# memory that is there.
def index_bytes(count: int, /) -> int: ...
def index_band(rows: Buffer, band: int, to: Buffer, /) -> None: ...

# For each query, which is a hash, the rows within a distance of 0 to 63, as pairs of row and distance, in any order.
# Without an index, and beyond a distance of 31, every row is looked at. An index that index_band did not make is a
# ValueError or wrong hits, and never a read outside of it.
def match(
    rows: Buffer, index: Buffer | None, queries: Buffer, distance: int, path: str | None = None, /
) -> list[list[tuple[int, int]]]: ...

# Like paths, for match.
def match_paths() -> list[str]: ...
