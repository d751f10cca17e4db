"""Documents: what a person wrote comes out as they wrote it, in a PDF that a screen reader can read."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pypdf
import pytest

from takeback import documents
from takeback.errors import BadInput

AT = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
LETTERS = sorted(path.stem for path in documents.LETTERS.glob("*.txt"))

HOSTILE = [
    "#panic()",
    '#read("/etc/passwd")',
    '#import "@preview/x:0.1.0"',
    "$x^2$ and $",
    "*bold* _italic_ `raw` ] [ ) ( } {",
    "= Heading",
    "// comment /* comment */",
    "\\u{41} \\n \\",
    '"]); panic("',
    "<label> @ref ~ -- ... 'quotes'",
    "https://example.com/?a=b&c=d#e",
    "<script>alert(1)</script>",
    "{{ words }} {% include 'x' %} %s %(x)s",
]


def account(words: str) -> dict[str, object]:
    return {"foot": "Draft.", "words": [words], "me": words, "contact": "sam@example.org"}


def pdf_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_person_wrote_is_never_markup(words: str) -> None:
    shown = squeezed(pdf_text(documents.render("police-account", account(words), AT)))
    assert shown.count(squeezed(words)) == 2  # in the account, and on the contact sheet
    assert words in documents.text("police-account", account(words))


@pytest.mark.parametrize("words", ["{contact}", "{me}", "1. {words}", "[contact] Heading", "---", "# no comment"])
def test_a_value_is_never_read_for_fields(words: str) -> None:
    text = documents.text("police-account", account(words))
    assert f"1. {words}" in text
    assert text.count("sam@example.org") == 1
    assert text.count("How to reach me") == 1


def test_a_word_longer_than_the_page_stays_on_it() -> None:
    word = "https://example.com/" + "x" * 3000
    pdf = documents.render("police-account", account(word), AT)
    assert squeezed(pdf_text(pdf)).count(word) == 2
    assert max(map(len, pdf_text(pdf).splitlines())) < 120


def test_a_line_break_stays_a_line_break() -> None:
    shown = pdf_text(documents.render("police-account", account("first\nsecond"), AT))
    assert "first\nsecond" in shown


@pytest.mark.parametrize("words", ["Łukasz Žižek", "Ωμέγα", "Привіт", "שלום", "नमस्ते", "مرحبا"])
def test_other_scripts_come_out(words: str) -> None:
    shown = pdf_text(documents.render("police-account", account(words), AT))
    assert set(words) <= set(shown)
    assert "U+" not in shown


@pytest.mark.parametrize(
    ("word", "name"), [("😭", "[loudly crying face]"), ("日", "[U+65E5]"), ("👨‍👩‍👧", "[man][woman][girl]")]
)
def test_a_character_that_no_font_has_is_spelled_out(word: str, name: str) -> None:
    shown = pdf_text(documents.render("police-account", account(f"see {word} here"), AT))
    assert name in shown or word in shown
    assert word in documents.text("police-account", account(word))
    assert documents.spelled(word) == name


def test_a_page_full_of_what_no_font_has_is_counted_not_spelled() -> None:
    shown = pdf_text(documents.render("police-account", account("\U0001e900" * 300), AT))
    assert "300 characters that no font here has" in shown or "\U0001e900" in shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\0b", "a[U+0000]b"),
        ("\x1b[31mred", "[U+001B][31mred"),
        ("photo\u202egpj.exe", "photo[U+202E]gpj.exe"),
        ("a\u2066b", "a[U+2066]b"),
        ("a\x7fb\ufeffc", "a[U+007F]b[U+FEFF]c"),
        ("a\ud800b", "a[U+D800]b"),
        ("a\uffffb", "a[U+FFFF]b"),
    ],
)
def test_nothing_hides_or_turns_text_around(words: str, shown: str) -> None:
    assert shown in pdf_text(documents.render("police-account", account(words), AT))
    text = documents.text("police-account", account(words))
    assert shown in text
    assert all(c.isprintable() or c == "\n" for c in text)


def test_every_line_ending_is_one() -> None:
    assert documents.printable("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"


def test_a_thousand_accents_on_one_letter_crash_nothing() -> None:
    pdf = documents.render("police-account", account("a" + "\u0301" * 50_000 + "b"), AT)
    assert pdf.startswith(b"%PDF-")


def test_every_character_there_is_makes_a_document() -> None:
    some = "".join(map(chr, range(0x20, 0x10000, 23)))
    assert documents.render("police-account", account(some), AT).startswith(b"%PDF-")


# ---------------------------------------------------------------- what kind of PDF it is


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_is_tagged_titled_and_in_a_language(letter: str) -> None:
    fields = {field: "words" for w in documents.wordings(letter) for field in w.fields}
    reader = pypdf.PdfReader(io.BytesIO(documents.render(letter, fields, AT)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == documents.title(letter)
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    for page in reader.pages:
        assert page["/Tabs"] == "/S"
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font["/DescendantFonts"]
            assert "/ToUnicode" in font
            assert {"/FontFile2", "/FontFile3"} & inner.get_object()["/FontDescriptor"].keys()


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert documents.render("police-account", account("x"), AT) == documents.render("police-account", account("x"), AT)


def test_the_time_is_an_argument() -> None:
    later = documents.render("police-account", account("x"), AT + timedelta(days=1))
    assert documents.render("police-account", account("x"), AT) != later
    reader = pypdf.PdfReader(io.BytesIO(later))
    assert reader.metadata is not None
    assert reader.metadata.creation_date == AT + timedelta(days=1)


def test_only_fonts_that_come_with_typst_are_used() -> None:
    reader = pypdf.PdfReader(io.BytesIO(documents.render("police-account", account("Plain words"), AT)))
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("LibertinusSerif" in font for font in fonts)


def test_a_template_reads_no_file_outside_the_letters() -> None:
    for path in ("/etc/passwd", "/../errors.py", "../errors.py", "/../../../../../../../../etc/passwd"):
        with pytest.raises(BadInput):
            documents._compile(f'#set document(title: "x")\n#read("{path}")'.encode(), "{}", 0, borrow=False)


# ---------------------------------------------------------------- letters


@pytest.mark.parametrize("name", ["no-such-letter", "../terms", "/etc/passwd", "", "look\n", "A"])
def test_a_letter_that_is_not_there_is_said(name: str) -> None:
    for make in (lambda: documents.render(name, {}, AT), lambda: documents.text(name, {})):
        with pytest.raises(BadInput, match="no letter"):
            make()


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_is_well_formed(letter: str) -> None:
    blocks = documents.wordings(letter)
    names = [block.name for block in blocks]
    assert len(set(names)) == len(names)
    assert documents.title(letter)
    assert all(block.lines for block in blocks)
    left = "".join(documents.FIELD.sub("", line) for block in blocks for line in block.lines)
    assert not set("{}") & set(left)


def test_a_block_with_an_empty_field_is_left_out_heading_and_all() -> None:
    text = documents.text("police-account", {"foot": "Draft.", "words": ["a"], "accused": [], "impact": "  "})
    assert "What happened" in text
    for heading in ("Who I believe", "What it did", "Exhibits", "Contact sheet"):
        assert heading not in text


def test_numbers_count_on_through_the_letter() -> None:
    text = documents.text("police-account", {"foot": "D", "words": ["a", "b\nc"], "accused": ["d"]})
    assert "1. a\n2. b\n   c" in text
    assert "3. d" in text


def test_a_time_is_read_the_same_in_every_language() -> None:
    assert documents.moment(AT) == "24 November 2026, 07:31 UTC"


def test_importing_documents_does_not_load_typst() -> None:
    code = "import sys, takeback.documents, takeback.notices, takeback.papers; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
