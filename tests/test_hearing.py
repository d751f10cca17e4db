"""What a recording went through is said as history, beside the twin that went through nothing of it."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from sounds import RATE, encoded, tune, wav

from takeback import cli, heard, journey, provenance, traces
from takeback.heard import Heard
from takeback.provenance import hearing

WIDE = 32_000


@cache
def wide(seed: int = 1, seconds: float = 8) -> np.ndarray:
    """A tune with something at every frequency that its file can hold."""
    noise = np.random.default_rng(seed).normal(0, 0.004, round(seconds * WIDE))
    return (tune(seed, seconds, WIDE) * 0.8 + noise).astype(np.float32)


def low(samples: np.ndarray, most: float, rate: int = WIDE) -> np.ndarray:
    """Nothing above so many hertz."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / rate) > most] *= 1e-4
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def traced(samples: np.ndarray, rate: int = WIDE, piece: int = 30_001) -> traces.Traces:
    tracer = traces.Tracer(rate)
    for at in range(0, len(samples), piece):
        tracer.hear(samples[at : at + piece])
    return tracer.found()


def heard_in(data: bytes, name: str = "WAV") -> Heard:
    return heard.listen(BytesIO(data).read, name)


def found_in(one: Heard) -> dict[str, provenance.Finding]:
    return {finding.id: finding for finding in hearing.findings(one)}


def muted(hard: bool) -> np.ndarray:
    """Nothing from second 3 to 3.4, faded or cut."""
    made = wide().copy()
    if not hard:
        fade = np.linspace(1, 0, 3200, dtype=np.float32)
        made[3 * WIDE - 3200 : 3 * WIDE] *= fade
        made[round(3.4 * WIDE) : round(3.4 * WIDE) + 3200] *= fade[::-1]
    else:
        made[3 * WIDE - 1] = made[round(3.4 * WIDE)] = 0.3
    made[3 * WIDE : round(3.4 * WIDE)] = 0
    return made


@pytest.mark.parametrize(("most", "as_"), [(3400, "telephone"), (7000, "voice notes"), (11_000, "coarsely kept MP3")])
def test_where_the_spectrum_ends_is_said_as_history(most: int, as_: str) -> None:
    found = found_in(heard_in(wav(low(wide(), most), WIDE)))["sound-ends"]
    assert traced(low(wide(), most)).top == pytest.approx(most, abs=150)
    assert (as_ in found.says, found.weight, found.loud) == (True, "history", False)


def test_a_full_spectrum_and_a_slope_have_no_end() -> None:
    slope = np.fft.rfft(wide())
    slope *= 10 ** (-60 * np.linspace(0, 1, len(slope)) / 20)
    assert traced(wide()).top == 0
    assert traced(np.fft.irfft(slope).astype(np.float32)).top == 0
    assert "sound-ends" not in found_in(heard_in(wav(wide(), WIDE)))


def test_too_little_sound_has_no_spectrum_and_that_is_said() -> None:
    for quiet in (wide()[:20_000], np.zeros(8 * WIDE, np.float32)):
        assert traced(quiet).top == -1
    assert traced(wide()[::4], 8000).top == -1
    short = heard_in(wav(wide()[: 2 * WIDE], WIDE))
    assert hearing.not_run("sound-bandwidth", "audio", short) == hearing.TOO_LITTLE


@pytest.mark.parametrize("hard", [True, False], ids=["cut", "faded"])
def test_nothing_at_all_is_a_place_on_the_timeline(hard: bool) -> None:
    (still,) = traced(muted(hard)).still
    assert (still[0], still[1], still[2]) == (pytest.approx(3, abs=0.01), pytest.approx(3.4, abs=0.01), hard)
    found = found_in(heard_in(wav(muted(hard), WIDE)))["sound-silence"]
    assert ("from one sample to the next" in found.says) == hard
    assert found.quotes[0].text.startswith("0:03.00 to 0:03.40") or found.quotes[0].text.startswith("0:02.99")


def test_silence_before_and_after_quiet_and_noise_are_nothing_of_the_kind() -> None:
    still = np.zeros(WIDE, np.float32)
    assert traced(np.concatenate([still, wide(), still])).still == ()
    assert traced(wide() * 1e-3).still == ()
    assert "sound-silence" not in found_in(heard_in(wav(wide(), WIDE)))


def test_many_stretches_are_counted_and_few_are_kept() -> None:
    made = wide().copy().reshape(-1, 2000)
    made[1::2] = 0
    found = traced(made.reshape(-1))
    assert (len(found.still), found.still_seconds) == (50, pytest.approx(63 * 2000 / WIDE, abs=0.1))


def test_a_part_that_was_copied_is_found_and_a_song_sung_again_is_not() -> None:
    copied = np.concatenate([tune(1)[: 7 * RATE], tune(2)[: 2 * RATE], tune(1)[: 7 * RATE]])
    slower = np.interp(np.arange(7 * RATE) / 1.02, np.arange(7 * RATE), tune(1)[: 7 * RATE]).astype(np.float32)
    again = np.concatenate([tune(1)[: 7 * RATE], tune(2)[: 2 * RATE], slower])
    assert "comes twice" in found_in(heard_in(wav(copied)))["sound-repeats"].says
    assert "sound-repeats" not in found_in(heard_in(wav(again)))
    assert "sound-repeats" not in found_in(heard_in(wav(tune(1))))


def voice_note(vendor: bytes = b"WhatsApp", rate: int = 16_000) -> bytes:
    """An Opus file whose first pages say this. Their sums are wrong, and no decoder of ours asks."""
    data = bytearray(encoded(tune(1, 6), RATE, "ogg", "libopus", 48_000, 24_000))
    data[28 + 12 : 28 + 16] = rate.to_bytes(4, "little")
    tags = data.find(b"OpusTags") + 8
    data[tags : tags + 4] = len(vendor).to_bytes(4, "little")
    data[tags + 4 : tags + 4 + len(vendor)] = vendor
    return bytes(data)


@pytest.mark.parametrize(
    ("vendor", "rate", "says"),
    [
        (b"WhatsApp", 16_000, "as WhatsApp keeps voice notes"),
        (b"Lavf", 16_000, "without its name"),
        (b"WhatsApp", 48_000, None),
        (b"Lavf", 48_000, None),
    ],
)  # fmt: skip
def test_a_voice_note_is_known_by_how_it_is_kept(vendor: bytes, rate: int, says: str | None) -> None:
    from takeback import recording

    data = voice_note(vendor, rate)
    assert recording._voice(recording._Again(BytesIO(data).read)) == {None: ""}.get(says, "whatsapp" if says and "keeps" in says else "narrow")  # fmt: skip
    if says:
        found = found_in(Heard(voice=recording._voice(recording._Again(BytesIO(data).read))))["voice-note"]
        assert (says in found.says, "anybody can" in found.limits, found.loud) == (True, True, False)


@pytest.mark.parametrize("junk", [b"", b"OggS", b"OggS" + bytes(24) + b"OpusHead", b"OggS" + bytes(24) + b"OpusHead\1\1\0\0\x80\x3e\0\0" + b"OpusTags\xff\xff\xff\xff"], ids=range(4))  # fmt: skip
def test_a_head_that_is_cut_or_lies_is_no_voice_note_of_whatsapps(junk: bytes) -> None:
    from takeback import recording

    assert recording._voice(recording._Again(BytesIO(junk).read)) in ("", "narrow")


# ---------------------------------------------------------------- the report and the command


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "found.wav").write_bytes(wav(np.concatenate([tune(2)[: 3 * RATE], tune(1)])))
    (tmp_path / "mine.wav").write_bytes(wav(tune(1)[2 * RATE : 10 * RATE]))
    (tmp_path / "other.wav").write_bytes(wav(tune(3)))
    (tmp_path / "short.wav").write_bytes(wav(tune(1)[: 3 * RATE]))
    return tmp_path


def report(files: Path, *originals: str) -> dict:
    return journey.examine_file(files / "found.wav", None, date(2026, 11, 24), [files / one for one in originals])


def test_the_recording_that_a_file_was_made_from_is_found(files: Path) -> None:
    found = {one["id"]: one for one in report(files, "mine.wav")["findings"]}
    assert found["same-recording"]["loud"]
    assert found["same-recording"]["quotes"][1]["text"].startswith("5.0, 0.0, ")
    assert not {"same-source", "other-source", "original-unknown"} & found.keys()


@pytest.mark.parametrize(("original", "id_"), [("other.wav", "other-recording"), ("short.wav", "recording-unknown")])
def test_another_recording_raises_nothing_loud(files: Path, original: str, id_: str) -> None:
    found = report(files, original)
    assert id_ in {one["id"] for one in found["findings"]}
    assert found["nothing"]


def test_every_method_of_sound_ran_or_says_why_not(files: Path) -> None:
    found = report(files)
    assert set(hearing.METHODS) <= {*found["ran"], *(one["method"] for one in found["not_run"])}
    (files / "broken.mp3").write_bytes(b"\xff\xfb\x90\x64" + bytes(4000))
    broken = journey.examine_file(files / "broken.mp3", None, date(2026, 11, 24))
    assert {one["because"] for one in broken["not_run"] if one["method"] in hearing.METHODS} == {heard.WHY["no-sound"]}


def test_the_command_shows_it(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = [str(files / "found.wav"), "--original", str(files / "mine.wav")]
    assert cli.main(["examine", *told]) == 0
    assert "hold the same recording" in capsys.readouterr().out
    (files / "child.json").write_text(json.dumps({"intimate": "yes", "under18_real": "yes"}))
    assert cli.main(["examine", *told, "--given", str(files / "child.json")]) == 3
