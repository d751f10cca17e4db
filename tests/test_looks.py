"""What was seen at an address: told by its content, and not told where it can't be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis.strategies import text

from takeback import looks, markup, packs, places
from takeback.looks import Hit, Look, Sight
from takeback.terms import Fetched, Signal

CONTACTS = packs.load().contacts
ITEM = "https://www.instagram.com/p/C8abc_-1xYz/"


def fetched(at: str = ITEM, status: int = 200, body: bytes = b"", **heads: str) -> Fetched:
    return Fetched(ITEM, at, status, {name.replace("_", "-"): value for name, value in heads.items()}, body, "5" * 64)


def seen(page: markup.Page | None = None, url: str = ITEM, answer: Fetched | None = None, **more: object) -> Look:
    place = places.read(url, CONTACTS)
    return looks.seen(Sight(place, answer or fetched(at=url), page or markup.Page(), **more), CONTACTS)  # type: ignore[arg-type]


def page(html: str) -> markup.Page:
    return markup.read(html.encode(), "https://clips.example/watch/1")


# ---------------------------------------------------------------- where a page keeps its pictures


@pytest.mark.parametrize(
    ("html", "pictures"),
    [
        ('<img src="/a.png">', ["/a.png"]),
        ("<IMG SRC=a.png>", ["/watch/a.png"]),
        ("<img src='//cdn.example/a.png?x=1&amp;y=2#z'>", ["//cdn.example/a.png?x=1&y=2"]),
        ('<img alt="a > b" src="/a.png">', ["/a.png"]),
        ('<img data-src="/lazy.png" src="/dot.gif">', ["/lazy.png", "/dot.gif"]),
        ('<img srcset="/s.png 320w, /l.png 1280w, /m.png 640w" src="/f.png">', ["/l.png", "/f.png"]),
        ('<img srcset="/s.png, /l.png 2x">', ["/l.png"]),
        ('<picture><source srcset="/w.webp" type="image/webp"><img src="/a.png"></picture>', ["/w.webp", "/a.png"]),
        ('<video poster="/p.jpg" src="/v.mp4"></video>', ["/p.jpg"]),
        ('<img src="/b.png"><meta property="og:image" content="/a.png">', ["/a.png", "/b.png"]),
        ('<meta name="twitter:image" content="/a.png">', ["/a.png"]),
        ("<a style=\"width:2px;background-image:url('/t.jpg')\"></a>", ["/t.jpg"]),
        ('<link rel="preload" as="image" href="/a.png">', ["/a.png"]),
        ('<noscript><img src="/lazy.png"></noscript>', ["/lazy.png"]),
        ('<base href="https://other.example/x/"><img src="a.png">', ["https://other.example/x/a.png"]),
        ('<a href="/full.jpg"><img src="/thumb.jpg"></a>', ["/thumb.jpg", "/full.jpg"]),
        ('<img src="/a.png"><img src="/a.png">', ["/a.png"]),
        ('<img src="/dot.gif" width="1" height="1"><img src="/i.png" width="32">', []),
        ("<script>var a = '<img src=\"/no.png\">'</script>", []),
        ('<!-- <img src="/no.png"> --><img src="/a.png">', ["/a.png"]),
        ('<img src="data:image/png;base64,AAAA"><img src="javascript:alert(1)"><img src="file:///etc/passwd">', []),
        ('<img src="http://[broken/a.png">', []),
        ('<img src="">', []),
    ],
)
def test_a_picture_is_found_in_every_way_that_a_page_shows_one(html: str, pictures: list[str]) -> None:
    def whole(one: str) -> str:
        return one if "://" in one else f"https:{one}" if one.startswith("//") else f"https://clips.example{one}"

    assert list(page(html).pictures) == [whole(one) for one in pictures]


def test_a_video_is_found_too() -> None:
    html = '<video><source src="/a.mp4" type="video/mp4"></video><meta property="og:video" content="/b.mp4">'
    assert page(html).videos == ("https://clips.example/a.mp4", "https://clips.example/b.mp4")


def test_what_a_page_says_is_what_a_person_reads() -> None:
    found = page("<title>A &amp; B</title><style>p{}</style><h1>Hi  <b>there</b></h1><p>1 < 2<script>no</script> yes")
    assert (found.title, found.headings, found.text) == ("A & B", ("Hi there",), "Hi there 1 < 2 yes")


def test_a_page_is_read_in_its_own_letters() -> None:
    assert (
        markup.read("<title>Größe</title>".encode("latin-1"), "https://a.example/", "text/html; charset=latin-1").title
        == "Größe"
    )
    assert (
        markup.read('<meta charset="iso-8859-1"><title>ö</title>'.encode("latin-1"), "https://a.example/").title == "ö"
    )
    assert markup.read(b'<meta charset="no-such"><title>x</title>', "https://a.example/").title == "x"


@given(text(alphabet="<>/!-=\"' aimgscriptsrcvdeo:&;#x0\n", max_size=200))
def test_any_page_is_read(html: str) -> None:
    found = page(html)
    assert all(one.startswith(("http://", "https://")) for one in (*found.pictures, *found.videos))


@pytest.mark.parametrize(
    "bad",
    [
        "<!--" * 250_000, "<img " * 200_000, "<" * 1_000_000, "<a" + " " * 1_000_000, "<script>" * 120_000,
        ("<img " + "a=" * 4000 + ">") * 120, "<img srcset='" + "a, " * 300_000 + "'>", "<h1>" * 250_000, "&" * 1_000_000,
    ],
)  # fmt: skip
def test_no_page_takes_long_to_read(bad: str) -> None:
    since = time.process_time()
    page(bad)
    assert time.process_time() - since < 6


# ---------------------------------------------------------------- gone, though it does not say so


@pytest.mark.parametrize(
    "says",
    [
        "Sorry, this page isn't available.", "Sorry, this page isn’t available.", "This content isn't available right now",
        "Video unavailable", "This video is no longer available", "This video has been removed by the user",
        "Page not found", "404", "404 - Clips", "The page you are looking for doesn't exist", "This post was deleted",
        "The video you requested could not be found", "Video has been removed", "This photo is currently unavailable",
        "This account doesn't exist", "The item you tried to view cannot be found", "Nothing here",
        "This clip may have been removed or the link is broken", "File was deleted by its owner",
    ],
)  # fmt: skip
def test_a_page_that_answers_and_says_that_there_is_nothing_is_gone(says: str) -> None:
    for html in (
        f"<title>{says}</title>",
        f"<title>Clips</title><h1>{says}</h1>",
        f"<title>Clips</title><p>{says}</p>",
    ):
        assert seen(page(html), url="https://clips.example/watch/1").seen == "soft-404"


@pytest.mark.parametrize(
    "says",
    [
        "Video is available now", "My holiday", "The page where we found it", "Not a video", "A post that exists",
        "Peugeot 404 and 504, restored", "This video is here", "We are here for you", "Removed stains from a shirt",
    ],
)  # fmt: skip
def test_a_page_that_only_sounds_like_it_is_not(says: str) -> None:
    for html in (f"<title>{says}</title>", f"<title>Clips</title><p>{says}</p>"):
        assert seen(page(html), url="https://clips.example/watch/1").seen == "unknown"


def test_a_comment_on_a_long_page_says_nothing_of_it() -> None:
    chat = "<p>I think this is great, more please, and so on and on.</p>" * 60
    assert seen(page(f"<title>A clip</title>{chat}<p>the other video is no longer available</p>")).seen == "unknown"


def test_a_sites_own_words_count_wherever_they_stand() -> None:
    chat = "<p>More clips that you may like, and so on and on.</p>" * 60
    html = f"<title>Instagram</title>{chat}<div>Sorry, this page isn't available.</div>"
    assert seen(page(html)).seen == "soft-404"
    assert "words of that site" in seen(page(html)).reason


@pytest.mark.parametrize(
    ("url", "end", "what"),
    [
        (ITEM, "https://www.instagram.com/accounts/login/?next=/p/C8abc_-1xYz/", "login"),
        (ITEM, "https://www.instagram.com/", "soft-404"),
        (ITEM, "https://www.instagram.com/someone/", "soft-404"),
        (ITEM, ITEM.rstrip("/"), "unknown"),
        (ITEM, ITEM + "?img_index=1", "unknown"),
        ("https://x.com/some/status/179", "https://x.com/i/flow/login?redirect=%2Fsome", "login"),
        ("https://www.linkedin.com/posts/a-b-1", "https://www.linkedin.com/authwall?x=1", "login"),
        ("https://clips.example/watch/1", "https://clips.example/signin", "login"),
        ("https://clips.example/watch/1", "https://clips.example/", "soft-404"),
        ("https://clips.example/login-tutorial", "https://clips.example/login-tutorial", "unknown"),
        ("https://vm.tiktok.com/ZMabcDEF1/", "https://www.tiktok.com/@someone/video/7234567890123456789", "unknown"),
    ],
)
def test_where_a_redirect_ends_tells_something(url: str, end: str, what: str) -> None:
    assert seen(url=url, answer=fetched(at=end)).seen == what


def test_a_page_that_asks_to_sign_in_is_a_login_wall() -> None:
    form = "<input type=password name=p>"
    assert seen(page(f"<title>Log in • Clips</title><h1>Welcome</h1>{form}")).seen == "login"
    assert seen(page(f"<title>Clips</title><p>Members only</p>{form}")).seen == "login"
    assert (
        seen(page(f"<title>A clip</title>{'<p>a long page with much to read on it</p>' * 60}{form}")).seen == "unknown"
    )


@pytest.mark.parametrize(
    ("status", "what", "words"),
    [
        (404, "gone", "nothing at this address"), (410, "gone", "nothing at this address"), (401, "login", "asks who"),
        (403, "unknown", "does not let"), (451, "unknown", "other countries"), (429, "unknown", "in 2 minutes"),
        (500, "unknown", "out of order"), (503, "unknown", "out of order"), (418, "unknown", "418"),
    ],
)  # fmt: skip
def test_what_a_status_tells(status: int, what: str, words: str) -> None:
    look = seen(answer=fetched(status=status, retry_after="61"))
    assert look.seen == what
    assert words in look.reason


@pytest.mark.parametrize("wait", ["", "never", "Wed, 21 Oct 2026 07:28:00 GMT", "-5", "9" * 30, "²"])
def test_a_site_may_say_any_nonsense_of_how_long_to_wait(wait: str) -> None:
    assert "later" in seen(answer=fetched(status=429, retry_after=wait)).reason


# ---------------------------------------------------------------- the picture

HERE, THERE = "https://cdn.example/v/1.jpg?sig=a", "https://cdn.example/v/2.jpg"


def test_the_picture_is_still_there() -> None:
    look = seen(hits=(Hit(HERE, 4),), compared=3, ours=2)
    assert (look.seen, look.distance, look.found) == ("same", 4, HERE)
    assert "4 of 256" in look.reason
    assert look.sha256 == "5" * 64


def test_another_host_or_query_is_the_same_place_and_another_file_is_not() -> None:
    before = "https://cdn2.example/v/1.jpg?sig=b"
    assert seen(hits=(Hit(HERE, 0),), compared=1, ours=1, before=before).seen == "same"
    assert seen(hits=(Hit(THERE, 0),), compared=1, ours=1, before=before).seen == "elsewhere"
    assert seen(hits=(Hit(THERE, 0), Hit(HERE, 9)), compared=2, ours=1, before=before).found == HERE


def test_the_picture_decides_whatever_the_page_says_of_itself() -> None:
    assert seen(answer=fetched(status=404), hits=(Hit(HERE, 0),), compared=1, ours=1).seen == "elsewhere"
    sorry = page("<title>Sorry, this page isn't available.</title>")
    assert seen(sorry, hits=(Hit(HERE, 0),), compared=1, ours=1).seen == "same"


def test_other_pictures_tell_that_it_was_replaced_only_where_it_was_seen_before() -> None:
    assert seen(compared=3, ours=1, before=HERE).seen == "replaced"
    assert seen(compared=3, ours=1).seen == "unknown"
    assert seen(compared=0, ours=1, before=HERE).seen == "unknown"
    assert "No picture is kept" in seen(compared=0, ours=0).reason


PDQ = Signal("pdq", "0" * 64, 100, "none")


def near(bits: int, quality: int = 100) -> Signal:
    return Signal("pdq", f"{(1 << bits) - 1:064x}", quality, "none")


def test_31_bits_are_the_same_picture_and_32_another() -> None:
    assert looks.nearest([PDQ], [near(31)]) == 31
    assert looks.nearest([PDQ], [near(32)]) is None
    assert looks.nearest([near(20), PDQ], [near(12), near(25)]) == 5
    assert looks.nearest([], [PDQ]) is None


def test_a_weak_hash_is_not_matched_by_and_the_very_same_bytes_always_are() -> None:
    flat = near(0, quality=49)
    assert looks.nearest([PDQ], [flat]) is None
    assert looks.nearest([flat], [PDQ]) is None
    sha = Signal("sha256", "a" * 64)
    assert looks.nearest([flat, sha], [flat, sha]) == 0
    assert looks.nearest([sha], [Signal("md5", "a" * 32)]) is None


def test_what_is_kept_of_a_look_holds_no_hash_of_a_picture() -> None:
    data = seen(hits=(Hit(HERE, 4),), compared=3, ours=2).data("2026-11-24T12:00:00+00:00")
    assert data == {
        "url": ITEM, "at": "2026-11-24T12:00:00+00:00", "by": "watch", "seen": "same", "distance": 4, "status": 200,
        "sha256": "5" * 64, "found": HERE, "reason": "The picture was found (4 of 256 parts of its pattern differ).",
    }  # fmt: skip


def test_every_answer_has_its_words() -> None:
    from takeback import clock

    assert tuple(looks.WORDS) == clock.SEEN
    assert looks.FOUND == clock.THERE


# ---------------------------------------------------------------- only the status


@pytest.mark.parametrize(
    ("status", "end", "what"),
    [(200, ITEM, "unknown"), (404, ITEM, "gone"), (200, "https://www.instagram.com/accounts/login/", "login"), (403, ITEM, "unknown")],
)  # fmt: skip
def test_where_no_page_may_be_opened_the_status_is_all_there_is(status: int, end: str, what: str) -> None:
    look = looks.status_only(places.read(ITEM, CONTACTS), fetched(at=end, status=status), CONTACTS)
    assert (look.seen, look.status, look.sha256, look.distance) == (what, status, "", None)
