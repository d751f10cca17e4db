"""Sound becomes words that are found again; what is something else is not."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import RATE, tune

from takeback import sound

VECTORS = "407ffc3f 207fc7ff 107e3fff 0c79ffff 026ffff8 e1bfe000 fe400000 f9900033"
"""Every tenth word of `chirp`."""


def words(samples: np.ndarray, rate: int = RATE, piece: int = 1 << 16) -> np.ndarray:
    ear = sound.Ear(rate)
    for at in range(0, len(samples), piece):
        ear.hear(samples[at : at + piece])
    return ear.words()


def at_rate(samples: np.ndarray, rate: int) -> np.ndarray:
    """The same sound at another rate, through its spectrum."""
    long = round(len(samples) * rate / RATE)
    spectrum = np.fft.rfft(samples)
    wide = np.zeros(long // 2 + 1, complex)
    both = min(len(spectrum), len(wide))
    wide[:both] = spectrum[:both]
    return (np.fft.irfft(wide, long) * long / len(samples)).astype(np.float32)


def chirp(rate: int = 8000) -> np.ndarray:
    """A rising tone under a falling one: nothing drawn by chance, so that anybody can make it again."""
    at = np.arange(3 * rate) / rate
    return (
        0.4 * np.sin(2 * np.pi * (450 * at + 300 * at**2)) + 0.3 * np.sin(2 * np.pi * (2900 * at - 280 * at**2))
    ).astype(np.float32)


def test_a_chirp_has_the_words_that_it_always_had() -> None:
    found = words(chirp(), 8000)
    expected = np.array([int(one, 16) for one in VECTORS.split()], np.uint32)
    assert len(found) == 71
    assert np.bitwise_count(found[::10] ^ expected).sum() <= 2, [f"{one:08x}" for one in found[::10]]


def test_pieces_of_any_size_give_the_same_words() -> None:
    whole = words(tune(1, 4))
    assert all((words(tune(1, 4), piece=size) == whole).all() for size in (777, 4001, 1 << 20))


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000])
def test_every_rate_gives_nearly_the_same_words(rate: int) -> None:
    (found,) = sound.shared(words(tune(1)), words(at_rate(tune(1), rate), rate))
    assert found.seconds > 11.9
    assert found.errors < 0.02


@pytest.mark.parametrize("rate", [0, -8000, 4000, 500_000])
def test_a_rate_that_no_recording_has_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match=str(rate)):
        sound.Ear(rate)


def test_a_clip_of_six_seconds_is_found_where_it_was_cut_out() -> None:
    (found,) = sound.shared(words(tune(1)), words(tune(1)[round(3.21 * RATE) : round(9.21 * RATE)]))
    assert found.one == pytest.approx(3.21, abs=0.05)
    assert (round(found.other, 1), found.seconds > 5.8, found.errors < 0.1) == (0, True, True)


def test_a_clip_of_four_seconds_is_too_little_to_say_it() -> None:
    assert sound.shared(words(tune(1)), words(tune(1)[: 4 * RATE])) == ()


def test_noise_is_borne_and_other_loud_sound_is_not() -> None:
    noise = np.random.default_rng(5).normal(0, 1, len(tune(1))).astype(np.float32) * tune(1).std()
    assert sound.shared(words(tune(1)), words(tune(1) + noise / 10))
    assert not sound.shared(words(tune(1)), words(tune(1) + 2 * noise))


@pytest.mark.parametrize("faster", [0.95, 0.98, 1.02, 1.05])
def test_another_speed_defeats_it_and_nobody_claims_otherwise(faster: float) -> None:
    assert sound.shared(words(tune(1)), words(at_rate(tune(1), round(RATE / faster)))) == ()


def test_different_recordings_share_nothing() -> None:
    made = [words(tune(seed)) for seed in range(1, 6)]
    assert not any(sound.shared(one, other) for one, other in combinations(made, 2))


@pytest.mark.parametrize(
    "still",
    [
        np.zeros(12 * RATE, np.float32),
        np.full(12 * RATE, 0.5, np.float32),
        np.sin(np.arange(12 * RATE) * 0.4).astype(np.float32),
        np.sign(np.sin(np.arange(12 * RATE) * 0.2)).astype(np.float32),
    ],
    ids=["silence", "direct current", "a tone", "a dial tone with corners"],
)
def test_silence_and_steady_tones_are_the_same_as_nothing(still: np.ndarray) -> None:
    found = words(still)
    assert not sound.telling(found)
    assert sound.shared(found, found) == ()


def test_two_seconds_of_the_same_jingle_do_not_make_two_recordings_one() -> None:
    jingle = tune(9)[: 2 * RATE]
    one, other = (np.concatenate([tune(seed)[: 5 * RATE], jingle, tune(seed)[5 * RATE :]]) for seed in (1, 2))
    assert sound.shared(words(one), words(other)) == ()


def test_four_seconds_that_are_the_same_do_not_lend_the_fifth_its_likeness() -> None:
    row = np.random.default_rng(4).integers(1, 1 << 32, (2, 1000), dtype=np.uint32)
    row[1, 300:420] = row[0, 300:420]
    assert sound.shared(*row) == ()
    row[1, 300:440] = row[0, 300:440]
    assert len(sound.shared(*row)) == 1


def test_a_part_that_comes_twice_is_found_apart() -> None:
    twice = np.concatenate([tune(1)[: 7 * RATE], tune(2)[: 3 * RATE], tune(1)[: 7 * RATE]])
    found = sound.shared(words(twice), words(twice), apart=1)
    assert {(round(one.one), round(one.other)) for one in found} == {(10, 0)}
    assert not sound.shared(words(tune(1)), words(tune(1)), apart=1)


def test_an_hour_beside_an_hour_is_looked_up_and_not_tried() -> None:
    hours = np.random.default_rng(3).integers(1, 1 << 32, (2, 112_500), dtype=np.uint32)
    hours[1, 70_000:70_400] = hours[0, 1_000:1_400] ^ np.uint32(0x00100400)
    (found,) = sound.shared(hours[0], hours[1])
    assert (found.one, found.other) == (pytest.approx(32, abs=0.3), pytest.approx(2240, abs=0.3))
    assert found.errors == pytest.approx(2 / 32, abs=0.02)


@given(st.lists(st.integers(0, 3), max_size=400), st.lists(st.integers(0, 3), max_size=400))
@settings(max_examples=30, deadline=None)
def test_whatever_the_words_are_what_is_shared_lies_inside_and_under_the_line(one: list[int], other: list[int]) -> None:
    mine, theirs = (np.array(each, np.uint32) * np.uint32(0x11111111) for each in (one, other))
    for found in sound.shared(mine, theirs):
        assert found.errors < sound.MOST_ERRORS
        assert found.seconds >= sound.LEAST - sound.STEP
        assert 0 <= found.one <= len(one) * sound.STEP
        assert 0 <= found.other <= len(other) * sound.STEP
