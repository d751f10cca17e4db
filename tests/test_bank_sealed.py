"""A bank sealed with age is opened by its key, into memory alone: it matches, and can't be changed by mistake."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_bank import OTHER, VALUE
from test_cli_bank import run  # noqa: F401  (a fixture)

from takeback import Bank, vault
from takeback.errors import BadFile, BadInput
from takeback.terms import Entry, Match

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="only Linux has files that lie in memory alone")


@pytest.fixture
def key(tmp_path):
    made = vault.new_key()
    (tmp_path / "key.txt").write_text(f"# created: today\n# public key: {made.recipient}\n{made.secret}\n")
    return made


@pytest.fixture
def sealed(key, tmp_path):
    """A sealed bank of two entries, one of which was withdrawn; the plain file is gone."""
    with Bank.build([VALUE, OTHER], tmp_path / "plain") as bank:
        bank.withdraw(["1"])
    subprocess.run(["age", "-r", key.recipient, "-o", tmp_path / "bank.age", tmp_path / "plain"], check=True)
    (tmp_path / "plain").unlink()
    return tmp_path / "bank.age"


def test_a_sealed_bank_matches_by_its_key(run, sealed):  # noqa: F811
    said = run("match", "bank.age", VALUE.hex(), OTHER.hex(), "--identity", "key.txt")
    assert said == (0, f"{VALUE.hex()}  0  0 bits\n{OTHER.hex()}  no match\n", "")
    assert "withdrawn" in run("info", "bank.age", "--check", "--identity", "key.txt")[1]
    assert sorted(file.name for file in sealed.parent.iterdir()) == ["bank.age", "key.txt"], "something plain is left"


def test_without_the_key_it_is_one_sentence(run, sealed):  # noqa: F811
    (sealed.parent / "other.txt").write_text(vault.new_key().secret)
    (sealed.parent / "none.txt").write_text("no key\n")
    for words, says in (
        (["match", "bank.age", VALUE.hex()], "sealed with age"),
        (["withdraw", "bank.age", "0"], "sealed with age"),
        (["match", "bank.age", VALUE.hex(), "--identity", "other.txt"], "This key does not open this bank"),
        (["match", "bank.age", VALUE.hex(), "--identity", "none.txt"], "not an age secret key"),
        (["match", "bank.age", VALUE.hex(), "--identity", "gone.txt"], "can't be read"),
    ):
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        assert says in err


@pytest.mark.parametrize("share", [0.3, 0.999])
def test_a_sealed_bank_that_was_cut_or_changed_is_one_sentence(run, sealed, share):  # noqa: F811
    whole = sealed.read_bytes()
    at = int(share * len(whole))
    for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
        sealed.write_bytes(data)
        code, out, err = run("match", "bank.age", VALUE.hex(), "--identity", "key.txt")
        assert (code, out) == (2, "")
        assert "has changed" in err


def test_what_lies_in_memory_alone_is_never_changed(tmp_path):
    Bank.build(VALUE, tmp_path / "bank")
    bank = Bank.in_memory([(tmp_path / "bank").read_bytes()])
    for change in (lambda: bank.add([Entry(OTHER)]), lambda: bank.withdraw(["0"]), bank.compact):
        with pytest.raises(BadInput, match="memory alone"):
            change()
    assert bank.match(VALUE) == [Match("0", 0)]
    assert bank.info()["entries"] == 1


def test_no_file_stays_open_behind_it(tmp_path):
    Bank.build(VALUE, tmp_path / "bank")
    data = (tmp_path / "bank").read_bytes()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for chunks in ([data], [data[:5000]], [b"noise"]):
        with contextlib.suppress(BadFile):
            Bank.in_memory(chunks).match(VALUE)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_only_a_sealed_bank_loads_age(tmp_path):
    Bank.build(VALUE, tmp_path / "bank")
    code = (
        "import sys; from takeback import cli\n"
        "cli.main(['bank', 'match', sys.argv[1], '0' * 64]); print('pyrage' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "bank"], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("no match\nFalse\n")
