"""A time-stamping authority of our own on loopback: `openssl ts` behind HTTP, with a root and a signer made for it."""

from __future__ import annotations

import http.server
import subprocess
import threading
from contextlib import contextmanager

CONFIG = """\
[req]
distinguished_name=name
[name]
[ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
[clock]
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[web]
basicConstraints=critical,CA:false
extendedKeyUsage=critical,serverAuth
[ts]
serial=serial
signer_cert=clock.pem
signer_key=clock.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha512
accuracy=secs:1
ess_cert_id_alg=sha256
"""


class Authority:
    """Its files are in a folder; `answer` stamps, `root` vouches for it."""

    def __init__(self, folder, name="Made-up", purpose="clock"):
        self.folder = folder
        folder.mkdir()
        (folder / "ts.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -config ts.cnf"
        self.run(f"req -x509 {key} -keyout ca.key -out ca.pem -days 30 -extensions ca -subj", f"/CN={name} Root")
        self.run(f"req {key} -keyout clock.key -out clock.csr -subj", f"/O={name}/CN={name} Clock")
        signs = (
            "x509 -req -in clock.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ts.cnf -out clock.pem"
        )
        self.run(f"{signs} -extensions {purpose}")
        self.root = (folder / "ca.pem").read_bytes()
        self.by = f"CN={name} Clock,O={name}"
        self.asked = []

    def run(self, line, *more):
        done = subprocess.run(["openssl", *line.split(), *more], cwd=self.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def answer(self, question):
        self.asked.append(question)
        (self.folder / "question.tsq").write_bytes(question)
        self.run("ts -reply -queryfile question.tsq -config ts.cnf -section ts -out answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()


@contextmanager
def serving(answer, kind="application/timestamp-reply", status=200, headers=()):
    """An HTTP server on loopback that answers a POST with `answer(body)`; gives its address and the requests it saw."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, dict(self.headers), body))
            content = answer(body)
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(content))), *headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/tsr", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
