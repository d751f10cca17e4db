"""The chain names everything done behind its back; the state is computed, with every earlier version kept."""

import dataclasses
import hashlib
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import casework, custody, errors
from takeback.permit import Permit
from takeback.terms import Account, Address, Event, Situation

START = datetime(2026, 5, 1, 9, tzinfo=UTC)


def chain(count=5, case="c1"):
    links, head = [], custody.Head()
    for number in range(count):
        links.append(custody.link(case, head, f"sealed {number}".encode()))
        head = casework.head(links)
    return links


def said(links, expected=None):
    with pytest.raises(errors.CaseBroken) as broken:
        casework.check(links, expected)
    return {(problem.file, problem.what.split(":")[0]) for problem in broken.value.details}


def happened(sequence, what, **data):
    return Event(sequence, START + timedelta(days=sequence), "person", what, data)


# ---------------------------------------------------------------- the chain


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_a_whole_chain_is_accepted(bodies):
    links, head = [], custody.Head()
    for body in bodies:
        links.append(casework.link("c1", head.sequence + 1, body, head.hash))
        head = casework.head(links)
    casework.check(links, head)
    casework.check(links)


def test_a_dropped_event_is_named():
    links = chain()
    assert said(links[:2] + links[3:]) == {("event 3", "is missing")}


def test_a_dropped_first_event_is_named():
    assert ("event 1", "is missing") in said(chain()[1:])


def test_reordered_events_are_named():
    one, two, three, *rest = chain()
    assert said([one, three, two, *rest]) == {("event 2", "is out of order")}


def test_a_replaced_event_is_named():
    links = chain()
    links[2] = dataclasses.replace(links[2], sealed=b"another")
    assert said(links) == {("event 3", "was replaced")}


def test_a_replaced_last_event_is_named_from_the_head():
    links = chain()
    head = casework.head(links)
    links[-1] = dataclasses.replace(links[-1], sealed=b"another")
    assert said(links, head) == {("event 5", "was replaced")}


def test_a_cut_off_end_is_named_from_the_head():
    links = chain()
    assert said(links[:3], casework.head(links)) == {("event 4", "is missing"), ("event 5", "is missing")}


def test_a_case_emptied_is_named_from_the_head():
    assert len(said([], casework.head(chain()))) == 5


def test_a_repeated_event_is_named():
    links = chain()
    assert ("event 2", "is there twice") in said([*links[:2], links[1], *links[2:]])


def test_an_event_of_another_case_is_named():
    links = chain()
    links[4] = dataclasses.replace(links[4], case="c2")
    assert said(links) == {("event 5", "belongs to another case")}


def test_every_problem_is_named_at_once():
    links = chain(8)
    links[1] = dataclasses.replace(links[1], sealed=b"another")
    assert said([*links[:4], *links[5:]]) == {("event 2", "was replaced"), ("event 5", "is missing")}


@given(st.integers(0, 4), st.sampled_from(["case", "sequence", "sealed", "previous"]))
def test_any_changed_field_breaks_the_chain(place, field):
    links = chain()
    head = casework.head(links)
    other = {"case": "c2", "sequence": 9, "sealed": b"another", "previous": "f" * 64}[field]
    links[place] = dataclasses.replace(links[place], **{field: other})
    with pytest.raises(errors.CaseBroken):
        casework.check(links, head)


def test_a_huge_sequence_number_costs_nothing():
    links = chain()
    links[4] = dataclasses.replace(links[4], sequence=10**12)
    with pytest.raises(errors.CaseBroken):
        casework.check(links, custody.Head(10**12, "f" * 64))


def test_a_link_can_be_made_by_hand():
    link = chain()[3]
    sealed = hashlib.sha256(link.sealed).hexdigest()
    script = 'printf "takeback link 1\\n%s\\n%s\\n%s\\n%s\\n" "$@" | sha256sum'
    arguments = ["sh", "-c", script, "sh", link.case, str(link.sequence), link.previous, sealed]
    by_hand = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.split()[0]
    assert by_hand == chain()[4].previous


# ---------------------------------------------------------------- state


def test_a_correction_is_a_new_version_and_the_earlier_one_stays():
    events = [
        happened(1, "opened"),
        happened(2, "words", **casework.words_data(Account(words="on Monday"))),
        happened(3, "words", **casework.words_data(Account(words="on Tuesday"))),
    ]
    now = casework.state(events, START + timedelta(days=9))
    assert now.account.words == "on Tuesday"
    assert [version.value.words for version in now.words] == ["on Monday", "on Tuesday"]
    assert casework.state(events, START + timedelta(days=2)).account.words == "on Monday"


def test_answers_come_back_as_they_were():
    given = Situation({"intimate": "no", "harm": ("fear", "money"), "count": 3}, frozenset({"under18_real"}))
    event = casework.decode(casework.encode(happened(1, "answers", **casework.answers_data(given))), 1)
    assert casework.state([event], event.at).situation == given


def test_addresses_are_listed_once_with_their_latest_words():
    events = [
        happened(1, "address", **casework.address_data(Address("a1", url="https://example.org/1"))),
        happened(2, "address", **casework.address_data(Address("a2", account="@someone"))),
        happened(3, "address", **casework.address_data(Address("a1", url="https://example.org/1", seen_at="3 May"))),
    ]
    state = casework.state(events, START + timedelta(days=9))
    assert [(one.id, one.seen_at) for one in state.where] == [("a1", "3 May"), ("a2", "")]
    assert len(state.addresses) == 3


def exhibit_data(ref, **answers):
    hashes = {"sha256": "0" * 64, "sha512": "0" * 128, "size": 1, "received_at": START.isoformat()}
    names = {"ref": ref, "blob": "b", "origin": "", "original_name": "", "kind": "jpeg"}
    return {**hashes, **names, "permit": answers or {"intimate": "no"}}


def test_a_withdrawn_exhibit_is_no_longer_listed_and_its_reference_is_not_reused():
    events = [happened(1, "exhibit", **exhibit_data("AB/1")), happened(2, "exhibit", **exhibit_data("AB/2"))]
    events.append(happened(3, "withdrawn", ref="AB/1"))
    state = casework.state(events, START + timedelta(days=9))
    assert [one.ref for one in state.exhibits] == ["AB/2"]
    assert state.next_ref() == "AB/3"
    assert isinstance(state.exhibits[0].permit, Permit)


def test_an_exhibit_of_a_childs_picture_cannot_come_out_of_a_case():
    with pytest.raises(errors.Refused):
        casework.state(
            [happened(1, "exhibit", **exhibit_data("AB/1", intimate="yes", under18_real="yes"))],
            START + timedelta(days=9),
        )


def test_only_known_kinds_of_events_are_written_and_read():
    with pytest.raises(errors.BadInput):
        casework.encode(happened(1, "verdict"))
    newer = casework.encode(happened(1, "opened")).replace(b'"opened"', b'"verdict"')
    with pytest.raises(errors.BadInput):
        casework.decode(newer, 1)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(errors.BadInput):
        casework.encode(Event(1, datetime(2026, 5, 1), "person", "opened", {}))  # noqa: DTZ001


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"at": 1}', b"\xff", b'{"at": "2026-05-01", "actor": "a", "what": "opened", "data": 3}'],
)
def test_a_body_that_is_no_event_is_one_sentence(body):
    with pytest.raises(errors.BadInput):
        casework.decode(body, 1)
