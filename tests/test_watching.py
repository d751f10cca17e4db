"""Looking again: the real wire, the real cage, a sealed case, and platforms that behave as platforms do."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import hostile
import platforms
import pytest
from PIL import Image, ImageOps
from platforms import START, Made, Page, Platforms, html, picture_page, to
from test_film import clip

from takeback import clock, footage, given, keeping, packs, spans, vault, watching
from takeback.cage import reel
from takeback.keeping import OpenCase
from takeback.store.cases import Store
from takeback.terms import Address, Situation

if TYPE_CHECKING:
    from takeback.looks import Look

ADULT = {"role": "depicted", "intimate": "yes", "under18_real": "no", "under18_look": "no", "consent_share": "no"}
ADULTS = Situation({"intimate": "yes", "under18_real": "no", "under18_look": "no"})
PICTURE = hostile.photo(300, 400)
OTHER = hostile.photo(300, 400, seed=99)
SITE = "www.reddit.com"
POST = "/r/pics/comments/abc123/a_title/"


def png(image: Image.Image) -> bytes:
    return hostile.saved(image, "PNG")


def jpeg(image: Image.Image, quality: int = 60) -> bytes:
    return hostile.saved(image, "JPEG", quality=quality)


@pytest.fixture
def net() -> Iterator[Platforms]:
    with Platforms() as running:
        yield running


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("watch") / "data")
    yield store
    store.close()


NAMES = itertools.count(1)


class Case:
    """A kept case, and the person's own clock."""

    def __init__(
        self, store: Store, net: Platforms, answers: Mapping[str, object] = ADULT, files: tuple[bytes, ...] = ()
    ) -> None:
        key, name = vault.new_key(), f"watch{next(NAMES)}"
        store.create_case(name, {"passphrase": vault.wrap_to(key, key.recipient)})
        self.net = net
        self.open = OpenCase(store, name, key)
        self.open.add("opened", {}, net.now)
        self.open.answer(given.read(json.dumps(answers), "json", packs.load()).situation, net.now)
        for number, file in enumerate(files):
            self.open.keep(
                keeping.leave_for(self.state.situation, ADULTS), [file[:7000], file[7000:]], blob=f"blob{number}",
                name="a.png", kind="png", origin="sent to me", at=net.now,
            )  # fmt: skip

    @property
    def state(self):
        return self.open.state(self.net.now)

    def where(self, *urls: str) -> None:
        for url in urls:
            self.open.point(Address(id=url[-30:], url=url), self.net.now)

    def watch(self, *, unknown: bool = True, noticed: bool = False, **more: object) -> list[Look]:
        self.round = watching.plan(self.state, unknown=unknown, noticed=noticed)
        self.watcher = watching.Watch(self.open, self.net.wire, lambda: self.net.now, pause=0, **more)  # type: ignore[arg-type]
        return list(self.watcher.run(self.round))

    def sees(self, *urls: str) -> Look:
        self.where(*urls)
        return self.watch()[-1]


@pytest.fixture
def case(stores: Store, net: Platforms) -> Case:
    return Case(stores, net, files=(png(PICTURE),))


# ---------------------------------------------------------------- by the content


def test_the_picture_is_found_on_the_page_though_the_site_saved_it_anew(case: Case, net: Platforms) -> None:
    clip = net.shows("clips.example", "/watch/1", jpeg(PICTURE.resize((200, 150))))
    look = case.sees(clip.url)
    assert look.seen == "same"
    assert look.distance is not None
    assert 0 <= look.distance <= 31
    assert look.found == "http://clips.example/media/1.png"


def test_the_very_same_file_at_its_own_address_is_found(case: Case, net: Platforms) -> None:
    look = case.sees(net.put("clips.example", "/m/1.png", Page(200, png(PICTURE), "image/png")))
    assert (look.seen, look.distance, look.found) == ("same", 0, "http://clips.example/m/1.png")


def test_it_is_found_on_another_host_that_keeps_the_sites_pictures(case: Case, net: Platforms) -> None:
    net.put("cdn.other.example", "/1.jpg", Page(200, jpeg(PICTURE), "image/jpeg"))
    url = net.put(
        "clips.example", "/1", html("", head='<meta property="og:image" content="http://cdn.other.example/1.jpg">')
    )
    assert case.sees(url).found == "http://cdn.other.example/1.jpg"


def test_other_pictures_on_a_page_are_not_it(case: Case, net: Platforms) -> None:
    net.put("clips.example", "/o.png", Page(200, png(OTHER), "image/png"))
    look = case.sees(net.put("clips.example", "/1", html(picture_page("/o.png"))))
    assert (look.seen, look.distance, look.found) == ("unknown", None, "")
    assert "not among the 1 picture on it" in look.reason


def test_a_picture_put_up_again_a_little_cropped_is_found(case: Case, net: Platforms) -> None:
    clip = net.shows("clips.example", "/1", png(PICTURE), at="/media/1.png")
    assert case.sees(clip.url).seen == "same"
    net.put("clips.example", "/media/2.jpg", Page(200, jpeg(PICTURE.crop((4, 3, 396, 297))), "image/jpeg"))
    net.put("clips.example", "/1", html(picture_page("/media/2.jpg")))
    [look] = case.watch()
    assert look.seen == "elsewhere"
    assert look.found.endswith("/media/2.jpg")
    assert "another address than before" in look.reason


@pytest.mark.parametrize(
    "edit",
    [
        lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda image: image.transpose(Image.Transpose.ROTATE_90),
        lambda image: image.crop((24, 18, 376, 282)),
        lambda image: ImageOps.expand(image, 32, "white"),
    ],
    ids=["mirrored", "turned", "cropped", "framed"],
)
def test_what_was_done_to_it_before_it_was_posted_again_does_not_hide_it(
    case: Case, net: Platforms, edit: Callable[[Image.Image], Image.Image]
) -> None:
    clip = net.shows("clips.example", "/1", jpeg(edit(PICTURE), 80))
    assert case.sees(clip.url).seen == "same"


def test_a_page_that_showed_it_and_shows_others_now_has_replaced_it(case: Case, net: Platforms) -> None:
    clip = net.shows("clips.example", "/1", png(PICTURE))
    assert case.sees(clip.url).seen == "same"
    net.put("clips.example", "/o.png", Page(200, png(OTHER), "image/png"))
    net.put("clips.example", "/1", html(picture_page("/o.png")))
    assert case.watch()[0].seen == "replaced"


def test_a_look_that_was_taken_back_decides_nothing(case: Case, net: Platforms) -> None:
    clip = net.shows("clips.example", "/watch/1", png(PICTURE))
    assert case.sees(clip.url).seen == "same"
    assert watching.found_before(case.state)
    wrong = case.state.of("look")[-1]
    case.open.add("correction", {"of": wrong.sequence}, net.now)
    assert watching.found_before(case.state) == {}


def test_a_page_that_says_gone_and_shows_it_all_the_same_is_not_believed(case: Case, net: Platforms) -> None:
    net.put("clips.example", "/m.png", Page(200, png(PICTURE), "image/png"))
    url = net.put("clips.example", "/1", Page(404, b"<title>Not found</title><img src=/m.png>"))
    assert case.sees(url).seen == "elsewhere"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (platforms.not_found(), "gone"), (Page(410), "gone"), (platforms.soft_404(), "soft-404"),
        (platforms.login(), "login"), (to("/accounts/login"), "login"), (to("/"), "soft-404"), (Page(401), "login"),
        (platforms.rate_limited(), "unknown"), (Page(503), "unknown"), (Page(403), "unknown"),
        (to("http://127.0.0.1/admin"), "unknown"), (to("/1"), "unknown"), (platforms.nonsense, "unknown"),
        (platforms.hangs_up, "unknown"), (html("<p>hello"), "unknown"), (platforms.bomb(20), "unknown"),
    ],
)  # fmt: skip
def test_whatever_a_site_does_there_is_an_answer_in_words_and_in_the_log(
    case: Case, net: Platforms, answer: Page | platforms.Behaviour, what: str
) -> None:
    net.put("clips.example", "/", html("the front page"))
    net.put("clips.example", "/accounts/login", platforms.login())
    look = case.sees(net.put("clips.example", "/1", answer))
    assert look.seen == what
    assert look.reason.endswith(".")
    [event] = case.state.of("look")
    assert (event.data["url"], event.data["seen"], event.data["by"]) == ("http://clips.example/1", what, "watch")
    assert event.at == net.now


@pytest.mark.parametrize("behaviour", [platforms.hangs, platforms.drips])
def test_a_site_that_hangs_or_drips_is_left_in_time(
    case: Case, net: Platforms, behaviour: platforms.Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PAGE", watching.Limits(1 << 20, 0.4))
    look = case.sees(net.put("clips.example", "/1", behaviour))
    assert (look.seen, look.reason) == ("unknown", "The site took too long, so Takeback stopped waiting.")


def test_a_page_of_pictures_without_end_is_not_fetched_without_end(case: Case, net: Platforms) -> None:
    many = [f"/{n}.png" for n in range(100)]
    net.put("clips.example", "/99.png", Page(200, png(PICTURE), "image/png"))
    assert case.sees(net.put("clips.example", "/1", html(picture_page(*many)))).seen == "unknown"
    assert len(net.asked) == 1 + watching.PICTURES


def test_pictures_that_lead_inward_or_hang_together_spoil_nothing(case: Case, net: Platforms) -> None:
    net.put("clips.example", "/ok.png", Page(200, png(PICTURE), "image/png"))
    net.put("clips.example", "/trap.png", to("http://10.0.0.1/x.png"))
    shown = picture_page("http://127.0.0.1/a.png", "/trap.png", "/missing.png", "/ok.png")
    assert case.sees(net.put("clips.example", "/1", html(shown))).found == "http://clips.example/ok.png"


def test_files_made_to_do_harm_are_opened_in_the_cage_and_spoil_nothing(case: Case, net: Platforms) -> None:
    net.put("clips.example", "/bad.png", Page(200, hostile.jpeg_that_says(60000, 60000), "image/png"))
    net.put("clips.example", "/ok.png", Page(200, png(PICTURE), "image/png"))
    assert case.sees(net.put("clips.example", "/1", html(picture_page("/bad.png", "/ok.png")))).seen == "same"


# ---------------------------------------------------------------- what is never looked at


@pytest.mark.parametrize(
    "answers",
    [{"under18_real": "yes"}, {"under18_look": "yes"}, {"intimate": "yes"}, {}, {"indecent": "yes"}, {"terror": "yes"}],
)
def test_for_a_case_that_may_take_no_file_only_the_status_is_asked_for(
    stores: Store, net: Platforms, answers: Mapping[str, object]
) -> None:
    case = Case(stores, net, {"role": "depicted", **answers})
    clip = net.shows("clips.example", "/1", png(PICTURE))
    look = case.sees(clip.url, net.put("clips.example", "/gone", platforms.not_found()))
    assert case.round.only_status
    assert [(asked.method, asked.path) for asked in net.asked] == [("HEAD", "/1"), ("HEAD", "/gone")]
    assert [event.data["seen"] for event in case.state.of("look")] == ["unknown", "gone"]
    assert "sha256" not in case.state.of("look")[0].data
    assert look.seen == "gone"


def test_an_answer_given_later_closes_the_look_too(case: Case, net: Platforms) -> None:
    clip = net.shows("clips.example", "/1", png(PICTURE))
    assert case.sees(clip.url).seen == "same"
    case.open.answer(Situation({**ADULTS.answers, "under18_look": "yes"}), net.now)
    net.asked.clear()
    assert case.watch()[0].seen == "unknown"
    assert {asked.method for asked in net.asked} == {"HEAD"}


def test_an_answer_given_in_the_middle_of_a_round_closes_what_is_left_of_it(case: Case, net: Platforms) -> None:
    case.where(*(net.shows("clips.example", f"/{number}", png(PICTURE)).url for number in (1, 2)))
    round_ = watching.Watch(case.open, net.wire, lambda: net.now, pause=0).run(watching.plan(case.state, unknown=True))
    assert next(round_).seen == "same"
    case.open.answer(Situation({**ADULTS.answers, "under18_look": "yes"}), net.now)
    net.asked.clear()
    assert [look.seen for look in round_] == ["unknown"]
    assert {asked.method for asked in net.asked} == {"HEAD"}


def test_without_a_kept_file_no_picture_is_fetched(stores: Store, net: Platforms) -> None:
    case = Case(stores, net)
    clip = net.shows("clips.example", "/1", png(PICTURE))
    look = case.sees(clip.url)
    assert (look.seen, [asked.path for asked in net.asked]) == ("unknown", ["/1"])
    assert "No picture is kept" in look.reason


PROFILES = [
    "https://www.instagram.com/some.one/", "https://x.com/some_one", "https://www.reddit.com/user/someone",
    "https://www.tiktok.com/@someone", "https://www.facebook.com/profile.php?id=1", "https://t.me/somechannel",
]  # fmt: skip


@pytest.mark.parametrize("url", PROFILES)
def test_a_profile_is_never_looked_at(case: Case, net: Platforms, url: str) -> None:
    case.where(url)
    assert case.watch() == []
    assert "never at profiles" in case.round.left[0].because
    assert (net.asked, net.looked_up) == ([], [])


def test_a_site_that_we_do_not_know_is_left_alone_unless_the_person_says_so(case: Case, net: Platforms) -> None:
    known = net.shows(SITE, POST, png(PICTURE)).url
    strange = net.shows("clips.example", "/1", png(PICTURE)).url
    case.where(strange, known)
    assert [look.url for look in case.watch(unknown=False)] == [known]
    assert [left.because for left in case.round.left] == [watching.UNKNOWN]
    assert {look.url for look in case.watch(unknown=True)} == {known, strange}


def test_what_is_no_address_is_left_out_by_name(case: Case, net: Platforms) -> None:
    case.where("in the app, on the second post", "http://192.168.0.1/x", "https://www.google.com/search?q=me")
    assert case.watch() == []
    assert len(case.round.left) == 3
    assert net.asked == []


def test_at_most_fifty_in_one_round(case: Case, net: Platforms) -> None:
    case.where(*(net.put("clips.example", f"/{n}", platforms.not_found()) for n in range(52)))
    made = watching.plan(case.state, unknown=True)
    assert len(made.targets) == 50
    assert [left.because for left in made.left] == [watching.ENOUGH] * 2


def test_a_site_that_asks_to_wait_is_asked_no_more(case: Case, net: Platforms) -> None:
    first = net.put("clips.example", "/1", platforms.rate_limited(120))
    other = net.put("other.example", "/1", platforms.not_found())
    case.where(first, net.put("clips.example", "/2", Page()), other)
    found = case.watch()
    assert [(look.url, look.seen) for look in found] == [(first, "unknown"), (other, "gone")]
    assert "in 2 minutes" in found[0].reason
    assert [left.because for left in case.watcher.left] == [watching.WAITING]
    assert [asked.path for asked in net.asked] == ["/1", "/1"]


def test_what_is_locked_meanwhile_is_looked_at_no_more_and_not_written_down(case: Case, net: Platforms) -> None:
    case.where(*(net.put("clips.example", f"/{n}", platforms.not_found()) for n in range(3)))
    steps = iter([True, True, True, False])
    assert len(case.watch(go_on=lambda: next(steps, False))) == 1
    assert len(case.state.of("look")) == 1
    assert len(net.asked) <= 2


# ---------------------------------------------------------------- by itself


def test_by_itself_only_where_the_person_said_so_and_every_six_hours(case: Case, net: Platforms) -> None:
    clip = net.shows(SITE, POST, png(PICTURE))
    case.where(clip.url)
    assert not watching.is_due(case.state)
    case.open.add("watch", {"on": True, "unknown": False}, net.now)
    assert watching.is_due(case.state)
    case.watch()
    assert not watching.is_due(case.state)
    net.now += timedelta(hours=5, minutes=59)
    assert not watching.is_due(case.state)
    net.now += timedelta(minutes=1)
    assert watching.is_due(case.state)
    case.open.add("watch", {"on": False}, net.now)
    assert not watching.is_due(case.state)


# ---------------------------------------------------------------- the whole life of a notice


def sent(case: Case, number: str, url: str, at: datetime) -> None:
    """A complete notice under the UK's duty, and its receipt, as the pages keep them."""
    case.open.add("notice", {"id": number, "letter": "uk-intimate-48h", "site": "reddit", "urls": [url]}, at)
    case.open.add("receipt", {"notice": number, "at": at.isoformat(), "reference": "R-1", "how": "form"}, at)


def how(case: Case, number: str = "N-1") -> str:
    state = case.state
    tracked = clock.track(state.events, state.situation, case.net.now, packs.load(), spans.zone(spans.HOME))
    return next(one.state for one in tracked if one.id == number)


@pytest.mark.parametrize(("hours", "at_48"), [(47, "removed"), (49, "overdue")])
def test_a_site_that_answers_in_47_hours_is_in_time_and_one_that_takes_49_is_not(
    case: Case, net: Platforms, hours: int, at_48: str
) -> None:
    clip = net.shows(SITE, POST, png(PICTURE))
    case.where(clip.url)
    sent(case, "N-1", clip.url, START)
    clip.answers(START, timedelta(hours=hours))
    for later in (0, 6, 47):
        net.now = START + timedelta(hours=later)
        case.watch()
        assert how(case) == ("removed" if later >= hours else "due")
    net.now = START + timedelta(hours=48, seconds=1)
    case.watch()
    assert how(case) == at_48
    net.now = START + timedelta(hours=49)
    assert case.watch()[0].seen == "gone"
    assert how(case) == "removed"


# ---------------------------------------------------------------- videos


def film_page(net: Platforms, video: bytes) -> str:
    net.put("clips.example", "/media/v.mp4", Page(200, video, "video/mp4"))
    return net.put("clips.example", "/watch/v", html('<h1>A clip</h1><video src="/media/v.mp4"></video>'))


@pytest.fixture(scope="module")
def own_film() -> bytes:
    return clip()


def test_a_video_is_found_by_its_frames_though_the_site_cut_it_and_saved_it_anew(
    stores: Store, net: Platforms, own_film: bytes
) -> None:
    look = Case(stores, net, files=(own_film,)).sees(film_page(net, clip(skip=0.4, rate="36")))
    assert (look.seen, look.distance) == ("same", None)
    assert look.found == "http://clips.example/media/v.mp4"
    assert "frames of the video are the same" in look.reason


def test_another_video_is_not_ours(stores: Store, net: Platforms, own_film: bytes) -> None:
    case = Case(stores, net, files=(own_film,))
    look = case.sees(film_page(net, clip(seeds=(7, 8, 9))))
    assert (look.seen, look.found) == ("unknown", "")
    assert "not among" in look.reason


def test_a_video_that_takes_too_long_ends_there_and_the_cage_goes_on(
    own_film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = footage.own([("00", lambda: [own_film])]), clip(skip=0.4)
    monkeypatch.setattr(footage, "THEIRS", -1.0)
    early = footage.beside(ours, theirs)
    assert early.told is (early.share is not None)  # what there was of it by then is compared, or nothing is told
    late = footage._Patience(0.0)
    with pytest.raises(footage._Enough):
        late.told(reel.Kept("00", 1.0))
    assert late.looked() is not None
    monkeypatch.undo()
    assert footage.beside(ours, theirs).share


def test_where_nothing_here_decodes_videos_the_look_says_so(
    stores: Store, net: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av.subtitles.stream", None)
    unread = clip()[:64]  # it calls itself a video, and has no frame
    look = Case(stores, net, files=(png(PICTURE),)).sees(film_page(net, unread))
    assert look.seen == "unknown"
    assert "only exact copies of a video can be told" in look.reason


def test_the_whole_life_of_a_notice(case: Case, net: Platforms) -> None:
    """It is up. A notice goes out. Hours pass, it is overdue; they take it down; it comes back, a little cropped."""
    told: list[tuple[int, str, str]] = []

    def look_at(hours: int) -> None:
        net.now = START + timedelta(hours=hours)
        [look] = case.watch()
        told.append((hours, look.seen, how(case)))

    clip = net.shows(SITE, POST, jpeg(PICTURE, 85))
    case.where(clip.url)
    sent(case, "N-1", clip.url, START)
    look_at(1)
    net.put(SITE, POST, platforms.rate_limited())
    look_at(7)  # the site asks to wait: that says nothing
    net.put(SITE, POST, Made(lambda: html(picture_page(clip.at))))
    look_at(49)
    net.put(SITE, POST, html("<h1>Sorry, this post was removed by Reddit's filters.</h1>", "Reddit"))
    look_at(56)
    net.put(SITE, "/media/again.jpg", Page(200, jpeg(PICTURE.crop((3, 3, 397, 297))), "image/jpeg"))
    net.put(SITE, POST, html(picture_page("/media/again.jpg")))
    look_at(80)
    assert told == [
        (1, "same", "due"),
        (7, "unknown", "due"),
        (49, "same", "overdue"),
        (56, "soft-404", "removed"),
        (80, "elsewhere", "reappeared"),
    ]
    document = watching.document(case.open, [], [], net.now)
    assert document["notices"] == [{"id": "N-1", "state": "reappeared", "due": "2026-11-26T12:00:00+00:00"}]
    after = [event for event in case.state.of("look") if event.at > START + timedelta(hours=48)]
    assert [event.data["seen"] for event in after] == ["same", "soft-404", "elsewhere"]


# ---------------------------------------------------------------- what is kept


def test_nothing_of_the_page_or_the_picture_is_kept_but_the_hash_of_the_answer(
    case: Case, net: Platforms, stores: Store
) -> None:
    def files() -> int:
        return sum(1 for path in Path(stores.folder).rglob("*") if path.is_file())

    clip = net.shows("clips.example", "/1", png(PICTURE))
    before = files()
    case.sees(clip.url)
    assert files() == before
    kept = json.dumps(case.state.of("look")[0].data, default=str)
    with BytesIO(png(PICTURE)) as file:
        from takeback import cage

        pdq = next(one.value for one in cage.look(file).signals if one.type == "pdq")
    assert pdq not in kept
    assert case.state.of("look")[0].data["sha256"]


# ---------------------------------------------------------------- on the command line


SECRET = "correct horse battery"


def command(case: Case, net: Platforms, monkeypatch: pytest.MonkeyPatch, *more: str, passphrase: str = "") -> int:
    """`takeback watch` over the test's own net. A passphrase goes in by a descriptor; without one the case is open.

    Trying a passphrase is slow by design, so that not every test does.
    """
    import os

    from takeback import cli, cli_case, cli_watch

    if not passphrase:
        monkeypatch.setattr(cli_case, "unlocked", lambda _: case.open)
        return cli_watch.watch(cli.parser().parse_args(["watch", case.open.id, *more]), net.wire())
    if passphrase == SECRET:
        case.open.store.set_key(case.open.id, "passphrase", vault.wrap_with_passphrase(case.open.key, SECRET))
    monkeypatch.setattr(keeping, "store", lambda: case.open.store)
    read, write = os.pipe()
    os.write(write, passphrase.encode() + b"\n")
    os.close(write)
    arguments = cli.parser().parse_args(["watch", case.open.id, "--passphrase-fd", str(read), *more])
    return cli_watch.watch(arguments, net.wire())


@pytest.fixture
def locked(stores: Store, net: Platforms) -> Case:
    net.now = datetime.now(tz=START.tzinfo) - timedelta(hours=51)
    return Case(stores, net, files=(png(PICTURE),))


def test_the_command_prints_one_document(
    locked: Case, net: Platforms, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = net.shows(SITE, POST, png(PICTURE))
    locked.where(clip.url, "https://www.instagram.com/some.one/")
    sent(locked, "N-1", clip.url, datetime.now(tz=START.tzinfo) - timedelta(hours=50))
    assert command(locked, net, monkeypatch, "--json", passphrase=SECRET) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    [look] = document["looks"]
    assert (look["url"], look["seen"], look["distance"], look["status"]) == (clip.url, "same", 0, 200)
    assert datetime.fromisoformat(look["at"]).tzinfo
    assert [left["url"] for left in document["left_out"]] == ["https://www.instagram.com/some.one/"]
    assert [(one["id"], one["state"]) for one in document["notices"]] == [("N-1", "overdue")]
    assert "may see the address of this connection" in " ".join(err.split())


def test_the_command_says_it_in_words(
    locked: Case, net: Platforms, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    locked.where(net.put(SITE, POST, platforms.not_found()), net.put("clips.example", "/1", Page()))
    assert command(locked, net, monkeypatch) == 0
    out = capsys.readouterr().out
    assert "gone      http://www.reddit.com/r/pics" in out
    assert "only if you say so" in out
    assert all(len(line) <= 80 for line in out.splitlines() if "http" not in line)


def test_a_passphrase_that_does_not_open_it_asks_no_site(
    locked: Case, net: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    from takeback.errors import Locked

    locked.where(net.put(SITE, POST, Page()))
    with pytest.raises(Locked):
        command(locked, net, monkeypatch, passphrase="something else")
    assert net.asked == []


def test_on_a_terminal_it_asks_first_and_no_is_no(
    locked: Case, net: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    from takeback.errors import BadInput

    class Typed(io.StringIO):
        def isatty(self) -> bool:
            return True

    locked.where(net.put(SITE, POST, platforms.not_found()))
    monkeypatch.setattr(sys, "stdin", Typed("\n"))
    with pytest.raises(BadInput, match="nothing was looked at"):
        command(locked, net, monkeypatch)
    assert net.asked == []
    monkeypatch.setattr(sys, "stdin", Typed("y\n"))
    assert command(locked, net, monkeypatch) == 0
    assert len(net.asked) == 1
