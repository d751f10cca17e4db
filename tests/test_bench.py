"""The benches still run: tiny, and with no gate on time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHES = [
    path for path in sorted((Path(__file__).parent.parent / "bench").glob("*.py")) if "def main" in path.read_text()
]


def test_the_picture_of_the_page_is_drawn_from_its_table(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHES[0].parent))
    import plot

    lines = plot.read((plot.DOCS / "performance.md").read_text("utf-8"))
    assert all(len(points) >= 2 for points in lines.values())
    assert plot.draw(lines) == (plot.DOCS / "matching.svg").read_text("utf-8"), "run `python bench/plot.py`"


@pytest.mark.parametrize("bench", BENCHES, ids=lambda path: path.stem)
def test_it_runs_when_it_is_tiny(bench):
    done = subprocess.run([sys.executable, bench, "--tiny"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout
