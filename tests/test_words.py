"""A language is one file. What it lacks is English; what it says is text, and can be nothing else."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pseudo
import pytest
from babel.messages import pofile
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from takeback import catalogues, cli, documents, notices, pack_words, packs, po, word_list, words
from takeback import given as given_file
from takeback.errors import BadInput
from takeback.web import pages, script_words, template_words

ROOT = Path(words.__file__).parent
KNOWN = packs.load()
HEAD = 'msgid ""\nmsgstr "Language: {}\\nPlural-Forms: {};\\n"\n\n'
TWO = "nplurals=2; plural=(n != 1)"
WELSH = "nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n != 8 && n != 11) ? 2 : 3"


def read(entries: str, language: str = "cy", rule: str = TWO) -> words.Catalogue:
    return catalogues.read(HEAD.format(language, rule) + entries, language)


# ---------------------------------------------------------------- saying a sentence


def test_in_english_a_sentence_says_itself() -> None:
    assert words._("Nothing is lost.") == "Nothing is lost."
    assert words._("Open {name} again", name="it") == "Open it again"
    assert [words.n_("one file", "{n} files", n) for n in (0, 1, 2)] == ["0 files", "one file", "2 files"]


def test_in_a_language_it_is_said_as_the_catalogue_has_it() -> None:
    welsh = read('msgid "Open {name} again"\nmsgstr "Agor {name} eto"\n')
    with words.speaking(welsh):
        assert words._("Open {name} again", name="hwn") == "Agor hwn eto"
        with words.in_english():
            assert words._("Open {name} again", name="it") == "Open it again"
    assert words.spoken() is words.ENGLISH


def test_numbers_take_the_form_that_the_language_has_for_them() -> None:
    forms = "".join(
        f'msgstr[{i}] "{{n}} {form}"\n' for i, form in enumerate(("ffeil", "ffeil ddwy", "o ffeiliau", "wyth"))
    )
    with words.speaking(read(f'msgid "one file"\nmsgid_plural "{{n}} files"\n{forms}', rule=WELSH)):
        said = [words.n_("one file", "{n} files", n) for n in (1, 2, 3, 8, 11)]
    assert said == ["1 ffeil", "2 ffeil ddwy", "3 o ffeiliau", "8 wyth", "11 wyth"]


def test_a_value_is_never_read_as_a_slot_of_the_sentence() -> None:
    assert words._("Open {name}", name="{secret}", secret="x") == "Open {secret}"


def test_what_is_missing_or_marked_fuzzy_is_said_in_english() -> None:
    half = read('#, fuzzy\nmsgid "Back"\nmsgstr "Wrong"\n\nmsgid "Exit"\nmsgstr ""\n')
    assert (half.one("Back"), half.one("Exit"), half.one("Who can help")) == ("Back", "Exit", "Who can help")


@pytest.mark.parametrize(
    "said",
    [
        "Hello",
        "Open {name} {name}",
        "Open {other}",
        "Open {name} {secret}",
        "Open <1>{name}</1>",
        "Open {name}\\u001b[2J",
    ],
    ids=["lost", "twice", "another", "one more", "a tag", "a control character"],
)
def test_a_translation_that_holds_other_things_than_its_sentence_is_not_used(said: str) -> None:
    entry = f'msgid "Open {{name}}"\nmsgstr "{said}"\n'.replace("\\u001b", "\x1b")
    assert read(entry).one("Open {name}") == "Open {name}"


def test_the_day_is_said_in_the_language() -> None:
    assert words.day(date(2026, 5, 3)) == "3 May 2026"
    swapped = 'msgid "{day} {month} {year}"\nmsgstr "{year}, {month} {day}"\n\nmsgid "May"\nmsgstr "Mai"\n'
    with words.speaking(read(swapped)):
        assert words.day(date(2026, 5, 3)) == "2026, Mai 3"


# ---------------------------------------------------------------- which language


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("cy-GB,cy;q=0.9,en;q=0.5", ["cy-GB", "cy", "en"]),
        ("en;q=0.1, cy", ["cy", "en"]),
        ("cy;q=0, en", ["en"]),
        ("", []),
        ("cy;q=x,,;q=", []),
        ("../../etc/passwd", ["../../etc/passwd"]),
    ],
)
def test_a_browser_says_which_languages_it_wants(accept: str, wanted: list[str]) -> None:
    assert catalogues.of_browser(accept) == wanted


def test_the_setting_comes_before_the_system() -> None:
    assert catalogues.of_system({"TAKEBACK_LANGUAGE": "cy", "LANG": "de_DE.UTF-8"}) == ["cy"]
    assert catalogues.of_system({"LANG": "de_DE.UTF-8"}) == ["de_DE"]
    assert catalogues.of_system({"LC_ALL": "C", "LANG": "de_DE"}) == []


@pytest.mark.parametrize("wanted", ["../../../etc/passwd", "xx", "", "."])
def test_a_language_that_there_is_no_file_for_is_english_and_no_other_file_is_ever_read(wanted: str) -> None:
    assert catalogues.chosen([wanted]) is words.ENGLISH
    with pytest.raises(BadInput, match="does not speak"):
        catalogues.load(wanted)


def test_english_before_another_language_is_english() -> None:
    assert catalogues.chosen(["en-US", "cy"]) is words.ENGLISH


# ---------------------------------------------------------------- the file


MESSAGES = st.builds(
    po.Message,
    text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip),
    said=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1), max_size=1).map(
        tuple
    ),
    fuzzy=st.booleans(),
)


@given(st.lists(MESSAGES, max_size=5))
def test_what_is_written_is_read_back(messages: list[po.Message]) -> None:
    back = po.read(po.write(messages, "about", {"Language": "cy"}))
    assert po.head(back) == {"Language": "cy"}
    assert back[1:] == messages


@given(MESSAGES)
def test_babel_reads_what_we_write_in_the_same_way(message: po.Message) -> None:
    head = {**word_list.FIELDS, "Language": "cy", "Plural-Forms": TWO + ";"}
    theirs = pofile.read_po(io.BytesIO(po.write([message], "about", head).encode()))
    found = [(one.id, one.string, one.fuzzy) for one in theirs if one.id]
    assert found == [(message.text, message.said[0] if message.said else "", message.fuzzy)]


def test_we_read_what_babel_writes_with_wrapped_lines_and_old_entries() -> None:
    theirs = pofile.read_po(io.BytesIO(pseudo.text().encode()))
    theirs.obsolete["gone"] = theirs["Back"].clone()
    out = io.BytesIO()
    pofile.write_po(out, theirs, width=60, include_previous=True)
    ours = {one.text: one.said for one in po.read(out.getvalue().decode()) if one.text}
    assert ours == {one.text: one.said for one in pseudo.messages()}


def test_babel_finds_nothing_wrong_with_the_made_up_language() -> None:
    theirs = pofile.read_po(io.BytesIO(pseudo.text("de").encode()), abort_invalid=True)
    assert [str(error) for _, errors in theirs.check() for error in errors] == []


@pytest.mark.parametrize(
    "text",
    ['msgid "a\nmsgstr "b"', '"loose"', "msgid a\nmsgstr b", 'msgstr "b"\n', "<html>", 'msgid "a"\nmsgwhat "b"'],
)
def test_a_file_that_is_no_catalogue_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(BadInput, match=r"line \d"):
        po.read(text)


@pytest.mark.parametrize("rule", ["plural=__import__('os')", "plural=n+", "plural=" + "(" * 999, "plural=x"])
def test_a_rule_for_numbers_can_only_be_arithmetic(rule: str) -> None:
    with pytest.raises(BadInput, match="Plural-Forms"):
        read("", rule=rule)


# ---------------------------------------------------------------- pages


def page(template: str, say: dict[str, str]) -> str:
    return template_words.said(template, lambda text: say.get(text, text))


@pytest.mark.parametrize("name", pages.environment().list_templates())
def test_a_template_in_which_nothing_is_said_otherwise_stays_as_it_is(name: str) -> None:
    source = (ROOT / "web" / "templates" / name).read_text()
    assert template_words.said(source, lambda text: text) == source


@pytest.mark.parametrize("name", pages.environment().list_templates())
def test_a_template_in_the_made_up_language_keeps_every_tag_and_all_its_code(name: str) -> None:
    source = (ROOT / "web" / "templates" / name).read_text()
    said = template_words.said(source, pseudo.accented)
    code = re.compile(r"\{[{%#].*?[}%#]\}|</?[a-z]+\b", re.DOTALL)
    assert sorted(code.findall(said)) == sorted(code.findall(source))


def test_a_sentence_takes_its_links_and_values_along_in_another_order() -> None:
    source = '<p>Call <a href="tel:{{ to }}">{{ name }}</a>, or <b>wait</b>.</p>'
    (sentence,) = template_words.sentences(source)
    assert sentence == "Call <1>{name}</1>, or <2>wait</2>."
    said = page(source, {sentence: "<2>Aros</2>, neu <1>{name}</1>."})
    assert said == '<p><b>Aros</b>, neu <a href="tel:{{ to }}">{{ name }}</a>.</p>'


@pytest.mark.parametrize(
    "told",
    [
        "<1>Cymorth",
        "</1>Cymorth<1>",
        "Cymorth",
        "<1>{secret}</1>",
        "<2>Cymorth</2>",
        "<1><1>Cymorth</1></1>",
    ],
)
def test_a_translation_that_breaks_the_tags_is_not_used(told: str) -> None:
    source = '<p><b>a</b>Ask <a href="x">for help</a></p>'
    sentence = "<1>a</1>Ask <2>for help</2>"
    assert template_words.sentences(source) == [sentence]
    assert page(source, {sentence: told}) == source


@pytest.mark.parametrize(
    "told",
    ["<script>x()</script>", "<img src=x onerror=y>", "{{ 7 * 7 }}", "{% include 'case.html' %}", "{#", '" onclick="x'],
)
def test_a_catalogue_brings_no_markup_and_no_code_into_a_page(told: str) -> None:
    source = '<p aria-label="Back">Back</p>'
    said = page(source, {"Back": told})
    shown = pages.environment().from_string(said).render()
    reader = pseudo.Reader()
    reader.feed(shown)
    assert set(reader.found) <= {told, "Back"}
    assert len(re.findall(r"<", shown)) == 2


def test_a_module_gets_the_words_that_it_says_and_they_can_not_end_its_script() -> None:
    said = dict.fromkeys(script_words.sentences(), ("</script><!-- \u2028",))
    module = script_words.module(replace(read(""), said={**said, "Nobody says this in a module": ("x",)})).decode()
    assert "</script" not in module
    assert "<!--" not in module
    assert "\u2028" not in module
    assert "Nobody says this" not in module


def test_the_module_that_is_there_as_a_file_is_that_of_english() -> None:
    assert script_words.module(words.ENGLISH) == (ROOT / "web" / "static" / "language.js").read_bytes()


@pytest.mark.parametrize("call", ["_(title)", "_(`Open ${name}`)", "_('Open')", 'n_("one", many, 2)'])
def test_a_sentence_of_a_module_that_is_not_written_out_is_an_error(call: str) -> None:
    with pytest.raises(ValueError, match="written out"):
        list(script_words.calls(f"say({call});"))


def test_a_sentence_of_python_that_is_not_written_out_is_an_error() -> None:
    assert list(word_list.said_in('_("a" "b")\nn_("one", "{n}", 2)\nlater("c")')) == [
        ("ab", ""),
        ("one", "{n}"),
        ("c", ""),
    ]
    with pytest.raises(ValueError, match="written out"):
        list(word_list.said_in('_(f"Open {name}")'))


# ---------------------------------------------------------------- packs


def test_every_field_of_text_in_the_packs_is_said_or_stays_on_purpose() -> None:
    assert list(pack_words.undecided()) == []


def test_the_packs_in_another_language_say_everything_in_it_and_weigh_the_same() -> None:
    said = pack_words.in_language(KNOWN, pseudo.catalogue())
    both = zip(pack_words.sentences(KNOWN), pack_words.sentences(said), strict=True)
    assert [place for (place, text), (_, told) in both if told != pseudo.accented(text)] == []
    assert said.in_english is KNOWN
    assert [law.versions[0].elements[0].rule for law in said.laws.values()] == [
        law.versions[0].elements[0].rule for law in KNOWN.laws.values()
    ]


def test_the_packs_are_loaded_in_the_language_in_use_and_in_english_after_it() -> None:
    with words.speaking(pseudo.catalogue()):
        assert packs.load().doors[0].title == pseudo.accented(KNOWN.doors[0].title)
        assert packs.load() is packs.load()
    assert packs.load() is KNOWN


# ---------------------------------------------------------------- the template, and a language dropped in


def test_a_language_dropped_into_the_folder_is_enough(tmp_path: Path) -> None:
    copy = tmp_path / "takeback"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "locale").mkdir(exist_ok=True)
    (copy / "locale" / "ar.po").write_text(pseudo.text("ar"))
    command = [sys.executable, "-m", "takeback.cli"] if (copy / "__main__.py").exists() else [
        sys.executable, "-c", "import sys; from takeback.cli import main; sys.exit(main())",
    ]  # fmt: skip
    done = subprocess.run(
        [*command, "site", "--out", str(tmp_path / "site"), "--language", "ar"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (tmp_path / "given.toml").write_text('role = "depicted"\n')
    done = subprocess.run(
        [*command, "start", "given.toml", "--out", "made"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path), "PATH": "", catalogues.SETTING: "ar"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert pseudo.accented("What is in this folder") in (tmp_path / "made" / "READ-ME-FIRST.txt").read_text()
    paper = PdfReader(tmp_path / "made" / "plan.pdf")
    assert paper.trailer["/Root"]["/Lang"] == "ar"
    assert pseudo.accented("Your plan") == paper.metadata["/Title"]
    first = (tmp_path / "site" / "index.html").read_text()
    assert '<html lang="ar" dir="rtl">' in first
    assert pseudo.accented("What fits best?") in first
    assert pseudo.accented(KNOWN.facts["danger_now"].ask) in (tmp_path / "site" / "packs.json").read_text()


def test_the_template_is_that_of_what_is_said_now() -> None:
    kept = (ROOT / "locale" / "takeback.pot").read_text("utf-8")
    assert kept == word_list.template(KNOWN), "`make words` makes takeback/locale/takeback.pot anew"


def test_an_error_is_known_again_with_its_values_in_it() -> None:
    says = read(
        'msgid "{name} can\'t be read: {why}"\nmsgstr "{why}; ni ellir darllen {name}"\n\n'
        'msgid "it is a folder"\nmsgstr "ffolder yw"\n'
    )
    with words.speaking(says):
        assert words.again("a.toml can't be read: it is a folder") == "ffolder yw; ni ellir darllen a.toml"
        assert words.again("nobody wrote this down") == "nobody wrote this down"
    assert words.again("a.toml can't be read: it is a folder") == "a.toml can't be read: it is a folder"


def test_the_errors_of_python_are_found_where_they_are_raised() -> None:
    source = 'raise BadFile(f"{path.name} can\'t be read: {why}", "try again" if x else f"look at {path.name}")'
    assert [text for text, _ in word_list.said_in(source)] == ["{name} can't be read: {why}", "try again"]
    source = 'raise BadInput(f"{len(said)} words and {len(all_of.words)} words are too many")'
    assert [text for text, _ in word_list.said_in(source)] == ["{said} words and {words} words are too many"]


def test_a_letter_to_a_company_stays_in_english() -> None:
    told = given_file.read(
        '{"role": "depicted", "intimate": "yes", "under18_real": "no", "under18_look": "no", "media": ["image", "video"],'
        ' "consent_share": "no", "shared": "yes", "online": "yes", "source_kind": "computer-made",'
        ' "victim_age_band": "18plus", "signature": "Sam", "contact": "sam@example.org", "real_person": "yes",'
        ' "person_alive": "yes"}',
        "json",
        KNOWN,
    )
    urls, on = ["https://x.com/a/status/1"], date(2026, 11, 24)
    plain = notices.draft("us-take-it-down", told, KNOWN, on, {}, urls)
    with words.speaking(pseudo.catalogue()):
        made = notices.draft("us-take-it-down", told, packs.load(), on, {}, urls)
    assert "picture" in str(plain.values)
    assert (made.values, documents.fill(made.law, made.values)) == (
        plain.values,
        documents.fill(plain.law, plain.values),
    )


def test_a_translator_sees_a_file_of_their_own(tmp_path: Path) -> None:
    mine = tmp_path / "cy.po"
    mine.write_text(HEAD.format("cy", TWO) + 'msgid "Back"\nmsgstr "Yn ôl"\n')
    assert cli.main(["site", "--out", str(tmp_path / "site"), "--language", str(mine)]) == 0
    left = (tmp_path / "site" / "exit.html").read_text()
    assert ">Yn ôl</a>" in left
    assert '<html lang="cy">' in left
    assert "What it clears" in left


@pytest.mark.parametrize("name", ["missing.po", "latin.po", "xx"])
def test_a_language_that_can_not_be_read_is_one_clear_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "latin.po").write_bytes(b'msgid "a"\nmsgstr "\xe9"\n')
    wanted = str(tmp_path / name) if "." in name else name
    assert cli.main(["site", "--out", str(tmp_path / "site"), "--language", wanted]) == 2
    said = capsys.readouterr().err
    assert said.startswith("takeback: ")
    assert len(said.splitlines()) == 2
    assert not (tmp_path / "site").exists()


def test_the_command_says_how_far_a_language_is_and_what_is_broken_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "Without it, <1>StopNCII</1> (for adults) and <2>others</2> can help."
    text = next(one.text for one in word_list.everything(KNOWN) if one.text.endswith(sentence))
    entries = 'msgid "Back"\nmsgstr "Yn ôl"\n\n#, fuzzy\nmsgid "Exit"\nmsgstr "Gadael"\n\n'
    (tmp_path / "cy.po").write_text(HEAD.format("cy", TWO) + entries + f'msgid "{text}"\nmsgstr "dim tagiau"\n')
    assert cli.main(["words", str(tmp_path / "cy.po"), "--json"]) == 1
    (count,) = json.loads(capsys.readouterr().out).values()
    assert (count["said"], count["fuzzy"], [one["text"] for one in count["broken"]]) == (1, 1, [text])
    assert cli.main(["words", str(tmp_path / "cy.po")]) == 1
    assert f"1 of {count['every']:,} said" in capsys.readouterr().out
