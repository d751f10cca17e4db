"""The interview in a browser: one question a page at one address, nothing sent, nothing kept, danger first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert not wrong


@pytest.fixture
def interview(page: Page, site_url: str) -> Page:
    with page.expect_response("**/kernel*.wasm"):  # the last that the page asks for
        page.goto(site_url + "start.html")
    page.wait_for_selector(".question")
    return page


def title(page: Page) -> str:
    return page.locator("h1:visible").inner_text()


def choose(page: Page, answer: str) -> None:
    page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="Next").click()


def press(page: Page, name: str) -> None:
    page.locator("#interview").get_by_role("button", name=name, exact=True).click()


def opening(page: Page) -> None:
    for answer in ("No", "18 or over", "The picture, video or voice is of me"):
        choose(page, answer)


def test_it_asks_about_danger_and_age_first(interview: Page) -> None:
    assert "in danger right now" in title(interview)
    choose(interview, "No")
    assert "How old" in title(interview)


def test_answers_leave_no_trace_and_nothing_is_sent(interview: Page) -> None:
    sent: list[str] = []
    interview.on("request", lambda request: sent.append(request.url))
    history, address = interview.evaluate("history.length"), interview.url
    opening(interview)
    press(interview, "What to do now")
    assert not sent
    assert (interview.evaluate("history.length"), interview.url) == (history, address)
    assert interview.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_no_field_has_a_name_or_a_memory(interview: Page) -> None:
    forms = "[...document.querySelectorAll('#interview form, #interview input')].map(f => f.autocomplete)"
    assert set(interview.evaluate(forms)) == {"off"}


def test_back_shows_what_was_answered_and_keeps_what_came_later(interview: Page) -> None:
    opening(interview)
    press(interview, "Back")
    press(interview, "Back")
    assert interview.get_by_label("18 or over").is_checked()
    choose(interview, "13 to 15")
    assert interview.get_by_label("The picture, video or voice is of me").is_checked()


def test_any_answer_can_be_changed_from_the_list(interview: Page) -> None:
    opening(interview)
    press(interview, "Your answers")
    assert interview.locator(".answers li").count() == 3
    interview.get_by_role("button", name="Change: How old").click()
    choose(interview, "16 or 17")
    assert "16 or 17" in interview.locator(".answers").inner_text()


def test_i_dont_know_is_always_there_and_is_enough(interview: Page) -> None:
    for _ in range(60):
        if not interview.locator(".question").count():
            break
        press(interview, "I don't know")
    assert title(interview) == "What to do now"
    assert interview.locator(".point").count() > 1
    assert interview.get_by_role("heading", name="Help without reporting to the police").is_visible()


def test_danger_brings_the_plan_at_once_with_a_number_to_call(interview: Page) -> None:
    choose(interview, "Yes")
    assert title(interview) == "What to do now"
    assert interview.locator(".panel.danger a.danger").get_attribute("href") == "tel:999"
    press(interview, "More questions")
    assert interview.locator(".panel.danger").is_visible()


def test_pressing_next_without_an_answer_says_what_to_do(interview: Page) -> None:
    press(interview, "Next")
    assert interview.get_by_role("alert").inner_text() == "Choose an answer, or press “I don't know”."
    assert interview.evaluate("document.activeElement.type") == "radio"


def test_it_can_be_walked_with_the_keyboard_alone(interview: Page) -> None:
    assert interview.evaluate("document.activeElement.tagName") == "H1"
    interview.keyboard.press("Tab")
    interview.keyboard.press("ArrowDown")
    interview.keyboard.press("Enter")
    assert "How old" in title(interview)
    assert interview.evaluate("document.activeElement.tagName") == "H1"


def test_a_door_starts_it_in_place_and_back_returns_to_the_door(page: Page, site_url: str) -> None:
    page.goto(site_url + "danger.html")
    door = title(page)
    page.locator("[data-go-on]").click()
    page.wait_for_selector(".question")
    assert page.url.endswith("danger.html")
    assert "How old" in title(page)  # the door has answered the first question
    press(page, "Back")
    assert title(page) == door


def test_leaving_forgets_even_for_a_page_the_browser_would_bring_back(interview: Page) -> None:
    opening(interview)
    interview.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert interview.locator("#interview").inner_text() == ""
    interview.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert "in danger right now" in title(interview)


def test_the_plan_is_saved_only_by_the_persons_act(interview: Page) -> None:
    choose(interview, "Yes")
    with interview.expect_download() as download:
        press(interview, "Save as one file")
    assert download.value.suggested_filename == "notes.txt"
    text = download.value.path().read_text("utf-8")
    assert text.startswith("What to do (")
    assert "999" in text


def test_questions_that_do_not_arrive_are_said_and_tried_again(page: Page, site_url: str) -> None:
    page.route("**/packs.json", lambda route: route.fulfill(body="not json"))
    page.goto(site_url + "start.html")
    page.wait_for_selector("text=The questions did not arrive")
    page.unroute("**/packs.json")
    press(page, "Try again")
    page.wait_for_selector(".question")


@pytest.mark.parametrize(
    ("day", "read"),
    [
        (("", "", "2026"), {"answer": "2026"}),
        (("", "3", "2026"), {"answer": "2026-03"}),
        (("29", "02", "2024"), {"answer": "2024-02-29"}),
        (("29", "2", "2026"), {"wrong": "That month has the days 1 to 28."}),
        (("", "13", "2026"), {"wrong": "A month is a number from 1 to 12."}),
        (("5", "", "2026"), {"wrong": "Give the month too, or leave the day empty."}),
        (("", "", "26"), {"wrong": "Give at least the year in four digits, such as 2026."}),
        (("", "12", "2026"), {"wrong": "That day is still to come. Please look at it again."}),
    ],
)
def test_a_day_is_read_or_one_sentence_says_what_is_wrong(node, day, read) -> None:
    arguments = ", ".join(json.dumps(part) for part in (*day, "2026-11-24"))
    code = f'import {{ readDay }} from "./fields.js"; console.log(JSON.stringify(readDay({arguments})));'
    assert json.loads(node(code)) == read
