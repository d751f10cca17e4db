"""A built wheel is whole: it installs and runs far from any checkout, with no compiler and no development package."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEVELOPMENT = ("pytest", "hypothesis", "numpy", "pdqhash", "bagit", "playwright", "pypdf", "mypy", "ziglang")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    # A copy of what git tracks, so that nothing that lies about in the checkout gets in.
    source = out / "source"
    source.mkdir()
    subprocess.run(
        f"git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t {source}",
        cwd=ROOT,
        shell=True,
        check=True,
    )
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, code: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Python code with the installed wheel first, no compiler in reach, and every development package refused."""
    guard = (
        f"import sys; sys.path.insert(0, {str(installed)!r})\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] in {DEVELOPMENT!r}: raise ImportError('development package: ' + name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
    )
    return subprocess.run(
        [sys.executable, "-c", guard + code],
        cwd=tmp_path,
        env={"PATH": "/nonexistent", "PYTHONPATH": str(installed), "TAKEBACK_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_wheel_serves_every_python_from_3_11_on(wheel: Path) -> None:
    assert "-cp311-abi3-" in wheel.name


def test_the_kernel_that_runs_is_the_compiled_one_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "import takeback._kernel as k; print(k.__file__)", tmp_path)
    assert done.stdout.strip().startswith(str(installed)), done.stderr


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "from takeback.cli import main; sys.exit(main(['demo']))", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "not whole" in done.stdout


def test_the_site_and_its_kernel_come_with_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "from takeback.cli import main; sys.exit(main(['site', '--out', 'site']))", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site/static/kernel.wasm").read_bytes().startswith(b"\0asm")


def test_the_local_app_answers_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "import threading, urllib.request, http.cookiejar\n"
        "from takeback.web import server\n"
        "from takeback.web.desk import Desk\n"
        "desk = Desk(); listening = server.listen(desk)\n"
        "threading.Thread(target=listening.serve_forever, daemon=True).start()\n"
        "browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())\n"
        "print(browser.open(f'http://127.0.0.1:{desk.port}/enter/{desk.token}').read().decode())\n"
        "print(browser.open(f'http://127.0.0.1:{desk.port}/case.html').read().decode())\n"
    )
    done = run(installed, code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Nothing is kept on this computer" in done.stdout


def test_nothing_of_the_tests_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert all(name.startswith(("takeback/", "takeback-")) for name in names)
    assert any(name.startswith("takeback/packs/laws/") for name in names)
    assert any(name.startswith("takeback/store/migrations/") for name in names)
