"""The people to turn to: every number is checked or is no button, and no wrong one is anywhere."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from takeback import contact_table, packs

CONTACTS = packs.load().contacts
ROOT = Path(str(files("takeback")))
DATA = [
    path for folder in ("packs", "contacts") for path in ROOT.glob(f"{folder}/**/*.toml") if path.stem != "forbidden"
]
HARMS = {"intimate", "under-18", "impersonation", "harassment", "hate", "scam", "manipulated", "copyright"}

FORBIDDEN = packs.load().forbidden


def test_what_the_second_reading_struck_out_is_forbidden():
    assert {"0808 802 9999", "0808 80 10 100", "chat.womensaid.org.uk", "149423"} <= {one.text for one in FORBIDDEN}
    assert len(FORBIDDEN) == 19


@pytest.mark.parametrize("one", FORBIDDEN, ids=lambda one: one.text)
def test_a_dead_number_or_address_stands_nowhere_however_it_is_spaced(one):
    pattern = re.compile(r"(?<!\d)" + r"\s*".join(map(re.escape, one.text.replace(" ", ""))) + r"(?!\d)")
    assert not [path.name for path in DATA if pattern.search(path.read_text("utf-8").lower())]


def offered():
    return [(c, way) for c in CONTACTS.values() for way in c.ways if way.offered]


def test_a_number_that_nobody_checked_is_no_button():
    for contact, to in [
        ("rape-crisis-ew", "0808 500 2222"), ("victim-support-scotland", "0800 160 1985"),
        ("mwn-helpline", "0800 999 5786"), ("lifeline-ni", "0808 808 8000"), ("hourglass", "0808 808 8141"),
        ("revenge-porn-helpline", "help@revengepornhelpline.org.uk"), ("posh", "0344 381 4772"),
        ("true-vision", "https://www.report-it.org.uk"),
    ]:  # fmt: skip
        way = next(w for w in CONTACTS[contact].ways if w.to == to)
        assert not way.offered, to


def test_what_is_tapped_is_a_number_an_address_or_a_mailbox():
    shapes = {
        "phone": r"\+?\d[\d ]+", "text": r"\d[\d ]+", "email": r"\S+@\S+\.\S+",
        "web": r"https://\S+", "chat": r"https://\S+", "relay": r"(\d[\d ]+|https://\S+)",
    }  # fmt: skip
    for contact, way in offered():
        assert re.fullmatch(shapes[way.by], way.to), (contact.id, way.to)


def test_a_closed_chat_is_not_offered_and_its_closing_is_said():
    womens_aid = CONTACTS["womens-aid-england"]
    assert {way.by for way in womens_aid.ways} == {"web"}
    assert "closed on 31 July 2025" in womens_aid.note


def test_wales_has_the_number_that_wales_prints():
    assert ("phone", "0808 80 10 800") in {(w.by, w.to) for w in CONTACTS["live-fear-free"].ways if w.offered}


@pytest.mark.parametrize("contact", ["nspcc", "mens-advice-line", "galop"])
def test_where_sources_disagree_on_hours_it_says_check(contact):
    assert CONTACTS[contact].hours_grade == "conflict"
    assert "check" in CONTACTS[contact].hours


@pytest.mark.parametrize("contact", ["revenge-porn-helpline", "report-fraud", "bank-159", "ico", "posh"])
def test_a_call_that_costs_is_not_called_free(contact):
    assert "costs the same as a normal call" in CONTACTS[contact].cost


@pytest.mark.parametrize(
    ("contact", "field", "words"),
    [
        ("ceop", "anonymous", "no: you have to give your name"),
        ("ceop", "note", "Not for bullying"),
        ("samaritans", "note", "few exceptions"),
        ("vimeo", "note", "shows a privacy claim to the person who put the video up"),
        ("cloudflare", "note", "sends your report to the people who run the site"),
        ("huggingface", "note", "everyone can read"),
        ("whatsapp", "note", "Save first"),
        ("hinge", "note", "Save first"),
        ("take-it-down-ncmec", "note", "Never save a picture, or ask anyone for it"),
        ("report-remove", "note", "your choice"),
        ("report-fraud", "note", "Not for Scotland"),
        ("azar", "note", "Never send one if anyone in the picture is under 18"),
        ("emergency-999", "note", "does not tell them where you are"),
    ],
)
def test_a_danger_of_a_contact_is_said_beside_it(contact, field, words):
    assert words in getattr(CONTACTS[contact], field)


def test_no_public_report_is_offered_for_a_private_matter():
    assert [report.to for report in CONTACTS["huggingface"].reports] == ["safety@huggingface.co"]


# ---------------------------------------------------------------- platforms


def test_a_report_names_harms_of_the_closed_list():
    for contact in CONTACTS.values():
        for report in contact.reports:
            assert set(report.harms) <= HARMS, contact.id
            assert report.account in ("yes", "no", "not stated")


def test_48_hours_stand_only_where_the_platform_itself_says_so():
    with_law = {c.id for c in CONTACTS.values() for r in c.reports if r.law}
    assert with_law == {"x", "discord", "bluesky"}
    for contact in CONTACTS.values():
        for report in contact.reports:
            assert (report.law is None) == (report.within is None)
            assert report.law is None or report.grade == "own-page"


def test_no_two_contacts_own_the_same_domain():
    owners = [domain for contact in CONTACTS.values() for domain in contact.domains]
    assert len(owners) == len(set(owners))


def test_every_pattern_is_a_regular_expression_with_a_name():
    for contact in CONTACTS.values():
        for pattern in contact.patterns:
            assert re.compile(pattern).groupindex, (contact.id, pattern)


# ---------------------------------------------------------------- what stands in texts


def test_a_number_named_in_a_door_or_a_route_is_one_that_may_be_tapped():
    loaded = packs.load()
    good = {re.sub(r"\s", "", way.to) for _, way in offered()}
    texts = [text for door in loaded.doors for text in (*door.do, *door.do_not)]
    texts += [text for route in loaded.routes.values() for text in (route.what, route.next)]
    for text in texts:
        for number in re.findall(
            r"(?<![\d£,.])(?:999|101|111|159|7726|85258|18000|0[\d ]{8,}\d|116 123)(?![\d,])", text
        ):
            assert re.sub(r"\s", "", number) in good, (number, text)


# ---------------------------------------------------------------- the table of all of them


def test_the_table_of_contacts_is_current():
    page = (ROOT.parent / "docs" / "contacts.md").read_text("utf-8")
    assert page == contact_table.markdown(packs.load()), "run `make contacts`"


def test_every_report_and_every_way_stands_in_the_table_with_its_grade():
    page = contact_table.markdown(packs.load())
    for contact in CONTACTS.values():
        for one in (*contact.reports, *contact.ways):
            rows = [
                line
                for line in page.splitlines()
                if f"| {contact.name} |" in line and one.to.replace("|", "\\|") in line
            ]
            assert any(f"| {one.grade} |" in row for row in rows), (contact.id, one.to)


FACTS = """facebook instagram threads messenger whatsapp tiktok snapchat youtube x reddit discord telegram linkedin pinterest
twitch tumblr wordpress bluesky mastodon roblox onlyfans pornhub xvideos xhamster redgifs google-search bing-microsoft duckduckgo
yandex google-drive dropbox apple github huggingface civitai tinder hinge bumble signal vinted depop flickr cloudflare""".split()  # noqa: SIM905


def test_every_platform_of_the_facts_has_a_file():
    assert len(FACTS) == 43
    assert set(FACTS) <= set(CONTACTS)
    assert sum(one.kind in ("platform", "search", "host") for one in CONTACTS.values()) >= 42
    for one in CONTACTS.values():
        assert one.sources, one.id


def test_a_programme_is_a_removal_service_and_the_sites_of_the_facts_are_in_theirs():
    for contact in CONTACTS.values():
        assert all(CONTACTS[one].service for one in contact.programmes), contact.id
    part = {one: {c.id for c in CONTACTS.values() if one in c.programmes} for one in ("stopncii", "take-it-down-ncmec")}
    assert len(part["stopncii"]) == 12
    assert part["take-it-down-ncmec"] == part["stopncii"] - {"bumble", "bing-microsoft", "google-search"}
    assert "x" not in part["stopncii"]  # two old reports say so, and the list of 2026 does not
