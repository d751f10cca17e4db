"""The command line: what it prints, what it exits with, and that bad input gets one clear sentence and loses nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import PICTURES, TRAPS

from takeback import notice_twin

COMMAND = Path(sys.executable).with_name("takeback")

ADULT = {
    "role": "depicted", "victim_age_band": "18plus", "victim_nation": "england-wales",
    "suspect_nation": "england-wales", "media": ["image"], "photoreal": "yes", "real_person": "yes",
    "person_alive": "yes", "intimate": "yes", "indecent": "no", "ordinary_public": "no", "under18_real": "no",
    "under18_look": "no", "shared": "yes", "shared_on": "2026-11", "shown_only_to_victim": "no", "consent_share": "no",
    "prior_public_consent": "no", "words": "A friend told me.\n\nI saw it myself.", "me": "Mara Example",
    "contact": "mara@example.org", "signature": "Mara Example",
}  # fmt: skip
CHILD = {**ADULT, "victim_age_band": "13-15", "under18_real": "yes", "under18_look": "yes"}
URL = "https://clips.example/watch/1"


def takeback(*arguments: object, given: object = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        input=json.dumps(given) if given is not None else "",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.jpg"
    path.write_bytes(PICTURES["photo.jpg"][0])
    return path


def one_sentence(done: subprocess.CompletedProcess[str], code: int = 2) -> str:
    """The one clear line, and the hint, that a refused command leaves on standard error."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0].startswith("takeback: ")
    assert len(lines) <= 2
    assert "Traceback" not in done.stderr
    return done.stderr


# ---------------------------------------------------------------- plan


def test_plan_prints_one_json_document_and_nothing_else() -> None:
    done = takeback("plan", "-", "--json", given=ADULT)
    plan = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(plan) == {"on", "danger", "findings", "routes", "never", "next_question"}
    assert {f["law"] for f in plan["findings"] if f["status"] == "may_apply"} >= {"EW-66B1"}
    assert set(plan["findings"][0]) == {"law", "status", "title", "cite", "because", "needs"}
    assert set(plan["routes"][0]) == {"id", "name", "because", "due"}
    asked = json.loads(takeback("plan", "-", "--json", given={}).stdout)["next_question"]
    assert set(asked) == {"id", "ask"}


def test_plan_speaks_to_a_person_in_eighty_columns() -> None:
    done = takeback("plan", "-", given=ADULT)
    assert done.returncode == 0
    assert "what to do, in this order" in done.stdout
    assert "not yet read by a lawyer" in done.stdout
    assert "\x1b" not in done.stdout
    assert [line for line in done.stdout.splitlines() if len(line) > 90] == []


def test_the_law_of_another_day_is_used_when_asked_for() -> None:
    before = json.loads(
        takeback("plan", "-", "--json", "--on", "2024-01-30", given=ADULT | {"shared_on": "2024-01-30"}).stdout
    )
    assert before["on"] == "2024-01-30"
    assert [f["status"] for f in before["findings"] if f["law"] == "EW-66B1"] == ["unlikely"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"intimat": "yes"}, "intimat"),
        ({"intimate": "maybe"}, "maybe"),
        ({"shared_on": "2026-02-30"}, "2026-02-30"),
        ([], "names and values"),
    ],
)
def test_an_answer_that_cannot_be_is_named(given: object, says: str) -> None:
    assert says in one_sentence(takeback("plan", "-", given=given))


@pytest.mark.parametrize("name", ["answers.toml", "answers.json", "answers.yaml"])
def test_broken_syntax_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{ [ :")
    one_sentence(takeback("plan", tmp_path / name))


@pytest.mark.parametrize("name", ["missing.toml", ".", "answers.docx"])
def test_a_file_of_answers_that_cannot_be_read_is_one_sentence(tmp_path: Path, name: str) -> None:
    one_sentence(takeback("plan", tmp_path / name))


def test_answers_that_are_not_text_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in one_sentence(takeback("plan", tmp_path / "a.toml"))


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "1950-01-01"])
def test_a_day_without_law_is_one_sentence(day: str) -> None:
    one_sentence(takeback("plan", "-", "--on", day, given={}))


@pytest.mark.parametrize("arguments", [["nonsense"], ["plan"], ["plan", "-", "--colour"], ["notice", "-"]])
def test_a_wrong_command_is_one_line_and_a_hint(arguments: list[str]) -> None:
    assert "--help" in one_sentence(takeback(*arguments, given={}))


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        f"echo '{{}}' | {COMMAND} plan - --json | head -c 10", shell=True, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


# ---------------------------------------------------------------- start


def test_start_goes_the_whole_road(tmp_path: Path, picture: Path) -> None:
    out = tmp_path / "out"
    done = takeback("start", "-", "--out", out, "--exhibit", picture, "--url", URL, "--json", given=ADULT)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert set(made) == {"dir", "plan", "signals", "package", "notices", "refused", "stamped_at"}
    assert (made["dir"], made["refused"]) == (str(out), [])
    assert {s["type"] for s in made["signals"][0]["signals"]} == {"pdq", "sha256", "md5"}
    assert {n["law"]: n["complete"] for n in made["notices"]}["us-take-it-down"]
    assert out.stat().st_mode & 0o777 == 0o700
    assert (out / "package/data/exhibits/AB-1/AB-1.jpg").read_bytes() == picture.read_bytes()
    assert {p.name for p in out.iterdir()} >= {
        "plan.pdf",
        "account.pdf",
        "account.txt",
        "report.txt",
        "READ-ME-FIRST.txt",
    }
    assert "A friend told me." in (out / "account.txt").read_text()
    assert json.loads(takeback("verify", made["package"], "--json").stdout)["ok"]


def test_a_complete_notice_of_start_has_a_number_and_its_twin_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = takeback("start", "-", "--out", out, "--url", URL, "--json", given=ADULT)
    complete = [one for one in json.loads(done.stdout)["notices"] if one["complete"]]
    assert "us-take-it-down" in {one["law"] for one in complete}
    for one in complete:
        letter = (out / one["file"]).read_bytes()
        twin = json.loads((out / one["file"]).with_suffix(".json").read_text())
        assert notice_twin.NUMBER.fullmatch(one["id"])
        assert (twin["id"], twin["law"]) == (one["id"], one["law"])
        assert one["id"] in letter.decode()
        assert twin["text_sha256"] == hashlib.sha256(letter).hexdigest()
        assert b"notice.json" in (out / one["file"]).with_suffix(".eml").read_bytes()
    assert len({one["id"] for one in complete}) == len(complete)


def test_two_runs_of_start_give_two_numbers(tmp_path: Path) -> None:
    made = [takeback("start", "-", "--out", tmp_path / name, "--url", URL, "--json", given=ADULT) for name in "ab"]
    first, second = ({one["id"] for one in json.loads(done.stdout)["notices"] if one["id"]} for done in made)
    assert first
    assert not first & second


def test_a_case_without_a_file_goes_all_the_way(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = takeback("start", "-", "--out", out, "--url", URL, given=ADULT)
    assert done.returncode == 0, done.stderr
    assert URL in (out / "package/data/addresses.json").read_text()
    assert takeback("verify", out / "package").returncode == 0


def test_a_refused_notice_is_listed_and_start_still_ends_well(tmp_path: Path) -> None:
    given = {key: value for key, value in ADULT.items() if key != "signature"}
    done = takeback("start", "-", "--out", tmp_path / "out", "--url", URL, "--json", given=given)
    notice = next(n for n in json.loads(done.stdout)["notices"] if n["law"] == "us-take-it-down")
    assert (done.returncode, notice["complete"], notice["file"]) == (0, False, None)
    assert "signature" in {m["element"] for m in notice["missing"]}


def test_start_says_that_the_folder_can_be_read(tmp_path: Path) -> None:
    assert "anyone who uses this computer" in takeback("start", "-", "--out", tmp_path / "out", given=ADULT).stderr


def test_start_sealed_to_a_recipient_leaves_one_file_that_age_opens(tmp_path: Path, picture: Path) -> None:
    from pyrage import x25519

    identity = x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"{identity}\n")
    out, given = tmp_path / "out", ADULT | {"words": "SENTINEL-WORDS"}
    done = takeback("start", "-", "--out", out, "--exhibit", picture, "--to", identity.to_public(), given=given)
    assert done.returncode == 0, done.stderr
    assert [p.name for p in out.iterdir()] == ["files.tar.age"]
    assert b"SENTINEL-WORDS" not in (out / "files.tar.age").read_bytes()
    opened = subprocess.run(
        f"age -d -i {tmp_path}/key.txt {out}/files.tar.age | tar -x -C {tmp_path}", shell=True, check=False
    )
    assert opened.returncode == 0
    assert "SENTINEL-WORDS" in (tmp_path / "files/account.txt").read_text()
    assert takeback("verify", tmp_path / "files/package").returncode == 0


def test_start_has_its_package_stamped_and_adds_the_list_for_forensic_tools(tmp_path: Path, picture: Path) -> None:
    from timestamper import Authority, serving

    authority = Authority(tmp_path / "authority")
    root, out = tmp_path / "authority" / "ca.pem", tmp_path / "out"
    with serving(authority.answer) as (url, seen):
        asked = ("--stamp", url, "--ca", root, "--case-uco", "--json")
        done = takeback("start", "-", "--out", out, "--exhibit", picture, *asked, given=ADULT)
    assert done.returncode == 0, done.stderr
    stamped = json.loads(done.stdout)["stamped_at"]
    found = json.loads(takeback("verify", out / "package", "--ca", root, "--json").stdout)
    assert found["ok"]
    assert (found["stamped_at"], found["stamped_by"]) == (stamped, authority.by)
    assert stamped is not None
    assert len(seen) == 1
    assert seen[0][2].find(b"Mara") == -1
    assert (out / "package/data/case-uco.jsonld").is_file()


def test_start_without_a_word_of_it_adds_no_list_and_no_stamp(tmp_path: Path) -> None:
    takeback("start", "-", "--out", tmp_path / "out", given=ADULT)
    assert not (tmp_path / "out/package/stamp").exists()
    assert not (tmp_path / "out/package/data/case-uco.jsonld").exists()


def test_start_with_an_authority_that_nobody_trusts_says_so_and_leaves_no_stamp(tmp_path: Path) -> None:
    from timestamper import Authority, serving

    authority, other = Authority(tmp_path / "authority"), Authority(tmp_path / "other", "Other")
    with serving(authority.answer) as (url, _):
        root = other.folder / "ca.pem"
        done = takeback("start", "-", "--out", tmp_path / "out", "--stamp", url, "--ca", root, given=ADULT)
    assert done.returncode == 0, done.stderr
    assert "the package has no stamp" in done.stderr
    assert not (tmp_path / "out/package/stamp").exists()
    assert takeback("verify", tmp_path / "out/package").returncode == 0


def test_start_refuses_a_recipient_that_age_does_not_know(tmp_path: Path) -> None:
    one_sentence(takeback("start", "-", "--out", tmp_path / "out", "--to", "age1nonsense", given=ADULT))
    assert not (tmp_path / "out").exists()


def test_start_never_touches_a_folder_that_exists(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine")
    one_sentence(takeback("start", "-", "--out", tmp_path / "out", given=ADULT))
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("trap", {says: name for name, says in TRAPS.reasons.items() if says}.values())
def test_start_names_a_bad_file_and_writes_nothing(tmp_path: Path, trap: str) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(TRAPS[trap][0])
    assert "bad.jpg" in one_sentence(takeback("start", "-", "--out", tmp_path / "out", "--exhibit", bad, given=ADULT))
    assert [p.name for p in tmp_path.iterdir()] == ["bad.jpg"]


def test_what_is_no_picture_and_does_not_claim_to_be_is_kept_as_it_is(tmp_path: Path) -> None:
    chat = tmp_path / "chat.txt"
    chat.write_text("[24/11/2026, 10:00] Someone: pay or I post it")
    done = takeback("start", "-", "--out", tmp_path / "out", "--exhibit", chat, given=ADULT)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/package/data/exhibits/AB-1/AB-1.txt").read_bytes() == chat.read_bytes()


def test_a_full_disk_is_one_sentence_and_leaves_nothing_half_written(tmp_path: Path, picture: Path) -> None:
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "from takeback.cli import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "start", "-", "--out", tmp_path / "out", "--exhibit", picture],
        input=json.dumps(ADULT), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "no room" in one_sentence(done)
    assert [p.name for p in tmp_path.iterdir()] == ["picture.jpg"]


# ---------------------------------------------------------------- the child rule


def in_a_terminal(*arguments: object, given: object) -> tuple[int, str]:
    """A command's exit code, and its standard error as a terminal of its own shows it."""
    master, terminal = os.openpty()
    with subprocess.Popen(
        [COMMAND, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=terminal
    ) as process:
        os.close(terminal)
        assert process.stdin
        process.stdin.write(json.dumps(given).encode())
        process.stdin.close()
        said = b""
        with contextlib.suppress(OSError):  # Linux says that a terminal is closed with an error
            while chunk := os.read(master, 4096):
                said += chunk
    os.close(master)
    return process.returncode, said.decode()


@pytest.mark.parametrize("wish", [(), ("--hash-only",)])
def test_start_says_on_a_terminal_how_far_it_is_and_takes_the_line_away(tmp_path: Path, wish: tuple[str, ...]) -> None:
    film = tmp_path / "film.bin"
    film.write_bytes(bytes(4_000_000))
    code, said = in_a_terminal("start", "-", "--out", tmp_path / "out", "--exhibit", film, *wish, given=ADULT)
    assert code == 0
    percents = [int(one) for one in re.findall(r"\rfiles read and packed: (\d+) %", said)]
    assert percents == sorted(set(percents))
    assert len(percents) > 3
    assert percents[-1] == 100
    assert "100 %\r\x1b[K" in said


def test_start_that_fails_on_a_terminal_leaves_a_clean_line_for_what_is_wrong(tmp_path: Path, picture: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    out = tmp_path / "out"
    _, said = in_a_terminal("start", "-", "--out", out, "--exhibit", picture, "--exhibit", empty, given=ADULT)
    assert "\r\x1b[Ktakeback: empty.txt is empty" in said


def test_start_says_nothing_of_how_far_it_is_where_there_is_no_terminal(tmp_path: Path, picture: Path) -> None:
    done = takeback("start", "-", "--out", tmp_path / "out", "--exhibit", picture, given=ADULT)
    assert "packed" not in done.stderr
    assert "\r" not in done.stderr


def test_start_takes_a_file_whose_name_is_no_text(tmp_path: Path, picture: Path) -> None:
    odd = tmp_path / os.fsdecode(b"a\xff.jpg")
    picture.rename(odd)
    done = takeback("start", "-", "--out", tmp_path / "out", "--exhibit", odd, "--case-uco", given=ADULT)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out/hashes.json").read_text())[0]["file"] == "a\\udcff.jpg"
    assert takeback("verify", tmp_path / "out/package").returncode == 0


def test_start_leaves_a_childs_picture_alone_and_still_gives_the_plan(tmp_path: Path, picture: Path) -> None:
    out = tmp_path / "out"
    done = takeback("start", "-", "--out", out, "--exhibit", picture, "--url", URL, "--json", given=CHILD)
    made = json.loads(done.stdout)
    assert done.returncode == 3
    assert "under 18" in made["refused"][0]
    assert made["signals"] == []
    assert {r["id"] for r in made["plan"]["routes"]} >= {"RT-REPORTREMOVE", "RT-CEOP", "RT-CHILDLINE"}
    assert not (out / "package/data/exhibits").exists()
    assert URL in (out / "package/data/addresses.json").read_text()
    held = b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file())
    assert picture.read_bytes() not in held


@pytest.mark.parametrize("unsaid", ["intimate", "under18_real", "under18_look"])
def test_an_age_that_nobody_knows_counts_as_under_18(tmp_path: Path, picture: Path, unsaid: str) -> None:
    given = {key: value for key, value in ADULT.items() if key not in (unsaid, "intimate")}
    done = takeback("start", "-", "--out", tmp_path / "out", "--exhibit", picture, given=given)
    assert done.returncode == (0 if unsaid == "intimate" else 3)


def test_hash_obeys_the_child_rule_when_it_is_told_the_answers(tmp_path: Path, picture: Path) -> None:
    (tmp_path / "given.json").write_text(json.dumps(CHILD))
    assert "under 18" in one_sentence(takeback("hash", picture, "--given", tmp_path / "given.json"), code=3)


def test_hash_alone_says_the_rule_and_stores_nothing(tmp_path: Path, picture: Path) -> None:
    done = takeback("hash", picture, "--json", TAKEBACK_DATA=str(tmp_path / "data"))
    assert done.returncode == 0
    assert "under 18" in done.stderr
    assert not (tmp_path / "data").exists()


# ---------------------------------------------------------------- hash, verify, notice, case, site, demo


def test_hash_gives_each_file_its_signals_or_its_sentence(tmp_path: Path, picture: Path) -> None:
    (tmp_path / "empty.png").touch()
    done = takeback("hash", picture, tmp_path / "empty.png", "--json")
    good, bad = json.loads(done.stdout)
    assert done.returncode == 2
    assert (good["kind"], {s["type"] for s in good["signals"]}) == ("image", {"pdq", "sha256", "md5"})
    assert "empty" in bad["error"]
    assert "signals" not in bad


def test_verify_names_every_fault(tmp_path: Path, picture: Path) -> None:
    takeback("start", "-", "--out", tmp_path / "out", "--exhibit", picture, given=ADULT)
    package = tmp_path / "out/package"
    (package / "data/exhibits/AB-1/AB-1.jpg").write_bytes(b"other")
    (package / "data/summary.pdf").unlink()
    (package / "extra.txt").write_text("x")
    done = takeback("verify", package, "--json")
    result = json.loads(done.stdout)
    assert (done.returncode, result["ok"]) == (1, False)
    assert {p["file"] for p in result["problems"]} >= {"data/exhibits/AB-1/AB-1.jpg", "data/summary.pdf", "extra.txt"}


def test_verify_of_nothing_is_one_sentence(tmp_path: Path) -> None:
    one_sentence(takeback("verify", tmp_path / "nothing"))


def test_a_notice_is_complete_or_names_what_it_lacks() -> None:
    lacking = takeback("notice", "-", "--law", "us-take-it-down", "--json", given={**ADULT, "signature": ""})
    assert lacking.returncode == 1
    assert {m["element"] for m in json.loads(lacking.stdout)["missing"]} >= {"signature", "location"}
    complete = takeback("notice", "-", "--law", "us-take-it-down", "--url", URL, "--json", given=ADULT)
    assert (complete.returncode, json.loads(complete.stdout)["complete"]) == (0, True)
    assert "A friend told me" not in complete.stdout


@pytest.mark.parametrize("name", ["notice.pdf", "notice.txt"])
def test_a_notice_can_be_saved(tmp_path: Path, name: str) -> None:
    done = takeback("notice", "-", "--law", "us-take-it-down", "--url", URL, "--out", tmp_path / name, given=ADULT)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / name).stat().st_size > 500


@pytest.mark.parametrize(
    "arguments",
    [["--law", "no-such-law"], ["--law", "us-take-it-down", "--field", "colour=red"], ["--law", "x", "--field", "no"]],
)
def test_a_notice_that_there_is_none_of_is_one_sentence(arguments: list[str]) -> None:
    one_sentence(takeback("notice", "-", *arguments, given=ADULT))


def test_case_list_of_an_empty_computer_is_empty(tmp_path: Path) -> None:
    done = takeback("case", "list", "--json", TAKEBACK_DATA=str(tmp_path / "data"))
    assert json.loads(done.stdout) == []


def test_an_unknown_case_is_one_sentence(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    one_sentence(takeback("case", "export", "nothere", "--out", tmp_path / "x.zip", TAKEBACK_DATA=data))
    assert not (tmp_path / "x.zip").exists()


def test_a_data_folder_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    assert "read" in one_sentence(takeback("case", "list", TAKEBACK_DATA=str(tmp_path / "data")))


def test_the_site_is_one_file_where_that_is_asked_for(tmp_path: Path) -> None:
    assert takeback("site", "--out", tmp_path / "takeback.html", "--single").returncode == 0
    assert (tmp_path / "takeback.html").read_text("utf-8").startswith("<!doctype html>")
    one_sentence(takeback("site", "--out", tmp_path / "takeback.html", "--single"))


def test_the_site_is_written_once(tmp_path: Path) -> None:
    assert takeback("site", "--out", tmp_path / "site").returncode == 0
    assert (tmp_path / "site/index.html").exists()
    one_sentence(takeback("site", "--out", tmp_path / "site"))


def test_the_demo_ends_with_verify_naming_the_flipped_file() -> None:
    done = takeback("demo")
    assert (done.returncode, done.stderr) == (0, "")
    after = done.stdout.partition("flipped")[2]
    assert "AB-1.png: has changed" in after
    assert "not whole" in after


def test_a_passphrase_that_would_be_seen_is_not_asked_for() -> None:
    code = "from takeback import cli_case, errors\ntry:\n    cli_case.secret(None)\nexcept errors.BadInput as e:\n    print(e.what)"
    done = subprocess.run(
        [sys.executable, "-c", code], input="quarry lantern\n", capture_output=True, text=True, start_new_session=True,
        check=True,
    )  # fmt: skip
    assert (done.stdout[:24], done.stderr) == ("a passphrase typed here ", "")


def test_the_version_is_said() -> None:
    assert takeback("--version").stdout.startswith("takeback ")


def test_a_fault_of_ours_shows_no_traceback_and_nothing_of_the_answers(tmp_path: Path) -> None:
    code = (
        "import sys; from takeback import cli, journey\n"
        "def broken(*_): raise RuntimeError('SENTINEL-STORY')\n"
        "journey.plan = broken\n"
        "sys.exit(cli.main(['plan', '-']))"
    )
    done = subprocess.run([sys.executable, "-c", code], input="{}", capture_output=True, text=True, check=False)
    assert "SENTINEL" not in one_sentence(done)
