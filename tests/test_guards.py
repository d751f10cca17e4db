"""Each guard alone, and the deeds that it alone forbids: without it they are done."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from socket import create_server

import pytest

from takeback.cage import guards

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has them")

DEEDS = Path(__file__).with_name("deeds.py")

FORBIDS = {
    "no_network": ("connect", "send_a_datagram"),
    "no_new_rights": ("be_another_user", "dump_memory", "gain_rights"),
    "no_files": ("read_a_file", "write_a_file", "list_a_folder", "remove_a_file", "run_a_program", "connect"),
    "no_calls": (
        "read_a_file", "write_a_file", "list_a_folder", "remove_a_file", "run_a_program", "connect", "send_a_datagram",
        "fork", "signal_the_parent", "run_new_code", "be_another_user",
    ),
    "limits": ("read_a_file", "write_a_file", "write_to_a_file_that_is_open", "connect", "take_much_memory"),
}  # fmt: skip


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def went(deed: str, port: int, folder: Path, *guard: str) -> str:
    if deed == "be_another_user" and os.geteuid() != 0:
        pytest.skip("only root can")
    if "no_network" in guard and subprocess.run(["unshare", "-Un", "true"], check=False).returncode != 0:
        pytest.skip("this computer allows no namespaces")
    command = [sys.executable, "-I", str(DEEDS), "deed", deed, str(port), *guard]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30, check=False)
    return done.stdout.strip() or done.stderr.strip()


@pytest.mark.parametrize("deed", sorted({deed for deeds in FORBIDS.values() for deed in deeds}))
def test_without_a_guard_the_deed_is_done(deed: str, port: int, tmp_path: Path) -> None:
    assert went(deed, port, tmp_path) == "done"


@pytest.mark.parametrize(("guard", "deed"), [(guard, deed) for guard, deeds in FORBIDS.items() for deed in deeds])
def test_the_guard_alone_forbids_the_deed(guard: str, deed: str, port: int, tmp_path: Path) -> None:
    assert went(deed, port, tmp_path, guard) == "refused"


def test_the_filter_is_written_for_both_kinds_of_machine() -> None:
    ours, other = (guards.call_filter(machine) for machine in ("x86_64", "aarch64"))
    assert len(ours) == len(other)
    assert ours != other
    assert platform.machine() in guards.ARCHES


@pytest.mark.parametrize("machine", guards.ARCHES)
def test_no_number_of_a_system_call_is_there_twice(machine: str) -> None:
    column = list(guards.ARCHES).index(machine)
    numbers = [row[column] for row in (*guards.ALLOWED.values(), *guards.MAPPING.values(), *guards.THREAD.values())]
    assert len(set(numbers)) == len(numbers)
