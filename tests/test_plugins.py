"""Plug-ins: a real distribution, installed by pip, run in the cage; whatever is not one of the two answers is refused."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hostile import photo, saved
from test_cli import CHILD, takeback

from takeback import cage, plugins
from takeback.cage import Limits, guests
from takeback.cage import examine as caged
from takeback.plugins import GROUPS, Manifest, Refused
from takeback.store import plugins as installed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a plug-in can't be shut in, and is not run")
ON = date(2026, 11, 24)
PICTURE = saved(photo(480, 640, 3), "JPEG", quality=90)
RATIO = "def look(file):\n    return {'ratio': 12.0, 'low': 5.0, 'high': 30}\n"
TRIES = """
import os, pathlib, socket
free = []
def attempt(name, act):
    try:
        act()
    except OSError:
        return
    free.append(name)
def send():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"?", ("192.0.2.1", 9))
attempt("network", send)
attempt("service", lambda: socket.socket(socket.AF_UNIX).close())
attempt("program at once", lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt("writing", lambda: pathlib.Path(__file__).with_name("left").write_bytes(b"x"))
pathlib.Path(__file__).read_bytes()
def look(file):
    attempt("reading", lambda: pathlib.Path(__file__).read_bytes())
    attempt("program", lambda: __import__("posix").fork())
    return {"abstains": "free" if free else "held"}
"""
CODE = {
    "ratio": RATIO,
    "mark": RATIO,
    "quiet": "def look(file):\n    return {'ratio': 0.5, 'low': 0.1, 'high': 2}\n",
    "pixels": "def look(file):\n    good = len(file.rgb) == file.rows * file.cols * 3 == 921600 and file.format == 'JPEG'\n"
    "    return {'abstains': 'held' if good else 'free'}\n",
    "tries": TRIES,
    "score": "def look(file):\n    return 0.97\n",
    "fake": "def look(file):\n    return {'verdict': 'fake'}\n",
    "raises": "def look(file):\n    raise SystemExit(0)\n",
    "slow": "import time\ndef look(file):\n    time.sleep(60)\n",
    "threads": "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n" + RATIO,
    "broken": "1 / 0\n",
    "bare": RATIO,
    "changed": RATIO,
    "more": RATIO,
    "old": RATIO,
    "unfit": RATIO,
}


def manifest(name: str, code: str) -> str:
    """A whole manifest."""
    expires = "2026-11-23" if name == "old" else "2027-06-30"
    return f"""\
name = "{name}"
version = "1.0"
licence = "Apache-2.0"
cutoff = 2026-06-30
propositions = ["A program drew it.", "A camera took it."]
formats = ["{"PNG" if name == "unfit" else "JPEG"}"]
least_side = 64

[abstains]
held = "all of it held"
free = "something was open"

[calibration]
set = "a set of pictures for this test"
of_first = 300
of_second = 900
expires = {expires}

[files]
"plugged_{name}/__init__.py" = "{hashlib.sha256(code.encode()).hexdigest()}"
"""


def wheel(folder: Path) -> Path:
    """A wheel that holds all of them."""
    made, info = folder / "throwaway-1.0-py3-none-any.whl", "throwaway-1.0.dist-info"
    points = {
        group: "".join(f"{n} = plugged_{n}:look\n" for n in CODE if (n == "mark") == (group == GROUPS[1]))
        for group in GROUPS
    }
    files = {
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: throwaway\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "".join(f"[{group}]\n{lines}" for group, lines in points.items()),
    }
    for name, code in CODE.items():
        files[f"plugged_{name}/__init__.py"] = code
        if name != "bare":
            files[f"plugged_{name}/takeback.toml"] = manifest(name, code)
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(made, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
    return made


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip installed them."""
    place = tmp_path_factory.mktemp("plugins")
    built = wheel(tmp_path_factory.mktemp("wheel"))
    pip = (sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", str(place), str(built))
    subprocess.run(pip, check=True, timeout=120)
    with (place / "plugged_changed/__init__.py").open("a") as file:
        file.write("\n")
    (place / "plugged_more/weights.bin").write_bytes(b"not in the list")
    return place


def ask(folder: Path, name: str, limits: Limits | None = None) -> plugins.Outcome:
    found = installed.found(name, ON, {"TAKEBACK_PLUGINS": str(folder)})
    return guests.ask(BytesIO(PICTURE), caged.examine(PICTURE).seen, found, limits)


@pytest.fixture
def known() -> Manifest:
    return plugins.read(manifest("ratio", RATIO).encode(), "ratio", "1.0", ON)


def test_a_plug_in_that_is_named_gives_a_ratio_with_bounds_for_two_named_sentences(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKEBACK_PLUGINS", str(folder))
    (tmp_path / "a.jpg").write_bytes(PICTURE)
    names = ("ratio", "mark", "quiet", "pixels", "score", "bare")
    options = [word for name in names for word in ("--plugin", name)]
    said = json.loads(takeback("examine", tmp_path / "a.jpg", *options, "--json").stdout)
    found = [one for one in said["findings"] if one["weight"] == "plug-in"]
    assert [(one["method"], one["loud"]) for one in found] == [
        ("watermark-plug-ins", True), ("detectors", True), ("detectors", False),
    ]  # fmt: skip
    assert "12 times (5 to 30 times)" in found[0]["says"]
    assert {"A program drew it.", "A camera took it.", "300, 900", "2026-06-30", "2027-06-30", "Apache-2.0"} <= {
        quote["text"] for quote in found[0]["quotes"]
    }
    assert "%" not in json.dumps(found)
    assert hashlib.sha256(RATIO.encode()).hexdigest() in said["settings"]["plug-in ratio"]
    missed = [one["because"] for one in said["not_run"] if one["method"] == "detectors"]
    assert missed == [
        "the plug-in pixels abstains, because all of it held",
        "the plug-in score was refused: what it said can't be read",
        "the plug-in bare was refused: it has no manifest",
    ]
    assert {"detectors", "watermark-plug-ins"} <= set(said["ran"])


def test_what_is_installed_but_not_named_is_not_run_and_that_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKEBACK_PLUGINS", str(folder))
    (tmp_path / "a.jpg").write_bytes(PICTURE)
    said = json.loads(takeback("examine", tmp_path / "a.jpg", "--json").stdout)
    missed = {one["method"]: one["because"] for one in said["not_run"]}
    assert "starts none by itself" in missed["detectors"]
    assert "starts none by itself" in missed["watermark-plug-ins"]
    assert not [one for one in said["settings"] if one.startswith("plug-in")]


def test_the_child_rule_comes_before_any_plug_in(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_PLUGINS", str(folder))
    (tmp_path / "a.jpg").write_bytes(PICTURE)
    (tmp_path / "given.json").write_text(json.dumps(CHILD))
    done = takeback("examine", tmp_path / "a.jpg", "--plugin", "ratio", "--given", tmp_path / "given.json")
    assert (done.returncode, done.stdout) == (3, "")


def test_a_plug_in_has_no_network_writes_nothing_and_opens_nothing_once_it_has_the_file(folder: Path) -> None:
    made = ask(folder, "tries")
    assert (made.abstained, made.because) == (True, "all of it held")
    assert not (folder / "plugged_tries/left").exists()


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("fake", "neither a likelihood ratio"),
        ("raises", "broke off"),
        ("slow", "took too long"),
        ("threads", "can't be shut in"),
        ("broken", "does not start"),
        ("bare", "no manifest"),
        ("changed", "hash of a file"),
        ("more", "not those that its manifest lists"),
        ("old", "calibration ended on 2026-11-23"),
        ("nobody", "no plug-in of this name"),
    ],
)
def test_what_is_not_one_of_the_two_answers_is_refused_with_its_reason(folder: Path, name: str, because: str) -> None:
    with pytest.raises(Refused, match=because):
        ask(folder, name, Limits(wall=1) if name == "slow" else None)


def test_where_a_guard_does_not_hold_it_is_not_given_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = caged.examine(PICTURE).seen
    monkeypatch.setattr(cage.Cage, "missing", lambda _: cage.GUARDS[:1])
    monkeypatch.setattr(cage.Cage, "ask", lambda *_, **__: pytest.fail("it was given the file"))
    with pytest.raises(Refused, match="can't shut it in"):
        guests.ask(BytesIO(PICTURE), seen, installed.found("ratio", ON, {"TAKEBACK_PLUGINS": str(folder)}))


def test_a_file_that_it_is_not_made_for_is_not_given_to_it(folder: Path) -> None:
    made = ask(folder, "unfit")
    assert (made.abstained, made.because) == (True, "it is made for PNG only")


def test_a_picture_that_is_too_small_for_it_is_not_given_to_it(known: Manifest) -> None:
    assert "64 pixels" in plugins.fits(known, "JPEG", 63, 640)
    assert not plugins.fits(known, "JPEG", 64, 64)


def test_a_compiled_twin_that_nobody_hashed_is_not_what_runs(folder: Path) -> None:
    twin = folder / "plugged_ratio/__pycache__"
    code = "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)"
    other = folder / "plugged_score/__init__.py"
    target = twin / f"__init__.{sys.implementation.cache_tag}.pyc"
    subprocess.run((sys.executable, "-c", code, str(other), str(target)), check=True, timeout=60)
    assert ask(folder, "ratio").ratio == 12


@pytest.mark.parametrize(
    "line",
    [one for one in manifest("ratio", RATIO).splitlines() if "=" in one],
)
def test_a_manifest_without_any_one_of_its_lines_is_refused(line: str) -> None:
    left = manifest("ratio", RATIO).replace(line + "\n", "")
    if line.startswith(("held", "free")):
        left = left.replace('held = "all of it held"\n', "").replace('free = "something was open"\n', "")
    with pytest.raises(Refused):
        plugins.read(left.encode(), "ratio", "1.0", ON)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A program drew it.", "It is fake."),
        ("A camera took it.", "A program drew it."),
        ("A camera took it.", "It is a real photo."),
        ('["A program drew it.", "A camera took it."]', '["A program drew it."]'),
        ("all of it held", "97 % sure"),
        ("all of it held", "\\u001b[2J it moves"),
        ("of_second = 900", "of_second = 2"),
        ("of_second = 900", "of_second = true"),
        ("cutoff = 2026-06-30", "cutoff = 2026-12-30"),
        ("2027-06-30", "2026-11-23"),
        ('"JPEG"', '"JPEG", "PSD-9"'),
        ('version = "1.0"', 'version = "1.1"'),
        ('name = "ratio"', 'name = "mark"'),
        ("least_side = 64", "least_side = 64\nscore = 1"),
        ("least_side = 64", "least_side = "),
    ],
)
def test_a_manifest_that_says_too_much_or_too_little_is_refused(old: str, new: str) -> None:
    whole = manifest("ratio", RATIO)
    assert old in whole
    with pytest.raises(Refused):
        plugins.read(whole.replace(old, new).encode(), "ratio", "1.0", ON)


def test_a_whole_manifest_is_read_on_its_last_day_and_too_long_a_one_is_not(known: Manifest) -> None:
    assert (known.of_first, known.of_second, known.most, known.least) == (300, 900, 300, 0.01)
    plugins.read(manifest("ratio", RATIO).encode(), "ratio", "1.0", known.expires)
    with pytest.raises(Refused, match="too long"):
        plugins.read(b"#" * (plugins.MOST_MANIFEST + 1), "ratio", "1.0", ON)


@pytest.mark.parametrize(
    "said",
    [
        b"", b"0.97", b'"fake"', b"null", b"[]", b"{}", b"\xff", b"[" * 4000,
        b'{"score": 0.97}',
        b'{"ratio": 12}',
        b'{"ratio": 12, "low": 5, "high": 30, "verdict": "fake"}',
        b'{"ratio": NaN, "low": 5, "high": 30}',
        b'{"ratio": Infinity, "low": 5, "high": Infinity}',
        b'{"ratio": true, "low": true, "high": true}',
        b'{"ratio": "12", "low": 5, "high": 30}',
        b'{"ratio": 0, "low": 0, "high": 30}',
        b'{"ratio": 31, "low": 5, "high": 30}',
        b'{"ratio": 12, "low": 30, "high": 5}',
        b'{"ratio": 12, "low": 5, "high": 301}',
        b'{"ratio": 1, "low": 0.009, "high": 5}',
        b'{"abstains": "it is fake, 97 %"}',
        b'{"abstains": ["held"]}',
        b'{"abstains": "held", "score": 1}',
        b'{"abstains": "held"}' + b" " * plugins.MOST_ANSWER,
    ],
)  # fmt: skip
def test_an_answer_that_is_neither_is_refused(known: Manifest, said: bytes) -> None:
    with pytest.raises(Refused):
        plugins.answered(said, GROUPS[0], known)


def test_a_ratio_at_the_edge_of_what_the_counts_can_carry_counts(known: Manifest) -> None:
    edge = plugins.answered(b'{"ratio": 12, "low": 0.01, "high": 300}', GROUPS[0], known)
    assert (edge.low, edge.high) == (0.01, 300)
    with pytest.raises(Refused, match="counts"):
        plugins.answered(b'{"ratio": 12, "low": 0.01, "high": 300}', GROUPS[0], replace(known, of_second=899))
