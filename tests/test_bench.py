"""The benches still run: tiny, and with no gate on time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHES = [
    path for path in sorted((Path(__file__).parent.parent / "bench").glob("*.py")) if "def main" in path.read_text()
]


@pytest.mark.parametrize("bench", BENCHES, ids=lambda path: path.stem)
def test_it_runs_when_it_is_tiny(bench):
    done = subprocess.run([sys.executable, bench, "--tiny"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout
