"""The picture of docs/performance.md: how long a single query takes as a bank grows, drawn from that page's own table.

`python bench/plot.py` writes docs/matching.svg, and a test compares: picture and table never say different things.
`--tiny` writes nothing and prints how many points there are.
"""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
SHOWN = {
    "takeback": "#0F6B66",
    "faiss Flat": "#B4540A",
    "faiss MultiHash 16×16": "#17313B",
    "threatexchange PDQIndex": "#7A4E9E",
    "usearch exact, top 10": "#8A8378",
}
"""What is drawn, and in which colour; a name stands at the end of its line, so that colour alone says nothing."""
WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 200, 20, 50
SIZES, TIMES = (1e5, 1e7), (1.0, 1e6)

Lines = dict[str, list[tuple[float, float]]]


def number(cell: str) -> float | None:
    """What a cell says before its brackets, in microseconds."""
    found = re.match(r"\s*([\d,.]+)", cell)
    return float(found[1].replace(",", "")) if found else None


def read(page: str) -> Lines:
    """The lines of the table whose rows are of random hashes: for each way size and microseconds."""
    rows = [line.strip().strip("|").split("|") for line in page.splitlines() if line.startswith("|")]
    head = next(row for row in rows if {name.strip() for name in row} >= {"takeback", "faiss Flat"})
    lines: Lines = {name: [] for name in SHOWN}
    for row in rows:
        size = re.fullmatch(r"\s*([\d,]+) random\s*", row[0])
        for name, cell in zip(head, row, strict=False):
            if size and name.strip() in lines and (value := number(cell)) is not None:
                lines[name.strip()].append((float(size[1].replace(",", "")), value))
    return lines


def place(size: float, time: float) -> tuple[float, float]:
    """Where a point lies; both ways tenfold is the same distance."""
    along = math.log(size / SIZES[0]) / math.log(SIZES[1] / SIZES[0])
    up = math.log(time / TIMES[0]) / math.log(TIMES[1] / TIMES[0])
    return LEFT + along * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def text(x: float, y: float, said: str, anchor: str = "start", colour: str = "#17313B") -> str:
    """A few words."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{said}</text>'


def grid() -> list[str]:
    """A line for each power of ten, and what it stands for."""
    parts = []
    for power, name in ((0, "1 µs"), (1, "10 µs"), (2, "100 µs"), (3, "1 ms"), (4, "10 ms"), (5, "0.1 s"), (6, "1 s")):
        (x, y), (end, _) = place(SIZES[0], 10.0**power), place(SIZES[1], 10.0**power)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{end:.1f}" stroke="#D9D2C6"/>')
        parts.append(text(x - 8, y + 4, name, "end"))
    for size, name in ((1e5, "100,000"), (1e6, "1 million"), (1e7, "10 million hashes")):
        x, y = place(size, TIMES[0])
        parts.append(text(x, y + 22, name, "middle"))
    return parts


def line(name: str, points: list[tuple[float, float]]) -> list[str]:
    """One way's line, its points, and its name at the end."""
    colour, places = SHOWN[name], [place(*point) for point in points]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
    end_x, end_y = places[-1]
    early = end_x < WIDTH - RIGHT - 1  # other lines go on where this one ends
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        text(end_x, end_y - 10, name, "end", colour) if early else text(end_x + 10, end_y + 4, name, colour=colour),
    ]


def draw(lines: Lines) -> str:
    """The picture."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" '
        'font-size="13" role="img" aria-label="Time for a single query within 31 bits, by the size of the bank">'
    )
    parts = [head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FBF8F3"/>', *grid()]
    for name, points in lines.items():
        parts += line(name, sorted(points)) if points else []
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    """Draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="write nothing")
    lines = read((DOCS / "performance.md").read_text("utf-8"))
    print(f"{sum(map(len, lines.values()))} points of {len(lines)} ways")
    if not parser.parse_args().tiny:
        (DOCS / "matching.svg").write_text(draw(lines), "utf-8")


if __name__ == "__main__":
    main()
