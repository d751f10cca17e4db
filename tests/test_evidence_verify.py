"""Is this package whole? Every way in which it can stop being so, and all of them named at once."""

import os
import random

import pytest
from evidence_case import Memory, files, resaved
from hypothesis import given
from hypothesis import strategies as st

from takeback import bag, errors, evidence
from takeback.store.folder import FolderReader, write_folder
from takeback.terms import Part

WHOLE = files()
PICTURE = "data/exhibits/AB-1/AB-1.jpg"


def problems(package, odd=()):
    with pytest.raises(errors.PackageBroken) as broken:
        evidence.verify(Memory(package, odd))
    return [(one.file, one.what) for one in broken.value.details]


def files_named(package, odd=()):
    return {file for file, _ in problems(package, odd)}


def flip(data, bit):
    flipped = bytearray(data)
    flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped)


def test_a_whole_package_is_whole():
    assert evidence.verify(Memory(WHOLE)).files == len(WHOLE)
    assert resaved(WHOLE) == WHOLE


def test_one_flipped_byte_names_that_file_and_no_other():
    assert problems({**WHOLE, PICTURE: flip(WHOLE[PICTURE], 9)}) == [
        (PICTURE, "has changed"),
        (PICTURE, "is not the file that exhibits.json describes"),
    ]


@pytest.mark.parametrize("path", sorted(WHOLE))
def test_every_flipped_bit_is_caught(path):
    places = range(len(WHOLE[path]) * 8)
    for bit in random.Random(path).sample(places, min(len(places), 500)):
        named = files_named({**WHOLE, path: flip(WHOLE[path], bit)})
        assert path in named, bit


@pytest.mark.parametrize("path", sorted(WHOLE))
def test_a_missing_file_is_named(path):
    without = {name: data for name, data in WHOLE.items() if name != path}
    assert path in files_named(without)


def test_an_added_file_is_named_wherever_it_is():
    for path in ("data/extra.txt", "extra.txt", "data/exhibits/AB-3/AB-3.jpg", "stamp/token.tsr"):
        assert (path, "was added: no manifest lists it") in problems({**WHOLE, path: b"x"})


def test_several_added_files_of_the_same_bytes_are_each_named():
    assert files_named({**WHOLE, "data/a": b"x", "data/b": b"x"}) >= {"data/a", "data/b"}


def test_a_renamed_file_is_named_as_renamed():
    renamed = {name: data for name, data in WHOLE.items() if name != PICTURE}
    renamed["data/exhibits/AB-1/other.jpg"] = WHOLE[PICTURE]
    assert (PICTURE, "was renamed to data/exhibits/AB-1/other.jpg") in problems(renamed)


def test_every_fault_is_named_at_once():
    broken = {name: data for name, data in WHOLE.items() if name != "data/summary.pdf"}
    broken |= {PICTURE: b"other", "data/extra": b"", "bagit.txt": b"BagIt-Version: 0.97\n"}
    assert files_named(broken, {"data/link": "link"}) >= {
        PICTURE,
        "data/summary.pdf",
        "data/extra",
        "bagit.txt",
        "data/link",
    }


@pytest.mark.parametrize(
    "line",
    [
        "../outside",
        "/etc/passwd",
        "data/../../outside",
        "data/./x",
        "data//x",
        "~root/x",
        "data\\x",
        "data/%2e%2e/x",
        "C:/x",
        "",
        "data/a\x00b",
    ],
)
def test_a_path_that_leads_outside_is_a_fault_and_never_followed(line):
    hostile = dict(WHOLE)
    for algorithm, digits in bag.ALGORITHMS.items():
        name = f"manifest-{algorithm}.txt"
        hostile[name] = f"{'0' * digits}  {line}\n".encode() + hostile[name]
    package = Memory(hostile)
    with pytest.raises(errors.PackageBroken) as broken:
        evidence.verify(package)
    said = {one.file for one in broken.value.details if "line 1" in one.what}
    assert said == {"manifest-sha256.txt", "manifest-sha512.txt"}
    assert set(package.asked) == set(hostile)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper(),
        lambda text: text.replace(b"  ", b" *"),
        lambda text: text.replace(b"  ", b" "),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text[:-1],
        lambda text: text + b"\n",
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: b"\n".join(reversed(text.splitlines())) + b"\n",
        lambda text: text + text.splitlines()[0] + b"\n",
        lambda text: text.replace(b"\n", b"\n# a comment\n", 1),
        lambda text: b"",
        lambda text: b"\xff\xfe",
    ],
)
@pytest.mark.parametrize(
    "name", ["manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"]
)
def test_a_manifest_in_another_form_is_a_fault(name, change):
    assert name in files_named({**WHOLE, name: change(WHOLE[name])})


def test_another_form_is_a_fault_even_where_all_sums_were_written_anew():
    info = WHOLE["bag-info.txt"]
    for other in (info.replace(b": ", b":  ", 1), info.replace(b"\n", b"\r\n"), info + b"\n", info[:-1], b"x", b"\xff"):
        assert "bag-info.txt" in files_named(resaved({**WHOLE, "bag-info.txt": other}))
    for other in (b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n", bag.DECLARATION[:-1]):
        assert files_named(resaved({**WHOLE, "bagit.txt": other})) == {"bagit.txt"}


def test_an_edited_log_is_a_fault_even_where_all_sums_were_written_anew():
    lines = WHOLE["data/custody.jsonl"].splitlines(keepends=True)
    edits = {
        "dropped": lines[:1] + lines[2:],
        "cut off": lines[:-1],
        "reordered": [lines[1], lines[0], *lines[2:]],
        "changed": [lines[0].replace(b'"sealed": "', b'"sealed": "0'), *lines[1:]],
        "emptied": [],
        "no log": [b"nonsense\n"],
        "deep": [b"[" * 100_000],
    }
    for name, edited in edits.items():
        named = files_named(resaved({**WHOLE, "data/custody.jsonl": b"".join(edited)}))
        assert "data/custody.jsonl" in named, name


def test_a_list_of_exhibits_that_does_not_fit_the_files_is_a_fault():
    for other in (b"{}", b"[]", b"\xff", b'{"exhibits": [{}]}', b'{"exhibits": []}', b'{"exhibits": {"a": 1}}'):
        assert files_named(resaved({**WHOLE, "data/exhibits.json": other})) & {"data/exhibits.json", PICTURE}
    assert PICTURE in files_named(resaved({**WHOLE, PICTURE: b"another picture"}))


def test_something_that_is_no_package_is_named_as_such():
    assert ("bagit.txt", "is missing") in problems({})
    assert ("bagit.txt", "is missing") in problems({"holiday.jpg": b"x"})


def test_a_strangers_file_name_cannot_speak_to_the_terminal():
    for name in ("data/\x1b[2Jgone", "data/line\nbreak", "data/\udcff"):
        assert all(text.isprintable() for problem in problems({**WHOLE, name: b""}) for text in problem)


@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), st.binary(max_size=300), max_size=4))
def test_any_bytes_at_all_end_in_a_verdict(changes):
    if all(WHOLE[path] == data for path, data in changes.items()):
        evidence.verify(Memory({**WHOLE, **changes}))
    else:
        assert problems({**WHOLE, **changes})


# ---------------------------------------------------------------- on the disk


@pytest.fixture
def folder(tmp_path):
    write_folder(tmp_path / "package", (Part.of(path, data) for path, data in WHOLE.items()))
    return tmp_path / "package"


def on_disk(folder):
    with pytest.raises(errors.PackageBroken) as broken:
        evidence.verify(FolderReader(folder))
    return {(one.file, one.what.split(";")[0]) for one in broken.value.details}


def test_a_link_in_a_package_is_named_and_never_followed(folder, tmp_path):
    (tmp_path / "outside").write_bytes((folder / PICTURE).read_bytes())
    (folder / PICTURE).unlink()
    (folder / PICTURE).symlink_to(tmp_path / "outside")
    (folder / "data" / "all").symlink_to("/")
    assert on_disk(folder) >= {(PICTURE, "is not a plain file"), ("data/all", "is not a plain file")}


def test_a_pipe_in_a_package_is_named_and_never_waited_for(folder):
    os.mkfifo(folder / "data" / "pipe")
    assert ("data/pipe", "is not a plain file") in on_disk(folder)


def test_a_folder_that_is_not_there_or_is_a_link_is_one_sentence(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    for place in (tmp_path / "nothing", tmp_path / "link", folder / "bagit.txt"):
        with pytest.raises(errors.BadInput):
            FolderReader(place)
