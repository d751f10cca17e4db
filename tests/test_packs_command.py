"""`takeback packs`: what an editor and a lawyer see, from a copy of the packs that they may break."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from takeback import cli, pack_check, pack_graph, pack_lines, pack_list, packs, possible, rules, triage
from takeback.errors import BadPacks
from takeback.terms import All, Any, Is, Not, Situation

HERE = Path(str(packs.ROOT))
TODAY = date(2026, 11, 24)
KNOWN = packs.load()

LAW = (HERE / "packs/laws/EW-66B4.toml").read_text("utf-8").replace('id      = "EW-66B4"', 'id      = "EW-NEW"')
ROUTE = """
id = "RT-NEW"
name = "The new helpline"
kind = "support"
contacts = ["new-helpline"]
what = "Call them."
next = "They listen."
without_report = true
sources = ["https://new.example"]
checked = 2026-11-24
grade = "drafted"

[[offer]]
rank = 1
because = "They are there for everyone."
"""
CONTACT = """
id = "new-helpline"
name = "The New Helpline"
kind = "helpline"
serves = "everyone"
nations = ["EW", "SC", "NI"]
sources = ["https://new.example"]
checked = 2026-11-24
grade = "own-page"

[[way]]
by = "phone"
to = "0800 000 0000"
grade = "own-page"
"""


@pytest.fixture
def copy(tmp_path):
    """A copy of the packs, to be edited."""
    for folder in ("packs", "contacts"):
        shutil.copytree(HERE / folder, tmp_path / folder)
    return tmp_path


def run(capsys, *arguments):
    """A command's exit code, and what it printed."""
    code = cli.main(["packs", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


# ---------------------------------------------------------------- one file, and no code


def test_a_law_a_route_and_an_organisation_are_one_file_each(copy, capsys):
    (copy / "packs/laws/EW-NEW.toml").write_text(LAW)
    (copy / "packs/routes/RT-NEW.toml").write_text(ROUTE)
    (copy / "contacts/new-helpline.toml").write_text(CONTACT)
    assert run(capsys, "check", copy)[0] == 0

    listed = json.loads(run(capsys, "list", "--folder", copy, "--json")[1])
    assert "EW-NEW" in {row["id"] for row in listed["laws"]}
    assert "RT-NEW" in {row["id"] for row in listed["routes"]}
    assert "new-helpline" in {row["id"] for row in listed["contacts"]}

    loaded = packs.load(copy)
    plan = triage.triage(Situation(loaded.laws["EW-NEW"].examples[0].given), loaded, TODAY)
    assert {f.law: f.status for f in plan.findings}["EW-NEW"] == "may_apply"
    assert plan.routes[0].id == "RT-NEW"

    assert "they threatened to share it" in run(capsys, "show", "EW-NEW", "--folder", copy)[1].lower()
    assert "The New Helpline (new-helpline): 0800 000 0000" in run(capsys, "show", "RT-NEW", "--folder", copy)[1]
    assert "0800 000 0000 (own-page)" in run(capsys, "show", "new-helpline", "--folder", copy)[1]


# ---------------------------------------------------------------- check


def test_our_own_packs_are_whole(capsys):
    assert [f for f in pack_check.check(packs.ROOT, TODAY) if not f.warning] == []
    code, out, err = run(capsys, "check")
    assert (code, err) == (0, "")
    assert "whole" in out or "0 problems" in out


LAW_FILE = "packs/laws/EW-66B1.toml"
TEXT_FILE = "packs/routes/RT-7726.toml"
BARE = '{ fact = "intimate", is = ["yes"] },\n  { not = { fact = "ordinary_public", is = ["yes"] } },'
BREAKS = [  # check, file, what stands there, what an editor makes of it, what is on the line that is named
    ("unreadable", LAW_FILE, 'title   = "Sharing', "title   = Sharing", "title   = Sharing"),
    ("unknown-key", LAW_FILE, "nation  =", "mood    = 3\nnation  =", "mood    = 3"),
    ("file-name", LAW_FILE, 'id      = "EW-66B1"', 'id      = "EW-66B9"', 'id      = "EW-66B9"'),
    ("twice", LAW_FILE, 'part    = "picture"', 'part    = "place"', 'part    = "place"'),
    ("overlap", LAW_FILE, "[[version.unless]]", "[[version]]\nfrom = 2020-01-01\n[[version.unless]]", ""),
    ("no-contact", "packs/routes/RT-999.toml", "contacts = ", "# contacts = ", ""),
    ("source-missing", "packs/guides/hate.toml", "sources  = [", "sources  = []\nold = [", "sources  = []"),
    ("loose-end", LAW_FILE, 'is      = ["image", "video"]', 'is      = ["image", "films"]', '["image", "films"]'),
    ("loose-end", "packs/routes/RT-999.toml", '"relay-uk"', '"relay-fr"', '"relay-fr"'),
    ("form", LAW_FILE, "checked = 2026-11-24", 'checked = "today"', 'checked = "today"'),
    ("form", "contacts/stopncii.toml", 'grade = "own-page"', 'grade = "sure"', 'grade = "sure"'),
    ("forbidden", "contacts/rape-crisis-ew.toml", "0808 500 2222", "0808 8029999", "0808 8029999"),
    ("forbidden", "packs/guides/safety.toml", "www.ncsc.gov.uk", "www.actionfraud.police.uk", "actionfraud"),
    ("checked-later", LAW_FILE, "checked = 2026-11-24", "checked = 2026-11-25", "checked = 2026-11-25"),
    ("no-source", TEXT_FILE, "sources  =", "sources  = []\n#", "sources  = []"),
    ("ended-contact", "contacts/childline.toml", 'id = "childline"', 'id = "childline"\nended = 2026-01-01', '"childline"'),
    ("never-true", LAW_FILE, BARE, BARE.replace("not = {", "all = [{").replace("] } }", '] }, { fact = "intimate", is = ["no"] }] }'), "[[version.element]]"),
    ("never-false", LAW_FILE, BARE, '{ any = [{ fact = "intimate", is = ["yes"] }, { fact = "intimate", is = ["no"] }] },', "[[version.element]]"),
    ("example", LAW_FILE, 'given   = { media = ["audio"] }', 'given   = { media = ["video"] }', "[[example]]"),
    ("no-example", LAW_FILE, 'because = "excuse"', 'because = "belief"', "[[version.unless]]"),
    ("long-door", "packs/doors.toml", "Do not wait to collect proof.", "Do not wait. " * 40, "[[door]]"),
    ("long-sentence", TEXT_FILE, 'because = "', 'because = "' + "very " * 40, "very"),
    ("hard-word", TEXT_FILE, 'because = "', 'because = "Pursuant to it, ', "Pursuant"),
    ("hard-to-read", TEXT_FILE, 'what     = "', 'what     = "' + "Telecommunications authorities. " * 9, 'id       = "RT-7726"'),
    ("loud", TEXT_FILE, 'because = "', 'because = "Now! ', "Now!"),
]  # fmt: skip


def broken(copy, file, was, now):
    """The copy with one text in it replaced; what `check` finds in that file, and the text of the file."""
    text = (copy / file).read_text("utf-8")
    assert was in text
    (copy / file).write_text(text.replace(was, now, 1))
    return pack_check.check(copy, TODAY)


@pytest.mark.parametrize(
    ("check", "file", "was", "now", "line"), BREAKS, ids=[f"{b[0]}-{n}" for n, b in enumerate(BREAKS)]
)
def test_it_finds_what_is_wrong_and_lands_on_the_line(copy, check, file, was, now, line):
    found = [fault for fault in broken(copy, file, was, now) if fault.check == check]
    assert found, check
    assert found[0].remedy
    lines = packs.texts(copy)[found[0].file].splitlines()
    assert line in lines[found[0].line - 1], (found[0], lines[found[0].line - 1])


def test_two_files_of_one_id_are_found(copy):
    shutil.copy(copy / "packs/routes/RT-VS.toml", copy / "contacts/RT-VS.toml")
    assert "one-id" in {fault.check for fault in pack_check.check(copy, TODAY)}


def test_a_gap_between_versions_is_found(copy):
    law = copy / LAW_FILE
    text = law.read_text("utf-8")
    head, _, rest = text.partition("[[version]]")
    body, _, tail = rest.partition("[story]")
    first = body.replace("from         = 2024-01-31", "from         = 2020-01-01\nuntil        = 2024-01-29")
    law.write_text(f"{head}[[version]]{first}\n[[version]]{body}\n[story]{tail}")
    gap = next(fault for fault in pack_check.check(copy, TODAY) if fault.check == "gap")
    assert "2024-01-29" in gap.what
    assert law.read_text("utf-8").splitlines()[gap.line - 1] == "from         = 2024-01-31"


def test_a_law_that_no_example_makes_out_is_found(copy):
    faults = broken(copy, LAW_FILE, 'then    = "may_apply"', 'then    = "cannot_tell"\nbecause = "belief"')
    assert "example" in {fault.check for fault in faults}
    text = (copy / LAW_FILE).read_text("utf-8")
    (copy / LAW_FILE).write_text(text.replace('then    = "may_apply"', 'then    = "unlikely"\nbecause = "date"'))
    assert "unreachable" in {fault.check for fault in pack_check.check(copy, TODAY)}


def test_everything_is_reported_at_once_each_on_its_line(copy, capsys):
    broken(copy, LAW_FILE, "nation  =", "mood    = 3\nnation  =")
    broken(copy, TEXT_FILE, 'because = "', 'because = "Now! ')
    broken(copy, "packs/doors.toml", "Do not wait to collect proof.", "Do not wait. " * 40)
    code, out, _ = run(capsys, "check", copy)
    assert code == 1
    lines = out.replace(f"{copy}/packs/", "").splitlines()
    assert re.match(r"laws/EW-66B1\.toml:\d+  unknown-key  `mood` is not a key of this table  → \w", lines[1])
    assert [line.split("  ")[1] for line in lines[:-1]] == ["long-door", "unknown-key", "loud"]
    assert lines[-1] == "2 problems, 1 warning"


def test_a_warning_alone_is_no_failure(copy, capsys):
    broken(copy, TEXT_FILE, 'because = "', 'because = "Now! ')
    code, out, _ = run(capsys, "check", copy, "--json")
    document = json.loads(out)
    assert (code, document["ok"]) == (0, True)
    assert set(document["problems"][0]) == {"file", "line", "check", "what", "remedy", "warning"}


def test_a_folder_without_packs_gets_one_sentence(tmp_path, capsys):
    code, out, err = run(capsys, "check", tmp_path)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 2


def test_the_docs_list_every_check_and_obligation():
    docs = (Path(__file__).parent.parent / "docs/packs.md").read_text("utf-8")
    known = {name for name, *_ in pack_check.READ} | set(pack_check.CHECKS)
    listed = re.findall(r"^\| `([a-z-]+)` \|", docs, re.MULTILINE)
    assert set(listed) >= known
    assert all(one.find.__doc__ for one in pack_check.CHECKS.values())


# ---------------------------------------------------------------- where, and whether


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        ("x.toml version 2 element b: `need` is missing", "[[version.element]] # b"),
        ("x.toml version 1 element a: there is no fact 'gone'", "is = ['gone']"),
        ("x.toml version from 2026-01-01: `by`", "from = 2026-01-01"),
        ("x.toml example It: odd.: `then` is", "then = 'x'"),
        ("x.toml: `title` is missing", "id = 'x'"),
        ("x.toml: `id`", "id = 'x'"),
    ],
)
def test_a_problem_lands_on_its_table_or_key(problem, line):
    text = (
        'id = \'x\'\nnote = """\n[[version]]\n"""\n[[version]]\n[[version.element]]\npart = \'a\'\n'
        "is = ['gone']\n[[version]]\nfrom = 2026-01-01\n[[version.element]] # b\npart = 'b'\n"
        "[[example]]\nname = 'It: odd.'\nthen = 'x'\n"
    )
    wanted = line if "from" not in line else "[[version]]"
    assert text.splitlines()[pack_lines.find(text, problem) - 1] in (line, wanted)


@pytest.mark.parametrize("law", list(KNOWN.laws.values()), ids=lambda law: law.id)
def test_what_is_possible_is_found_and_is_so(law):
    for element in law.versions[-1].elements:
        for value in (True, False):
            found = possible.find(element.rule, KNOWN.facts, value=value)
            assert found is None or rules.evaluate(element.rule, found) is value


def test_what_is_impossible_is_not_found():
    yes, no = Is("shared", ("yes",)), Is("shared", ("no",))
    assert possible.find(All((yes, no)), KNOWN.facts, value=True) is None
    assert possible.find(Any((yes, Not(yes))), KNOWN.facts, value=False) is None
    assert possible.find(Is("law_unsettled", ("yes",)), KNOWN.facts, value=True) is None


# ---------------------------------------------------------------- list, show, graph, stale


def test_the_list_has_everything_with_its_grade_and_day(capsys):
    rows = json.loads(run(capsys, "list", "--json")[1])
    assert {group: len(listed) for group, listed in rows.items()} == {
        "laws": len(KNOWN.laws), "routes": len(KNOWN.routes), "contacts": len(KNOWN.contacts),
        "notices": len(KNOWN.notices), "guides": len(KNOWN.guides),
    }  # fmt: skip
    assert set(rows["laws"][0]) == {"id", "title", "nations", "kinds", "grade", "checked"}
    assert f"{len(KNOWN.laws)} laws" in run(capsys, "list")[1]


def test_a_law_is_shown_as_a_lawyer_would_read_it(capsys):
    out = " ".join(run(capsys, "show", "EW-66B1")[1].split())
    law = KNOWN.laws["EW-66B1"]
    version = law.versions[0]
    for text in (law.title, version.cite, version.maximum, version.mode, version.limit, version.unsettled, law.basis):
        assert text in out
    for element in version.elements:
        assert f"{element.need} ({element.part})" in out
        assert element.why_not in out
    assert "from 31 January 2024" in out
    assert "shared_on: When was it sent, shown or posted?" in out
    assert "all of intimate is yes not (ordinary_public is yes)" in out
    assert all(one.why in out for one in version.unless)
    assert all(one.name in out for one in law.examples)


@pytest.mark.parametrize("shelf", ["laws", "routes", "contacts", "notices", "guides", "facts"])
def test_everything_can_be_shown_in_eighty_columns_and_as_json(shelf, capsys):
    for name in list(getattr(KNOWN, shelf))[::7]:
        code, out, _ = run(capsys, "show", f"{shelf}/{name}")
        assert code == 0
        assert all(len(line) <= 80 or "http" in line or "·" in line[:5] for line in out.splitlines()), name
        assert json.loads(run(capsys, "show", f"{shelf}/{name}", "--json")[1])["id"] == name


def test_a_law_is_shown_as_it_stood_on_a_day(capsys):
    assert run(capsys, "show", "EW-66B1", "--on", "2025-01-01")[0] == 0
    code, out, err = run(capsys, "show", "EW-66B1", "--on", "2020-01-01")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "takeback: EW-66B1 did not stand on 1 January 2020", "hint: it stands from 31 January 2024",
    ]  # fmt: skip
    assert "until 12 April 2021" not in run(capsys, "show", "EW-66B1")[1]


def test_a_question_names_all_that_hangs_on_it(capsys):
    assert {"EW-66B1", "RT-STOPNCII", "interview"} <= set(re.findall(r"[\w-]+", run(capsys, "show", "intimate")[1]))
    by_day = {law.id for law in KNOWN.laws.values() if law.versions[-1].by == "conduct_on"}
    assert by_day <= set(re.findall(r"[\w-]+", run(capsys, "show", "conduct_on")[1]))


def test_an_id_that_is_not_there_gets_the_nearest(capsys):
    code, _, err = run(capsys, "show", "ew-66b")
    assert code == 2
    assert "did you mean EW-66B" in err


@pytest.mark.parametrize("name", ["EW-66B1", "RT-RPH", None])
def test_the_graph_is_a_whole_picture_with_words_for_who_does_not_see_it(name, tmp_path, capsys):
    out = tmp_path / "graph.svg"
    assert run(capsys, "graph", *([name] if name else []), "--out", out)[0] == 0
    tree = ET.fromstring(out.read_text("utf-8"))
    space = {"s": "http://www.w3.org/2000/svg"}
    assert tree.get("role") == "img"
    assert tree.find("s:title", space).text
    about = tree.find("s:desc", space).text
    drawn = " ".join(span.text for span in tree.iterfind(".//s:tspan", space))
    assert all(word in drawn for word in re.findall(r"[a-z_]{6,}", about))
    width, height = float(tree.get("width")), float(tree.get("height"))
    boxes = [
        {k: float(box.get(k)) for k in ("x", "y", "width", "height")} for box in tree.iterfind("s:rect[@x]", space)
    ]
    assert boxes
    for box in boxes:
        assert min(box["x"], box["y"]) >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    for n, one in enumerate(boxes):
        assert not any(overlap(one, other) for other in boxes[n + 1 :])


def overlap(one, other):
    across = one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
    down = one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]
    return across and down


def test_a_graph_of_what_is_not_there_gets_one_sentence(tmp_path, capsys):
    code, _, err = run(capsys, "graph", "EW-GONE", "--out", tmp_path / "graph.svg")
    assert (code, len(err.splitlines())) == (2, 2)
    assert run(capsys, "graph", "EW-66B1", "--out", tmp_path / "no" / "graph.svg")[0] == 2


def test_stale_names_what_is_old_unverified_or_from_memory(capsys):
    document = json.loads(run(capsys, "stale", "--on", "2026-11-24", "--json")[1])
    why = {one["id"]: " ".join(one["why"]) for one in document["stale"]}
    assert "not verified" in why["EW-NUDIFY"]
    assert "from memory: time-limit extension" in why["EW-66B1"]
    assert "help@revengepornhelpline.org.uk is secondary" in why["revenge-porn-helpline"]
    assert "EW-66B4" not in why or "days ago" not in why["EW-66B4"]
    assert document["unread"]["laws"] == sum(law.grade == "drafted" for law in KNOWN.laws.values())


def test_what_is_older_than_the_days_that_count_is_stale():
    everything = sum(len(listed) for listed in pack_list.groups(KNOWN).values())
    assert len(pack_list.stale(KNOWN, date(2027, 11, 24), 180)) == everything
    assert len(pack_list.stale(KNOWN, date(2026, 11, 25), 180)) < everything


# ---------------------------------------------------------------- packs that fail


@pytest.fixture
def broken_house(tmp_path):
    """A whole Takeback, elsewhere, of which one law is broken."""
    shutil.copytree(HERE, tmp_path / "takeback", ignore=shutil.ignore_patterns("__pycache__"))
    law = tmp_path / "takeback" / LAW_FILE
    law.write_text(law.read_text("utf-8").replace("nation  =", "mood    = 3\nnation  ="))
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [[], ["plan", "-"], ["start", "-", "--out", "out"], ["notice", "-", "--law", "platform-report"],
     ["site", "--out", "site"], ["packs", "list"], ["packs", "prove"], ["demo"]],
)  # fmt: skip
def test_nothing_starts_on_packs_that_are_wrong(broken_house, command):
    code = f"import sys; from takeback.cli import main; sys.exit(main({command!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=broken_house, input="{}", capture_output=True, text=True, check=False,
        timeout=60, env={**os.environ, "PYTHONPATH": str(broken_house), "TAKEBACK_DATA": str(broken_house / "data")},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "takeback: the law packs have a mistake, so that Takeback tells nobody anything:",
        "  laws/EW-66B1.toml: `mood` is not a key of this table",
        "hint: `takeback packs check` shows the line of each",
    ]


def test_every_mistake_is_told_at_once(copy):
    broken(copy, LAW_FILE, "nation  =", "mood    = 3\nnation  =")
    broken(copy, TEXT_FILE, "name     =", "mood     = 3\nname     =")
    with pytest.raises(BadPacks) as bad:
        packs.load(copy)
    assert "2 mistakes" in bad.value.say()
    assert bad.value.exit_code == 2


def test_a_graph_needs_no_wider_box_than_its_words():
    node = pack_graph.Node("leaf", "one two three four five six seven eight nine ten")
    assert max(map(len, node.lines)) <= pack_graph.WRAP
    assert node.width < 300
