"""How long does a PDQ hash take in a browser's engine? Both modules in node, on the RGBA of a canvas, copying included.

`python bench/wasm.py` prints medians of wall time; `--tiny` does the same in a moment.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from pdq import machine
from playwright._impl._driver import compute_driver_executable

STATIC = Path(__file__).parent.parent / "takeback/web/static"
SIZES = {"1 MP": (1000, 1000, 31), "12 MP": (4000, 3000, 11)}
TINY = {"tiny": (140, 100, 3)}

SCRIPT = """
import { readFileSync } from "node:fs";
import { loadKernel } from "STATIC/kernel.js";
const [file, width, height, rounds] = process.argv.slice(1);
const kernel = await loadKernel(readFileSync(file));
const rgba = new Uint8Array(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 2654435761) >>> 24));
const times = Array.from({ length: rounds }, () => {
  const start = performance.now();
  kernel.pdq(rgba, Number(width), Number(height));
  return performance.now() - start;
});
console.log(times.sort((a, b) => a - b)[rounds >> 1]);
"""


def median(module: str, width: int, height: int, rounds: int) -> float:
    """Milliseconds, in a new node."""
    script = SCRIPT.replace("STATIC", str(STATIC))
    command = [compute_driver_executable()[0], "--input-type=module", "--eval", script, "--"]
    command += [str(STATIC / module), str(width), str(height), str(rounds)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="small and quick, only to see that it runs")
    sizes = TINY if parser.parse_args().tiny else SIZES
    print(machine())
    for name, size in sizes.items():
        times = {module: median(module, *size) for module in ("kernel.wasm", "kernel-simd.wasm")}
        print(f"{name:>8}", *(f"{module} {each:.2f} ms" for module, each in times.items()), sep="   ")


if __name__ == "__main__":
    main()
