"""Is it still there? The page that looks again at a case's places, and what was seen there so far.

The page says first who may see that somebody looks, and asks. A round goes on by itself while the page shows how far it
is; what it saw is in the log, and stays there. Nothing is looked at before the person pressed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse

from takeback import clock, due, errors, hosts, packs, places, registers, watching
from takeback.web import guard, looking, shelf
from takeback.web.case import acts, back, locked, now, opened
from takeback.words import _, again, later, moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.casework import State
    from takeback.keeping import OpenCase
    from takeback.terms import Event
    from takeback.web.round import Looking

HERE = "/case-watch.html"
BY = later({"person": "you looked", "watch": "Takeback looked"})


@shelf.only("GET")
def page(request: HttpRequest) -> HttpResponseBase:
    """What was seen, and the way to look again."""
    desk = guard.desk_of(request)
    if desk.open_case is None:
        return locked()
    desk.act()
    return shelf.shown("case-watch.html", **shown(desk.open_case, desk.looking, now()))


@acts
def look(request: HttpRequest) -> HttpResponseBase:
    """The person asks to look again."""
    opened(request)
    looking.begin(guard.desk_of(request), now, unknown=request.POST.get("unknown") == "yes")
    return back(HERE)


@acts
def stop(request: HttpRequest) -> HttpResponseBase:
    """The person asks to stop; what was seen until then stays."""
    opened(request)
    if (going := guard.desk_of(request).looking) is not None:
        going.stopped = True
    return back(HERE)


@acts
def allow(request: HttpRequest) -> HttpResponseBase:
    """Whether Takeback may look by itself while this case is open."""
    case, desk = opened(request), guard.desk_of(request)
    yes = {name: request.POST.get(name) == "yes" for name in ("on", "unknown")}
    case.add("watch", yes, now())
    looking.arrange(desk, case, now)
    return back(HERE)


@acts
def who(request: HttpRequest) -> HttpResponseBase:
    """The person asks who keeps a site that Takeback does not know; the answer is kept."""
    from takeback.wire import rdap  # noqa: PLC0415  the network, and only where a person asked

    case = opened(request)
    url = next((one.url for one in case.state(now()).where if one.id == request.POST.get("id")), "")
    if not url:
        raise errors.BadInput("There is no such place in this case.", "Look at the list of places again.")
    found = rdap.ask(guard.desk_of(request).wire(), url, packs.load().contacts)
    case.add("hosting", found.data(), now())
    return back(f"{HERE}#sites")


@shelf.only("GET")
def progress(request: HttpRequest) -> HttpResponseBase:
    """How far it is, in numbers, for the page."""
    going = guard.desk_of(request).looking
    if going is None:
        return JsonResponse({"done": 0, "total": 0, "ended": True})
    return JsonResponse({"done": len(going.done) + len(going.left), "total": _all(going), "ended": going.ended})


def _all(going: Looking) -> int:
    return max(going.total, len(going.done)) + len(going.left)


# ---------------------------------------------------------------- what the page shows


def shown(case: OpenCase, going: Looking | None, at: datetime) -> dict[str, Any]:
    """Plain values for the page."""
    state = case.state(at)
    known, every = watching.plan(state), watching.plan(state, unknown=True)
    allowed = watching.allowed(state)
    strange = [one.place.host for one in every.targets if one not in known.targets]
    running = going is not None and not going.ended
    return {
        "first": _(watching.FIRST),
        "only_status": every.only_status,
        "running": running,
        "done": len(going.done) if going else 0,
        "total": going.total if going else 0,
        "fault": shelf.sentence(going.fault) if going and going.fault else "",
        "listed": len(known.targets),
        "strange": list(dict.fromkeys(strange)),
        "left": _left(every.left, going),
        "by_itself": bool(allowed.get("on")),
        "unknown": bool(allowed.get("unknown")),
        "hours": int(watching.EVERY.total_seconds() // 3600),
        "places": places_of(state),
        "sites": sites_of(state),
        "whom": _(registers.FIRST),
        "addresses": bool(every.targets or every.left),
    }


def _left(plain: Iterable[watching.Left], going: Looking | None) -> list[watching.Left]:
    waiting = [one for one in going.left if one.because == watching.WAITING] if going else []
    return [replace(one, because=again(one.because)) for one in (*plain, *waiting)]


def places_of(state: State) -> list[dict[str, Any]]:
    """Each place that was looked at, the latest look first, and those before it."""
    by_url: dict[str, list[dict[str, str]]] = {}
    for event in reversed(tuple(clock.counted(state.events))):
        if event.what == "look":
            by_url.setdefault(str(event.data.get("url", "")), []).append(_seen(event))
    return [{"url": url, "last": looks[0], "earlier": looks[1:]} for url, looks in by_url.items()]


def _seen(event: Event) -> dict[str, str]:
    data = event.data
    by = _(BY.get(str(data.get("by", "watch")), BY["watch"]))
    found = str(data.get("found", ""))
    return {
        "what": _(due.SEEN_WORDS.get(str(data.get("seen")), later("We can’t tell"))),
        "reason": again(str(data.get("reason", ""))),
        "found": found if found != data.get("url") else "",
        "at": moment(event.at),
        "by": by,
        "there": "yes" if data.get("seen") in ("same", "elsewhere") else "",
    }


def sites_of(state: State) -> list[dict[str, Any]]:
    """The sites of a case that Takeback does not know, and what was said of who keeps them."""
    said = {str(event.data.get("host")): event for event in state.of("hosting")}
    found: dict[str, dict[str, Any]] = {}
    for one in state.where:
        place = places.read(one.url, packs.load().contacts)
        if place.kind == "unknown":
            found.setdefault(
                place.host, {"id": one.id, "host": hosts.shown(place.host), "said": _said(said.get(place.host))}
            )
    return list(found.values())


def _said(event: Event | None) -> dict[str, Any]:
    """What registers said of one site, whom to write to first; nothing where they were not asked."""
    if event is None:
        return {}
    data: Any = event.data
    holders = [(_("Kept in the network of"), one) for one in data.get("networks", ())]
    holders += [(_("Its name was sold by"), data["registrar"])] if data.get("registrar") else []
    return {
        "at": moment(event.at),
        "front": packs.load().contacts.get(data.get("front", "")),
        "holders": [
            {"how": how, "name": one["name"] or one["what"], "ways": [*one["mails"], *one["phones"]]}
            for how, one in holders
        ],
        "notes": [again(str(one)) for one in data.get("notes", ())],
    }
