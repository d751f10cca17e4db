"""The node that Playwright brings along: the browser's modules run in it, and nobody has to install another."""

from __future__ import annotations

import subprocess

from playwright._impl._driver import compute_driver_executable

NODE = compute_driver_executable()[0]


def node(*arguments: object, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run node, with bytes on its standard input."""
    return subprocess.run([NODE, *map(str, arguments)], input=data, capture_output=True, check=False, timeout=120)
