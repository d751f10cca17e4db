"""Structure walked to its end: whole files have no flaw, cut ones say so, and nothing that is in a file can raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hostile import saved
from hypothesis import given, settings
from hypothesis import strategies as st
from origins import LABELLED, PLAIN, box, flac, jpeg, mp3, mp4, png, tiff
from PIL import Image

from takeback import containers, formats, marks, seen
from takeback.seen import Seen

if TYPE_CHECKING:
    from takeback.containers import Walk

WHOLE = {name: data for name, data in PLAIN.items() if name != "motion.jpg"}
TELLS = ("jpg", "png", "gif", "webp", "wav", "mkv", "mp4", "mov")
"""Kinds of file whose own parts say how long they are, wherever they are cut."""


def walked(data: bytes) -> Walk:
    walk = containers.walk(formats.sniff(data).name, data)
    assert walk is not None
    return walk


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_has_no_flaw_and_ends_where_it_ends(name: str) -> None:
    walk = walked(WHOLE[name])
    assert walk.flaws == ()
    assert walk.end == len(WHOLE[name])


@pytest.mark.parametrize("name", [name for name in WHOLE if name.rpartition(".")[2] in TELLS])
@pytest.mark.parametrize("tenth", [3, 6, 9])
def test_a_file_that_was_cut_says_so(name: str, tenth: int) -> None:
    walk = walked(WHOLE[name][: len(WHOLE[name]) * tenth // 10])
    assert {flaw.kind for flaw in walk.flaws} & {"cut", "no-end"}


@pytest.mark.parametrize("name", ["plain.jpg", "plain.png", "plain.webp", "plain.gif", "plain.wav"])
def test_what_stands_after_the_end_is_counted(name: str) -> None:
    walk = walked(WHOLE[name] + b"\x01" * 77)
    assert [(flaw.kind, flaw.at, flaw.size) for flaw in walk.flaws] == [("trailing", len(WHOLE[name]), 77)]


def test_a_jpeg_inside_a_jpeg_does_not_end_it() -> None:
    inner = jpeg()
    data = jpeg((0xE1, b"Exif\0\0" + inner[:4000]))
    assert walked(data).end == len(data)


def test_a_file_of_more_parts_than_any_honest_one_ends_the_walk() -> None:
    data = mp4() + box(b"free") * (containers.MOST_PARTS + 1)
    assert [flaw.kind for flaw in walked(data).flaws] == ["endless"]


def test_boxes_in_boxes_without_end_cost_nothing() -> None:
    data = b""
    for _ in range(3000):
        data = box(b"moov", data)
    deep = walked(box(b"ftyp", b"isom", bytes(4)) + data)
    assert max(path.count("/") for path, _ in deep.all()) <= containers.DEEPEST


def test_a_wrong_sum_is_told_with_its_part() -> None:
    data = bytearray(png())
    data[60] ^= 1
    assert ("checksum", "IDAT") in [(flaw.kind, flaw.name) for flaw in walked(bytes(data)).flaws]


@given(
    st.sampled_from(sorted(containers.WALKERS)),
    st.sampled_from(sorted({**PLAIN, **{name: data for name, (data, _) in LABELLED.items()}}.values(), key=len)[:40]),
    st.integers(0, 4000),
    st.binary(max_size=40),
)
@settings(max_examples=300, deadline=None)
def test_no_bytes_make_a_reader_raise_or_leave_the_file(name: str, data: bytes, at: int, new: bytes) -> None:
    data = data[:at] + new + data[at + len(new) // 2 :]
    walk = containers.walk(name, data)
    assert walk is not None
    assert all(0 <= part.at <= part.end <= len(data) for _, part in walk.all())
    found = marks.of(name, data, walk)
    assert seen.read(seen.as_json(Seen(format=name, marks=found.marks, flaws=walk.flaws))).marks == found.marks


# ---------------------------------------------------------------- the word of a child that a file took over


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=4)
    )
)
@settings(max_examples=200, deadline=None)
def test_an_answer_with_one_field_of_another_kind_is_no_answer(value: object) -> None:
    import json

    said = json.loads(seen.as_json(Seen("PNG")))
    for name in said:
        try:
            read = seen.read(json.dumps({**said, name: value}).encode())
        except formats.Unreadable:
            continue
        assert isinstance(read, Seen)
        json.dumps(json.loads(seen.as_json(read)))


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"{}", b'{"why": "hello"}', b'{"why": 5}', b"[" * 100_000, b'{"format": "PNG"}', b"{" + b" " * (3 << 20) + b"}"],
)  # fmt: skip
def test_an_answer_that_makes_no_sense_is_no_answer(raw: bytes) -> None:
    with pytest.raises(formats.Unreadable):
        seen.read(raw)


FOUND = {
    "a BMP of more pixels than 64 bits count": ("BMP", bytes.fromhex("42004f4747000000000000000000" "85e74c5755d48288ee6926ee6926ba62")),
    "a BigTIFF whose strip ends beyond 64 bits": (
        "TIFF",
        b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0"
         b"\x11\1\x10\0\1\0\0\0\0\0\0\0" + b"\xff" * 8
        + b"\x17\1\x10\0\1\0\0\0\0\0\0\0" + b"\xff" * 8,
    ),
}  # fmt: skip
"""What fuzzing found, by what was wrong: each made the whole report fail."""


@pytest.mark.parametrize("name", FOUND)
def test_what_fuzzing_found_costs_no_report(name: str) -> None:
    kind, data = FOUND[name]
    walk = containers.walk(kind, data)
    assert walk is not None
    assert walk.flaws
    made = Seen(format=kind, flaws=walk.flaws, end=walk.end)
    assert seen.read(seen.as_json(made)) == made


# ---------------------------------------------------------------- files inside files


def inside(name: str, data: bytes) -> list[tuple[str, str]]:
    found = marks.of(name, data, walked(data)).marks
    return [(one.name, one.text.partition(" ")[0]) for one in found if one.where == "nested"]


PDF = b"%PDF-1.7\n1 0 obj\n"
ZIP = b"PK\3\4\x14\0\0\0\0\0"


@pytest.mark.parametrize(
    ("name", "data", "twin", "found"),
    [
        ("JPEG", LABELLED["thumbnail.jpg"][0], PLAIN["plain.jpg"], ("APP1", "JPEG")),
        ("JPEG", jpeg((0xE2, b"ICC_PROFILE\0\1\1" + PDF)), jpeg((0xE2, b"ICC_PROFILE\0\1\1")), ("APP2", "PDF")),
        ("JPEG", jpeg((0xE7, b"MZ\0" + ZIP)), jpeg((0xE7, b"MZ\0")), ("APP7", "ZIP")),
        ("JPEG", jpeg(tail=jpeg()), jpeg(), ("after the end", "JPEG")),
        ("JPEG", jpeg(tail=mp4()), jpeg(), ("after the end", "MP4")),
        ("PNG", png((b"prVt", jpeg())), png((b"prVt", b"words")), ("prVt", "JPEG")),
        ("PNG", png() + ZIP, png() + b"\0", ("after the end", "ZIP")),
        ("MP4", mp4(box(b"free", PDF)), mp4(box(b"free", b"\0" * 20)), ("free", "PDF")),
        ("TIFF", tiff((37500, 7, jpeg())), tiff((37500, 7, b"notes of a camera")), ("tag-37500", "JPEG")),
        ("MP3", mp3((b"APIC", b"\0image/jpeg\0\3\0" + jpeg())), mp3((b"TIT2", b"\0Morning")), ("ID3/APIC", "JPEG")),
        ("FLAC", flac()[:-1] + b"\0", flac(), None),
    ],
)
def test_a_file_inside_a_part_is_told_and_its_twin_without_one_is_not(
    name: str, data: bytes, twin: bytes, found: tuple[str, str] | None
) -> None:
    assert inside(name, data) == ([found] if found else [])
    assert inside(name, twin) == []


def test_what_a_picture_or_a_sound_is_made_of_is_not_searched() -> None:
    # Compressed data can hold any four bytes by chance.
    data = bytearray(jpeg())
    scan = data.index(b"\xff\xda") + 40
    data[scan : scan + 8] = PDF[:8]
    assert inside("JPEG", bytes(data)) == []


def test_a_file_full_of_beginnings_is_told_a_dozen_times_and_no_more() -> None:
    data = png(*((b"prVt", ZIP + PDF) for _ in range(60)))
    assert len(inside("PNG", data)) == 12


# ---------------------------------------------------------------- TIFF, OGG, BMP, AAC, AMR


@pytest.mark.parametrize("cut", [1, 40, 3000])
@pytest.mark.parametrize("name", ["plain.tif", "plain.bmp", "plain.ogg"])
def test_a_cut_picture_or_recording_says_so(name: str, cut: int) -> None:
    whole = PLAIN[name]
    walk = walked(whole[: len(whole) - min(cut, len(whole) - 40)])
    assert {flaw.kind for flaw in walk.flaws} & {"cut", "no-end"}


@pytest.mark.parametrize("name", ["plain.tif", "plain.bmp", "plain.ogg", "plain.aac", "plain.amr"])
def test_what_follows_their_end_is_counted(name: str) -> None:
    walk = walked(PLAIN[name] + b"\x01" * 77)
    assert [(flaw.kind, flaw.at, flaw.size) for flaw in walk.flaws] == [("trailing", len(PLAIN[name]), 77)]


def test_a_list_of_tags_that_leads_to_itself_is_walked_once() -> None:
    data = bytearray(tiff())
    end = 8 + 2 + 12 * int.from_bytes(data[8:10], "little")
    data[end : end + 4] = (8).to_bytes(4, "little")
    walk = walked(bytes(data))
    assert [part.name for part in walk.parts].count("IFD") == 1
    assert [flaw.kind for flaw in walk.flaws] == ["garbled"]


def test_a_picture_of_several_pages_and_one_with_wide_places_are_walked_to_their_end() -> None:
    page = Image.new("RGB", (40, 30), (90, 120, 60))
    for more in ({"save_all": True, "append_images": [page, page]}, {"big_tiff": True}, {"compression": "jpeg"}):
        data = saved(page, "TIFF", **more)
        assert walked(data).flaws == ()
        assert inside("TIFF", data) == []
    assert [part.name for part in walked(saved(page, "TIFF", save_all=True, append_images=[page])).parts].count(
        "IFD"
    ) == 2
