"""Letters: each says what it is for and no more; what was left out is left out; a child's sheet says only where."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdf
import pytest

from takeback import documents, packs, papers, permit, triage
from takeback.terms import Account, Address, Event, Given, Incident, Paper, Situation

PACKS = packs.load()
AT = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
ADULT = {"intimate": "yes", "under18_real": "no", "under18_look": "no", "role": "depicted"}
STORY = Account(
    words="A friend rang me on Friday.\n\nShe had seen a picture.\nIt has my face.",
    me="Sam Example",
    contact="sam@example.org",
    accused="I think it was Alex, because of a message the day before.",
    impact="I have not slept.",
    signature="Sam E",
)
PLACE = Address("1", "https://example.com/p/1", "@someone", "Friday evening", "a naked picture of me")
FILE = permit.Exhibit(
    "AB/1", "blob-1", "a" * 64, "b" * 128, 123_456, AT, "my own phone", "IMG_1.jpg", "jpeg",
    permit.ask(Situation(ADULT)),
)  # fmt: skip
EVENTS = [
    Event(1, AT, "person", "opened", {}),
    Event(2, AT, "person", "exhibit", {"ref": "AB/1", "pdq": "f" * 64}),
    Event(3, AT, "person", "package", {}),
]
GRID = hashlib.sha256(b"case").digest()

LABELS = re.compile(
    r"\b(offen[cs]e|guilty|illegal|crime|criminal|victim|unlawful|law|act \d{4}|s\.\d+)\b", re.IGNORECASE
)


def police(answers: dict, account: Account = STORY, files: tuple = (FILE,), places: tuple = (PLACE,)) -> Paper:
    return papers.police_account(Given(Situation(answers), account), PACKS, files, places)


def text(paper: Paper) -> str:
    return documents.text(paper.letter, paper.data)


def pages(paper: Paper) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(documents.render(paper.letter, paper.data, AT)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


# ---------------------------------------------------------------- the police account


def test_a_first_account_holds_their_words_in_numbered_paragraphs() -> None:
    found = text(police(ADULT))
    assert "1. A friend rang me on Friday.\n2. She had seen a picture.\n   It has my face." in found
    assert "4. I think it was Alex" in found
    assert "5. I have not slept." in found


def test_a_first_account_says_what_where_when_and_which_exhibits() -> None:
    found = text(police({**ADULT, "shared_on": "2026-11-20"}))
    assert "https://example.com/p/1; account @someone; seen Friday evening; a naked picture of me" in found
    assert "When was it sent, shown or posted? 2026-11-20" in found
    assert "AB/1: IMG_1.jpg, received 24 November 2026, 07:31 UTC, from my own phone." in found
    assert "a" * 64 in found


def test_a_first_account_holds_no_law_finding_or_label_of_ours() -> None:
    whole = {**ADULT, "consent_share": "no", "shared": "yes", "threat_share": "yes", "demand": ("money-or-property",)}
    for answers in (whole, {**whole, "under18_real": "yes"}):
        found = text(police(answers))
        assert not LABELS.search(found)
        assert not any(law in found for law in PACKS.laws)
        assert "You told us" not in found


def test_whom_they_suspect_stands_as_their_own_belief() -> None:
    found = text(police(ADULT))
    assert found.index("Who I believe did this") < found.index("Alex")
    assert found.count("Alex") == 1


def test_the_contact_details_stand_on_the_last_sheet_alone() -> None:
    *account, sheet = pages(police(ADULT))
    assert "Sam Example" in sheet
    assert "sam@example.org" in sheet
    assert "not part of the account" in sheet
    assert not any("Sam Example" in page or "sam@example.org" in page for page in account)


def test_every_page_says_that_it_is_a_draft_and_may_be_disclosed() -> None:
    long = replace(STORY, words="\n\n".join(["Then this happened."] * 200))
    found = pages(police(ADULT, long))
    assert len(found) > 3
    assert all("Draft. Versions may have to be disclosed." in page for page in found)


def test_what_was_left_out_leaves_no_heading_behind() -> None:
    found = text(police(ADULT, Account(words="Only this."), (), ()))
    assert found.startswith(
        "A first account for the police\n\nDraft. Versions may have to be disclosed.\n\n"
        "What happened\n1. Only this.\n\nDeclaration\n"
    )
    assert "Contact sheet" not in found


def test_the_declaration_is_left_for_an_officer() -> None:
    found = text(police(ADULT))
    declared = found[found.index("Declaration") : found.index("Contact sheet")]
    assert "signed in front of an officer" in declared
    assert not re.search(r"\b(true|belief|swear|perjury|prosecution)\b", declared)
    assert "Sam" not in declared
    assert "Declaration" not in text(police({**ADULT, "under18_real": "yes"}))


def test_every_statement_of_an_account_has_a_number_of_its_own() -> None:
    diary = (Incident("1", "2026-05-03", "in the evening", "He wrote again."),)
    given = Given(Situation({**ADULT, "shared_on": "2026-11-20"}), STORY)
    found = text(papers.police_account(given, PACKS, (FILE,), (PLACE,), diary))
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", found, re.MULTILINE)]
    assert numbers == list(range(1, 9))
    assert "3. 3 May 2026, in the evening:\n   He wrote again." in found


YOUNG = [
    {"under18_real": "yes"},
    {"under18_real": "no", "under18_look": "yes"},
    {"role": "depicted", "victim_age_band": "13-15"},
    {"role": "parent", "victim_age_band": "under13"},
]


@pytest.mark.parametrize("age", YOUNG)
def test_under_18_there_is_only_a_contact_sheet(age: dict) -> None:
    paper = police({"intimate": "yes", "indecent": "yes", **age, "shared_on": "2026-11"})
    assert paper.letter == "police-contact"
    found = text(paper)
    for kept in ("https://example.com/p/1", "@someone", "Sam Example", "sam@example.org", "2026-11"):
        assert kept in found
    for left in ("friend", "picture of me", "naked", "Alex", "slept", "AB/1", "IMG_1", "a" * 64, "sexual", "StopNCII"):
        assert left not in found
    assert not set(paper.data) & {"words", "accused", "impact", "exhibits"}


# ---------------------------------------------------------------- a package's summary


def summary(**changes: object) -> Paper:
    given = {"exhibits": [FILE], "addresses": [PLACE], "events": EVENTS, "made_at": AT, "grid": GRID}
    return papers.summary(**(given | changes))


def test_a_summary_says_what_it_proves_and_what_it_does_not() -> None:
    found = " ".join(pages(summary()))
    assert "by the clock of the computer that made it" in found
    assert "Who made the files, where they came from, or whether what they show is true." in found
    assert "unchanged since the time in the stamp, if there is a folder named" in found


def test_a_summary_says_that_files_are_withheld() -> None:
    assert "The files themselves are not in this package." in " ".join(pages(summary(withheld=True)))
    assert "The files themselves are not in this package." not in " ".join(pages(summary()))


def test_a_summary_lists_exhibits_places_and_what_was_done_in_order() -> None:
    found = " ".join(pages(summary()))
    for said in ("AB/1: IMG_1.jpg", "jpeg, 123.5 kB", "https://example.com/p/1", "07:31 UTC"):
        assert said in found
    assert "a" * 64 in found.replace(" ", "")
    assert found.index("The case was begun.") < found.index("A file was kept") < found.index("A package was made.")


def test_a_summary_holds_no_pdq_and_no_answers() -> None:
    pdf = documents.render(summary().letter, summary().data, AT)
    assert "f" * 64 not in " ".join(pages(summary()))
    assert "pdq" not in str(summary().data).lower()
    assert "blob-1" not in str(summary().data)
    assert pdf.startswith(b"%PDF-")


def alternatives(pdf: bytes) -> set[str]:
    """Every text that stands for a picture."""
    reader, found = pypdf.PdfReader(io.BytesIO(pdf)), set()
    todo = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        node = todo.pop().get_object()
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            found |= {str(node["/Alt"])} if "/Alt" in node else set()
            todo += [node["/K"]] if "/K" in node else []
    return found


def test_the_grid_has_words_for_those_who_cannot_see_it() -> None:
    (words,) = alternatives(documents.render(summary().letter, summary().data, AT))
    assert "stands for this case" in words
    assert "nothing of any picture" in words


def test_an_empty_package_has_no_empty_headings() -> None:
    found = " ".join(pages(summary(exhibits=[], addresses=[], events=[])))
    for heading in ("Exhibits", "Where it was", "What was done"):
        assert heading not in found


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (5 * 10**12, "5000.0 GB")]
)
def test_a_size_is_said_as_a_person_says_it(count: int, said: str) -> None:
    assert papers.size(count) == said


# ---------------------------------------------------------------- the plan


def plan(answers: dict) -> Paper:
    situation = Situation(answers)
    return papers.plan(triage.triage(situation, PACKS, date(2026, 11, 24)), PACKS, situation)


WHOLE = {
    **ADULT, "media": ("image",), "shared": "yes", "online": "yes", "consent_share": "no", "consent_create": "no",
    "victim_nation": "england-wales", "suspect_nation": "england-wales", "shared_on": "2026-11-20",
    "source_kind": "computer-made", "photoreal": "yes", "belief_consent": "no", "shown_only_to_victim": "no",
    "ordinary_public": "no", "prior_public_consent": "no", "reasonable_excuse": "no",
}  # fmt: skip


def test_a_plan_prints_every_route_in_order_with_how_to_reach_it() -> None:
    drawn = triage.triage(Situation(WHOLE), PACKS, date(2026, 11, 24))
    found = " ".join(pages(plan(WHOLE)))
    at = [found.index(route.name + " " + route.because[:20]) for route in drawn.routes]
    assert at == sorted(at)
    assert "Time limit: 48 hours" in found
    assert "Help without reporting to the police" in found


def test_a_plan_says_may_be_against_the_law_with_the_law_it_means() -> None:
    drawn = triage.triage(Situation(WHOLE), PACKS, date(2026, 11, 24))
    found = " ".join(pages(plan(WHOLE)))
    may = [finding for finding in drawn.findings if finding.status == "may_apply"]
    assert may
    assert all(finding.cite in found and finding.title in found for finding in may)
    assert "may be against the law" in found
    assert not any(finding.law in found for finding in drawn.findings)


def test_what_is_unlikely_stays_off_paper() -> None:
    drawn = triage.triage(Situation(WHOLE), PACKS, date(2026, 11, 24))
    listed = str(plan(WHOLE).data["may"]) + str(plan(WHOLE).data["open"])
    assert not any(finding.title in listed for finding in drawn.findings if finding.status == "unlikely")


def test_a_plan_for_someone_in_danger_begins_with_it() -> None:
    assert "Someone may be in danger." in pages(plan({"danger_now": "yes"}))[0]
    assert "Someone may be in danger." not in pages(plan(WHOLE))[0]


def test_a_childs_plan_names_nothing_that_is_only_for_adults() -> None:
    young = {"role": "depicted", "victim_age_band": "13-15", "intimate": "yes", "indecent": "yes", "shared": "yes"}
    assert "StopNCII" not in " ".join(pages(plan(young)))


def test_a_plan_says_what_to_save_and_what_not_to_do_and_a_childs_plan_saves_no_picture() -> None:
    found = " ".join(pages(plan(WHOLE)))
    assert "The full address of each post." in found
    assert "Do not delete the chat" in found
    assert found.index("what to save") < found.index("What to do, in this order")
    young = {"role": "depicted", "victim_age_band": "13-15", "intimate": "yes", "shared": "yes"}
    for child in " ".join(pages(plan(young))), "\n".join(map(str, plan(young).data["saving"])):
        assert "Never save, copy, print or send the picture." in child
        assert "A picture of the whole screen" not in child


def test_a_plan_with_nothing_answered_still_prints() -> None:
    assert "Your plan" in pages(plan({}))[0]


# ---------------------------------------------------------------- all of them


def test_every_field_of_a_letter_is_filled_by_somebody() -> None:
    for slug, pack in PACKS.notices.items():
        wordings = documents.wordings(slug)
        asked = {field for w in wordings for field in w.fields}
        places = set() if pack.addressee else {"places"}  # what goes to no site names no places
        assert set(pack.fields) | places <= asked <= set(pack.fields) | places | {"day", "what", "sites"}
        assert {block.id for block in pack.blocks} <= {w.name for w in wordings}
    for answers in (ADULT, {"under18_real": "yes"}):
        paper = police(answers)
        assert {field for w in documents.wordings(paper.letter) for field in w.fields} == set(paper.data)


def test_no_letter_blames_shouts_or_promises() -> None:
    for path in documents.LETTERS.iterdir():
        words = re.sub(r"(?m)^(#|//).*$", "", path.read_text())
        if path.suffix == ".txt":
            assert "!" not in words
        for word in ("victim", "fingerprint", "no crime", "too late", "guilty", "revenge"):
            assert word not in words.lower(), path.name
