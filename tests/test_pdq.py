"""PDQ is the reference's, bit for bit: `pdqhash.compute` on the same pixels is the judge."""

from __future__ import annotations

import array
import math
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pixels import make, on_white, pictures

import takeback
from takeback import _kernel

SOURCE = Path(__file__).parent.parent / "kernel" / "pdq.c"


def reference(pixels):
    """The reference's answer; it knows RGB alone."""
    rgb = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
    bits, quality = pdqhash.compute(np.ascontiguousarray(rgb))
    return np.packbits(bits).tobytes(), int(quality)


@pytest.mark.parametrize("path", _kernel.paths())
def test_it_is_bit_for_bit_the_reference(path):
    wrong = [name for name, pixels in pictures() if _kernel.pdq_by(path, pixels) != reference(pixels)]
    assert wrong == []


def test_it_takes_the_fastest_path_and_each_can_be_switched_off():
    paths = _kernel.paths()
    assert paths[0] == "portable"
    ask = "from takeback import _kernel; print(*_kernel.paths())"
    for path in paths[1:]:
        environment = os.environ | {f"TAKEBACK_NO_{path.upper()}": "1"}
        said = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
        assert said.stdout.split() == [other for other in paths if other != path]


def test_it_has_no_path_of_another_name():
    with pytest.raises(ValueError, match="no such path"):
        _kernel.pdq_by("quick", np.zeros((9, 9), np.uint8))


def test_a_grey_picture_needs_no_third_dimension():
    for name, pixels in pictures():
        if pixels.shape[2] == 1:
            assert takeback.pdq(pixels[:, :, 0]) == takeback.pdq(pixels), name


@given(st.data(), st.integers(5, 24), st.integers(5, 24), st.sampled_from([1, 3]))
@settings(max_examples=200, deadline=None)
def test_it_is_the_reference_on_any_small_picture(data, rows, cols, channels):
    count = rows * cols * channels
    pixels = np.frombuffer(data.draw(st.binary(min_size=count, max_size=count)), np.uint8)
    pixels = pixels.reshape(rows, cols, channels)
    assert {_kernel.pdq_by(path, pixels) for path in _kernel.paths()} == {reference(pixels)}


def test_all_eight_hashes_are_the_reference():
    for name, pixels in pictures():
        if pixels.shape[2] == 3 and pixels.shape[:2] != (64, 64):
            bits, quality = pdqhash.compute_dihedral(pixels)
            assert takeback.pdq_dihedral(pixels) == (tuple(np.packbits(each).tobytes() for each in bits), quality), name


def test_the_first_of_the_eight_is_the_hash_at_64_by_64_too():
    # The reference blurs a 64 x 64 picture in its function for all eight, and not in its function for one.
    pixels = make("gradient 0 255", 64, 64, 3)
    hashes, quality = takeback.pdq_dihedral(pixels)
    assert (hashes[0], quality) == takeback.pdq(pixels)


def test_a_turned_picture_has_one_of_the_eight_hashes():
    pixels = make("noise 5", 96, 96, 3)
    hashes, _ = takeback.pdq_dihedral(pixels)
    turns = [pixels, np.rot90(pixels), np.rot90(pixels, 2), np.rot90(pixels, 3), pixels[::-1], pixels[:, ::-1]]
    turns += [pixels.transpose(1, 0, 2), np.rot90(pixels, 2).transpose(1, 0, 2)]
    assert hashes == tuple(takeback.pdq(np.ascontiguousarray(turn))[0] for turn in turns)


def test_the_wave_is_what_its_comment_says():
    table = re.search(r"wave\[SIDE\] = \{(.*?)\};", SOURCE.read_text(), re.DOTALL)
    wave = [float.fromhex(number) for number in re.findall(r"0x[0-9a-f.]+p-\d+", table[1])]
    scale = float(np.float32(math.sqrt(2 / 64)))
    assert wave == [float(np.float32(scale * math.cos(math.pi * m / 128))) for m in range(64)]
    for i in range(16):
        for j in range(64):
            m = (i + 1) * (2 * j + 1) % 256
            half = min(m, 256 - m)
            folded = wave[half] if half < 64 else -wave[128 - half]
            assert folded == float(np.float32(scale * math.cos((math.pi / 2 / 64) * (i + 1) * (2 * j + 1))))


def test_luma_in_whole_numbers_is_the_reference_for_every_colour():
    green, blue = np.mgrid[:256, :256]
    for red in range(256):
        theirs = (red * 0.299 + green * 0.587 + blue * 0.114).astype(np.float32)
        ours = (299 * red + 587 * green + 114 * blue).astype(np.float32) / np.float32(1000)
        assert np.array_equal(ours, theirs)


def test_a_transparent_picture_is_seen_on_white():
    rgba = make("cycle", 251, 67, 4)
    assert {_kernel.pdq_by(path, rgba) for path in _kernel.paths()} == {reference(on_white(rgba))}
    clear = make("noise 3", 40, 40, 4)
    clear[:, :, 3] = 0
    assert takeback.pdq(clear) == takeback.pdq(make("flat 255", 40, 40, 3))


def test_anything_with_a_buffer_goes_in():
    pixels = make("noise 9", 50, 70, 3)
    data, expected = pixels.tobytes(), takeback.pdq(pixels)
    for each in (data, bytearray(data), array.array("B", data), memoryview(data)):
        assert takeback.pdq(memoryview(each).cast("B", (50, 70, 3))) == expected
        assert _kernel.pdq_bytes(each, 50, 70, 3) == expected


def test_rows_may_lie_anywhere():
    pixels = make("noise 10", 120, 90, 3)
    for view in (pixels[::2], pixels[::-1], pixels[10:70, 20:80], pixels[:, :64]):
        assert takeback.pdq(view) == takeback.pdq(view.copy())


REFUSED = {
    "plain bytes": (bytes(300), "the shape"),
    "four dimensions": (np.zeros((9, 9, 3, 1), np.uint8), "the shape"),
    "floats": (np.zeros((9, 9, 3), np.float32), "0 to 255"),
    "signed bytes": (np.zeros((9, 9, 3), np.int8), "0 to 255"),
    "truth values": (np.zeros((9, 9), np.bool_), "0 to 255"),
    "16 bits": (np.zeros((9, 9), np.uint16), "0 to 255"),
    "two channels": (np.zeros((9, 9, 2), np.uint8), "1 channel"),
    "channels first": (np.zeros((3, 9, 9), np.uint8), "at least 5"),
    "a turned view": (np.zeros((9, 9, 3), np.uint8).transpose(1, 0, 2), "side by side"),
    "every other column": (np.zeros((9, 18, 3), np.uint8)[:, ::2], "side by side"),
    "blue first": (np.zeros((9, 9, 3), np.uint8)[:, :, ::-1], "side by side"),
    "overlapping rows": (np.lib.stride_tricks.as_strided(np.zeros(400, np.uint8), (9, 9), (4, 1)), "overlap"),
    "the same row again": (np.broadcast_to(np.zeros((1, 9), np.uint8), (9, 9)), "overlap"),
    "nothing": (np.zeros((0, 0, 3), np.uint8), "at least 5"),
    "four rows": (np.zeros((4, 90), np.uint8), "at least 5"),
    "a wall of pixels": (np.broadcast_to(np.uint8(0), (10_001, 10_000)), "side by side|100 megapixels"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses_what_is_no_picture_with_a_sentence(what):
    pixels, says = REFUSED[what]
    for function in (takeback.pdq, takeback.pdq_dihedral):
        with pytest.raises(ValueError, match=says):
            function(pixels)


def test_it_refuses_what_has_no_buffer():
    with pytest.raises(TypeError):
        takeback.pdq("a picture")


def test_other_threads_run_while_it_works():
    picture, ticks, done = np.zeros((6000, 4000), np.uint8), [0], threading.Event()

    def tick():
        while not done.is_set():
            ticks[0] += 1
            time.sleep(0)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)  # from here on nobody is made to give way: a tick during the call needs a free lock
    other = threading.Thread(target=tick)
    other.start()
    for _ in range(50):  # a busy machine may not wake the other thread within one call
        before = ticks[0]
        takeback.pdq(picture)
        during = ticks[0] - before
        if during:
            break
    done.set()
    sys.setswitchinterval(interval)
    other.join()
    assert during > 0


def test_threads_share_nothing():
    work = [pixels for _, pixels in pictures()][::7] * 3
    answers = {}
    threads = [
        threading.Thread(target=lambda n=n: answers.update({n: [takeback.pdq(pixels) for pixels in work]}))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answers[n] == answers[0] for n in range(4))


def test_takeback_has_no_attribute_that_it_does_not_say():
    with pytest.raises(AttributeError):
        takeback.phash  # noqa: B018
