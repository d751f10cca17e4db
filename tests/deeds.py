"""What a file could do that has taken over the child that opened it. Run only by tests, in a process made for it.

On its own, `python -I deeds.py deed NAME PORT GUARD...`: set these guards, do the deed, print `done` or `refused`.
As a warden, `python -I deeds.py guarded PORT MEMORY CPU WALL`: the real one, but a file that says `DEED name` makes its
child do that deed (the reason in the answer tells how it went: "damaged" if refused, "huge" if done), and one that says
`SAY name` makes it answer in that way. `unguarded` instead of `guarded` sets no guard at all.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import resource
import signal
import socket
import sys
import time
from pathlib import Path

from takeback import pixels
from takeback.cage import Limits, guards, warden


def read_a_file() -> None:
    Path("/etc/passwd").read_text()


def write_a_file() -> None:
    Path("written").write_text("here")


def write_to_a_file_that_is_open() -> None:
    os.write(HANDLE, b"here")


def list_a_folder() -> None:
    next(Path("/").iterdir())


def remove_a_file() -> None:
    Path("removed").unlink()


def connect() -> None:
    with socket.socket() as sock:
        sock.connect(("127.0.0.1", PORT))


def send_a_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"here", ("127.0.0.1", PORT))


def run_a_program() -> None:
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


def fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def signal_the_parent() -> None:
    os.kill(os.getppid(), 0)


def run_new_code() -> None:
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.close()


def take_much_memory() -> None:
    bytearray(1 << 30)


def be_another_user() -> None:
    os.setuid(12345)


def dump_memory() -> None:
    if guards.LIBC.prctl(3, 0, 0, 0, 0) == 0 and resource.getrlimit(resource.RLIMIT_CORE) == (0, 0):
        raise PermissionError


def gain_rights() -> None:
    if guards.LIBC.prctl(39, 0, 0, 0, 0) == 1:
        raise PermissionError


DEEDS = {
    deed.__name__: deed
    for deed in (
        read_a_file, write_a_file, write_to_a_file_that_is_open, list_a_folder, remove_a_file, connect,
        send_a_datagram, run_a_program, fork, signal_the_parent, run_new_code, take_much_memory, be_another_user,
        dump_memory, gain_rights,
    )
}  # fmt: skip

GUARDS = {
    "no_network": guards.no_network,
    "no_new_rights": guards.no_new_rights,
    "no_files": lambda: guards.no_new_rights() and guards.no_files(),
    "no_calls": lambda: guards.no_new_rights() and guards.no_calls(),
    "limits": lambda: guards.limits(1 << 30, 5),
}


def try_to(name: str) -> str:
    try:
        DEEDS[name]()
    except (OSError, MemoryError):
        return "refused"
    return "done"


# ---------------------------------------------------------------- answers that are none


def spin() -> bytes:
    while True:
        pass


def sleep() -> bytes:
    time.sleep(600)
    return b""


def crash() -> bytes:
    ctypes.string_at(0)
    return b""


def end_itself() -> bytes:
    os._exit(7)


def hang_up_and_sleep() -> bytes:
    os.closerange(0, 64)
    time.sleep(600)
    return b""


def write_everywhere() -> bytes:
    for fd in range(64):
        for _ in range(3):
            try:
                os.write(fd, b".")
            except OSError:
                break
    return b""


def count_pipes() -> bytes:
    found = 0
    for fd in range(256):
        try:
            os.fstat(fd)
            found += 1
        except OSError:
            pass
    return json.dumps({"format": "PNG", "rows": 5 + found, "cols": 5, "pdq": [HASH], "notes": []}).encode()


HASH = ["none", "0" * 64, 9]


def picture(**other: object) -> bytes:
    """An honest answer, but for some of its parts."""
    return json.dumps({"format": "PNG", "rows": 9, "cols": 9, "pdq": [HASH], "notes": [], **other}).encode()


def film(*frames: object, **other: object) -> bytes:
    """An honest answer of a video, but for some of its parts."""
    return json.dumps({"format": "MP4", "frames": frames, "notes": [], **other}).encode()


SAYS = {
    "nothing": lambda: b"",
    "a gigabyte": lambda: bytes(1 << 30),
    "rubbish": lambda: os.urandom(500),
    "a list": lambda: b"[1, 2, 3]",
    "a deep list": lambda: b"[" * 1000,
    "not a number": lambda: picture(rows=float("nan")),
    "a word of its own": lambda: b'{"why": "Call 0123 and pay"}',
    "a word too many": lambda: b'{"why": "damaged", "say": "Call 0123 and pay"}',
    "another format": lambda: b'{"format": "Virus"}',
    "a picture without pixels": lambda: b'{"format": "PNG"}',
    "a video with pixels": lambda: picture(format="MP4"),
    "a size that is true": lambda: picture(rows=True),
    "no hash": lambda: picture(pdq=[]),
    "a hash too short": lambda: picture(pdq=[["none", "00", 9]]),
    "a quality too good": lambda: picture(pdq=[["none", "0" * 64, 101]]),
    "an edit of its own": lambda: picture(pdq=[HASH, ["Call 0123 and pay", "0" * 64, 9]]),
    "an edit and not the picture": lambda: picture(pdq=[["frame 2", "0" * 64, 9]]),
    "a hash twice": lambda: picture(pdq=[HASH, HASH]),
    "too many hashes": lambda: picture(pdq=[HASH, *(["frame " + str(i), "0" * 64, 9] for i in range(2, 300))]),
    "a frame before the start": lambda: film([-1, "0" * 64, 60]),
    "a frame at no time": lambda: film([float("nan"), "0" * 64, 60]),
    "a frame at a word": lambda: film(["Call 0123", "0" * 64, 60]),
    "a frame without a hash": lambda: film([1.5, "", 60]),
    "too many frames": lambda: film(*([number, "0" * 64, 60] for number in range(4001))),
    "a picture with frames": lambda: film([1, "0" * 64, 60], format="PNG"),
    "a sound with frames": lambda: film([1, "0" * 64, 60], format="MP3"),
    "a note of its own beside frames": lambda: film(notes=["Call 0123 and pay"]),
    "a note of its own": lambda: picture(notes=["Call 0123 and pay"]),
    "spin": spin,
    "sleep": sleep,
    "crash": crash,
    "end itself": end_itself,
    "hang up and sleep": hang_up_and_sleep,
    "write everywhere": write_everywhere,
    "count pipes": count_pipes,
}  # fmt: skip


def work(read: warden.Read) -> bytes:
    wish, head = read(1), read(warden.CHUNK)
    if head.startswith(b"DEED "):
        went = try_to(head.removeprefix(b"DEED ").decode())
        return json.dumps({"why": {"refused": "damaged", "done": "huge"}[went]}).encode()
    if head.startswith(b"SAY "):
        return SAYS[head.removeprefix(b"SAY ").split(b"\n")[0].decode()]()
    rest = iter((wish, head))
    return warden.look(lambda size: next(rest, b"") or read(size))


def unguarded() -> None:
    for name in ("no_network", "no_new_rights", "no_files", "no_calls", "limits"):
        setattr(guards, name, lambda *_, **__: False)


def alone(name: str, *wanted: str) -> None:
    Path("removed").touch()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    held = [GUARDS[guard]() for guard in wanted]
    print(try_to(name) if all(held) else "not set", flush=True)
    os._exit(0)


if __name__ == "__main__":
    role, *rest = sys.argv[1:]
    if role == "deed":
        PORT, HANDLE = int(rest.pop(1)), os.open("opened", os.O_WRONLY | os.O_CREAT)
        alone(*rest)
    if role == "unguarded":
        unguarded()
    PORT, HANDLE, limits = int(rest[0]), 1, Limits(*map(int, rest[1:]))
    pixels.warm()
    warden.serve(socket.socket(fileno=0), limits, work)
