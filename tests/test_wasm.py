"""The kernel in a browser is the kernel in Python: the same source, the same bits, and the committed file is its build."""

from __future__ import annotations

import gzip
import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from node import node
from pixels import make, pictures

import takeback

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "takeback/web/static"
MODULES = [STATIC / "kernel.wasm", STATIC / "kernel-simd.wasm"]
FEED = ROOT / "tests/feed.mjs"


@pytest.fixture(params=MODULES, ids=lambda path: path.stem)
def module(request):
    return request.param


def as_rgba(pixels):
    if pixels.shape[2] == 4:
        return pixels
    rgb = np.broadcast_to(pixels, (*pixels.shape[:2], 3))
    return np.dstack([rgb, np.full(pixels.shape[:2], 255, np.uint8)])


def through_wasm(module, many):
    """Each picture's hash and quality, from the browser's kernel."""
    feed = b"".join(struct.pack("<ii", *each.shape[:2]) + as_rgba(each).tobytes() for each in many)
    done = node(FEED, module, data=feed)
    assert done.returncode == 0, done.stderr.decode()
    return [
        (bytes.fromhex(value), int(quality)) for value, quality in map(str.split, done.stdout.decode().splitlines())
    ]


def in_node(module, script):
    """What a script prints as JSON; `load` makes a kernel anew, `bytes` are the module's."""
    head = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ loadKernel }} from "{ROOT}/takeback/web/static/kernel.js";
        const bytes = readFileSync("{module}");
    """
    done = node("--input-type=module", "--eval", head + script)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_the_committed_files_are_what_their_source_builds():
    build = subprocess.run(
        [sys.executable, ROOT / "kernel/build_wasm.py", "--check"], capture_output=True, text=True, check=False
    )
    assert build.returncode == 0, build.stderr


def test_it_is_small_enough_for_a_phone(module):
    assert len(gzip.compress(module.read_bytes(), 9)) <= 8192


def test_it_imports_nothing_and_exports_three_things(module):
    said = in_node(
        module,
        """
        const module = new WebAssembly.Module(bytes);
        const names = (list) => list.map((each) => each.name);
        console.log(JSON.stringify([names(WebAssembly.Module.imports(module)), names(WebAssembly.Module.exports(module))]));
    """,
    )
    assert said == [[], ["memory", "room", "pdq"]]


def test_it_is_bit_for_bit_the_kernel_in_python(module):
    many = [pixels for _, pixels in pictures()] + [make("cycle", 99, 98, 4), make("noise 8", 130, 257, 4)]
    assert through_wasm(module, many) == [takeback.pdq(pixels) for pixels in many]


def test_a_browser_with_simd_is_given_it_and_one_without_is_not():
    say = f"""
        const {{ KERNEL_FILE }} = await import("{ROOT}/takeback/web/static/kernel.js");
        console.log(KERNEL_FILE);
    """
    assert node("--input-type=module", "--eval", say).stdout == b"kernel-simd.wasm\n"
    old = "WebAssembly.validate = () => false;" + say
    assert node("--input-type=module", "--eval", old).stdout == b"kernel.wasm\n"


def test_twelve_megapixels_need_less_than_two_more_megabytes(module):
    pages = in_node(
        module,
        """
        const { exports } = (await WebAssembly.instantiate(bytes)).instance;
        exports.room(3000, 4000);
        console.log(exports.memory.buffer.byteLength);
    """,
    )
    assert pages - 3000 * 4000 * 4 < 2_000_000


def test_it_goes_on_after_a_refusal_and_says_why(module):
    said = in_node(
        module,
        """
        const kernel = await loadKernel(bytes);
        const said = [];
        for (const [width, height, length] of [[4, 4, 64], [9, 9, 1], [2 ** 16, 2 ** 16, 0], [NaN, 9, 0], [9.5, 9, 342]]) {
          try { kernel.pdq(new Uint8Array(length), width, height); } catch (error) { said.push(error.reason); }
        }
        console.log(JSON.stringify([...said, kernel.pdq(new Uint8Array(9 * 9 * 4), 9, 9).quality]));
    """,
    )
    assert said == ["too-small", "wrong-length", "too-large", "too-small", "wrong-length", 0]


def test_it_keeps_nothing_of_a_picture(module):
    left = in_node(
        module,
        """
        const { instantiate } = WebAssembly;
        let memory;
        WebAssembly.instantiate = async (...all) => {
          const made = await instantiate(...all);
          memory = made.instance.exports.memory;
          return made;
        };
        const kernel = await loadKernel(bytes);
        kernel.pdq(new Uint8Array(300 * 300 * 4).fill(77), 300, 300);
        const all = new Uint8Array(memory.buffer);
        console.log(all.filter((byte) => byte === 77).length);
    """,
    )
    assert left < 100
