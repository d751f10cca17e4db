"""A kept case through the app's own addresses: the child rule in every way in, versions, files whole or not there."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import resource
import socket
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from running import ABOUT_ADULTS, ADULT, PASSPHRASE, Answer, App
from timestamper import Authority, serving

from takeback import checking, permit, vault
from takeback.terms import Situation
from takeback.web.case import now
from takeback.web.making import Making

CHILD = "Someone under 18 may be in this picture, so Takeback won't open it."
DATA = b"\x89PNG a drawn picture" * 500


@pytest.fixture
def case(app: App) -> App:
    """An app with an adult's case open."""
    app.open()
    return app


def answer(app: App, **answers: object) -> None:
    """A new version of the answers of the open case."""
    assert app.send("/case/answers", {"given": answers}).status == 200


def exhibits(app: App) -> tuple[permit.Exhibit, ...]:
    assert app.desk.open_case is not None
    return app.desk.open_case.state(now()).exhibits


def on_disk(folder: Path) -> list[str]:
    """Everything below the blobs."""
    return sorted(path.name for path in (folder / "data" / "blobs").rglob("*") if path.is_file())


# ---------------------------------------------------------------- the child rule


def test_a_case_with_someone_under_18_in_it_takes_no_file_in_any_way(app: App, tmp_path: Path) -> None:
    app.open({**ADULT, "under18_real": "yes"})
    page = app.get("/case-file.html").text
    assert 'type="file"' not in page
    assert "You are not in trouble" in page
    assert "Report Remove" in page or "reportremove" in page.lower()
    for about in ({}, ABOUT_ADULTS, {"intimate": "no"}, {"under18_real": "no"}, {"role": "deceived", **ABOUT_ADULTS}):
        assert app.send("/case/may", about).status == 403
        answered = app.put_file(DATA, about)
        assert answered.status == 403
        assert answered.text.startswith(CHILD)
    assert on_disk(tmp_path) == []
    assert exhibits(app) == ()


def test_words_addresses_and_reports_are_always_possible(app: App) -> None:
    app.open({**ADULT, "under18_real": "yes", "victim_age_band": "13-15"})
    assert app.post("/case/address", {"url": "https://example.org/1"}).status == 302
    assert app.post("/case/words", {"words": "They said they would send it."}).status == 302
    assert app.post("/case/document", {"letter": "police-account", "as": "txt"}).status == 200
    assert app.get("/case-reports.html").status == 200


def test_an_age_that_settles_the_rule_counts_though_the_question_was_never_asked(app: App) -> None:
    app.open({"role": "depicted", "victim_age_band": "13-15", "intimate": "yes"})
    assert 'type="file"' not in app.get("/case-file.html").text
    assert app.put_file(DATA, ABOUT_ADULTS).status == 403


def test_what_was_not_said_of_this_file_is_never_a_no(case: App, tmp_path: Path) -> None:
    for about in ({}, {"intimate": "yes"}, {"under18_real": "no"}, {"under18_real": "no", "under18_look": "unknown"},
                  {"under18_real": "unknown", "under18_look": "unknown", "intimate": "unknown"}):  # fmt: skip
        assert case.put_file(DATA, about).status == 403
    assert on_disk(tmp_path) == []


def test_the_stricter_of_case_and_file_stands_for_every_answer() -> None:
    values = ("yes", "no", None)
    for before in itertools.product(values, repeat=3):
        for said in itertools.product(values, repeat=3):
            known = {fact: value for fact, value in zip(permit.ASKED, before, strict=False) if value}
            told = {fact: value for fact, value in zip(permit.ASKED, said, strict=False) if value}
            both = permit.about_file(known, told)
            for fact, one, other in zip(permit.ASKED, before, said, strict=False):
                assert both.get(fact) == ("yes" if one == "yes" else other)
            if permit.closed(known):
                continue
            harmless = both.get("intimate") == "no"
            adults = both.get("under18_real") == both.get("under18_look") == "no"
            assert (permit.refusal(both) is None) == (harmless or adults)


def test_a_case_that_says_nothing_of_nakedness_takes_no_file_of_a_child_either(app: App) -> None:
    app.open({"role": "parent", "under18_real": "yes"})
    assert app.put_file(DATA, {"intimate": "no", "under18_real": "no", "under18_look": "no"}).status == 403
    assert 'type="file"' not in app.get("/case-file.html").text


def test_a_large_file_that_is_refused_still_hears_why(app: App, tmp_path: Path) -> None:
    app.open({**ADULT, "under18_real": "yes"})
    answered = app.put_file(bytes(16 << 20), ABOUT_ADULTS)
    assert (answered.status, answered.text.startswith(CHILD)) == (403, True)
    assert on_disk(tmp_path) == []


def test_agreement_for_one_file_is_not_agreement_for_another(app: App) -> None:
    app.open({**ADULT, "role": "helping-adult", "agreement": "yes"})
    assert "agree that you keep it" in app.get("/case-file.html").text
    assert app.put_file(DATA, ABOUT_ADULTS).status == 403
    assert app.put_file(DATA, {**ABOUT_ADULTS, "agreement": "no"}).status == 403
    assert app.put_file(DATA, {**ABOUT_ADULTS, "agreement": "yes"}).status == 200


def test_a_helper_cannot_become_the_person_by_saying_so_of_a_file(app: App) -> None:
    app.open({**ADULT, "role": "witness"})
    assert app.put_file(DATA, {**ABOUT_ADULTS, "role": "depicted"}).status == 403


@pytest.mark.parametrize(
    "about", ["{", "[]", "null", '{"intimate": "maybe"}', '{"nothing": "no"}', '{"under18_real": []}']
)
def test_answers_that_are_none_let_no_file_in(case: App, about: str, tmp_path: Path) -> None:
    said = {"Origin": case.origin, "Takeback-Answers": about}
    assert case.ask("PUT", "/case/file", DATA, headers=said).status in (400, 403)
    assert on_disk(tmp_path) == []


def test_answers_that_come_later_close_a_file_that_was_kept_before(case: App) -> None:
    assert case.put_file(DATA, ABOUT_ADULTS, name="first.png").status == 200
    digest = hashlib.sha256(DATA).hexdigest()
    assert digest in case.post("/case/document", {"letter": "police-account", "as": "txt"}).text
    answer(case, **{**ADULT, "under18_look": "yes"})
    page = case.get("/case-file.html").text
    assert "may not be opened" in page
    assert digest not in page
    assert "AB/1 stays out of it" in case.get("/case-package.html").text
    account = case.post("/case/document", {"letter": "police-account", "as": "txt"}).text
    assert digest not in account
    assert "first.png" not in account
    assert packaged(case) == []
    answer(case, **ADULT)
    assert packaged(case) == ["data/exhibits/AB-1/AB-1.png"]


@pytest.fixture
def slowly(case: App) -> Iterator[Callable[[], None]]:
    """A file that is half here; calling it sends the rest, and waits until it was answered."""
    half = DATA * 200
    head = (
        f"PUT /case/file HTTP/1.1\r\nHost: 127.0.0.1:{case.desk.port}\r\nCookie: {case.cookie}\r\n"
        f"Origin: {case.origin}\r\nTakeback-Name: slow.png\r\nTakeback-Answers: {json.dumps(ABOUT_ADULTS)}\r\n"
        f"Content-Length: {2 * len(half)}\r\n\r\n"
    )

    def rest() -> None:
        sock.sendall(half)
        while sock.recv(1 << 16):
            pass

    with socket.create_connection(("127.0.0.1", case.desk.port), timeout=20) as sock:
        sock.sendall(head.encode() + half)
        time.sleep(0.3)  # the server has asked the rule, and is reading
        yield rest


def test_an_answer_that_comes_while_a_file_arrives_leaves_nothing_of_it(
    case: App, slowly: Callable[[], None], tmp_path: Path
) -> None:
    answer(case, **{**ADULT, "under18_real": "yes"})
    slowly()
    assert exhibits(case) == ()
    assert on_disk(tmp_path) == []


def test_two_files_that_arrive_at_once_have_a_reference_each(case: App, slowly: Callable[[], None]) -> None:
    time.sleep(1)  # another second, by the clock of the log
    assert json.loads(case.put_file(DATA, ABOUT_ADULTS, name="quick.png").text)["ref"] == "AB/1"
    slowly()
    assert {one.original_name: one.ref for one in exhibits(case)} == {"quick.png": "AB/1", "slow.png": "AB/2"}


def test_a_clock_that_is_set_back_takes_no_answer_away(case: App) -> None:
    assert case.desk.open_case is not None
    child = Situation({**ADULT, "under18_real": "yes"})  # type: ignore[arg-type]
    case.desk.open_case.answer(child, now() + timedelta(hours=2))
    assert case.put_file(DATA, ABOUT_ADULTS).status == 403
    assert 'type="file"' not in case.get("/case-file.html").text


def packaged(app: App) -> list[str]:
    """The exhibits in a package made now."""
    from takeback import handover

    assert app.desk.open_case is not None
    parts = handover.package(handover.of_case(app.desk.open_case, now()), now())
    read = [(part.path, b"".join(part.chunks)) for part in parts]
    return [path for path, _ in read if path.startswith("data/exhibits/")]


# ---------------------------------------------------------------- files


def test_a_file_is_kept_byte_for_byte_and_sealed(case: App, tmp_path: Path) -> None:
    kept = case.put_file(DATA, ABOUT_ADULTS, name="%F0%9F%8C%B3%2F..%2Fholiday.png")
    assert json.loads(kept.text) == {"ref": "AB/1", "sha256": hashlib.sha256(DATA).hexdigest()}
    one = exhibits(case)[0]
    assert (one.original_name, one.kind, one.size) == ("🌳/../holiday.png", "png", len(DATA))
    assert case.desk.open_case is not None
    assert (
        b"".join(case.desk.open_case.store.open_blob(case.desk.open_case.id, one.blob, case.desk.open_case.key)) == DATA
    )
    assert on_disk(tmp_path) == [one.blob]
    assert DATA[:40] not in (tmp_path / "data" / "blobs" / case.desk.open_case.id / one.blob).read_bytes()


def test_a_file_taken_out_is_gone_from_the_disk_and_stays_in_the_log(case: App, tmp_path: Path) -> None:
    case.put_file(DATA, ABOUT_ADULTS, name="first.png")
    case.put_file(DATA + b"2", ABOUT_ADULTS, name="second.png")
    assert case.post("/case/withdraw", {"ref": "AB/1"}).status == 302
    assert [one.ref for one in exhibits(case)] == ["AB/2"]
    assert len(on_disk(tmp_path)) == 1
    assert "A file was taken out</b> <bdi>AB/1" in case.get("/case-log.html").text
    assert case.post("/case/withdraw", {"ref": "AB/1"}).status == 400
    case.put_file(DATA, ABOUT_ADULTS)
    assert [one.ref for one in exhibits(case)] == ["AB/2", "AB/3"]


def test_an_empty_file_is_refused_in_a_sentence(case: App) -> None:
    answered = case.put_file(b"", ABOUT_ADULTS)
    assert (answered.status, answered.text[:19]) == (400, "This file is empty,")


def test_a_file_that_stops_half_way_leaves_nothing(case: App, tmp_path: Path) -> None:
    case.put_file(DATA, ABOUT_ADULTS)
    before = on_disk(tmp_path)
    head = (
        f"PUT /case/file HTTP/1.1\r\nHost: 127.0.0.1:{case.desk.port}\r\nCookie: {case.cookie}\r\n"
        f"Origin: {case.origin}\r\nTakeback-Answers: {json.dumps(ABOUT_ADULTS)}\r\nContent-Length: 9000000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", case.desk.port)) as sock:
        sock.sendall(head.encode() + DATA * 100)
    time.sleep(0.5)
    assert on_disk(tmp_path) == before
    assert len(exhibits(case)) == 1


def test_a_full_disk_says_so_and_loses_nothing(case: App, tmp_path: Path) -> None:
    case.put_file(DATA, ABOUT_ADULTS)
    before = on_disk(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        answered = case.put_file(bytes(3 << 20), ABOUT_ADULTS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answered.status == 400
    assert answered.text.startswith("There is no room left on the disk, so this was not kept")
    assert on_disk(tmp_path) == before
    assert case.put_file(DATA, ABOUT_ADULTS).status == 200


def test_a_locked_case_takes_nothing(case: App) -> None:
    case.post("/case/lock")
    assert case.put_file(DATA, ABOUT_ADULTS).status == 400
    assert case.post("/case/words", {"words": "x"}).status == 400
    for letter in ("police-account", "plan"):
        assert case.post("/case/document", {"letter": letter}).status == 400
    assert case.post("/case/package", {"passphrase": PASSPHRASE}).status == 400
    assert case.post("/case/erase", {"word": "forget"}).status == 400


# ---------------------------------------------------------------- words, places, answers


def test_every_version_of_the_words_is_kept_and_the_last_one_holds(case: App) -> None:
    for text in ("first words", "first words", "second <b>words</b>"):
        case.post("/case/words", {"words": text})
    page = case.get("/case-words.html").text
    assert "Earlier versions (1)" in page
    assert "second &lt;b&gt;words&lt;/b&gt;</textarea>" in page
    assert "first words" in page


def test_words_too_long_for_any_account_are_refused_and_the_page_keeps_them(case: App) -> None:
    answered = case.post("/case/words", {"words": "x" * 100_001})
    assert answered.status == 400
    assert "longer than" in answered.text


def test_a_changed_place_is_a_new_version_of_the_same(case: App) -> None:
    case.post("/case/address", {"url": "https://example.org/1"})
    assert case.desk.open_case is not None
    first = case.desk.open_case.state(now()).where[0]
    case.post("/case/address", {"id": first.id, "url": "https://example.org/2"})
    case.post("/case/address", {"id": "made-up", "account": "someone"})
    state = case.desk.open_case.state(now())
    assert [(one.url, one.account) for one in state.where] == [("https://example.org/2", ""), ("", "someone")]
    assert len(state.addresses) == 3
    assert state.where[1].id != "made-up"


def test_an_empty_place_is_refused(case: App) -> None:
    assert case.post("/case/address", {"seen_at": "today"}).status == 400


def test_corrected_answers_are_a_new_version_and_travel_only_in_the_page(case: App) -> None:
    answer(case, **{**ADULT, "consent_share": "unknown", "shared": "yes"})
    assert case.desk.open_case is not None
    state = case.desk.open_case.state(now())
    assert len(state.answers) == 2
    assert state.situation == Situation({**{k: v for k, v in ADULT.items() if k not in ("consent_share", "media")},
                                         "media": ("image",), "shared": "yes"}, frozenset({"consent_share"}))  # fmt: skip
    page = case.get("/case-answers.html").text
    carried = page.split('<script type="application/json" id="kept">')[1].split("</script>")[0]
    assert json.loads(carried)["unsure"] == ["consent_share"]
    assert "<" not in carried


def test_answers_that_no_question_has_are_refused(case: App) -> None:
    for given in ({"intimate": "perhaps"}, {"nothing": "yes"}, []):
        assert case.send("/case/answers", {"given": given}).status == 400
    assert case.ask("POST", "/case/answers", b"[" * 5000, headers={"Origin": case.origin}).status == 400


def test_what_a_notice_lacks_leads_to_where_it_is_filled_in(case: App) -> None:
    page = case.get("/case-reports.html").text
    lacking = page.split("TAKE IT DOWN Act")[1]
    assert 'href="/case-where.html"' in lacking
    assert 'href="/case-words.html"' in lacking
    case.post("/case/address", {"url": "https://example.org/1"})
    case.post("/case/words", {"signature": "Sam Example", "contact": "sam@example.org"})
    assert case.post("/case/ready", {"letter": "us-take-it-down", "site": "example.org"}).status == 302
    assert "TAKE IT DOWN Act" not in case.get("/case-reports.html").text.partition("Not complete yet")[2]


def test_a_helper_fills_in_what_a_notice_asks_of_a_helper(app: App) -> None:
    app.open({**ADULT, "role": "helping-adult", "agreement": "yes"})
    app.post("/case/address", {"url": "https://example.org/1"})
    app.post("/case/words", {"signature": "Kim Friend", "contact": "kim@example.org"})
    page = app.get("/case-reports.html").text
    assert 'href="/case-words.html"' in page
    assert 'name="authority"' in app.get("/case-words.html").text
    assert 'href="/case-answers.html"' in page
    assert "real_person" in json.loads(app.get("/case-answers.html").text.split('id="kept">')[1].split("<")[0])["asks"]
    answer(app, **{**ADULT, "role": "helping-adult", "agreement": "yes", "real_person": "yes"})
    words = {"signature": "Kim Friend", "contact": "kim@example.org", "authority": "They asked me in writing."}
    app.post("/case/words", words)
    app.post("/case/notice", {"letter": "us-take-it-down", "information": "They wrote to me.", "words": "no"})
    ready = app.post("/case/ready", {"letter": "us-take-it-down", "site": "example.org"})
    number = ready.headers["Location"].rpartition("/")[2]
    text = app.post("/case/copy", {"notice": number, "as": "txt"}).text
    assert "They asked me in writing." in text
    assert "They wrote to me." in text


# ---------------------------------------------------------------- open, lock, forget


def test_a_wrong_passphrase_says_so_on_the_page_and_opens_nothing(app: App) -> None:
    case = app
    case.keep()
    assert case.desk.open_case is not None
    which = case.desk.open_case.id
    case.post("/case/lock")
    answered = case.post("/case/open", {"case": which, "passphrase": "not this one"}, Accept="text/html")
    assert answered.status == 403
    assert "That passphrase doesn&#39;t open this" in answered.text
    assert 'action="/case/open"' in answered.text
    assert case.desk.open_case is None
    assert case.post("/case/open", {"case": which, "passphrase": PASSPHRASE}).status == 302
    assert case.desk.open_case is not None


def test_each_case_has_its_own_face_and_nothing_else_is_known_of_it(case: App) -> None:
    case.open(case="case2")
    case.post("/case/words", {"words": "sentinel"})
    case.post("/case/lock")
    page = case.get("/case.html").text
    faces = page.split('<path d="')[1:]
    assert page.count('name="case"') == 2
    assert len({face.split('"')[0] for face in faces}) == len(faces) >= 2
    assert "sentinel" not in page


def test_forgetting_needs_the_word_and_leaves_nothing(case: App, tmp_path: Path) -> None:
    case.put_file(DATA, ABOUT_ADULTS)
    assert case.post("/case/erase", {"word": "yes"}).status == 400
    assert len(exhibits(case)) == 1
    assert case.post("/case/erase", {"word": " Forget "}).status == 302
    assert on_disk(tmp_path) == []
    assert "Nothing is kept on this computer" in case.get("/case.html").text


def test_a_plain_folder_needs_a_whole_new_path(case: App, tmp_path: Path) -> None:
    for where in ("", "papers", "../papers", str(tmp_path), "/nowhere/at/all", "x\0y"):
        assert case.post("/case/package", {"how": "plain", "folder": where}).status == 400
    target = tmp_path / "papers"
    answered = case.post("/case/package", {"how": "plain", "folder": str(target)}, Accept="text/html")
    assert answered.status == 200
    assert str(target) in answered.text
    assert target.stat().st_mode & 0o777 == 0o700


def test_a_short_passphrase_seals_no_package(case: App) -> None:
    assert case.post("/case/package", {"how": "sealed", "passphrase": "short"}).status == 400


def test_a_package_without_its_files_is_described_and_sealed_to_a_key(case: App) -> None:
    key = vault.new_key()
    case.put_file(DATA, ABOUT_ADULTS)
    answered = case.post("/case/package", {"how": "key", "key": f" {key.recipient}\n", "withheld": "yes"})
    assert answered.headers["Content-Disposition"] == 'attachment; filename="files.tar.age"'
    assert DATA not in answered.body
    with tarfile.open(fileobj=io.BytesIO(vault.open_bytes(answered.body, key))) as tar:
        names = tar.getnames()
        listed = tar.extractfile("package/data/exhibits.json").read()
    assert not [name for name in names if name.startswith("package/data/exhibits/")]
    assert "package/data/case-uco.jsonld" not in names
    assert hashlib.sha256(DATA).hexdigest().encode() in listed
    assert "A package was made" in case.get("/case-log.html").text


def test_a_list_for_forensic_tools_is_in_the_package_where_the_person_asked_for_it(case: App, tmp_path: Path) -> None:
    case.put_file(DATA, ABOUT_ADULTS)
    asks = {"how": "plain", "folder": str(tmp_path / "papers"), "case_uco": "yes"}
    assert case.post("/case/package", asks, Accept="text/html").status == 200
    listed = (tmp_path / "papers/data/case-uco.jsonld").read_text()
    assert hashlib.sha256(DATA).hexdigest() in listed
    assert "data/exhibits/AB-1/" in listed
    assert checking.verify(tmp_path / "papers", None)["ok"]


def test_a_key_that_is_none_is_said_on_the_page_with_what_was_typed(case: App) -> None:
    answered = case.post(
        "/case/package", {"how": "key", "key": "age1<b>", "stamp": "https://x.example"}, Accept="text/html"
    )
    assert answered.status == 400
    assert "not an age recipient" in answered.text
    assert "age1&lt;b&gt;" in answered.text
    assert 'value="https://x.example"' in answered.text


def test_a_package_is_stamped_by_the_authority_that_the_person_names_and_nobody_else(case: App, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    target = tmp_path / "papers"
    asks = {"how": "plain", "folder": str(target), "root": authority.root.decode()}
    with serving(authority.answer) as (url, seen):
        assert case.post("/case/package", {**asks, "stamp": url}, Accept="text/html").status == 200
        assert len(seen) == 1
        assert case.post("/case/package", {**asks, "folder": str(target) + "2"}, Accept="text/html").status == 200
        assert len(seen) == 1
        later = {"folder": str(target) + "2", "stamp": url, "root": asks["root"]}
        answered = case.post("/case/stamp", later, Accept="text/html")
        assert (answered.status, len(seen)) == (200, 2)
        assert f"by <bdi>{authority.by}</bdi>" in answered.text
    for folder in (target, tmp_path / "papers2"):
        assert checking.verify(folder, tmp_path / "tsa" / "ca.pem")["stamped_by"] == authority.by


def test_an_authority_that_does_not_answer_leaves_no_package_and_says_so(case: App, tmp_path: Path) -> None:
    asks = {"how": "plain", "folder": str(tmp_path / "papers"), "stamp": "http://127.0.0.1:1/"}
    answered = case.post("/case/package", asks, Accept="text/html")
    assert answered.status == 400
    assert "does not answer" in answered.text
    assert not (tmp_path / "papers").exists()
    assert case.post("/case/stamp", {"folder": str(tmp_path), "stamp": "http://127.0.0.1:1/"}).status == 400


@pytest.mark.parametrize("how", ["sealed", "key", "plain"])
def test_a_package_says_how_far_it_is_and_stops_when_the_person_presses(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    app.open()
    size = 5 << 20
    assert app.put_file(os.urandom(size), ABOUT_ADULTS, "a.bin", "application/octet-stream").status < 300
    passed, half, go_on = Making.passed, threading.Event(), threading.Event()

    def slowly(making: Making, more: int) -> None:
        passed(making, more)
        if making.done > size // 2:
            half.set()
            go_on.wait(30)

    monkeypatch.setattr(Making, "passed", slowly)
    wish = {
        "how": how,
        "passphrase": "another horse battery",
        "key": vault.new_key().recipient,
        "folder": str(tmp_path / "out"),
    }
    answers: list[Answer] = []
    asking = threading.Thread(target=lambda: answers.append(app.post("/case/package", wish)))
    asking.start()
    assert half.wait(60)
    told = json.loads(app.get("/making").text)
    assert size // 2 < told["done"] < told["total"] == size
    assert app.post("/case/package-stop").status == 302
    go_on.set()
    asking.join()
    assert (answers[0].status, "Stopped. Nothing was saved." in answers[0].text) == (400, True)
    assert json.loads(app.get("/making").text) == {"going": False, "done": 0, "total": 0}
    assert not list((tmp_path / "data").glob("outbox-*"))
    assert not list(tmp_path.glob("out*"))
    assert app.desk.open_case is not None
    assert not app.desk.open_case.state(now()).of("package")
