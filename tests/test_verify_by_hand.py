"""data/VERIFY.txt: every command in it, typed as it stands, by the programs that it names."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from evidence_case import KEY, files
from timestamper import Authority

from takeback import bag, evidence, vault
from takeback.store.folder import write_folder
from takeback.terms import Part

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def stamped(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("tsa") / "one")
    at = datetime.now(UTC).replace(microsecond=0)

    def stamp(tag_manifest):
        asked = evidence.request(tag_manifest)
        return evidence.stamped(tag_manifest, authority.answer(asked.der), asked, authority.root, at)[1]

    return files(made_at=at, stamp=stamp)


def commands(text):
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def typed(command, folder):
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "PIP_NO_INDEX": "1"}
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False, env=env)


def test_every_command_does_what_the_text_says(stamped, tmp_path):
    folder = tmp_path / "package"
    write_folder(folder, (Part.of(path, data) for path, data in stamped.items()))
    tar = b"".join(bag.tar(Part.of(path, data) for path, data in stamped.items()))
    (folder / "files.tar.age").write_bytes(vault.seal_bytes(tar, [KEY.recipient]))
    (folder / "key.txt").write_text(KEY.secret)
    said = {}
    for command in commands(stamped["data/VERIFY.txt"].decode()):
        done = typed(command, folder)
        assert done.returncode == 0, (command, done.stderr)
        said[command.split()[0] + " " + command.split()[1]] = done.stdout + done.stderr
    assert set(said) == {
        "sha256sum -c", "sha512sum -c", "pip install", "bagit.py --validate", "openssl ts", "openssl x509", "printf 'takeback", "age -d",
    }  # fmt: skip
    head = bag.read_info(stamped["bag-info.txt"])["Takeback-Custody-Head"].split()[1]
    assert said["printf 'takeback"].split()[0] == head
    assert head in stamped["data/VERIFY.txt"].decode()
    assert (folder / "package" / "bagit.txt").exists()


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ("data/VERIFY.txt", ("sha256sum -c --strict manifest-sha256.txt", "bagit.py --validate .")),
        (
            "bag-info.txt",
            ("sha256sum -c --strict tagmanifest-sha256.txt", "sha512sum -c --strict tagmanifest-sha512.txt"),
        ),
        ("stamp/stamp.tsr", ("sha256sum -c --strict stamp/sha256.txt",)),
        ("tagmanifest-sha256.txt", ("sha256sum -c --strict tagmanifest-sha256.txt", "openssl ts -verify -data")),
    ],
)
def test_a_flipped_bit_makes_those_commands_say_no(stamped, tmp_path, path, by):
    data = stamped[path]
    at = next(i for i in range(30, len(data)) if data[i] ^ 1 in b"0123456789abcdef")  # of a line that is none it warns
    changed = {**stamped, path: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]}
    write_folder(tmp_path / "package", (Part.of(one, content) for one, content in changed.items()))
    for start in by:
        command = next(one for one in commands(stamped["data/VERIFY.txt"].decode()) if one.startswith(start))
        assert typed(command, tmp_path / "package").returncode != 0, command
