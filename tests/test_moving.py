"""A whole case out as one sealed file and in again, byte for byte; a hostile file brings nothing and breaks nothing."""

from __future__ import annotations

import io
import json
import resource
import signal
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from running import ABOUT_ADULTS, ADULT, App
from test_telling import takeback

from takeback import archive, casework, errors, keeping, moving, permit, recovery, vault
from takeback.store.cases import Store
from takeback.terms import Incident, Situation

AT = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
PASSPHRASE = "a blue kettle sings"
PICTURE = b"a drawn picture" * 1000
SHEET = recovery.words(bytes(range(16)))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> keeping.OpenCase:
    """A kept case with words, a file, and one file that was taken out."""
    store, key = Store(tmp_path_factory.mktemp("there") / "data"), vault.new_key()
    store.create_case("case1", {"passphrase": vault.wrap_with_passphrase(key, PASSPHRASE)})
    made = keeping.OpenCase(store, "case1", key)
    made.add("opened", {}, AT)
    made.answer(Situation(ADULT), AT)
    made.remember(Incident("a", "2026-05-03", what="He wrote again."), AT)
    for blob in ("blob1", "blob2"):
        leave = permit.ask(Situation(ABOUT_ADULTS))
        made.keep(leave, [PICTURE], blob=blob, name="a.png", kind="png", origin="a chat", at=AT)
    made.withdraw("AB/2", AT)
    return made


@pytest.fixture(scope="module")
def saved(case: keeping.OpenCase) -> bytes:
    out = io.BytesIO()
    moving.write_case(case.store, case.id, out.write)
    return out.getvalue()


@pytest.fixture
def here(tmp_path: Path) -> Store:
    """Another computer."""
    return Store(tmp_path / "data")


def members(saved: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(saved)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with archive.writer(out.write) as zipped:
        for name, content in members.items():
            archive.add(zipped, name, [content])
    return out.getvalue()


def refused(here: Store, hostile: bytes, kind: type = errors.BadFile, secret: str = PASSPHRASE) -> errors.TakebackError:
    """What is said of a file that is not taken; and nothing of it is kept."""
    with pytest.raises(kind) as said:
        moving.bring(here, io.BytesIO(hostile), secret, AT)
    assert here.cases() == ()
    assert [path.name for path in here.folder.rglob("*") if path.is_file() and "sqlite" not in path.name] == []
    return said.value


# ---------------------------------------------------------------- there and back


def test_a_case_that_was_moved_is_the_same_case(case: keeping.OpenCase, saved: bytes, here: Store) -> None:
    moved = moving.bring(here, io.BytesIO(saved), PASSPHRASE, AT)
    assert moved.key == case.key
    there = case.store.links("case1")
    assert here.links("case1")[: len(there)] == there
    assert [one.what for one in moved.events()][len(there) :] == ["moved"]
    assert here.keys("case1") == case.store.keys("case1")
    assert here.blob_ids("case1") == {"blob1"}
    assert b"".join(here.sealed_blob("case1", "blob1")) == b"".join(case.store.sealed_blob("case1", "blob1"))
    assert b"".join(here.open_blob("case1", "blob1", moved.key)) == PICTURE
    assert moved.state(AT).diary == case.state(AT).diary
    moved.add("answers", {}, AT)


def test_a_recovery_sheet_brings_a_case_in_too(case: keeping.OpenCase, saved: bytes, here: Store) -> None:
    held = members(saved) | {"keys/recovery.age": vault.wrap_with_passphrase(case.key, recovery.phrase(SHEET))}
    assert moving.bring(here, io.BytesIO(packed(held)), " ".join(SHEET).upper(), AT).key == case.key


def test_a_saved_case_holds_nothing_readable(saved: bytes) -> None:
    held = members(saved)
    plain = b"".join(content for name, content in held.items() if not name.endswith(".age"))
    assert set(json.loads(held["case.json"])) == {"takeback", "case", "head", "chain"}
    for secret in (b"He wrote", b"depicted", b"a.png", b"a chat", PICTURE[:15], b"2026"):
        assert secret not in plain
        assert all(secret not in content for content in held.values())


def test_a_wrong_passphrase_brings_nothing(saved: bytes, here: Store) -> None:
    assert "passphrase" in refused(here, saved, errors.Locked, "not the right one").say()


def test_a_case_that_is_here_already_is_never_touched(case: keeping.OpenCase, saved: bytes) -> None:
    before = case.store.links("case1"), case.store.keys("case1"), b"".join(case.store.sealed_blob("case1", "blob1"))
    with pytest.raises(errors.BadInput, match="already on this computer"):
        moving.bring(case.store, io.BytesIO(saved), PASSPHRASE, AT)
    links = case.store.links("case1")
    held = [("blob1", permit.ask(Situation(ABOUT_ADULTS)), [b"x"])]
    with pytest.raises(errors.BadInput):
        case.store.adopt("case1", {}, links, held)
    after = case.store.links("case1"), case.store.keys("case1"), b"".join(case.store.sealed_blob("case1", "blob1"))
    assert after == before


# ---------------------------------------------------------------- hostile files


def broken(here: Store, held: dict[str, bytes]) -> dict[str, str]:
    """Every problem that is named."""
    said = refused(here, packed(held), errors.CaseBroken)
    assert isinstance(said, errors.CaseBroken)
    return {one.file: one.what.split(":")[0] for one in said.details}


def test_a_dropped_replaced_added_or_reordered_event_is_named(saved: bytes, here: Store) -> None:
    held = members(saved)
    one, two = "events/000001.age", "events/000002.age"
    assert broken(here, {name: held[name] for name in held if name != two}) == {"event 2": "is missing"}
    assert broken(here, {**held, two: held[one]}) == {"event 2": "was replaced"}
    assert broken(here, {**held, one: held[two], two: held[one]}) == {
        "event 1": "was replaced",
        "event 2": "was replaced",
    }
    assert broken(here, {**held, "events/000099.age": held[one]}) == {"event 99": "was added"}


def test_a_chain_that_was_written_anew_is_named(saved: bytes, here: Store) -> None:
    held = members(saved)
    about = json.loads(held["case.json"])
    last = about["chain"][-1]["sequence"]
    cut = {**about, "chain": about["chain"][:-1]}
    fewer = {name: held[name] for name in held if name != f"events/{last:06}.age"}
    assert broken(here, {**fewer, "case.json": json.dumps(cut).encode()}) == {f"event {last - 1}": "was replaced"}
    other = {**about, "case": "another"}
    assert "event 1" in broken(here, {**held, "case.json": json.dumps(other).encode()})


def test_a_file_that_is_missing_or_swapped_is_named_by_its_reference(
    case: keeping.OpenCase, saved: bytes, here: Store
) -> None:
    held = members(saved)
    assert broken(here, {name: held[name] for name in held if name != "files/blob1.age"}) == {"AB/1": "is missing"}
    out = io.BytesIO()
    vault.seal_in(vault.Context("case1", "exhibit", "blob1"), [b"another"], out.write, [case.key.recipient])
    assert broken(here, {**held, "files/blob1.age": out.getvalue()}) == {"AB/1": "was replaced"}


def test_a_childs_picture_comes_in_by_no_saved_case(case: keeping.OpenCase, here: Store) -> None:
    """A copy made by a program that asked no rule: sealed to the right key, with a chain that holds."""
    exhibit = case.state(AT).exhibits[0].data() | {"permit": {**ABOUT_ADULTS, "under18_real": "yes"}}
    body = json.dumps({"at": AT.isoformat(), "actor": "person", "what": "exhibit", "data": exhibit}).encode()
    sealed = vault.seal(vault.Context("case1", "event", 1), body, [case.key.recipient])
    link = casework.link("case1", 1, sealed, "0" * 64)
    held = {
        "HOW-TO-OPEN.txt": b"",
        "case.json": moving._about("case1", (link,)),
        "keys/passphrase.age": case.store.keys("case1")["passphrase"],
        "events/000001.age": sealed,
        "files/blob1.age": b"".join(case.store.sealed_blob("case1", "blob1")),
    }
    assert refused(here, packed(held), errors.Refused).say().startswith("Someone under 18 may be in this picture")


@pytest.mark.parametrize(
    "name",
    ["../../evil", "/etc/evil", "files/../../evil.age", "files/A B.age", "events/1.age", "keys/passphrase.age/x",
     "files\\evil.age", "files/blob1.age\x00.txt"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(saved: bytes, here: Store, name: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.parent.rglob("*evil*"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for held, content in members(saved).items():
            zipped.writestr(held, content)
        zipped.writestr("x" * len(name), b"evil")
    hostile = out.getvalue().replace(b"x" * len(name), name.encode())
    refused(here, hostile)
    assert sorted(tmp_path.parent.rglob("*evil*")) == before


def test_a_member_that_is_there_twice_is_refused(saved: bytes, here: Store) -> None:
    out = io.BytesIO(saved)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as zipped:
        zipped.writestr("keys/passphrase.age", b"another")
    refused(here, out.getvalue())


def test_a_zip_that_unpacks_to_more_than_it_is_gets_refused_unread(saved: bytes, here: Store) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members(saved).items():
            zipped.writestr(name, content)
        zipped.writestr("files/bomb.age", bytes(50_000_000))
    refused(here, out.getvalue())


def test_a_zip_whose_members_lie_over_each_other_is_refused(saved: bytes, here: Store) -> None:
    count = struct.unpack("<H", saved[-12:-10])[0]
    directory = saved[struct.unpack("<I", saved[-6:-2])[0] : -22]
    again = directory.replace(b"files/blob1.age", b"files/blob9.age")
    end = saved[-22:-14] + struct.pack(
        "<HHII", count * 2, count * 2, len(directory) * 2, len(saved) - 22 - len(directory)
    )
    refused(here, saved[: -22 - len(directory)] + directory + again + end + b"\0\0")


def test_a_case_of_a_newer_takeback_is_left_alone(saved: bytes, here: Store) -> None:
    held = members(saved)
    newer = {**json.loads(held["case.json"]), "takeback": 2}
    said = refused(here, packed({**held, "case.json": json.dumps(newer).encode()}), errors.BadInput)
    assert "newer Takeback" in said.say()


@pytest.mark.parametrize(
    "about", [b"", b"[]", b"{}", b'{"takeback": 1, "case": "../x", "head": "", "chain": []}', b"[" * 100_000]
)
def test_a_file_that_says_nonsense_of_itself_is_one_sentence(saved: bytes, here: Store, about: bytes) -> None:
    refused(here, packed({**members(saved), "case.json": about}))


def test_any_cut_or_flipped_byte_brings_nothing_or_the_same_case(
    case: keeping.OpenCase, saved: bytes, here: Store
) -> None:
    for cut in (0, 10, 100, len(saved) // 2, len(saved) - 1):
        refused(here, saved[:cut])
    held = members(saved)
    for name in ("events/000003.age", "case.json", "files/blob1.age"):
        for at in (0, len(held[name]) // 2, len(held[name]) - 1):
            flipped = bytearray(held[name])
            flipped[at] ^= 1
            if name == "files/blob1.age":
                source = archive.Reader(io.BytesIO(packed({**held, name: bytes(flipped)})))
                with pytest.raises(errors.CaseBroken):
                    moving._compare(source, "case1", "blob1", case.state(AT).exhibits[0], case.key)
            else:
                refused(here, packed({**held, name: bytes(flipped)}), errors.TakebackError)


def test_a_full_disk_brings_nothing(saved: bytes, here: Store) -> None:
    held = packed(members(saved))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    was = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        said = refused(here, held, errors.Unwritable)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, was)
    assert "no room left" in said.say().lower()


# ---------------------------------------------------------------- the app and the command line


def bring(app: App, data: bytes, secret: str = PASSPHRASE) -> tuple[int, str]:
    answer = app.ask("PUT", "/case/bring", data, headers={"Origin": app.origin, "Takeback-Secret": secret})
    return answer.status, answer.text


def test_a_case_is_saved_on_one_page_and_brought_in_on_another(app: App, saved: bytes) -> None:
    assert app.get("/case-bring.html").status == 200
    assert bring(app, saved) == (200, '{"case": "case.html"}')
    assert app.desk.open_case is not None
    assert "one file, as received" in app.get("/case.html").text
    again = app.post("/case/move")
    assert again.headers["Content-Disposition"] == 'attachment; filename="case.zip"'
    assert {name for name in members(again.body) if name.startswith("files/")} == {"files/blob1.age"}
    status, said = bring(app, saved)
    assert (status, "already on this computer" in said) == (400, True)


def test_a_plain_file_that_was_chosen_by_mistake_never_reaches_the_disk(app: App, tmp_path: Path) -> None:
    status, said = bring(app, b"\x89PNG my holiday" + bytes(3 << 20))
    assert (status, "not a case that was saved whole" in said) == (400, True)
    assert not moving.begins(b"PK\x03\x04" + bytes(26) + b"other.txt     ")
    assert [path for path in (tmp_path / "data").rglob("*") if path.is_file() and b"holiday" in path.read_bytes()] == []


def test_a_wrong_secret_and_a_stranger_bring_nothing(app: App, saved: bytes) -> None:
    assert bring(app, saved, "not the right one")[0] == 400
    assert app.ask("PUT", "/case/bring", saved, headers={"Origin": "https://elsewhere.example"}).status == 403
    assert keeping.store().cases() == ()


def test_a_case_is_exported_and_imported_on_the_command_line(saved: bytes, tmp_path: Path) -> None:
    (tmp_path / "case.zip").write_bytes(saved)
    done = takeback(tmp_path / "data", "case", "import", tmp_path / "case.zip")
    assert done.returncode == 0, done.stderr
    assert "case1" in done.stderr
    again = takeback(tmp_path / "data", "case", "import", tmp_path / "case.zip")
    assert (again.returncode, "already on this computer" in again.stderr) == (2, True)
