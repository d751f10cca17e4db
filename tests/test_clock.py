"""The clock: from the receipt of a complete notice to overdue, removed, refused and back, in words; and time told right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as always
from hypothesis import strategies as st

from takeback import casework, clock, notices, packs, spans
from takeback.errors import BadInput
from takeback.terms import Event, Given, Situation

PACKS = packs.load()
LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
URL, OTHER = "https://www.instagram.com/p/Cq1/", "https://www.instagram.com/p/Cq2/"
ADULT = {"role": "depicted", "intimate": "yes", "under18_real": "no", "under18_look": "no", "media": ("image",)}


class Life:
    """A case's log, one event an hour unless told otherwise."""

    def __init__(self, letter: str = "uk-intimate-48h", urls: tuple[str, ...] = (URL,), **answers: object) -> None:
        self.events: list[Event] = []
        self.situation = Situation({**ADULT, **answers})
        self.at = START
        self.add("notice", hours=0, id="TB-1", letter=letter, site="Instagram", text="words", urls=list(urls))

    def add(self, what: str, *, hours: float | None = None, **data: object) -> int:
        """An event so many hours after the start; its own place in the log comes back."""
        self.at = self.at + timedelta(minutes=1) if hours is None else START + timedelta(hours=hours)
        self.events.append(Event(len(self.events) + 1, self.at, "person", what, data))
        return len(self.events)

    def receipt(self, hours: float, **data: object) -> int:
        at = (START + timedelta(hours=hours)).isoformat()
        return self.add("receipt", hours=hours, notice="TB-1", at=at, **data)

    def reply(self, hours: float, says: str, **data: object) -> int:
        at = (START + timedelta(hours=hours)).isoformat()
        return self.add("reply", hours=hours, notice="TB-1", at=at, says=says, **data)

    def look(self, hours: float, seen: str, url: str = URL, **data: object) -> int:
        return self.add(
            "look", hours=hours, url=url, at=(START + timedelta(hours=hours)).isoformat(), seen=seen, **data
        )

    def when(self, hours: float) -> clock.Tracked:
        at = START + timedelta(hours=hours)
        return clock.track(self.events, self.situation, at, PACKS, LONDON)[0]

    def state(self, hours: float) -> str:
        return self.when(hours).state


# ---------------------------------------------------------------- the life of a notice


def test_the_whole_life_of_a_notice_in_words() -> None:
    life = Life()
    assert life.state(0) == "drafted"
    life.receipt(1, reference="IG-77", how="form")
    assert life.state(1) == "due"
    assert life.when(1).due == START + timedelta(hours=49)
    assert life.when(1).reference == "IG-77"
    life.look(30, "same")
    assert life.state(48) == "due"
    assert life.state(49) == "due"  # the last moment is still in time
    assert life.state(49.01) == "overdue"
    life.look(50, "same")
    assert [look.at for look in life.when(51).seen_after_due] == [START + timedelta(hours=50)]
    life.reply(52, "refused", words="It breaks no rule of ours.")
    assert life.state(52) == "refused"
    life.look(60, "gone")
    assert life.state(60) == "removed"
    life.look(90, "same")
    assert life.state(90) == "reappeared"
    life.look(95, "gone")
    assert life.state(95) == "removed"
    assert [life.state(h) for h in (0, 2, 49.5, 53, 61, 91)] == [
        "drafted", "due", "overdue", "refused", "removed", "reappeared",
    ]  # fmt: skip


def test_no_state_says_that_anybody_broke_a_law() -> None:
    said = " ".join([*clock.STATES.values(), *(d.says for p in PACKS.notices.values() for d in p.duties)]).lower()
    for word in ("unlawful", "illegal", "breach", "broke", "guilty", "!"):
        assert word not in said


def test_every_state_can_be_reached_and_has_words() -> None:
    assert set(clock.STATES) == {"drafted", "sent", "due", "overdue", "removed", "refused", "reappeared"}


def test_nothing_that_happens_later_is_known_before() -> None:
    life = Life()
    life.receipt(1)
    life.look(60, "gone")
    assert life.state(59) == "overdue"


# ---------------------------------------------------------------- when the time runs


def test_a_notice_without_a_receipt_starts_no_clock() -> None:
    assert Life().when(500).due is None


def test_where_the_site_asks_for_more_the_time_runs_from_the_answer() -> None:
    life = Life()
    life.receipt(1)
    life.reply(10, "asks", words="Please send the exact address.")
    asked = life.when(11)
    assert (asked.state, asked.due, asked.asked_more) == ("sent", None, True)
    life.receipt(20, reference="second")
    answered = life.when(21)
    assert (answered.state, answered.due, answered.asked_more) == ("due", START + timedelta(hours=68), False)


def test_a_confirmation_that_comes_later_does_not_start_the_time_anew() -> None:
    life = Life()
    life.receipt(1)
    life.receipt(30, reference="IG-78")
    assert life.when(31).due == START + timedelta(hours=49)
    assert life.when(31).reference == "IG-78"


@pytest.mark.parametrize(
    "young",
    [
        {"under18_real": "yes"},
        {"under18_look": "yes"},
        {"victim_age_band": "16-17"},
        {"under18_look": None},  # nobody said
    ],
)
@pytest.mark.parametrize("letter", ["uk-intimate-48h", "us-take-it-down"])
def test_no_hours_are_promised_where_someone_may_be_under_18(letter: str, young: dict) -> None:
    life = Life(letter)
    told = {name: value for name, value in {**ADULT, **young}.items() if value is not None}
    life.situation = Situation(told)
    life.receipt(1)
    assert (life.state(100), life.when(100).duty) == ("sent", None)


def test_a_duty_holds_from_its_first_day_and_not_before() -> None:
    for day, state in ((28, "sent"), (29, "due")):
        at = datetime(2026, 6, day, 12, tzinfo=UTC)
        events = [
            Event(1, at, "person", "notice", {"id": "TB-1", "letter": "uk-intimate-48h", "urls": [URL]}),
            Event(2, at, "person", "receipt", {"notice": "TB-1", "at": at.isoformat()}),
        ]
        assert clock.track(events, Situation(ADULT), at, PACKS, LONDON)[0].state == state


def test_a_report_that_rests_on_no_law_has_no_time_limit() -> None:
    life = Life("platform-report")
    life.receipt(1)
    assert (life.state(999), life.when(999).due) == ("sent", None)


def test_every_duty_names_its_source() -> None:
    duties = [duty for pack in PACKS.notices.values() for duty in pack.duties]
    assert len(duties) >= 4
    assert all(duty.cite and duty.source and duty.says and spans.is_span(duty.within) for duty in duties)


# ---------------------------------------------------------------- several places, and what was seen


def test_several_places_on_one_site_are_down_when_all_of_them_are() -> None:
    life = Life(urls=(URL, OTHER))
    life.receipt(1)
    life.look(10, "gone")
    assert life.state(10) == "due"
    assert [spot.now for spot in life.when(10).spots] == ["gone", "unknown"]
    life.look(60, "same", OTHER)
    assert life.state(60) == "overdue"
    life.look(61, "soft-404", OTHER)
    assert life.state(61) == "removed"
    life.look(70, "elsewhere")
    assert life.state(70) == "reappeared"


@pytest.mark.parametrize("seen", ["login", "unknown", "something new"])
def test_a_page_that_told_nothing_changes_nothing(seen: str) -> None:
    life = Life()
    life.receipt(1)
    life.look(5, seen)
    assert life.state(60) == "overdue"
    life.look(61, "gone")
    life.look(62, seen)
    assert life.state(62) == "removed"


def test_where_the_site_says_that_it_is_down_that_counts_until_somebody_looks() -> None:
    life = Life()
    life.receipt(1)
    life.reply(20, "removed")
    assert life.state(21) == "removed"
    life.look(22, "same")
    assert life.state(22) == "reappeared"


def test_found_elsewhere_before_it_was_ever_gone_is_still_there() -> None:
    life = Life()
    life.receipt(1)
    life.look(60, "elsewhere")
    assert life.state(60) == "overdue"


def test_a_refusal_before_a_new_report_is_not_the_last_word() -> None:
    life = Life()
    life.receipt(1)
    life.reply(5, "refused")
    life.receipt(6)
    assert life.state(7) == "due"


# ---------------------------------------------------------------- undone


def test_a_correction_takes_an_entry_back_and_leaves_it_in_the_log() -> None:
    life = Life()
    wrong = life.receipt(1)
    life.look(2, "gone")
    seen = len(life.events)
    assert life.state(3) == "removed"
    life.add("correction", hours=4, of=seen, because="I looked at the wrong page.")
    assert life.state(4) == "due"
    life.add("correction", hours=5, of=wrong)
    assert life.state(5) == "drafted"
    assert life.state(3) == "removed"  # what was known then stays what was known then
    assert len(life.events) == 5


def test_a_correction_reaches_no_notice_and_no_correction() -> None:
    life = Life()
    receipt = life.receipt(1)
    undo = life.add("correction", hours=2, of=receipt)
    life.add("correction", hours=3, of=undo)
    life.add("correction", hours=4, of=1)
    assert life.state(5) == "drafted"


def test_events_of_an_earlier_or_a_broken_log_are_read_with_care() -> None:
    life = Life()
    life.add("notice", letter="uk-intimate-48h", fields={})  # words for a notice, not a notice
    life.add("receipt", notice="TB-1", at="yesterday")
    life.add("receipt", notice="TB-1", at="2026-11-20T10:00:00")  # without a zone: when it was written down counts
    life.add("reply", notice="TB-2", says="refused")
    life.add("look", url=URL, seen=None)
    found = clock.track(life.events, life.situation, START + timedelta(hours=5), PACKS, LONDON)
    assert [(one.id, one.state) for one in found] == [("TB-1", "due")]


def test_a_correction_is_an_event_that_a_case_keeps() -> None:
    event = Event(2, START, "person", "correction", {"of": 1})
    assert casework.decode(casework.encode(event), 2) == event


def test_what_asks_most_comes_first() -> None:
    late, calm = Life(), Life("platform-report")
    late.receipt(1)
    calm.receipt(1)
    found = [calm.when(60), late.when(60), Life().when(60)]
    assert [one.state for one in clock.by_urgency(found)] == ["overdue", "sent", "drafted"]


# ---------------------------------------------------------------- what the next letter is told


def told_at(life: Life, hours: float) -> dict[str, object]:
    return dict(clock.answers(life.when(hours), START + timedelta(hours=hours)))


def test_an_escalation_knows_when_the_site_was_told_and_what_came_of_it() -> None:
    life = Life()
    assert told_at(life, 0) == {"sent_what": ("uk-intimate-48h",)}
    life.receipt(1)
    told = told_at(life, 60)
    assert told == {
        "sent_what": ("uk-intimate-48h",), "reported_on": "2026-11-20", "site_answer": "no-answer", "time_over": "yes",
    }  # fmt: skip
    life.reply(61, "refused")
    assert told_at(life, 62)["site_answer"] == "refused"
    life.look(63, "gone")
    assert told_at(life, 63)["site_answer"] == "removed"


def fitting_at(life: Life, hours: float) -> set[str]:
    """The notices that fit once this one has lived so long."""
    told = Given(Situation({**life.situation.answers, "lives_in": "us", **told_at(life, hours)}))
    at = (START + timedelta(hours=hours)).date()
    return {one.law for one in notices.choose(told, PACKS, [URL], at) if one.fits}


@pytest.mark.parametrize("letter", ["us-take-it-down", "uk-intimate-48h"])
def test_what_the_law_counts_in_hours_opens_the_next_letter_at_the_hour(letter: str) -> None:
    life = Life(letter)
    life.receipt(1)
    assert not {"platform-appeal", "ftc"} & fitting_at(life, 49)  # the last moment is still in time
    assert "platform-appeal" in fitting_at(life, 49.01)
    assert ("ftc" in fitting_at(life, 49.01)) is (letter == "us-take-it-down")


def test_where_no_hours_are_promised_the_next_letter_waits_for_whole_days() -> None:
    life = Life("us-take-it-down", under18_look="yes")
    life.receipt(1)
    assert "time_over" not in told_at(life, 60)
    assert not {"platform-appeal", "ftc"} & fitting_at(life, 60)
    assert "platform-appeal" in fitting_at(life, 100)


def test_where_the_site_asked_for_more_its_hours_run_from_the_answer() -> None:
    life = Life("us-take-it-down")
    life.receipt(1)
    life.reply(10, "asks")
    life.receipt(20)
    assert told_at(life, 60)["time_over"] == "no"
    assert told_at(life, 68.01)["time_over"] == "yes"


def test_a_month_ends_where_the_person_is() -> None:
    life = Life("uk-gdpr-17")
    life.receipt(1, zone="Pacific/Auckland")
    assert life.when(2).due == datetime(2026, 12, 21, 23, 59, 59, tzinfo=ZoneInfo("Pacific/Auckland"))
    life = Life("uk-gdpr-17")
    life.receipt(1, zone="Nowhere/At-All")
    assert life.when(2).due == datetime(2026, 12, 21, 23, 59, 59, tzinfo=LONDON)  # the 20th is a Sunday


# ---------------------------------------------------------------- spans


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-20T09:00+00:00", "PT48H", "2026-11-22T09:00+00:00"),
        ("2026-10-24T12:00+01:00", "PT48H", "2026-10-26T11:00+00:00"),  # the clocks go back: still 48 hours
        ("2026-03-28T12:00+00:00", "PT48H", "2026-03-30T13:00+01:00"),  # and forward
        ("2026-11-20T23:30+00:00", "P7D", "2026-11-27T23:59:59+00:00"),
        ("2026-01-31T12:00+00:00", "P1M", "2026-03-02T23:59:59+00:00"),  # 28 February is a Saturday
        ("2026-11-24T12:00+00:00", "P1M", "2026-12-24T23:59:59+00:00"),
        ("2026-06-10T23:30+00:00", "P1D", "2026-06-12T23:59:59+01:00"),  # in London it was the 11th already
        ("2026-11-20T12:00+00:00", "P5B", "2026-11-27T23:59:59+00:00"),  # a Friday: five working days on
        ("2026-11-21T12:00+00:00", "P5B", "2026-11-27T23:59:59+00:00"),  # a Saturday
        ("2025-02-28T12:00+00:00", "P1Y", "2026-03-02T23:59:59+00:00"),
    ],
)
def test_a_span_ends_when_it_should(start: str, span: str, end: str) -> None:
    assert spans.ends(at(start), span, LONDON) == at(end)


@always(st.integers(1_700_000_000, 1_900_000_000), st.integers(1, 400))
def test_a_span_never_ends_before_it_has_run(seconds: int, count: int) -> None:
    start = datetime.fromtimestamp(seconds, UTC)
    assert spans.ends(start, f"PT{count}H", LONDON) - start == timedelta(hours=count)
    for unit, days in (("D", 1), ("W", 7), ("B", 1)):
        assert spans.ends(start, f"P{count}{unit}", LONDON) - start >= timedelta(days=days * count) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("span", "said"),
    [("PT48H", "48 hours"), ("P13M", "13 months"), ("P1D", "1 day"), ("P5B", "5 working days"), ("PT1M", "1 minute")],
)
def test_a_span_is_said_in_words(span: str, said: str) -> None:
    assert spans.words(span) == said


@pytest.mark.parametrize("span", ["soon", "", "48", "P", "PT", "P1DT12H", "PT48X", "P-1D"])
def test_what_is_no_span_is_refused(span: str) -> None:
    assert not spans.is_span(span)
    with pytest.raises(BadInput):
        spans.words(span)


def test_a_wall_clock_is_read_where_the_person_is() -> None:
    assert spans.heard("2026-07-01T10:30", LONDON) == at("2026-07-01T09:30+00:00")
    assert spans.heard("2026-07-01 10:30", spans.zone("America/New_York")) == at("2026-07-01T14:30+00:00")
    assert spans.heard("2026-07-01T10:30+02:00", LONDON) == at("2026-07-01T08:30+00:00")


def test_a_time_that_comes_twice_is_the_later_one() -> None:
    assert spans.heard("2026-10-25T01:30", LONDON) == at("2026-10-25T01:30+00:00")


def test_a_time_that_never_was_is_asked_about() -> None:
    with pytest.raises(BadInput, match="never was"):
        spans.heard("2026-03-29T01:30", LONDON)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30T10:00", "2026-11-24", "10:30"])
def test_half_a_time_is_asked_about(text: str) -> None:
    with pytest.raises(BadInput):
        spans.heard(text, LONDON)


@pytest.mark.parametrize("name", ["Europe/Nowhere", "../../etc/passwd", "/etc/passwd", "Europe/London\n", "\0"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        spans.zone(name)


def test_without_a_zone_it_is_london() -> None:
    assert spans.zone("") == LONDON
