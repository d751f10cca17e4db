"""Both runners of the engine, side by side: Python here, and the browser's twin in one Node process."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from node import NODE

from takeback.compiled import compiled
from takeback.errors import NoLawOn
from takeback.interview import next_question
from takeback.triage import triage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from takeback.pack_terms import Packs
    from takeback.terms import Situation

Case = tuple["Situation", "date"]


def python(packs: Packs, situation: Situation, on: date) -> str:
    try:
        plan = triage(situation, packs, on)
    except NoLawOn as error:
        return line({"error": error.say()})
    question = next_question(situation, packs, plan)
    return line(
        {
            "on": on.isoformat(),
            "danger": plan.danger,
            "findings": [
                {
                    "law": f.law,
                    "status": f.status,
                    "title": f.title,
                    "cite": f.cite,
                    "because": f.because,
                    "needs": f.needs,
                }
                for f in plan.findings
            ],
            "routes": [asdict(route) for route in plan.routes],
            "never": [asdict(bar) for bar in plan.never],
            "next_question": asdict(question) if question else None,
        }
    )


def line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Made:
    """What the twin made of one case."""

    microseconds: int
    left: int
    plan: str


def browser(packs: Packs, cases: Sequence[Case], folder: Path) -> Iterator[Made]:
    (folder / "packs.json").write_text(line(compiled(packs)), "utf-8")
    with (folder / "situations").open("w", encoding="utf-8") as file:
        for situation, on in cases:
            given = {
                "answers": dict(situation.answers),
                "unsure": sorted(situation.unsure),
                "on": on.isoformat(),
            }
            file.write(line(given) + "\n")
    script = Path(__file__).with_name("run.mjs")
    with (
        (folder / "situations").open("rb") as situations,
        subprocess.Popen(
            [NODE, script, folder / "packs.json"], stdin=situations, stdout=subprocess.PIPE, encoding="utf-8"
        ) as node,
    ):
        assert node.stdout
        for out in node.stdout:
            took, left, plan = out.rstrip("\n").split(" ", 2)
            yield Made(int(took), int(left), plan)
    assert node.returncode == 0


def disagreements(packs: Packs, cases: Sequence[Case], folder: Path) -> list[str]:
    """What the two runners make differently: empty when they agree."""
    found = []
    for (situation, on), made in zip(cases, browser(packs, cases, folder), strict=True):
        ours = python(packs, situation, on)
        if ours != made.plan:
            said = f"{on} {dict(situation.answers)} unsure {sorted(situation.unsure)}"
            found.append(f"{said}\n{differing(ours, made.plan)}")
    return found


def differing(ours: str, theirs: str) -> str:
    here, there = json.loads(ours), json.loads(theirs)
    return "\n".join(
        f"  {key}:\n    python  {line(here.get(key))[:2000]}\n    browser {line(there.get(key))[:2000]}"
        for key in here | there
        if here.get(key) != there.get(key)
    )
