"""Is this package whole? Every way in which it can stop being so, and all of them named at once."""

import dataclasses
import functools
import json
import os
from datetime import timedelta

import pytest
from evidence_case import FILES, START, Memory, exhibit, files, log, resaved
from hypothesis import given
from hypothesis import strategies as st

from takeback import bag, custody, errors, evidence
from takeback.evidence import check, form, make, sense
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


@pytest.fixture
def once(monkeypatch):
    """What is worked out of the same bytes is worked out once: it is pure, and there are 80,000 bits."""

    def remembered(work, path):
        known = {}

        def recall(files):
            data = files[path][1]
            if data not in known:
                known[data] = work(files)
            return known[data]

        return recall

    monkeypatch.setattr(bag, "read_manifest", functools.lru_cache(8)(bag.read_manifest))
    monkeypatch.setattr(bag, "read_info", functools.lru_cache(2)(bag.read_info))
    monkeypatch.setattr(sense, "_lines", remembered(sense._lines, form.CUSTODY))
    monkeypatch.setattr(sense, "_exhibits", remembered(sense._exhibits, form.EXHIBITS))


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("path", sorted(WHOLE))
def test_every_flipped_bit_is_caught(path):
    """All of them. The other files are read once; test_stamp.py has those of a stamp."""
    read, odd = check.read(Memory(WHOLE))
    for bit in range(len(WHOLE[path]) * 8):
        with pytest.raises(errors.PackageBroken) as broken:
            check.judge({**read, path: check.summed(path, [flip(WHOLE[path], bit)])}, odd)
        assert path in {one.file for one in broken.value.details}, bit


def test_the_package_whose_every_bit_is_flipped_is_about_8_kilobytes():
    assert 7000 < sum(map(len, WHOLE.values())) < 12000


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


def edited_log(edit):
    """A package whose log was rewritten, the hashes of its lines too, with all sums written anew."""
    lines = [json.loads(line) for line in WHOLE[form.CUSTODY].splitlines()]
    lines = edit(lines) or lines
    for line in lines:
        entry = custody.Entry(line["case"], line["sequence"], line["previous"], line["sealed"])
        line["link"] = entry.hash
    return resaved({**WHOLE, form.CUSTODY: b"".join(map(make.line, lines))})


def set_line(number, **changes):
    return lambda lines: lines[number].update(changes)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda lines: lines[:1] + lines[2:], "event 2 is missing: it was dropped"),
        (lambda lines: lines[:-1], "event 4 is missing: the end was cut off"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], "event 2 is out of order"),
        (lambda lines: [*lines, lines[3]], "event 4 is there twice"),
        (set_line(1, sealed="0" * 64), "event 2 was replaced: event 3 names another"),
        (set_line(3, sealed="0" * 64), "event 4 was replaced: it is not the one noted earlier"),
        (set_line(2, case="case2"), "event 3 belongs to another case"),
        (
            lambda lines: [*lines, {**lines[3], "sequence": 5}],
            "event 5 was added after the end that bag-info.txt notes",
        ),
        (lambda lines: lines[1:], "event 1 is missing: it was dropped"),
        (set_line(1, at="2025-11-24T12:00:30Z"), "event 2 has a time before that of event 1"),
        (set_line(3, at="2025-11-24T14:00:00Z"), "event 4 has a time after the package was made"),
        (set_line(0, at="0001-01-01T00:00:00Z"), "event 1 has a time before there was any Takeback"),
        (set_line(0, at="yesterday"), "can't be read as a log in the one form that Takeback writes"),
        (set_line(0, at="2025-11-24T12:01:00+00:00"), "can't be read as a log in the one form that Takeback writes"),
        (set_line(0, more="x"), "can't be read as a log in the one form that Takeback writes"),
        (set_line(0, sequence=True), "can't be read as a log in the one form that Takeback writes"),
    ],
)
def test_each_forgery_of_the_log_is_named(edit, said):
    assert (form.CUSTODY, said) in problems(edited_log(edit))


def test_a_log_forged_from_end_to_end_shows_against_its_noted_head_and_a_stamp_alone():
    def forge(lines):
        previous = custody.GENESIS
        for line in lines:
            line |= {"previous": previous, "sealed": "1" * 64}
            previous = custody.Entry(line["case"], line["sequence"], previous, line["sealed"]).hash

    assert (form.CUSTODY, "event 4 was replaced: it is not the one noted earlier") in problems(edited_log(forge))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sha256": "0" * 64}, "AB/1 was changed after it was received: the log has another hash"),
        ({"ref": "AB/9"}, "AB/9: the log does not say that it was received"),
        ({"received_at": "2025-11-24T13:00:00+00:00"}, "AB/1 has a time of receipt after the one in the log"),
        ({"received_at": "2025-11-24T12:00:00"}, "AB/1 has a time of receipt after the one in the log"),
        ({"file": None}, "names a file twice, or leaves one out"),
        ({"size": "25"}, "can't be read as a list of exhibits in the one form that Takeback writes"),
    ],
)
def test_each_forgery_of_the_list_is_named(change, said):
    listed = json.loads(WHOLE[form.EXHIBITS])
    listed["exhibits"][0].update(change)
    assert (form.EXHIBITS, said) in problems(resaved({**WHOLE, form.EXHIBITS: make.written(listed)}))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"Bagging-Date: 2025-11-24", b"Bagging-Date: 2025-11-25", "gives a day and a time that do not fit"),
        (b"13:00:00Z", b"13:00:00", "gives no time at which it was made"),
        (
            b"own\n",
            b"own; it was set back before event 2\n",
            "says something else of the clock than the times in the log do",
        ),
        (b"Files: included", b"Files: none", "does not say whether the files are in the package"),
        (b"Package: 1", b"Package: 2", "is of a package that this Takeback does not know"),
        (b"Head: 4 ", b"Head: x ", "notes no end of the log"),
        (b"Head: 4 ", b"Head: " + b"9" * 5000 + b" ", "notes no end of the log"),
    ],
)
def test_each_forgery_of_what_the_package_says_of_itself_is_named(old, new, said):
    info = WHOLE["bag-info.txt"]
    assert old in info
    assert ("bag-info.txt", said) in problems(resaved({**WHOLE, "bag-info.txt": info.replace(old, new)}))


def test_a_clock_that_was_set_back_is_told_and_not_hidden():
    at = [START + timedelta(minutes=minute) for minute in (10, 2, 3)]
    moved = log([("opened", {}), ("words", {}), ("unlocked", {})])
    moved = [(link, dataclasses.replace(event, at=when)) for (link, event), when in zip(moved, at, strict=True)]
    package = files(files={}, custody_log=moved, made_at=START)
    found = evidence.verify(Memory(package))
    assert found.notes == ("its clock: this computer's own; it was set back before event 2, the package",)


def test_a_clock_that_began_before_there_was_any_takeback_is_told_too():
    at = [START.replace(year=1970), START]
    first = log([("opened", {}), ("words", {})])
    first = [(link, dataclasses.replace(event, at=when)) for (link, event), when in zip(first, at, strict=True)]
    found = evidence.verify(Memory(files(files={}, custody_log=first, made_at=START)))
    assert found.notes == ("its clock: this computer's own; it was set back before event 1",)


def test_files_that_are_withheld_are_described_and_not_there():
    package = files(withheld=True, exhibits=[(exhibit(ref, data), None) for ref, data in FILES.items()])
    assert not [path for path in package if path.startswith(form.FILES)]
    assert [one["sha256"] for one in json.loads(package[form.EXHIBITS])["exhibits"]] == [
        bag.sums(data).sha256 for data in FILES.values()
    ]
    assert evidence.verify(Memory(package)).notes == ("the files themselves are not in it, only their hashes",)
    put_back = resaved({**package, PICTURE: FILES["AB/1"]})
    assert (PICTURE, "is not described in exhibits.json") in problems(put_back)
    told = package["bag-info.txt"].replace(b"withheld", b"included")
    assert (form.EXHIBITS, "names a file twice, or leaves one out") in problems(
        resaved({**package, "bag-info.txt": told})
    )


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


def test_folders_in_folders_without_end_are_named_and_not_walked(folder):
    deep = folder / "data"
    for _ in range(check.bag.BLOCK):
        deep /= "d"
        deep.mkdir()
    found = {file for file, what in on_disk(folder) if what == "is not a plain file"}
    assert len(found) == 1


def test_a_file_that_grows_while_it_is_read_is_named(folder):
    reader = FolderReader(folder)
    with (folder / PICTURE).open("ab") as more:
        growing = reader.read(PICTURE)
        read = len(next(growing))
        for _ in range(3):
            more.write(bytes(2 << 20))
            more.flush()
            read += len(next(growing, b""))
    assert len(WHOLE[PICTURE]) <= read < len(WHOLE[PICTURE]) + (3 << 20)


def test_a_list_made_to_be_read_for_ever_is_one_fault():
    for lines in (b"\n" * 3_000_000, b"x\n" * 3_000_000):
        found = problems({**WHOLE, "manifest-sha256.txt": lines})
        assert ("manifest-sha256.txt", "lists more files than Takeback puts into a package") in found
        assert len(found) < 100


def test_a_tag_file_is_read_no_further_than_it_can_be_long(folder):
    os.truncate(folder / "data/custody.jsonl", 1 << 40)
    assert ("data/custody.jsonl", "is too large to be what it should be") in on_disk(folder)
