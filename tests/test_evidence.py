"""Making a package: what is in it, in whose judgement it is a bag, and what is left out."""

import dataclasses
import json
import subprocess
from datetime import datetime, timedelta, timezone

import bagit
import pytest
from evidence_case import FILES, KEY, NAME, START, WORDS, Memory, exhibit, files, log, parts, untar

from takeback import bag, errors, evidence, permit, vault
from takeback.store.folder import FolderReader, write_file, write_folder
from takeback.terms import Part


@pytest.fixture
def folder(tmp_path):
    write_folder(tmp_path / "package", parts())
    return tmp_path / "package"


def test_the_library_of_congress_accepts_it(folder):
    found = bagit.Bag(str(folder))
    found.validate()
    assert found.info["Payload-Oxum"].endswith(f".{len(FILES) + 7}")


def test_sha256sum_accepts_it(folder):
    for manifest, program in (("manifest-sha256.txt", "sha256sum"), ("tagmanifest-sha512.txt", "sha512sum")):
        subprocess.run([program, "--check", "--strict", "--quiet", manifest], cwd=folder, check=True)


def test_we_accept_it_on_the_disk_and_in_memory(folder):
    verified = evidence.verify(FolderReader(folder))
    assert (verified.stamped_at, verified.stamped_by) == (None, None)
    assert evidence.verify(Memory(files())).files == verified.files == len(files())


def test_exhibits_are_there_byte_for_byte_under_our_own_names(folder):
    assert (folder / "data/exhibits/AB-1/AB-1.jpg").read_bytes() == FILES["AB/1"]
    assert (folder / "data/exhibits/AB-2/AB-2.jpg").read_bytes() == b""
    listed = json.loads((folder / "data/exhibits.json").read_text())["exhibits"]
    assert [one["original_name"] for one in listed] == [NAME, NAME]
    assert not [path for path in files() if "Xq7" in path]


@pytest.mark.parametrize(
    ("kind", "ending"), [("jpeg", "jpg"), ("mp4", "mp4"), ("text", "txt"), ("", "bin"), ("../x", "bin")]
)
def test_a_files_ending_comes_from_its_kind_and_never_from_its_name(kind, ending):
    one = dataclasses.replace(exhibit("AB/1", b"x"), kind=kind)
    made = files(exhibits=[(one, [b"x"])])
    assert f"data/exhibits/AB-1/AB-1.{ending}" in made


def test_the_log_holds_no_words_and_no_answers():
    made = files()
    assert not [path for path, data in made.items() if WORDS.encode() in data]
    assert b'"intimate"' not in b"".join(made.values())


def test_the_log_can_be_checked_without_the_key():
    lines = [json.loads(line) for line in files()["data/custody.jsonl"].splitlines()]
    assert [line["what"] for line in lines] == ["opened", "words", "exhibit", "exhibit"]
    script = 'printf "takeback link 1\\n%s\\n%s\\n%s\\n%s\\n" "$@" | sha256sum'
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        given = [line["case"], str(line["sequence"]), line["previous"], line["sealed"]]
        made = subprocess.run(["sh", "-c", script, "sh", *given], capture_output=True, text=True, check=True).stdout
        assert made.split()[0] == line["link"]
        assert following is None or following["previous"] == line["link"]


def test_it_says_that_its_time_is_this_computers():
    info = bag.read_info(files()["bag-info.txt"])
    assert info["Takeback-Made-At"] == "2025-11-24T13:00:00Z"
    assert "this computer" in info["Takeback-Clock"]
    assert b"WHAT IT DOES NOT PROVE" in files()["data/VERIFY.txt"]


def test_times_are_written_in_utc():
    made = files(made_at=datetime(2026, 11, 25, 1, tzinfo=timezone(timedelta(hours=3))))
    info = bag.read_info(made["bag-info.txt"])
    assert (info["Bagging-Date"], info["Takeback-Made-At"]) == ("2026-11-24", "2026-11-24T22:00:00Z")


def test_the_same_case_makes_the_same_package_twice():
    same = log([("opened", {})])
    assert files(custody_log=same) == files(custody_log=same)


def test_a_file_that_changed_since_it_was_received_is_not_packed(tmp_path):
    changed = [(exhibit("AB/1", b"as received"), [b"as changed."])]
    with pytest.raises(errors.PackageBroken) as broken:
        write_folder(tmp_path / "package", parts(exhibits=changed))
    assert broken.value.details[0].file == "data/exhibits/AB-1/AB-1.jpg"
    assert list(tmp_path.iterdir()) == []


def test_parts_that_are_not_read_are_noticed():
    with pytest.raises(errors.BadInput):
        list(parts())


def test_two_exhibits_of_one_reference_are_refused():
    one = exhibit("AB/1", b"x")
    with pytest.raises(errors.BadInput):
        files(exhibits=[(one, [b"x"]), (one, [b"x"])])


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a b"])
def test_a_papers_name_is_a_plain_one(name):
    with pytest.raises(errors.BadInput):
        files(papers=evidence.Papers(b"", b"", more={name: b""}))


def test_a_childs_picture_cannot_be_packed():
    with pytest.raises(errors.Refused):
        permit.Exhibit("AB/1", "b", "0" * 64, "0" * 128, 1, START, "", "", "jpeg", None)


def test_a_case_without_files_has_a_package_too(tmp_path):
    write_folder(tmp_path / "package", parts(files={}))
    bagit.Bag(str(tmp_path / "package")).validate()
    evidence.verify(FolderReader(tmp_path / "package"))


# ---------------------------------------------------------------- tar, and a package sealed on its way


def test_a_tar_of_a_package_says_nothing_of_who_made_it(tmp_path):
    data = b"".join(bag.tar(parts()))
    assert {path.removeprefix("package/") for path in untar(data)} == set(files())
    assert len(data) % 10240 == 0
    (tmp_path / "p.tar").write_bytes(data)
    said = subprocess.run(
        ["tar", "-tvf", tmp_path / "p.tar"], capture_output=True, text=True, check=True, env={"TZ": "UTC"}
    )
    assert said.stderr == ""
    assert all("0/0" in line and "1980-01-01" in line for line in said.stdout.splitlines())


def test_the_age_program_and_tar_open_a_package_sealed_on_its_way(tmp_path):
    def fill(write):
        vault.seal_stream(bag.tar(parts()), write, [KEY.recipient])

    write_file(tmp_path / "one.age", fill)
    assert b"AB-1" not in (tmp_path / "one.age").read_bytes()
    (tmp_path / "key.txt").write_text(KEY.secret)
    command = "age -d -i key.txt one.age | tar -x"
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    evidence.verify(FolderReader(tmp_path / "package"))
    assert (tmp_path / "package").stat().st_mode & 0o777 == 0o700


def test_a_tar_whose_file_is_shorter_than_it_said_is_refused():
    with pytest.raises(errors.BadFile):
        list(bag.tar([Part("a", 5, [b"abc"])]))
