"""Signals as text: what is written is read again, what is wrong is refused, and distances are counted bit by bit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from takeback import signals
from takeback.errors import BadInput
from takeback.terms import Signal

PDQ = some.binary(min_size=32, max_size=32)
SIGNALS = some.one_of(
    some.builds(lambda raw, q: Signal("pdq", raw.hex(), q, "none"), PDQ, some.integers(0, 100)),
    some.builds(lambda raw: Signal("sha256", raw.hex()), PDQ),
    some.builds(lambda raw: Signal("md5", raw.hex()), some.binary(min_size=16, max_size=16)),
)


@given(SIGNALS)
def test_json_and_back_is_the_same_signal(signal: Signal) -> None:
    assert signals.from_json(signals.as_json(signal)) == signal


@given(SIGNALS)
def test_bytes_and_back_is_the_same_signal(signal: Signal) -> None:
    raw = signals.as_bytes(signal)
    assert signals.of_bytes(signal.type, raw, quality=signal.quality, edit=signal.edit) == signal


@given(SIGNALS)
def test_what_is_pasted_in_capitals_with_spaces_is_understood(signal: Signal) -> None:
    assert signals.parse(signal.type, f"  {signal.value.upper()}\n").value == signal.value


def test_json_leaves_out_what_is_not_known() -> None:
    assert signals.as_json(Signal("md5", "0" * 32)) == {"type": "md5", "value": "0" * 32}
    whole = {"type": "pdq", "value": "0" * 64, "quality": 100, "edit": "none"}
    assert signals.as_json(Signal("pdq", "0" * 64, 100, "none")) == whole


@pytest.mark.parametrize(
    "signal",
    [
        Signal("pdq", "0" * 63),
        Signal("pdq", "0" * 66),
        Signal("pdq", "A" * 64),
        Signal("pdq", "g" * 64),
        Signal("pdq", "٠" * 64),
        Signal("md5", "0" * 64),
        Signal("photodna", "0" * 64),
        Signal("pdq", "0" * 64, 101),
        Signal("pdq", ""),
    ],
)
def test_a_wrong_signal_is_refused_in_one_sentence(signal: Signal) -> None:
    with pytest.raises(BadInput) as refused:
        signals.checked(signal)
    assert refused.value.say()
    assert refused.value.hint
    assert "\n" not in refused.value.say()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "pdq"},
        {"type": "pdq", "value": 5},
        {"type": "pdq", "value": "0" * 64, "quality": True},
        {"type": "pdq", "value": "0" * 64, "quality": "9"},
        {"type": "pdq", "value": "0" * 64, "name": "x"},
    ],
)
def test_json_of_another_shape_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        signals.from_json(data)


@given(PDQ, PDQ)
def test_distance_counts_the_cells_that_differ(one: bytes, other: bytes) -> None:
    cells = zip(sum(signals.grid(one.hex()), ()), sum(signals.grid(other.hex()), ()), strict=True)
    assert signals.distance(one.hex(), other.hex()) == sum(a != b for a, b in cells)
    assert signals.distance(one.hex(), one.hex()) == 0


def test_the_grid_follows_the_text() -> None:
    rows = signals.grid("8001" + "0" * 56 + "000f")
    assert len(rows) == 16
    assert rows[0] == (True, *[False] * 14, True)
    assert rows[15] == (*[False] * 12, *[True] * 4)
    assert not any(any(row) for row in rows[1:15])
