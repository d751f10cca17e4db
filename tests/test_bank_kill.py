"""Writers killed at random moments: what `add` and `withdraw` returned for holds, and the file opens, every time.

`TAKEBACK_KILLS=500` kills more; `TAKEBACK_SEED` repeats a run.
"""

import os
import random
import signal
import time

from takeback import Bank, bank_columns
from takeback.terms import Entry

KILLS = int(os.environ.get("TAKEBACK_KILLS", "120"))


def value(name):
    """A hash that is far from that of every other name."""
    return random.Random(name).randbytes(32)


def write_until_killed(path, pipe, round_):
    """Add two at a time, withdraw one of them, compact now and then; each is confirmed once it has returned."""
    bank_columns.INDEXED_FROM = 0 if round_ % 8 == 0 else 1 << 14
    bank = Bank.open(path)
    for number in range(100_000):
        one, two = f"{round_}-{number}-a", f"{round_}-{number}-b"
        bank.add([Entry(value(one), one), Entry(value(two), two)])
        os.write(pipe, f"there {one}\nthere {two}\n".encode())
        bank.withdraw([two])
        os.write(pipe, f"gone {two}\n".encode())
        if number % 5 == round_ % 5:
            bank.compact()


def killed_after(delay, path, round_):
    """What a child had confirmed by the moment it was killed; the delay counts from its first word."""
    ours, theirs = os.pipe()
    if not (child := os.fork()):
        try:
            os.close(ours)
            write_until_killed(path, theirs, round_)
        finally:
            os._exit(1)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        first = pipe.readline()
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        return [line.split() for line in (first + pipe.read()).splitlines()]


def matching(bank, names):
    """Which of these entries match, asked all at once."""
    found = bank.match_many([value(name) for name in names], 0)
    return {name for name, matches in zip(names, found, strict=True) if [m.entry for m in matches] == [name]}


def test_a_writer_killed_at_any_instant_loses_nothing_it_confirmed(tmp_path):
    seed = int(os.environ.get("TAKEBACK_SEED", str(random.randrange(2**32))))
    print("seed", seed)
    moments = random.Random(seed)
    path = tmp_path / "bank"
    reader = Bank.build(b"", path)
    there, gone = set(), set()
    for round_ in range(KILLS):
        for what, name in killed_after(moments.uniform(0, 0.02), path, round_):
            (gone if what == "gone" else there).add(name)
        there -= gone
        names = sorted(there | gone)
        opened = Bank.open(path)
        found = matching(opened, names)
        assert found <= there, "what was withdrawn matches"
        # The last withdrawal may have been written and not yet confirmed.
        assert len(there - found) <= 1, "what was added is lost"
        assert all(name.endswith("-b") for name in there - found)
        assert matching(reader, names) == found, "a bank that was open sees something else"
        gone |= there - found
        there = found
    opened.check()
    opened.compact()
    assert [file.name for file in tmp_path.iterdir()] == ["bank"]
    assert matching(reader, sorted(there)) == there
    data = path.read_bytes()
    assert not any(bank_columns._kernel.spread(value(name)) in data for name in gone)
