"""Random answers to the real questions, for the tests that hold for all of them."""

from hypothesis import strategies as st

from takeback.terms import Situation

YEARS = ("2014", "2022", "2023-12", "2024-01", "2024-01-30", "2024-01-31", "2026-02", "2026-02-06", "2026-10-09")


def to(fact):
    """A strategy for the answers that a fact allows."""
    match fact.type:
        case "date":
            return st.sampled_from(YEARS)
        case "number":
            return st.integers(0, 5)
        case "many":
            return st.lists(st.sampled_from(fact.values), min_size=1, max_size=3, unique=True).map(tuple)
    return st.sampled_from(fact.values)


def situations(facts):
    """A strategy for situations: some of these facts, answered as they can be."""
    asked = {fact.id: to(fact) for fact in facts if fact.asked}
    return st.fixed_dictionaries({}, optional=asked).map(Situation)
