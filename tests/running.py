"""The local app as the tests run it: the real server on a real port, spoken to over a real socket."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from takeback import given, keeping, packs, vault
from takeback.web import server
from takeback.web.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSPHRASE = "correct horse battery"
ADULT = {
    "role": "depicted", "intimate": "yes", "under18_real": "no", "under18_look": "no", "media": ["image"],
    "consent_share": "no", "victim_nation": "england-wales",
}  # fmt: skip
ABOUT_ADULTS = {"intimate": "yes", "under18_real": "no", "under18_look": "no"}


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class App:
    """A running app, and a browser without a window."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.server = server.listen(self.desk)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        self.origin = f"http://127.0.0.1:{self.desk.port}"
        self.cookie = ""

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def enter(self) -> Answer:
        """Come in as the person does."""
        answer = self.ask("GET", f"/enter/{self.desk.token}", cookie=None)
        self.cookie = (answer.headers["Set-Cookie"] or "").split(";")[0]
        return answer

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        cookie: str | None = "",
        host: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, with nothing in it but what is given here."""
        connection = http.client.HTTPConnection("127.0.0.1", self.desk.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or f"127.0.0.1:{self.desk.port}")
            if cookie is not None and (cookie or self.cookie):
                connection.putheader("Cookie", cookie or self.cookie)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders(body)
            got = connection.getresponse()
            return Answer(got.status, got.headers, got.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers={"Accept": "text/html", **headers})

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """A form, sent by a script of our own page."""
        kind = {"Origin": self.origin, "Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", path, urlencode(form or {}).encode(), headers=kind)

    def send(self, path: str, told: object) -> Answer:
        """JSON, sent by a script of our own page."""
        return self.ask("POST", path, json.dumps(told).encode(), headers={"Origin": self.origin})

    def put_file(self, data: bytes, about: Mapping[str, str], name: str = "a.png", kind: str = "image/png") -> Answer:
        """A file, as the page sends it."""
        said = {"Takeback-Answers": json.dumps(about), "Takeback-Name": name, "Content-Type": kind}
        return self.ask("PUT", "/case/file", data, headers={"Origin": self.origin, **said})

    def keep(self, given: Mapping[str, object] = ADULT) -> Answer:
        """Keep a case, and have it open."""
        return self.send("/case/keep", {"passphrase": PASSPHRASE, "given": given})

    def open(self, answers: Mapping[str, object] = ADULT, case: str = "case1") -> None:
        """Have a case open without a passphrase: making and trying one is slow by design."""
        kept, key = keeping.store(), vault.new_key()
        kept.create_case(case, {"passphrase": vault.wrap_to(key, key.recipient)})
        opened = keeping.OpenCase(kept, case, key)
        opened.add("opened", {}, now())
        opened.answer(given.read(json.dumps(answers), "json", packs.load()).situation, now())
        self.desk.opens(opened, self.desk.turn)

    def raw(self, text: bytes, timeout: float = 10) -> bytes:
        """Any bytes at all, and what comes back."""
        with socket.create_connection(("127.0.0.1", self.desk.port), timeout=timeout) as sock:
            sock.sendall(text)
            return b"".join(iter(lambda: sock.recv(65536), b""))
