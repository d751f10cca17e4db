"""The page that Takeback grew from, sentence by sentence: every topic, organisation and promise has its place here.

A police force's page on deepfakes names the kinds that may be against the law, and sends people on: to the sites, to the
National Cyber Security Centre, to what to expect, to support without a report, to five organisations. Each row quotes
what it says and names what answers it; each answer has to work: a law in force, a page that says it, a contact that can
be tapped, a route that comes up when somebody needs it.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from conftest import ON

from takeback import packs, places, rules, triage
from takeback.pack_terms import KINDS
from takeback.terms import Situation
from takeback.web import pages, shown

KNOWN = packs.load()


class Row(NamedTuple):
    """What the page says, and what answers it here."""

    quote: str
    pages: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    answers: dict[str, str | tuple[str, ...]] = {}  # noqa: RUF012  read, never written


ADULT = {"role": "depicted", "victim_age_band": "18plus", "victim_nation": "england-wales"}
CHILD = {"role": "depicted", "victim_age_band": "13-15", "victim_nation": "england-wales"}

TABLE = (
    Row("this could be of you or someone you know", ("index", "guide-witness", "guide-telling"),
        ("If someone made a fake of you", "If you saw it", "How to tell someone")),
    Row("share or threaten to share intimate photos or videos of someone without their permission",
        ("guide-intimate",), ("threatening to share it",), ("revenge-porn-helpline",),
        ("RT-PLATFORM48", "RT-RPH", "RT-101"),
        {**ADULT, "about": ("intimate",), "intimate": "yes", "shared": "yes", "online": "yes",
         "consent_share": "no", "media": ("image",), "under18_real": "no"}),
    Row("make, share and possess indecent photographs … of someone who is under 18",
        ("guide-under-18", "guide-under-18-young"), ("You are not in trouble", "Report Remove"), ("childline", "ceop", "iwf"),
        ("RT-REPORTREMOVE", "RT-CHILDLINE", "RT-CEOP"),
        {**CHILD, "about": ("under-18",), "intimate": "yes", "indecent": "yes"}),
    Row("threatening and designed to stir up hatred … calling for violence",
        ("guide-hate",), ("call 999",), ("police-101",), ("RT-101", "RT-TRUEVISION"), {**ADULT, "about": ("hate",)}),
    Row("to trick you … taking your money", ("guide-fraud", "guide-after-paying", "money"),
        ("13 months", "Call your bank"), ("bank-159", "report-fraud"), ("RT-BANK", "RT-REPORTFRAUD"),
        {**ADULT, "role": "deceived", "about": ("fraud",), "dishonest_gain": "yes", "money_sent": "yes"}),
    Row("or learning private information about you", ("guide-after-information",),
        ("After you gave away private information",), ("cyber-helpline",), ("RT-REPORTFRAUD",),
        {**ADULT, "about": ("fraud",), "info_only": "yes"}),
    Row("False communications … knows this is false and they want to cause serious harm",
        ("guide-false",), ("Whoever sent it knew that it was not true",), (), ("RT-101", "RT-PLATFORM"),
        {**ADULT, "about": ("false",), "false_known": "yes", "harm_intended": "yes", "online": "yes"}),
    Row("terrorism and violent extremism you should report this to the police",
        ("guide-terrorism",), ("Do not save it",), ("act-terrorism",), ("RT-CT", "RT-101"),
        {**ADULT, "about": ("terrorism",), "terror": "yes"}),
    Row("repeatedly doing something … alarmed, distressed, threatened or unsafe",
        ("guide-harassment",), ("again and again",), ("national-stalking-helpline",), ("RT-101", "RT-DA"),
        {**ADULT, "about": ("harassment",), "stalking_signs": "yes", "alarm_caused": "yes"}),
    Row("used to blackmail you … this is called Sextortion", ("guide-blackmail", "threatened"),
        ("sextortion", "You are not in trouble"), ("revenge-porn-helpline", "childline"), ("RT-101", "RT-RPH"),
        {**ADULT, "about": ("blackmail",), "threat_share": "yes", "intimate": "yes"}),
    Row("alarming, distressing or embarrassing … it takes courage", ("guide-telling", "guide-reporting"),
        ("This was done to you", "It is your choice"), ("samaritans",), ("RT-SAM",), ADULT),
    Row("things you can expect from the police", ("guide-reporting", "guide-rights"),
        ("What they will ask", "What mostly happens next", "within 5 days, or 1 day"), ("police-101",), ("RT-101",), ADULT),
    Row("their accounts could be suspended or permanently deleted", ("guide-platforms",),
        ("close the account, for a while or for good",)),
    Row("report to the most popular social media platforms and what will happen next",
        ("guide-platforms", "help"), ("What happens next",),
        ("facebook", "instagram", "snapchat", "tiktok", "x", "youtube", "whatsapp", "reddit", "discord"), ("RT-PLATFORM",),
        {**ADULT, "about": ("harassment",), "online": "yes"}),
    Row("The National Cyber Security Centre has guidance on how to stay safe on social media",
        ("guide-settings", "guide-safety"), ("friends only", "2-step verification"), ("ncsc",)),
    Row("how to spot and report fake accounts", ("guide-fake-account",),
        ("How to spot one", "If it pretends to be you", "What happens next"), ("ncsc",)),
    Row("What to expect as a victim or witness of a crime",
        ("guide-rights", "guide-witness", "guide-court", "guide-review", "guide-scotland", "guide-northern-ireland"),
        ("Victims' Code", "as a witness", "A screen", "Right to Review", "Scotland", "Victim Charter")),
    Row("If you don’t want to report it to the police you can still get help",
        ("guide-without-police",), ("You do not have to report",),
        ("victim-support-ew", "victim-support-scotland", "victim-support-ni"), ("RT-VS",), ADULT),
    Row("support adult victims of intimate image abuse … including deepfakes", ("help", "guide-intimate"),
        ("Revenge Porn Helpline",), ("revenge-porn-helpline",), ("RT-RPH",),
        {**ADULT, "about": ("intimate",), "intimate": "yes", "shared": "yes", "online": "yes",
         "consent_share": "no", "media": ("image",), "under18_real": "no"}),
    Row("young people under 18 to get images and videos removed", ("under-18", "guide-under-18"),
        ("Report Remove", "Childline"), ("report-remove", "childline"), ("RT-REPORTREMOVE", "RT-CHILDLINE"),
        {**CHILD, "about": ("intimate",), "intimate": "yes"}),
    Row("taken of you when you were under 18 years old", ("guide-under-18",), ("Take It Down",),
        ("take-it-down-ncmec",), ("RT-TAKEITDOWN",), {**ADULT, "under18_real": "yes", "intimate": "yes"}),
    Row("A national reporting centre … reporting harmful content online", ("guide-site-said-no",),
        ("Who it is for", "What happens next"), ("report-harmful-content",), ("RT-RHC",),
        {**ADULT, "about": ("harassment",), "online": "yes"}),
    Row("threats, impersonation, bullying & harassment, self-harm or suicide, online abuse, violent content, "
        "unwanted sexual advances, pornographic content", ("guide-site-said-no",),
        ("Threats:", "Impersonation:", "Bullying and harassment:", "Self-harm or suicide:", "Online abuse:",
         "Violent content:", "Unwanted sexual advances:", "Pornographic content:")),
    Row("free, expert advice and help for victims of cybercrime, digital fraud and online harm", ("help", "guide-safety"),
        ("Cyber Helpline",), ("cyber-helpline",), ("RT-CYBERHELP",), {**ADULT, "account_access": "yes"}),
)  # fmt: skip


def words_of(names: tuple[str, ...]) -> str:
    found = [pages.render(f"{name}.html", known=KNOWN, on=ON) for name in names]
    assert all(found), names
    return " ".join(" ".join(page.split()).replace("&#39;", "'") for page in found if page)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.quote[:48])
def test_what_the_page_says_has_a_page_here_that_says_it(row: Row) -> None:
    text = words_of(row.pages)
    assert [said for said in row.says if said.lower() not in text.lower()] == []


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.quote[:48])
def test_whom_the_page_names_can_be_reached_from_here(row: Row) -> None:
    help_page = words_of(("help",))
    for name in row.contacts:
        contact = KNOWN.contacts[name]
        assert contact.ended is None
        assert any(way.offered for way in contact.ways) or contact.reports, name
        assert f'id="{name}"' in help_page


@pytest.mark.parametrize("row", [row for row in TABLE if row.routes], ids=lambda row: row.quote[:48])
def test_the_plan_leads_there_when_somebody_needs_it(row: Row) -> None:
    told = rules.settle(Situation(dict(row.answers)), KNOWN.settles)
    open_now = [route.id for route in triage.open_routes(told, KNOWN)[0]]
    assert [route for route in row.routes if route not in open_now] == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_the_eight_kinds_has_a_law_in_force_in_england_and_wales(kind: str) -> None:
    laws = [law for law in KNOWN.laws.values() if kind in law.kinds and law.nation in ("EW", "UK")]
    assert [law.id for law in laws if (v := shown.in_force(law, ON)) and v.start_verified]


@pytest.mark.parametrize("harm", places.HARM_WORDS)
def test_each_harm_that_a_site_is_told_of_has_somewhere_to_report_it(harm: str) -> None:
    assert [c.id for c in KNOWN.contacts.values() for report in c.reports if harm in report.harms and report.offered]


def test_what_happens_next_is_said_for_the_biggest_sites() -> None:
    page = words_of(("help",))
    assert page.count("What happens next:") >= 10
