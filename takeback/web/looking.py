"""A round of looking that is going on: in a thread of its own, in memory, over when the case is locked.

The person starts it, or allowed it before: then Takeback looks by itself once a case is open, at most every six hours,
and only at places with a notice. Nothing of a round outlives the open case but the looks in its log.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from takeback.errors import TakebackError
from takeback.web.round import Looking

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from takeback.keeping import OpenCase
    from takeback.watching import Round, Watch
    from takeback.web.desk import Desk


def begin(desk: Desk, now: Callable[[], datetime], *, unknown: bool, by_itself: bool = False) -> None:
    """Start a round over the open case, unless one is going on."""
    from takeback import watching  # noqa: PLC0415

    case, turn = desk.open_case, desk.turn
    if case is None:
        return
    what = watching.plan(case.state(now()), unknown=unknown, noticed=by_itself)
    looking = Looking(len(what.targets), by_itself=by_itself)
    if desk.starts(looking):
        watch = watching.Watch(
            case, desk.wire, now, lambda: not looking.stopped and desk.turn == turn, left=looking.left
        )
        threading.Thread(target=_run, args=(desk, watch, what, looking), daemon=True).start()


def _run(desk: Desk, watch: Watch, what: Round, looking: Looking) -> None:
    try:
        for look in watch.run(what):
            looking.done.append(look)
        if watch.go_on():
            arrange(desk, watch.case, watch.now)
    except TakebackError as error:
        looking.fault = error.say()
    except Exception:  # noqa: BLE001  a thread has nobody to tell; the page says it, and no log does
        looking.fault = "Something went wrong inside Takeback, so it stopped looking"
    finally:
        looking.ended = True
        watch.case.store.close()


def arrange(desk: Desk, case: OpenCase, now: Callable[[], datetime]) -> None:
    """Note when Takeback may look by itself, where the person allowed it."""
    from takeback import watching  # noqa: PLC0415

    wait = watching.wait(case.state(now()))
    desk.look_at = None if wait is None else desk.clock() + wait.total_seconds()


def tick(desk: Desk, now: Callable[[], datetime]) -> None:
    """Look by itself, if it is time. Called with every sign of life of an open page."""
    if desk.takes_turn_to_look():
        from takeback import watching  # noqa: PLC0415

        case = desk.open_case
        if case is not None and watching.is_due(case.state(now())):
            unknown = bool(watching.allowed(case.state(now())).get("unknown"))
            begin(desk, now, unknown=unknown, by_itself=True)
