"""Recordings made by rule: a tune of harmonics over a drifting noise, another for every seed; and how to keep them."""

from __future__ import annotations

import struct
from functools import cache
from io import BytesIO

import numpy as np

RATE = 16000


@cache
def tune(seed: int = 1, seconds: float = 12, rate: int = RATE) -> np.ndarray:
    """A voice that changes its note about seven times a second, in one channel, -1 to 1."""
    chance = np.random.default_rng(seed)
    count = round(seconds * rate)
    at = np.arange(count) / rate
    steps = chance.uniform(0.08, 0.25, round(seconds / 0.08) + 2)
    note = np.searchsorted(np.cumsum(steps), at)
    pitch = 90 * 2 ** (chance.uniform(0, 2, len(steps)))[note]
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    colour = chance.uniform(0.05, 1, (len(steps), 24))
    made = sum(np.sin((k + 1) * phase) * colour[note, k] / (k + 1) ** 0.7 for k in range(24))
    loud = 0.1 + np.abs(np.sin(2 * np.pi * at * chance.uniform(1, 3)))
    made = made * loud + chance.normal(0, 0.05, count)
    return (0.5 * made / np.abs(made).max()).astype(np.float32)


def wav(samples: np.ndarray, rate: int = RATE, bits: int = 16, code: int = 1, channels: int = 1) -> bytes:
    """A WAV file; samples of many channels lie one after the other."""
    if code == 3:
        raw = samples.astype("<f4" if bits == 32 else "<f8").tobytes()
    elif bits == 8:
        raw = (samples * 127 + 128).astype(np.uint8).tobytes()
    elif bits == 24:
        raw = (samples * (2**31 - 256)).astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()
    else:
        raw = (samples * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes()
    block = channels * bits // 8
    told = struct.pack("<HHIIHH", code, channels, rate, rate * block, block, bits)
    return (
        b"RIFF" + struct.pack("<I", 36 + len(raw)) + b"WAVEfmt " + struct.pack("<I", 16) + told
        + b"data" + struct.pack("<I", len(raw)) + raw
    )  # fmt: skip


KEPT = {  # container of FFmpeg, codec, its rate, bits a second
    "MP3": ("mp3", "libmp3lame", RATE, 48_000),
    "M4A": ("ipod", "aac", RATE, 48_000),
    "AAC": ("adts", "aac", RATE, 48_000),
    "OGG": ("ogg", "libopus", 48_000, 24_000),
    "FLAC": ("flac", "flac", RATE, 0),
    "AMR": ("amr", "libopencore_amrnb", 8000, 12_200),
    "MP4": ("mp4", "aac", RATE, 48_000),
    "MOV": ("mov", "alac", RATE, 0),
    "3GP": ("3gp", "libopencore_amrnb", 8000, 12_200),
    "WebM or MKV": ("webm", "libopus", 48_000, 24_000),
}


def kept(name: str, samples: np.ndarray, rate: int = RATE) -> bytes:
    """The same sound in another format, one of KEPT."""
    container, codec, wanted, bits = KEPT[name]
    return encoded(samples, rate, container, codec, wanted, bits)


def encoded(samples: np.ndarray, rate: int, container: str, codec: str, wanted: int, bits: int) -> bytes:
    """Sound through an encoder of FFmpeg's."""
    import av

    out = BytesIO()
    with av.open(out, "w", format=container) as made:
        stream = made.add_stream(codec, rate=wanted, layout="mono")
        if bits:
            stream.bit_rate = bits
        other = av.AudioResampler(format=stream.codec_context.format.name, layout="mono", rate=wanted)
        queue = av.AudioFifo()
        for piece in range(0, len(samples), 8192):
            part = np.ascontiguousarray((samples[None, piece : piece + 8192] * 32767).astype(np.int16))
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate = rate
            for one in other.resample(frame):
                queue.write(one)
        for one in other.resample(None):
            queue.write(one)
        size = stream.codec_context.frame_size or 4096
        while queue.samples:
            frame = queue.read(min(size, queue.samples))
            frame.pts = None
            for packet in stream.encode(frame):
                made.mux(packet)
        for packet in stream.encode(None):
            made.mux(packet)
    return out.getvalue()
