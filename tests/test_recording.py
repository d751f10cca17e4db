"""Recordings of every format, listened to in the cage; the hostile ones end in one sentence; and the commands."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from dataclasses import replace
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import KEPT, RATE, kept, tune, wav

from takeback import cage, chromaprint, cli, formats, heard, pcm, recording, recordings, sound
from takeback.cage import listen
from takeback.heard import Heard

WHOLE = wav(tune(1))


@cache
def heard_in(data: bytes) -> Heard:
    """What a child hears, without the cage around it."""
    return heard.listen(BytesIO(data).read, formats.sniff(data[:64]).name)


def alike(one: bytes, other: bytes) -> recordings.Alike:
    return recordings.compare(heard_in(one), heard_in(other))


# ---------------------------------------------------------------- every format


@pytest.mark.parametrize("name", KEPT)
def test_a_recording_is_the_same_in_every_format_whatever_its_name(name: str) -> None:
    data = kept(name, tune(1))
    found = alike(WHOLE, data)
    assert formats.sniff(data[:64]).name == name
    assert (found.same, found.by) == (True, "haitsma-kalker"), found.says
    assert heard_in(data).seconds == pytest.approx(12, abs=0.2)
    assert not alike(wav(tune(2)), data).same


@pytest.mark.parametrize(
    ("bits", "code"),
    [(8, 1), (16, 1), (24, 1), (32, 1), (32, 3), (64, 3)],
    ids=["8", "16", "24", "32", "float", "double"],
)
def test_plain_samples_of_every_width_are_the_same_recording(bits: int, code: int) -> None:
    found = alike(WHOLE, wav(tune(1), bits=bits, code=code))
    assert (found.same, found.stretches[0].errors < 0.06) == (True, True)


def test_channels_are_heard_as_one() -> None:
    both = np.stack([tune(1), tune(1) * 0.5], 1).reshape(-1)
    assert alike(WHOLE, wav(both, channels=2)).same


@pytest.mark.parametrize("codec", ["pcm_alaw", "pcm_mulaw"])
def test_the_codes_of_telephones_are_read_as_ffmpeg_reads_them(codec: str) -> None:
    import av
    from sounds import encoded

    data = encoded(tune(1, 2), RATE, "wav", codec, 8000, 0)
    read = BytesIO(data).read
    ours = np.concatenate(list(pcm.samples(read, pcm.head(read))), 1)[0]
    with av.open(BytesIO(data), format="wav") as made:
        theirs = np.concatenate([frame.to_ndarray()[0] for frame in made.decode(audio=0)]) / 32768
    assert (ours == theirs.astype(np.float32)).all()


def test_the_sound_of_a_video_is_heard() -> None:
    import av

    out = BytesIO()
    with av.open(out, "w", format="mp4") as silent:
        film = silent.add_stream("mpeg4", rate=1)
        film.width, film.height = 32, 32
        silent.mux(film.encode(av.VideoFrame(32, 32, "yuv420p")) + film.encode())
    assert heard_in(out.getvalue()).why == "no-sound"
    assert heard_in(kept("MP4", tune(1))).codec == "aac"


def test_without_pyav_wav_is_heard_and_the_rest_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_there", lambda: False)
    assert heard.listen(BytesIO(WHOLE).read, "WAV").words == heard_in(WHOLE).words
    found = heard.listen(BytesIO(kept("MP3", tune(1))).read, "MP3")
    assert "PyAV" in found.sentences[0]


# ---------------------------------------------------------------- what harms, lies or is broken


def lying(**changed: int) -> bytes:
    """A WAV file whose header says something else than what is so."""
    told = {"riff": 0xFFFFFFF0, "code": 1, "channels": 1, "rate": RATE, "block": 2, "bits": 16, "size": len(WHOLE) - 44}
    told |= changed
    head = struct.pack("<HHIIHH", told["code"], told["channels"], told["rate"], 2 * RATE, told["block"], told["bits"])
    return b"RIFF" + struct.pack("<I", told["riff"]) + b"WAVEfmt \x10\0\0\0" + head + b"data" + struct.pack("<I", told["size"]) + WHOLE[44:]  # fmt: skip


UNHEARD = {
    "no samples a second": lying(rate=0),
    "four thousand million samples a second": lying(rate=0xFFFFFFFF),
    "no channel": lying(channels=0, block=0),
    "sixty thousand channels": lying(channels=60_000, block=120_000 & 0xFFFF),
    "a format that nobody has": lying(code=0x7A21),
    "nothing after the header": WHOLE[:44],
    "half a header": WHOLE[:30],
    "an MP3 of noise": b"\xff\xfb\x90\x64" + np.random.default_rng(1).bytes(50_000),
    "an ID3 tag and nothing else": b"ID3\x04\0\0\0\0\x0f\x76" + bytes(2000),
    "an Ogg page that says it is longer": b"OggS\0\2" + bytes(20) + b"\xff" + b"\xff" * 255 + b"OpusHead",
    "a FLAC head without frames": b"fLaC\x80\0\0\x22" + b"\x10\0\x10\0" + bytes(6) + b"\x0a\xc4\x42\xf0" + bytes(20),
    "an MP4 that ends in its table": kept("M4A", tune(1))[:900],
    "an AMR head": b"#!AMR\n" + b"\xff" * 40,
}


@pytest.mark.parametrize("name", UNHEARD)
def test_what_cannot_be_heard_ends_in_one_sentence(name: str) -> None:
    found = heard_in(UNHEARD[name])
    assert found == Heard(why=found.why)
    assert found.why in {"no-sound", "short"}
    assert len(found.sentences) == 1


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 1 << 31], ids=["never closed", "no end", "too long"])
def test_a_length_that_is_not_so_is_not_believed(size: int) -> None:
    assert heard_in(lying(size=size)).words == heard_in(WHOLE).words


@pytest.mark.parametrize("name", KEPT)
def test_half_a_file_gives_half_its_sound_or_a_sentence(name: str) -> None:
    data = kept(name, tune(1))
    found = heard_in(data[: len(data) // 2])
    assert bool(found.words) != bool(found.why)
    assert found.seconds < 9


def test_numbers_that_are_none_are_silence() -> None:
    broken = tune(1).copy()
    broken[::7] = np.nan
    broken[1::7] = np.inf
    assert heard_in(wav(broken, bits=32, code=3)).why == ""


def test_a_bomb_of_silence_is_listened_to_for_four_hours_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_SECONDS", 3)
    found = heard.listen(BytesIO(kept("FLAC", np.zeros(60 * RATE, np.float32))).read, "FLAC")
    assert ("long" in found.notes, found.seconds < 5) == (True, True)


def test_a_large_film_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_BYTES", 1000)
    assert heard.listen(BytesIO(kept("MP4", tune(1))).read, "MP4").why == "long-sound"


@given(st.binary(max_size=300), st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_wav_file_it_is_heard_or_not(junk: bytes, at: int) -> None:
    found = heard.listen(BytesIO(WHOLE[:at] + junk + WHOLE[at : at + 4000]).read, "WAV")
    assert heard.read(heard.as_json(found)) == found


# ---------------------------------------------------------------- the cage


@pytest.fixture(scope="module")
def ears() -> object:
    with cage.Cage(listen.LIMITS, listen.COMMAND) as made:
        yield partial(listen.listen, within=made)


def test_a_child_hears_what_is_heard_outside(ears: object) -> None:
    assert ears(WHOLE) == heard_in(WHOLE)
    assert ears(kept("OGG", tune(1))) == heard_in(kept("OGG", tune(1)))
    assert ears(kept("M4A", tune(1))) == heard_in(kept("M4A", tune(1)))


@pytest.mark.parametrize("name", ["an MP3 of noise", "half a header", "an Ogg page that says it is longer"])
def test_the_cage_says_the_same_of_what_cannot_be_heard_and_goes_on(name: str, ears: object) -> None:
    assert ears(UNHEARD[name]) == heard_in(UNHEARD[name])
    assert ears(b"") == Heard(why="no-sound")
    assert ears(WHOLE).words


def test_too_little_memory_or_time_is_a_sentence() -> None:
    with cage.Cage(replace(listen.LIMITS, cpu=1), listen.COMMAND) as small:
        said = listen.listen(Endless(), small)
    assert said == Heard(why="stopped")


class Endless:
    """Forty minutes of sound that was never written down: more than one second of a processor can hear."""

    def __init__(self) -> None:
        self.left = 200

    def read(self, size: int) -> bytes:
        self.left -= 1
        return lying(size=0) if self.left == 199 else WHOLE[44:] if self.left > 0 else b""


HONEST = json.loads(heard.as_json(heard_in(WHOLE)))


@pytest.mark.parametrize(
    "lie",
    [
        {"why": "because"}, {"codec": "<script>"}, {"rate": 10**9}, {"rate": 16000.0}, {"channels": 0}, {"seconds": -1.0},
        {"seconds": float("nan")}, {"seconds": 10**6 * 1.0}, {"words": "AAA"}, {"words": 7}, {"words": "AAAA" * 700_000},
        {"chroma_text": "not for <you>"}, {"chroma_version": "x" * 99}, {"notes": ["hello"]}, {"notes": [[]]}, {"more": 1},
    ],
    ids=lambda lie: next(iter(lie)),
)  # fmt: skip
def test_an_answer_that_no_honest_child_gives_counts_for_nothing(lie: dict[str, object]) -> None:
    assert heard.read(json.dumps(HONEST).encode()) == heard_in(WHOLE)
    assert heard.read(json.dumps(HONEST | lie).encode()) == Heard(why="stopped")


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"\xff", b"[" * 10_000, b'"' + b"x" * (9 << 20) + b'"'], ids=range(6)
)
def test_an_answer_that_is_none_counts_for_nothing(raw: bytes) -> None:
    assert heard.read(raw) == Heard(why="stopped")


# ---------------------------------------------------------------- Chromaprint


@pytest.mark.skipif(not chromaprint.there(), reason="no libchromaprint here")
def test_chromaprint_hears_it_too() -> None:
    clip = heard_in(wav(tune(1)[2 * RATE :]))
    mine, theirs = (chromaprint.speaking(heard.words(one.chroma)) for one in (heard_in(WHOLE), clip))
    (found,) = sound.shared(mine, theirs, chromaprint.STEP, chromaprint.REACH)
    assert found.one == pytest.approx(2, abs=0.2)
    assert (heard_in(WHOLE).chroma_text[:2], heard_in(WHOLE).notes) == ("AQ", ())


@pytest.mark.skipif(not (chromaprint.there() and shutil.which("fpcalc")), reason="no fpcalc here")
def test_chromaprint_is_what_fpcalc_prints(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(tune(1), 11025))
    said = subprocess.run(["fpcalc", "-plain", tmp_path / "a.wav"], capture_output=True, text=True, check=False)
    assert said.stdout.strip() == heard_in(wav(tune(1), 11025)).chroma_text


def test_without_its_library_chromaprint_is_not_made_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromaprint, "_library", lambda: None)
    found = heard.listen(BytesIO(WHOLE).read, "WAV")
    assert (found.chroma, found.notes, found.words) == (b"", ("no-chromaprint",), heard_in(WHOLE).words)
    assert "libchromaprint1" in found.sentences[0]


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("one", "other", "same", "says"),
    [
        (tune(1), tune(1)[4 * RATE : 11 * RATE], True, "The second is a part of the first, from 0:04 in it"),
        (tune(1)[4 * RATE : 11 * RATE], tune(1), True, "The first is a part of the second, from 0:04 in it"),
        (tune(1), np.concatenate([tune(2)[: 10 * RATE], tune(1)]), True, "The first is a part of the second, from 0:10 in it"),
        (tune(1), tune(2), False, "these share no 5 seconds. A copy that was made faster"),
        (tune(1), tune(1)[: 4 * RATE], None, "shorter than 5 seconds"),
        (tune(1), np.zeros(12 * RATE, np.float32), None, "too quiet, or too steady a tone"),
        (tune(1), np.zeros(10, np.float32), None, "The second of the two can't be compared. This is shorter than a second"),
    ],
)  # fmt: skip
def test_two_recordings_are_compared_in_words(one: np.ndarray, other: np.ndarray, same: bool | None, says: str) -> None:
    found = alike(wav(one), wav(other))
    assert (found.same, says in found.says) == (same, True), found.says


def test_places_in_a_recording_are_said_as_players_show_them() -> None:
    assert [recordings.clock(one) for one in (0, 61.4, 3725)] == ["0:00", "1:01", "1:02:05"]


# ---------------------------------------------------------------- the commands


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "whole.jpg").write_bytes(WHOLE)  # a name is nobody's word
    (tmp_path / "clip").write_bytes(wav(tune(1)[2 * RATE : 9 * RATE]))
    (tmp_path / "other.wav").write_bytes(wav(tune(2)))
    (tmp_path / "broken.mp3").write_bytes(UNHEARD["an MP3 of noise"])
    return tmp_path


def test_hash_gives_both_hashes_of_a_recording(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["hash", str(files / "whole.jpg"), str(files / "broken.mp3"), "--json"]) == 0
    whole, broken = json.loads(capsys.readouterr().out)
    signals = {one["type"]: one for one in whole["signals"]}
    assert whole["kind"] == "audio"
    assert bytes.fromhex(signals["haitsma-kalker"]["value"]) == heard_in(WHOLE).words
    assert signals["haitsma-kalker"] | {"value": ""} == {"type": "haitsma-kalker", "value": "", "every": 0.032, "seconds": 12.0}  # fmt: skip
    assert ("chromaprint" in signals) == chromaprint.there()
    assert [one["type"] for one in broken["signals"]] == ["sha256", "md5"]
    assert [one for one in broken["notes"] if one not in cage.GUARDS] == [heard.WHY["no-sound"]]


def test_hash_shows_a_recording_in_a_terminal(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["hash", str(files / "whole.jpg")]) == 0
    shown = capsys.readouterr().out
    assert "12.0 seconds of sound" in shown
    assert "--json has them" in shown
    assert max(map(len, shown.splitlines())) <= max(80, len(str(files)) + 20)


def test_compare_says_which_is_a_part_of_which(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["hash", str(files / "whole.jpg"), str(files / "clip"), "--compare"]) == 0
    assert "7 s from 0:02 and from 0:00" in capsys.readouterr().out
    assert cli.main(["hash", str(files / "whole.jpg"), str(files / "clip"), "--compare", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["same"], found["says"]) == (True, found["recording"]["says"])
    assert cli.main(["hash", str(files / "whole.jpg"), str(files / "other.wav"), "--compare"]) == 1


def test_no_sound_of_a_child_is_listened_to(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "child.json").write_text('{"intimate": "yes", "under18_real": "yes"}')
    told = ["--given", str(files / "child.json"), "--json"]
    assert cli.main(["hash", str(files / "clip"), *told]) == 3
    assert cli.main(["hash", str(files / "clip"), str(files / "clip"), "--compare", *told]) == 3
    assert capsys.readouterr().out == ""
