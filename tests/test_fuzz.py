"""What the fuzzers found worth keeping, asked again: the kernel with the sanitizers on, and the bank file's reader."""

from __future__ import annotations

import importlib.util
import subprocess
import zipfile

import pytest
from test_vectors import ROOT, VECTORS

FUZZ = ROOT / "tests/fuzz"


def kept(name):
    """The inputs of a corpus, by name."""
    with zipfile.ZipFile(VECTORS / f"{name}.corpus.zip") as corpus:
        return {entry: corpus.read(entry) for entry in corpus.namelist()}


@pytest.fixture(scope="module")
def bank_file():
    spec = importlib.util.spec_from_file_location("fuzz_bank_file", FUZZ / "bank_file.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_corpus_is_kept_for_each():
    assert len(kept("kernel")) > 100
    assert len(kept("bank")) > 50
    assert len(kept("decoders")) > 100


def test_the_kernel_answers_all_that_was_kept_with_the_sanitizers_on(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, data in kept("kernel").items():
        (corpus / name).write_bytes(data)
    flags = ["-std=c11", "-O1", "-g", "-ffp-contract=off", "-DREPLAY", "-Wall", "-Wextra", f"-I{ROOT / 'kernel'}"]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    sources = [FUZZ / "kernel.c", *(ROOT / "kernel").glob("pdq*.c"), *(ROOT / "kernel").glob("hamming*.c")]
    subprocess.run(["gcc", *flags, *sanitizers, "-o", tmp_path / "replay", *sources], check=True)
    inputs = sorted(corpus.iterdir())
    done = subprocess.run([tmp_path / "replay", *inputs], capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stdout) == (0, f"{len(inputs)} inputs\n"), done.stderr


def test_the_reader_of_bank_files_answers_all_that_was_kept(bank_file):
    for data in kept("bank").values():
        bank_file.one(data)


def test_a_file_that_was_described_without_a_lie_is_a_bank(bank_file, tmp_path):
    # Else the fuzzer would look at nothing but the first page's refusal.
    from takeback import Bank, _kernel

    value = bytes(range(32))
    data = bank_file.description(
        {"rows": _kernel.spread(value), "ids": b"a\n", "ids_at": bytes(8)}, [(2, b'["withdrawn", [0]]')]
    )
    path = tmp_path / "bank"
    path.write_bytes(bank_file.file_of(data))
    bank = Bank.open(path)
    assert (len(bank), bank.match(value), bank.info()["withdrawn"]) == (1, [], 1)


def test_the_cage_answers_all_that_was_kept_of_pictures_and_videos():
    from takeback import cage
    from takeback.errors import BadFile

    ended = {"signals": 0, "a sentence": 0}
    with cage.Cage() as made:
        for data in kept("decoders").values():
            try:
                looked = made.look(data)
            except BadFile:
                ended["a sentence"] += 1
            else:
                assert looked.sha256
                ended["signals"] += 1
        warden = made._warden
        assert warden is not None
        assert warden.alive()
    assert min(ended.values()) > 10
