"""Guards: what the kernel can forbid a process. Each is one call, cannot be undone, and answers whether it holds.

On Linux all of them hold on a common kernel; elsewhere only the limits do. A guard that cannot be set answers False
and changes nothing: the cage says so in a sentence and goes on. Nothing here opens a file.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from typing import Any

LIBC: Any = ctypes.CDLL(None, use_errno=True)
LINUX = sys.platform == "linux"
MACHINE = platform.machine() if LINUX and sys.maxsize > 2**32 else ""
"""Whose numbers of system calls are true here; none for a 32-bit Python."""

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION_3 = 0x20080522
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000
LANDLOCK_CREATE_RULESET, LANDLOCK_RESTRICT_SELF = 444, 446
LANDLOCK_FILES = {1: 13, 2: 14, 3: 15, 4: 15}  # how many kinds of access each version knows; 16 from the fifth on

LANDLOCK_READING = 0b1100  # files, folders


def no_new_rights() -> bool:
    """Give up every capability, gain none by running a program, and be closed to debuggers and core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not LINUX:
        return False
    header, none = struct.pack("=Ii", CAPABILITY_VERSION_3, 0), bytes(24)
    dropped = MACHINE in CAPSET and LIBC.syscall(CAPSET[MACHINE], header, none) == 0
    return _prctl(PR_SET_DUMPABLE, 0) and _prctl(PR_SET_NO_NEW_PRIVS, 1) and dropped


def no_network() -> bool:
    """Move to a network of one's own that has no way out, and to message queues of one's own."""
    return LINUX and LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0


def no_files(*, but_reading: bool = False) -> bool:
    """Open, make, list, move or remove no file at all, and connect to no port: Landlock without a single rule.

    What is already open stays open. `but_reading` still lets files be opened to read, and folders be listed.
    Needs `no_new_rights` before it, as every process without privileges does.
    """
    if not LINUX:
        return False
    version = LIBC.syscall(LANDLOCK_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    files = (1 << LANDLOCK_FILES.get(version, 16)) - 1 & ~(LANDLOCK_READING if but_reading else 0)
    ports, others = (3 if version >= 4 else 0), (3 if version >= 6 else 0)  # TCP; sockets and signals of others
    wanted = struct.pack("=QQQ", files, ports, others)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = LIBC.syscall(LANDLOCK_CREATE_RULESET, wanted, len(wanted), 0)
    if rules < 0:
        return False
    try:
        return bool(LIBC.syscall(LANDLOCK_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


# ---------------------------------------------------------------- system calls

ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOWED = {  # name: x86_64, aarch64; None where it does not exist
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
}
"""What decoding needs: memory, time, and the pipes that are open already. No file, socket, process or program."""

MAPPING = {"mmap": (9, 222), "mprotect": (10, 226)}
"""Allowed as long as the memory cannot be run: nothing a file holds can become code."""

THREAD = {"clone": (56, 220)}
"""Allowed with exactly the flags of a thread (the decoder of HEIC starts one): it is under the same filter and limits.
`clone3` keeps its flags where no filter can read them, so it does not exist here, and a C library falls back."""

CLONE3 = (435, 435)
THREAD_FLAGS = (0x3D0F00, 0x7D0F00)  # glibc's, musl's

BPF_LOAD, BPF_IF_EQUAL, BPF_IF_AT_LEAST, BPF_IF_ANY_BIT, BPF_RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE, UNKNOWN, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # REFUSE answers EPERM, UNKNOWN ENOSYS
AT_NUMBER, AT_ARCH, AT_FIRST_ARGUMENT, AT_FLAGS_ABOVE, AT_THIRD_ARGUMENT = 0, 4, 16, 20, 32
PROT_EXEC = 4


def no_calls() -> bool:
    """Answer "not permitted" to every system call but those that decoding needs. Needs `no_new_rights` before it."""
    if MACHINE not in ARCHES:
        return False
    return _filter(call_filter(MACHINE))


REACHING = {  # name: x86_64, aarch64
    "socket": (41, 198),
    "connect": (42, 203),
    "execve": (59, 221),
    "ptrace": (101, 117),
    "execveat": (322, 281),
    "io_uring_setup": (425, 425),
}
OTHER_NUMBERS = 0x40000000
"""From here on are the numbers of a second way to call the same (x32)."""


def no_reach() -> bool:
    """Open no socket, not even to services of this computer, and run no program. Needs `no_new_rights` before it.

    For code that is still to be loaded, when `no_calls` would be too much.
    """
    return MACHINE in ARCHES and _filter(reach_filter(MACHINE))


def reach_filter(machine: str) -> bytes:
    """The filter of `no_reach`, in classic BPF."""
    column = list(ARCHES).index(machine)
    code = [(BPF_LOAD, 0, 0, AT_ARCH), (BPF_IF_EQUAL, 1, 0, ARCHES[machine]), (BPF_RETURN, 0, 0, KILL)]
    code += [(BPF_LOAD, 0, 0, AT_NUMBER), (BPF_IF_AT_LEAST, 0, 1, OTHER_NUMBERS), (BPF_RETURN, 0, 0, REFUSE)]
    for numbers in REACHING.values():
        code += [(BPF_IF_EQUAL, 0, 1, numbers[column]), (BPF_RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *line) for line in (*code, (BPF_RETURN, 0, 0, ALLOW)))


def _filter(code: bytes) -> bool:
    program = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HL", len(code) // 8, ctypes.addressof(program))
    return _prctl(PR_SET_SECCOMP, 2, ctypes.c_char_p(head))


def call_filter(machine: str) -> bytes:
    """The filter itself, in classic BPF."""
    column = list(ARCHES).index(machine)
    code = [(BPF_LOAD, 0, 0, AT_ARCH), (BPF_IF_EQUAL, 1, 0, ARCHES[machine]), (BPF_RETURN, 0, 0, KILL)]
    code += [(BPF_LOAD, 0, 0, AT_NUMBER)]
    for numbers in ALLOWED.values():
        code += [(BPF_IF_EQUAL, 0, 1, numbers[column]), (BPF_RETURN, 0, 0, ALLOW)]
    for numbers in MAPPING.values():
        code += [(BPF_IF_EQUAL, 0, 4, numbers[column]), (BPF_LOAD, 0, 0, AT_THIRD_ARGUMENT)]
        code += [(BPF_IF_ANY_BIT, 1, 0, PROT_EXEC), (BPF_RETURN, 0, 0, ALLOW), (BPF_RETURN, 0, 0, REFUSE)]
    code += [(BPF_IF_EQUAL, 0, 1, CLONE3[column]), (BPF_RETURN, 0, 0, UNKNOWN)]
    for numbers in THREAD.values():
        code += [(BPF_IF_EQUAL, 0, 6, numbers[column]), (BPF_LOAD, 0, 0, AT_FLAGS_ABOVE), (BPF_IF_EQUAL, 0, 4, 0)]
        code += [(BPF_LOAD, 0, 0, AT_FIRST_ARGUMENT)]
        code += [
            (BPF_IF_EQUAL, 1, 0, THREAD_FLAGS[0]),
            (BPF_IF_EQUAL, 0, 1, THREAD_FLAGS[1]),
            (BPF_RETURN, 0, 0, ALLOW),
        ]
    code += [(BPF_RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *line) for line in code)


# ---------------------------------------------------------------- limits, and the end


def limits(memory: int, seconds: int, *, threads: bool = False) -> bool:
    """Bound the address space and the processor time; write no byte to a file, open nothing more, start nothing.

    To this limit a thread is a process. So `threads` leaves it to the filter of system calls to tell them apart.
    """
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    if threads:
        del wanted[resource.RLIMIT_NPROC]
    held = [_limit(which, most) for which, most in wanted.items()]
    return all(held)


def _limit(which: int, most: int) -> bool:
    try:
        resource.setrlimit(which, (most, most))
    except (OSError, ValueError):
        return False
    return True


def end_with_parent() -> None:
    """Be killed when the process that forked this one ends. Elsewhere than on Linux the clock alone ends it."""
    if LINUX:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, *arguments: Any) -> bool:
    padded = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in (*arguments, 0, 0, 0, 0)[:4]]
    return bool(LIBC.prctl(ctypes.c_int(option), *padded) == 0)
