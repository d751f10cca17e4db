"""Which copies of a recording are found again, and what is found wrongly. Prints the table of docs/robustness.md.

    python bench/sound.py FOLDER [--espeak 40] [--only pairs]    # FOLDER: recordings of any kind, searched to its depths
    python bench/sound.py --hour                              # what an hour costs, in time and memory
    python bench/sound.py --tiny                              # a few made by rule: does it run?

Recordings of half a minute and more give 30 seconds from their middle; shorter ones that lie in one folder are joined,
in the order of their names, each used once. `--espeak` adds as many that espeak-ng reads out of docs/. Each is sent
through every edit; found means what the product says: a stretch of 5 seconds under 15 wrong bits of 100. Then each is
compared with every other one.
"""

from __future__ import annotations

import argparse
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import combinations
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from sounds import encoded, tune, wav  # noqa: E402

from takeback import chromaprint, formats, heard, recording, sound  # noqa: E402
from takeback.provenance import hearing  # noqa: E402

LONG = 30
PHASE = 0.0137
"""Seconds by which clips are cut beside the beginning of a word."""

Copy = tuple[np.ndarray, int]
Words = tuple[np.ndarray, np.ndarray]


def samples(data: bytes) -> Copy:
    track = recording.opened(BytesIO(data).read, formats.sniff(data[:64]).name)
    return np.concatenate(list(track) or [np.zeros(1, np.float32)]), track.rate


def listened(copy: Copy) -> Words:
    """The words of both hashes."""
    ear, other = sound.Ear(copy[1]), chromaprint.Print(copy[1]) if chromaprint.there() else None
    for at in range(0, len(copy[0]), 1 << 16):
        ear.hear(copy[0][at : at + (1 << 16)])
        if other:
            other.hear(copy[0][at : at + (1 << 16)])
    return ear.words(), chromaprint.speaking(other.done()[0]) if other else np.zeros(0, np.uint32)


# ---------------------------------------------------------------- what is done to a copy


def through(container: str, codec: str, rate: int, bits: int) -> Callable[[Copy], Copy]:
    return lambda copy: samples(encoded(np.clip(copy[0], -1, 1), copy[1], container, codec, rate or copy[1], bits))


def clip(seconds: float) -> Callable[[Copy], Copy]:
    def cut(copy: Copy) -> Copy:
        start = round((len(copy[0]) / copy[1] - seconds) / 2 * copy[1] + PHASE * copy[1])
        return copy[0][max(0, start) : max(0, start) + round(seconds * copy[1])], copy[1]

    return cut


def noise(decibels: float) -> Callable[[Copy], Copy]:
    def add(copy: Copy) -> Copy:
        loud = np.sqrt((copy[0] ** 2).mean()) * 10 ** (-decibels / 20)
        made = np.random.default_rng(7).normal(0, loud, len(copy[0]))
        return (copy[0] + made).astype(np.float32), copy[1]

    return add


def resampled(one: np.ndarray, long: int) -> np.ndarray:
    """As many samples of the same sound, through its spectrum."""
    spectrum = np.fft.rfft(one)
    wide = np.zeros(long // 2 + 1, complex)
    both = min(len(spectrum), len(wide))
    wide[:both] = spectrum[:both]
    return (np.fft.irfft(wide, long) * long / len(one)).astype(np.float32)


def speed(times: float) -> Callable[[Copy], Copy]:
    """Faster and higher, as a tape that runs too fast."""
    return lambda copy: (resampled(copy[0], round(len(copy[0]) / times)), copy[1])


def telephone(copy: Copy) -> Copy:
    """300 to 3400 Hz at 8 kHz."""
    one = resampled(copy[0], round(len(copy[0]) * 8000 / copy[1]))
    spectrum = np.fft.rfft(one)
    hertz = np.fft.rfftfreq(len(one), 1 / 8000)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    return np.fft.irfft(spectrum, len(one)).astype(np.float32), 8000


def pitch(times: float) -> Callable[[Copy], Copy]:
    """Higher in the same time: stretched by a phase vocoder, then resampled."""

    def change(copy: Copy) -> Copy:
        long, step = 2048, 512
        window = np.hanning(long)
        starts = np.arange(0, len(copy[0]) - long - step, step / times)
        made, total = np.zeros(len(starts) * step + long), np.zeros(len(starts) * step + long)
        phase = np.zeros(long // 2 + 1)
        for number, start in enumerate(starts.astype(int)):
            now, then = (np.fft.rfft(copy[0][at : at + long] * window) for at in (start + step, start))
            phase += np.angle(now) - np.angle(then)
            made[number * step :][:long] += window * np.fft.irfft(np.abs(now) * np.exp(1j * phase), long)
            total[number * step :][:long] += window**2
        stretched = made / np.maximum(total, 0.1)
        return resampled(stretched.astype(np.float32), round(len(stretched) / times)), copy[1]

    return change


def both(first: Callable[[Copy], Copy], second: Callable[[Copy], Copy]) -> Callable[[Copy], Copy]:
    return lambda copy: second(first(copy))


EDITS: dict[str, Callable[[Copy], Copy]] = {
    "MP3 128 kbit/s": through("mp3", "libmp3lame", 44100, 128_000),
    "MP3 64 kbit/s": through("mp3", "libmp3lame", 44100, 64_000),
    "MP3 32 kbit/s": through("mp3", "libmp3lame", 22050, 32_000),
    "AAC 64 kbit/s": through("ipod", "aac", 44100, 64_000),
    "Opus 32 kbit/s": through("ogg", "libopus", 48000, 32_000),
    "Opus 16 kbit/s": through("ogg", "libopus", 48000, 16_000),
    "clip of 30 s": clip(29.9),
    "clip of 10 s": clip(10),
    "clip of 6 s": clip(6),
    "clip of 5 s": clip(5.05),
    "clip of 3 s": clip(3),
    "clip of 10 s, Opus 16": both(clip(10), through("ogg", "libopus", 48000, 16_000)),
    "noise, 20 dB below": noise(20),
    "noise, 10 dB below": noise(10),
    "telephone band, 8 kHz": telephone,
    "telephone, G.711 µ-law": both(telephone, through("wav", "pcm_mulaw", 8000, 0)),
    "telephone, AMR 12.2": both(telephone, through("amr", "libopencore_amrnb", 8000, 12_200)),
    "telephone, AMR 4.75": both(telephone, through("amr", "libopencore_amrnb", 8000, 4_750)),
    "speed +1 %": speed(1.01),
    "speed -1 %": speed(0.99),
    "speed +2 %": speed(1.02),
    "speed -2 %": speed(0.98),
    "speed +5 %": speed(1.05),
    "speed -5 %": speed(0.95),
    "pitch, half a tone up": pitch(2 ** (1 / 12)),
    "pitch, 1 % up": pitch(1.01),
}


# ---------------------------------------------------------------- recordings


def of_folder(folder: Path, most: int) -> Iterator[tuple[str, Copy]]:
    short: dict[Path, list[Copy]] = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file() and one.stat().st_size < 64 << 20):
        try:
            copy = samples(path.read_bytes())
        except (recording.Unheard, formats.Unreadable):
            continue
        seconds = len(copy[0]) / copy[1]
        if seconds >= LONG:
            start = round((seconds - LONG) / 2 * copy[1])
            yield "long", (copy[0][start : start + LONG * copy[1]], copy[1])
            continue
        kept = short.setdefault(path.parent, [])
        kept.append(copy)
        if kept[0][1] != copy[1]:
            kept.pop()
        elif sum(len(one) for one, _ in kept) >= LONG * copy[1] and most:
            most -= 1
            short[path.parent] = []
            yield "joined", (np.concatenate([one for one, _ in kept])[: LONG * copy[1]], copy[1])


def of_espeak(count: int) -> Iterator[tuple[str, Copy]]:
    """Read out of the docs, each its own hundred words, in voices that change."""
    words = " ".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))).split()
    voices = ["en-gb", "en-us", "en-gb-scotland", "de", "fr", "es", "it", "pl"]
    for number in range(count):
        text = " ".join(words[number * 150 : number * 150 + 150])
        said = subprocess.run(
            ["espeak-ng", "-v", voices[number % len(voices)], "-p", str(30 + 7 * (number % 9)), "--stdout", "--", text],
            capture_output=True,
            check=True,
        ).stdout
        one, rate = samples(said)
        if len(one) >= LONG * rate:
            yield "espeak", (one[: LONG * rate], rate)


def of_rule(count: int, seconds: float) -> Iterator[tuple[str, Copy]]:
    for seed in range(count):
        yield "rule", (tune(seed + 1, seconds), 16000)


# ---------------------------------------------------------------- the tables


def found(one: Words, other: Words) -> tuple[sound.Stretch | None, sound.Stretch | None]:
    ours = sound.shared(one[0], other[0])
    theirs = sound.shared(one[1], other[1], chromaprint.STEP, chromaprint.REACH)
    return (ours[0] if ours else None), (theirs[0] if theirs else None)


def edits(kept: list[tuple[str, Copy]], names: list[str]) -> None:
    whole = [listened(copy) for _, copy in kept]
    print("| what was done to the copy | found by ours | bits that differ there | found by Chromaprint |")
    print("|---|---|---|---|")
    for name in names:
        ours, theirs, wrong = 0, 0, []
        for (_, copy), words in zip(kept, whole, strict=True):
            mine, other = found(words, listened(EDITS[name](copy)))
            ours, theirs = ours + bool(mine), theirs + bool(other)
            wrong += [mine.errors] if mine else []
        n = len(kept)
        bits = f"{100 * np.mean(wrong):.1f} of 100" if wrong else ""
        print(f"| {name} | {100 * ours / n:.0f} % | {bits} | {100 * theirs / n:.0f} % |", flush=True)


def wrongly(kept: list[tuple[str, Copy]]) -> None:
    whole = [listened(copy) for _, copy in kept]
    ours, theirs, n = [], [], 0
    for one, other in combinations(range(len(kept)), 2):
        n += 1
        mine, their = found(whole[one], whole[other])
        ours += [(kept[one][0], kept[other][0], mine)] if mine else []
        theirs += [(kept[one][0], kept[other][0], their)] if their else []
    print(f"pairs of different recordings: {n}; found wrongly by ours {len(ours)}, by Chromaprint {len(theirs)}")
    print(f"where none is found, the true rate is under {300 / n:.3f} % with 95 % confidence, were pairs independent")
    for name, hits in (("ours", ours), ("Chromaprint", theirs)):
        for hit in hits[:20]:
            print(f"  {name}: {hit}")


def histories(kept: list[tuple[str, Copy]]) -> None:
    """What `examine` says of recordings as they are."""
    said: dict[str, dict[str, int]] = {}
    for kind, copy in kept:
        found = heard.listen(BytesIO(wav(np.clip(copy[0], -1, 1), copy[1])).read, "WAV")
        for one in hearing.findings(found):
            said.setdefault(one.id, {}).setdefault(kind, 0)
            said[one.id][kind] += 1
    print(f"of {len(kept)} recordings as they are, examine says: {said or 'nothing'}")


def hour(seconds: int) -> None:
    """What an hour costs in a process of its own, from WAV and from Opus."""
    one = tune(1, 60, 44100)
    for name, data in (
        ("WAV", wav(np.tile(one, seconds // 60), 44100)),
        ("Opus", encoded(np.tile(one, seconds // 60), 44100, "ogg", "libopus", 48000, 24_000)),
    ):
        before = time.process_time()
        heard_ = heard.listen(BytesIO(data).read, formats.sniff(data[:64]).name)
        took = time.process_time() - before
        print(
            f"{name}: {heard_.seconds:.0f} s of sound, {took:.1f} s of processor, {len(heard_.words) >> 10} kB of words"
        )
    print(
        f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB, the files included"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", nargs="?", type=Path)
    asked.add_argument("--espeak", type=int, default=0)
    asked.add_argument("--joined", type=int, default=40, help="at most so many of the recordings that are joined")
    asked.add_argument("--only", choices=["edits", "pairs", "traces"], help="one of the tables")
    asked.add_argument("--hour", action="store_true")
    asked.add_argument("--tiny", action="store_true")
    given = asked.parse_args()
    version = chromaprint.version() or "none"
    print(f"{platform.machine()}, numpy {np.__version__}, Chromaprint {version}")
    if given.hour:
        return hour(3600)
    kept = list(of_rule(3, 12) if given.tiny else of_rule(10, LONG))
    if given.folder:
        kept += of_folder(given.folder, given.joined)
    kept += of_espeak(given.espeak)
    kinds = [kind for kind, _ in kept]
    print(", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)), flush=True)
    if given.only in (None, "edits"):
        some = ["MP3 64 kbit/s", "clip of 6 s", "telephone band, 8 kHz", "pitch, 1 % up"]
        edits(kept, some if given.tiny else list(EDITS))
    if given.only in (None, "traces"):
        histories(kept)
    if given.only in (None, "pairs"):
        wrongly(kept)
    return None


if __name__ == "__main__":
    main()
