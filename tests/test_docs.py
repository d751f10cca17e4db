"""The docs cannot rot: links lead somewhere, commands exist, examples run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from takeback import cli, given, packs

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_command_is_in_the_interfaces_page_and_the_other_way_round() -> None:
    listed = set(re.findall(r"`takeback (\w+)", (ROOT / "docs/interfaces.md").read_text("utf-8")))
    choices = next(a for a in cli.parser()._actions if a.dest == "==SUPPRESS==" or a.choices).choices
    assert set(choices or ()) == listed


def test_the_caseworkers_answers_run_as_they_stand(tmp_path: Path) -> None:
    answers = next(block for block in blocks(ROOT / "docs/caseworker.md", "toml"))
    (tmp_path / "answers.toml").write_text(answers)
    assert given.read(answers, "toml", packs.load()).situation.get("agreement") == "yes"
    done = subprocess.run(
        [
            Path(sys.executable).with_name("takeback"), "start", tmp_path / "answers.toml", "--out", tmp_path / "papers",
            "--url", "https://clips.example/watch/1", "--on", date(2026, 11, 24).isoformat(),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "papers/notice-us-take-it-down.pdf").exists()


def test_the_python_that_a_platform_reads_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pixels = memoryview(bytes(range(256)) * 64 * 3).cast("B", (128, 128, 3))
    scope: dict[str, object] = {"pixels": pixels}
    for code in blocks(ROOT / "docs/platform.md", "python"):
        exec(code, scope)
    assert isinstance(scope["value"], bytes)
    assert len(scope["value"]) == 32
    assert [file.name for file in tmp_path.iterdir()] == ["bank"]


def test_the_readme_has_the_two_commands_and_the_demo_on_its_first_screen() -> None:
    first_screen = "\n".join((ROOT / "README.md").read_text("utf-8").splitlines()[:24])
    assert all(command in first_screen for command in ("make run", "make test", "takeback demo"))


def test_the_readme_says_what_it_never_does() -> None:
    assert "## What it never does" in (ROOT / "README.md").read_text("utf-8")


def test_every_runtime_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    reasons = (ROOT / "docs/dependencies.md").read_text("utf-8").lower()
    for dependency in project["dependencies"]:
        assert f"| {re.split('[<>=]', dependency)[0]}" in reasons


NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def rows(page: str) -> list[str]:
    """Every row of the page's tables whose first cell names somebody or something."""
    return [line for line in (ROOT / "docs" / page).read_text("utf-8").splitlines() if line.startswith("| **")]


def test_every_test_that_the_threat_model_names_is_there() -> None:
    text = (ROOT / "docs/threat-model.md").read_text("utf-8")
    named = NAMED.findall(text)
    assert len(named) > 50
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text("utf-8"), f"{file} has no {test}"
    assert len(re.findall(r"test_\w+\.py", text)) == len(named), "each file that is named goes with a test in it"


def test_every_row_of_the_threat_model_names_the_test_that_shows_it() -> None:
    shown = [row for row in rows("threat-model.md") if not NAMED.search(row)]
    assert [row.split("|")[1].strip() for row in shown] == ["**whoever has a bank file**"]


def test_the_five_who_matter_most_are_in_the_threat_model() -> None:
    who = " ".join(row.split("|")[1] for row in rows("threat-model.md"))
    for one in ("at home", "a thief", "a malicious file", "a subpoena", "a server"):
        assert one in who


def test_who_answers_for_the_data_is_said_for_every_use() -> None:
    text = (ROOT / "docs/data-protection.md").read_text("utf-8")
    for said in ("**Local**", "**Static pages**", "**Desk**", "controller", "Lawful basis", "Retention", "without logs",
                 "impact assessment", "No public hosting without a named operator"):  # fmt: skip
        assert said in text
