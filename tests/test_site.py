"""The static site: written whole or not at all, and every link in it leads somewhere."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ON

from takeback import errors, packs, site
from takeback.web import pages


def pages_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.html"))


def addresses(html: str) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]*)"', html)


def test_it_holds_the_doors_the_guides_and_what_they_load(site: Path) -> None:
    names = {path.name for path in site.rglob("*") if path.is_file()}
    doors = {"danger.html", "threatened.html", "under-18.html", "money.html", "else.html"}
    assert doors | {"index.html", "start.html", "help.html", "hash.html", "exit.html", "404.html"} <= names
    assert {f"guide-{slug}.html" for slug in packs.load().guides} <= names
    assert {"packs.json", "takeback.css", "hash.js", "worker.js", "kernel.wasm", "interview.js"} <= names


def test_a_web_server_of_another_user_can_read_it(site: Path) -> None:
    assert site.stat().st_mode & 0o777 == 0o755
    assert (site / "static" / "takeback.css").stat().st_mode & 0o777 == 0o644


def test_it_leaves_an_existing_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(errors.BadInput):
        site.write(tmp_path, packs.load(), ON)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_is_left_behind_when_a_page_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **more: object) -> str:
        raise errors.BadInput("no page")

    monkeypatch.setattr(pages, "packs_json", broken)  # the last file to be made, so that others were written
    with pytest.raises(errors.BadInput):
        site.write(tmp_path / "out", packs.load(), ON)
    assert list(tmp_path.iterdir()) == []


def test_the_same_packs_and_day_give_the_same_site() -> None:
    known = packs.load()
    first, second = ({p.path: b"".join(p.chunks) for p in site.parts(known, ON)} for _ in range(2))
    assert first == second


def test_every_link_inside_leads_somewhere(site: Path) -> None:
    for page in pages_of(site):
        for address in addresses(page.read_text()):
            link = urlsplit(address)
            if link.scheme:
                assert link.scheme in ("https", "http", "tel", "sms", "mailto"), address
                continue
            target = site / link.path if link.path else page
            assert target.is_file(), f"{page.name} -> {address}"
            if link.fragment:
                assert f'id="{link.fragment}"' in target.read_text(), f"{page.name} -> {address}"


def test_addresses_are_relative_so_that_it_can_stand_in_any_folder(site: Path) -> None:
    for page in pages_of(site):
        assert not [address for address in addresses(page.read_text()) if address.startswith("/")], page.name


def test_what_a_page_loads_is_its_own(site: Path) -> None:
    for page in pages_of(site):
        loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]*)"', page.read_text())
        assert all(address.startswith("static/") for address in loaded), page.name


def test_the_first_page_is_under_40_kilobytes_over_the_wire(site: Path) -> None:
    html = (site / "index.html").read_text()
    loaded = set(re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]*)"', html))
    sheets = {f"static/{name}.css" for name in ("takeback", "press", "plan", "fold", "paper")}
    assert loaded == {"static/exit.js", "static/mark.svg", *sheets}
    assert "import" not in (site / "static/exit.js").read_text()
    size = sum(len(gzip.compress((site / name).read_bytes())) for name in ("index.html", *loaded))
    assert size < 40_000, size


def test_the_packs_are_json_that_the_interview_can_read(site: Path) -> None:
    weighed = json.loads((site / "packs.json").read_text())
    assert weighed["facts"]
    assert weighed["laws"]
    assert weighed["routes"]
