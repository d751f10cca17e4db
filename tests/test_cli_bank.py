"""`takeback bank`: hashes in as lines or tables, all or none; matches out; one sentence where something is wrong."""

from __future__ import annotations

import io
import json

import pytest
from test_bank import OTHER, VALUE, flipped

from takeback import Bank, cli
from takeback.terms import Entry

TABLE = f"""value,id,quality,edit,consent,origin,expires,status
{VALUE.hex()},p-1,80,none,consent-1,helpline.example,2027-01-01,active
{OTHER.hex().upper()},p-1,,mirror,"consent-1",,,
"""


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """One command in an empty folder; gives its exit code, output and messages."""
    monkeypatch.chdir(tmp_path)

    def run(*words, stdin=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = cli.main(["bank", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_bank_is_built_matched_added_to_withdrawn_from_and_compacted(run, tmp_path):
    assert run("build", "b", "-", stdin=f"# ours\n{VALUE.hex()}\n\n{OTHER.hex().upper()}\n")[0] == 0
    near = flipped(VALUE, {3, 4}).hex()
    assert run("match", "b", near) == (0, f"{near}  0  2 bits\n", "")
    assert run("add", "b", "-", stdin=near)[:2] == (0, "2\n")
    _code, out, _ = run("match", "b", "--json", "-", stdin=f"{near}\n{'0' * 64}\n")
    assert [json.loads(line) for line in out.splitlines()] == [
        {"query": near, "matches": [{"entry": "2", "distance": 0}, {"entry": "0", "distance": 2}]},
        {"query": "0" * 64, "matches": []},
    ]
    assert run("withdraw", "b", "-", stdin="0\n2\n")[2].startswith("takeback: withdrew 2 entries")
    assert run("match", "b", near)[1] == f"{near}  no match\n"
    assert run("compact", "b")[2] == "takeback: 2 entries taken out, 1 entry left\n"
    assert json.loads(run("info", "b", "--check", "--json")[1])["active"] == 1
    assert "entries" in run("info", "b")[1]
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_a_table_brings_all_that_is_known(run, tmp_path):
    (tmp_path / "t.csv").write_text("\ufeff" + TABLE)
    assert run("build", "b", "t.csv")[0] == 0
    one, two = Bank.open(tmp_path / "b").entries(["p-1"])
    assert (one.consent, one.origin, str(one.expires), one.edit) == (
        "consent-1",
        "helpline.example",
        "2027-01-01",
        "none",
    )
    assert two == Entry(OTHER, "p-1", None, "mirror", "consent-1")


def test_a_parquet_file_does_too(run, tmp_path):
    import pyarrow as pa
    from pyarrow.parquet import write_table

    table = pa.table({"hash": [VALUE, OTHER], "id": ["a", "b"], "quality": [90, 12]})
    write_table(table, tmp_path / "t.parquet")
    assert run("build", "b", "t.parquet")[0] == 0
    assert [entry.status for entry in Bank.open(tmp_path / "b").entries(["a", "b"])] == ["active", "received"]
    write_table(pa.table({"hash": [VALUE, b"short"]}), tmp_path / "t.parquet")
    assert "row 2: This is no pdq hash" in run("add", "b", "t.parquet")[2]
    (tmp_path / "t.parquet").write_text("not parquet")
    assert run("add", "b", "t.parquet")[0] == 2


WRONG = {
    "a short line": (f"{VALUE.hex()}\n1234\n", "line 2: this is no PDQ hash"),
    "a path": ("/etc/passwd\n", "line 1: this is no PDQ hash"),
    "a short value": (TABLE + "12,p-3,,,,,,\n", "line 4: This is no pdq hash"),
    "a column too many": (TABLE + f"{VALUE.hex()},p-3,,,,,,,\n", "line 4: it has another number of columns"),
    "an unknown column": (f"value,colour\n{VALUE.hex()},red\n", "line 2: no column of a bank is called 'colour'"),
    "no quality": (TABLE + f"{VALUE.hex()},p,good,,,,,\n", "line 4: the quality"),
    "quality 101": (TABLE + f"{VALUE.hex()},p,101,,,,,\n", "line 4: the quality"),
    "no day": (TABLE + f"{VALUE.hex()},p,,,,,soon,\n", "line 4: a day is written"),
    "a withdrawn one": (TABLE + f"{VALUE.hex()},p,,,,,,withdrawn\n", "line 4: an entry comes in as active"),
    "many": ("x\n" * 9, "and 4 more"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_line_is_named_and_nothing_of_the_batch_is_added(what, run, tmp_path):
    text, says = WRONG[what]
    run("build", "b")
    (tmp_path / "in").write_text(text)
    code, out, err = run("add", "b", "in")
    assert (code, out) == (2, "")
    assert says in err
    assert len(Bank.open(tmp_path / "b")) == 0
    assert run("build", "other", "in")[0] == 2
    assert not (tmp_path / "other").exists()


def test_hashes_near_a_benign_picture_wait(run, tmp_path):
    run("build", "benign", "-", stdin=VALUE.hex())
    assert "1 entry held back" in run("build", "b", "-", "--benign", "benign", stdin=VALUE.hex())[2]
    assert "no match" in run("match", "b", VALUE.hex())[1]
    assert run("activate", "b", "0")[2] == "takeback: activated 1 entry\n"
    assert "0 bits" in run("match", "b", VALUE.hex())[1]


def test_a_picture_is_hashed_in_the_cage(run, tmp_path):
    from PIL import Image

    picture = Image.effect_noise((120, 90), 80)
    picture.save(tmp_path / "a.png")
    (tmp_path / "no.txt").write_text("no picture")
    run("build", "b")
    run("add", "b", "-", stdin=hash_of(picture))
    code, out, err = run("match", "b", "a.png")
    assert (code, out) == (0, "a.png  0  0 bits\n")
    assert "only hash what shows nobody who is or looks under 18" in err
    code, out, _ = run("match", "b", "--json", "no.txt", "a.png", "gone.png")
    assert (code, ["error" in json.loads(line) for line in out.splitlines()]) == (2, [True, False, True])


def hash_of(picture):
    from takeback import pdq

    return pdq(memoryview(picture.convert("RGB").tobytes()).cast("B", (picture.height, picture.width, 3)))[0].hex()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["info", "none"], "can't be opened: no such file"),
        (["info", "text"], "not a bank"),
        (["build", "text", "-"], "already something"),
        (["add", "b", "none"], "none can't be read"),
        (["add", "b", "b"], "not UTF-8 text"),
        (["withdraw", "b", "nobody"], "no entry called nobody"),
        (["match", "b", "--distance", "64", "0" * 64], "between 0 and 63"),
    ],
)
def test_what_is_wrong_is_one_sentence(words, says, run, tmp_path):
    (tmp_path / "text").write_text("text")
    run("build", "b", "-", stdin=VALUE.hex())
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert says in err
    assert err.startswith("takeback: ")
