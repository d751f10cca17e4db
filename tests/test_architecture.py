"""The house keeps its shape: arrows point down, each dependency has one home, and `plan` stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "takeback"

FLOORS = {
    "web": 8, "cli": 8, "cli_packs": 8, "pack_show": 8, "demo": 8, "terminal": 8, "cli_bank": 8, "cli_case": 8, "cli_words": 8, "word_list": 8, "site": 8,
    "cli_watch": 8, "watching": 6, "footage": 5, "answers_signed": 5, "sites": 2, "looks": 3, "markup": 2, "registers": 2,
    "start": 7, "telling": 7,
    "handover": 6,
    "wacz": 2, "capturing": 6, "cli_capture": 8, "cli_shared": 8,
    "recipients": 6, "moving": 6, "messages": 3, "recovery": 2,
    "removal": 6, "cli_removal": 8, "sending": 7, "tracking": 6, "due": 2, "record": 2, "notice_twin": 2, "cli_due": 8, "whereabouts": 2, "contact_table": 2, "signed_mail": 2,
    "journey": 5, "keeping": 5, "pack_check": 5, "prove": 5,
    "store": 4, "wire": 4, "cage": 4, "pack_examples": 4, "every_answer": 4,
    "interview": 3, "triage": 3, "notices": 3, "papers": 3, "casework": 3, "evidence": 3, "provenance": 3, "media": 3, "likeness": 3, "clips": 3,
    "bank": 3, "vault": 3, "exchange": 3,
    "pack_lines": 2, "pack_list": 2, "pack_graph": 2, "rule_words": 2, "possible": 2, "reading": 2,
    "plain": 0, "packs": 2, "notice_pack": 2, "guide_pack": 2, "loose_ends": 2, "compiled": 2, "given": 2, "permit": 2, "people": 2, "places": 2, "hosts": 2, "derived": 2, "mail": 2, "custody": 2,
    "bag": 2, "archive": 2, "signals": 2, "formats": 2, "edits": 2, "pixels": 2, "film": 2, "documents": 2,
    "containers": 2, "marks": 2, "seen": 2, "credentials": 2, "pixel_marks": 2, "patches": 2, "features": 2, "motion": 2, "plugins": 2, "cli_examine": 8, "cli_hash": 8,
    "bank_file": 2, "bank_memory": 2, "bank_columns": 2, "bank_view": 2, "bank_pen": 2, "bank_lines": 2,
    "cli_package": 8, "checking": 6, "stamping": 5, "sealed": 5, "index_page": 2, "case_uco": 2,
    "sound": 2, "pcm": 2, "recording": 2, "chromaprint": 2, "heard": 2, "recordings": 3, "traces": 2,
    "voice": 2, "guide_terms": 0, "sketch_pack": 2, "odds": 2,
    "clock": 2, "rules": 1, "spans": 1, "table": 1, "parsed": 1, "po": 1, "catalogues": 2, "pack_words": 2, "words": 0,
    "terms": 0, "chunks": 0, "pack_terms": 0, "errors": 0, "_kernel": 0, "__init__": 8,
}  # fmt: skip
"""How high each room stands. A room imports from lower floors; MIXES says which floors mix inside."""

MIXES = {0, 1, 2, 8}
"""Floors whose rooms may import each other: nouns; the readers; the edges. The middle's siblings never do."""

HOMES = {
    "playwright": {"wire"}, "warcio": {"wacz"},
    "mnemonic": {"recovery"}, "segno": {"recovery"},
    "PIL": {"pixels", "cage"}, "pi_heif": {"pixels"}, "simplejpeg": {"pixels"}, "av": {"film", "motion", "recording"}, "pyrage": {"vault"}, "typst": {"documents"}, "docx": {"documents"}, "django": {"store", "web"},
    "jinja2": {"web"}, "dkim": {"signed_mail"}, "yaml": {"given"}, "httpx": {"wire"}, "httpcore": {"wire"}, "z3": {"every_answer"}, "c2pa": {"credentials"}, "cv2": {"features"}, "numpy": {"pixel_marks", "features", "sound", "pcm", "recording", "chromaprint", "heard", "traces"}, "pyarrow": {"cli_bank"}, "rfc3161_client": {"evidence"},
    "cryptography": {"evidence"},
    "subprocess": {"cage"}, "multiprocessing": {"cage"}, "sqlite3": {"store"},
    "urllib.request": {"wire"}, "http.client": {"wire"},
}  # fmt: skip

PURE = {room for room, floor in FLOORS.items() if floor == 3} - {"bank"} | {
    "bank_file", "bank_columns", "bank_lines", "edits", "clock", "spans",
    "markup", "registers",
    "recovery",
    "case_uco", "notice_twin", "due", "record", "whereabouts", "contact_table", "signed_mail",
    "voice", "guide_terms", "words", "po", "pack_words",
    "odds", "sketch_pack", "sound", "pcm", "traces",
    "rules", "table", "terms", "chunks", "pack_terms", "errors", "permit", "given", "pack_lines", "possible", "reading",
    "pack_examples", "every_answer", "prove", "containers", "marks", "seen", "patches", "plugins",
}  # fmt: skip
"""Rooms that get everything as arguments. The bank maps and writes the one file that it is given."""

IMPURE_CALLS = {"open", "today", "now", "utcnow", "urandom", "random", "getenv", "token_bytes", "token_hex", "time"}


def room(path: Path) -> str:
    """The room that a file belongs to: its module, or the folder below takeback/."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def files() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py"))


def imports(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rooms_imported(tree: ast.AST) -> set[str]:
    below = {name.split(".")[1] for name in imports(tree) if name.startswith("takeback.")}
    return {name for name in below if name in FLOORS}


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_arrow_points_down(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"give {here} a floor"
    for there in rooms_imported(ast.parse(path.read_text())) - {here}:
        lower = FLOORS[there] < FLOORS[here]
        beside = FLOORS[there] == FLOORS[here] and FLOORS[here] in MIXES
        assert lower or beside, f"{here} imports {there}"


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_each_dependency_has_one_home(path: Path) -> None:
    for name in imports(ast.parse(path.read_text())):
        for dependency, homes in HOMES.items():
            if name == dependency or name.startswith(dependency + "."):
                assert room(path) in homes, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_middle_has_no_clock_disk_network_or_chance(path: Path) -> None:
    if room(path) not in PURE:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            assert name not in IMPURE_CALLS, f"{path.name}:{node.lineno} calls {name}"
    assert not imports(ast.parse(path.read_text())) & {"os", "socket", "time", "random", "secrets", "pathlib"}


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_is_a_god(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 450


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_says_what_it_is(path: Path) -> None:
    if path.parent.name != "migrations":
        assert ast.get_docstring(ast.parse(path.read_text()))


def test_importing_takeback_and_planning_load_nothing_heavy() -> None:
    code = (
        "import sys, takeback, takeback.journey, takeback.cli\n"
        "from takeback.terms import Situation\n"
        "import datetime\n"
        "takeback.journey.plan(Situation({}), datetime.date(2026, 11, 24))\n"
        "heavy = {'takeback.bank', 'takeback.wire', 'httpx', 'django', 'numpy', 'PIL', 'typst', 'docx', 'pyrage', 'jinja2', 'yaml'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
