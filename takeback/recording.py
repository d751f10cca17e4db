"""Recordings: a file to its samples, one channel, a piece at a time, at the rate that the file has.

    track = opened(read, "MP3")
    for samples in track: ...                 # float32; track.rate, track.codec, track.whole

WAV needs nothing but numpy (pcm.py); all else needs PyAV (`takeback[video]`), one demuxer for each format and a closed
list of decoders. Sound is decoded while it is read, so that a file of any length takes the same memory; MP4 and MOV
alone are held whole, because their table of contents may stand at the end. A stranger's bytes come here in the cage
only. Whatever they do, `opened` raises nothing but `Unheard` and `MemoryError`, and the pieces `MemoryError` alone.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from takeback import pcm, sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Read = Callable[[int], bytes]

DEMUXERS = {
    "WAV": "wav",
    "MP3": "mp3",
    "AAC": "aac",
    "OGG": "ogg",
    "FLAC": "flac",
    "AMR": "amr",
    "M4A": "mov",
    "MP4": "mov",
    "MOV": "mov",
    "3GP": "mov",
    "WebM or MKV": "matroska",
}
"""The formats that are decoded, and FFmpeg's name for the one demuxer that may read each."""

CODECS = frozenset(
    {"aac", "alac", "amrnb", "amr_nb", "amrwb", "amr_wb", "flac", "gsm", "mp2", "mp2float", "mp3", "mp3float",
     "opus", "libopus", "vorbis", "libvorbis", "adpcm_ima_wav", "adpcm_ms", "pcm_alaw", "pcm_mulaw",
     "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_u8", "pcm_f32le",
     "pcm_f32be", "pcm_f64le"}
)  # fmt: skip
"""The only decoders that a file may ask for."""

MOST_BYTES = 512 << 20
"""The largest MP4 or MOV file whose sound is listened to."""

MOST_SECONDS = 4 * 3600
"""What is longer is listened to for as long as this."""

MOST_FLAWS = 200
"""Pieces that may be unreadable before the rest is left alone."""

PIECE = 1 << 16
MOST_FRAME = 1 << 20
"""Samples that no honest frame holds."""


class Unheard(Exception):
    """A file in which nothing can be heard. `why` is a key of heard.WHY."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Track:
    """The sound of a file, while it is read. `whole` is False where a part could not be, or there is more of it."""

    def __init__(self, codec: str, rate: int, channels: int, pieces: Iterator[Any]) -> None:
        if not sound.LEAST_RATE <= rate <= sound.MOST_RATE or not 1 <= channels <= pcm.MOST_CHANNELS:
            raise Unheard("no-sound")
        self.codec, self.rate, self.channels = codec, rate, channels
        self.samples, self.whole, self.long, self.voice = 0, True, False, ""
        self._pieces = pieces

    def __iter__(self) -> Iterator[Any]:
        while True:
            try:
                piece = next(self._pieces, None)
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001  a stranger's bytes can raise anything in a decoder
                self.whole, piece = False, None
            if piece is None:
                return
            self.samples += len(piece)
            yield piece
            if self.samples > MOST_SECONDS * self.rate:
                self.long, self.whole = True, False
                return


def have() -> bool:
    """Whether this computer has what decodes more than WAV; loads all of it, for a child of the cage can load nothing.

    What PyAV loads late it loads here: it is given a tenth of a second of silence.
    """
    try:
        import av  # noqa: F401, PLC0415
    except ImportError:
        return False
    still = b"RIFF\x64\3\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\x40\3\0\0" + bytes(832)
    return sum(len(piece) for piece in _track(BytesIO(still), "WAV")) > 0


def opened(read: Read, name: str) -> Track:
    """The sound in a file of this format (formats.FORMATS). Raises `Unheard` where there is none."""
    kept, voice = _Again(read), ""
    if name == "WAV":
        try:
            plain = pcm.head(kept.read)
            return Track(plain.name, plain.rate, plain.channels, _mixed(pcm.samples(kept.only_on(), plain)))
        except pcm.NotPlain:
            kept.from_start()
    elif name == "OGG":
        voice = _voice(kept)
    else:
        kept.only_on()
    if name not in DEMUXERS:
        raise Unheard("no-sound")
    if not _there():
        raise Unheard("no-player")
    track = _track(_held(kept) if DEMUXERS[name] == "mov" else kept, name)
    track.voice = voice
    return track


VOICES = ("whatsapp", "narrow")
"""How voice notes are kept: Opus, one channel, from 16,000 samples a second; with WhatsApp's name, or without."""


def _voice(kept: _Again) -> str:
    """What the first two pages of an Ogg file say (RFC 7845, section 5): one of VOICES, or nothing."""
    head = b""
    while len(head) < HEAD and (part := kept.read(HEAD - len(head))):
        head += part
    kept.from_start()
    at = head.find(b"OpusHead")
    if (
        at != 28
        or len(head) < at + 16
        or head[at + 9] != 1
        or int.from_bytes(head[at + 12 : at + 16], "little") != 16_000
    ):
        return ""
    tags = head.find(b"OpusTags")
    long = int.from_bytes(head[tags + 8 : tags + 12], "little") if tags > 0 else 0
    return "whatsapp" if head[tags + 12 : tags + 12 + long] == b"WhatsApp" else "narrow"


HEAD = 1024


def _there() -> bool:
    try:
        import av  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


class _Again:
    """A pipe whose beginning can be read once more. It has no `seek`: FFmpeg then reads from front to back."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._kept: bytearray | None = bytearray()
        self._before = b""

    def read(self, size: int) -> bytes:
        if self._before:
            part, self._before = self._before[:size], self._before[size:]
            return part
        part = self._read(min(size, PIECE))
        if self._kept is not None:
            self._kept += part
        return part

    def only_on(self) -> Read:
        """The rest of the pipe, for one who will not go back."""
        self._kept = None
        return self.read

    def from_start(self) -> None:
        self._before, self._kept = bytes(self._kept or b""), None


def _held(file: _Again) -> BytesIO:
    """The whole file."""
    data = bytearray()
    while part := file.read(PIECE):
        data += part
        if len(data) > MOST_BYTES:
            raise Unheard("long-sound")
    return BytesIO(bytes(data))


def _track(file: Any, name: str) -> Track:
    """What FFmpeg finds."""
    import av  # noqa: PLC0415

    try:
        container = av.open(file, format=DEMUXERS[name], options={"enable_drefs": "0"})
        stream = next(one for one in container.streams.audio if one.codec_context.codec.name in CODECS)
        stream.codec_context.thread_count = 1
        codec, rate = stream.codec_context.codec.name, stream.codec_context.sample_rate
        channels = stream.codec_context.layout.nb_channels
    except MemoryError:
        raise
    except Exception as cause:
        raise Unheard("no-sound") from cause
    return Track(codec, rate, channels, _decoded(container, stream, rate))


def _decoded(container: Any, stream: Any, rate: int) -> Iterator[Any]:
    """Every frame as one channel. A packet that can't be decoded is left out; too many of them end it."""
    flaws = 0
    for packet in container.demux(stream):
        try:
            frames = stream.codec_context.decode(packet) if packet.size else stream.codec_context.decode(None)
        except MemoryError:
            raise
        except Exception:
            flaws += 1
            if flaws > MOST_FLAWS:
                raise
            continue
        for frame in frames:
            if frame.sample_rate != rate or frame.samples > MOST_FRAME:
                raise Unheard("no-sound")
            yield _one_channel(frame)
        if not packet.size:
            break
    if flaws:
        raise Unheard("no-sound")


def _one_channel(frame: Any) -> Any:
    import numpy as np  # noqa: PLC0415

    kept = frame.to_ndarray()
    if not frame.format.is_planar:
        kept = kept.reshape(-1, frame.layout.nb_channels).T
    if kept.dtype.kind == "f":
        with np.errstate(over="ignore", invalid="ignore"):
            return np.nan_to_num(np.clip(kept, -4, 4)).mean(0, dtype=np.float32)
    middle, scale = (128, 128) if kept.dtype == np.uint8 else (0, 1 << 8 * kept.dtype.itemsize - 1)
    return ((kept.mean(0, dtype=np.float64) - middle) / scale).astype(np.float32)


def _mixed(pieces: Iterator[Any]) -> Iterator[Any]:
    """All channels as one."""
    for piece in pieces:
        yield piece[0] if len(piece) == 1 else piece.mean(0)
