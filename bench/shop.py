"""A running `najimi serve` on a folder of its own, and what a browser or a program would ask it."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.parse
import uuid
from contextlib import contextmanager

OWNER = {"email": "bench@example.com", "password": "a long and boring sentence 7"}


class Shop:
    def __init__(self, binary, folder, environment=None):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address, self.cookie, self.keys = f"127.0.0.1:{self.port}", None, {}
        self.environment = {"NAJIMI_DATA": str(self.folder / "data"), "NAJIMI_LISTEN": self.address, **(environment or {})}

    def start(self):
        """Starts, sets up when it is new, signs in. Tells how many seconds passed until it was ready."""
        begin = time.perf_counter()
        self.log = open(self.folder / "log.txt", "ab")
        self.process = subprocess.Popen([self.binary, "serve"], cwd=self.folder, env=os.environ | self.environment, stdout=subprocess.PIPE, stderr=self.log)
        is_new = False
        for line in self.process.stdout:
            if token := re.search(rb"token=(\S+)", line):
                is_new = True
                self.set_up(token[1].decode())
            if b"is open" in line:
                break
        else:
            raise RuntimeError(f"najimi did not start; see {self.folder}/log.txt")
        while not self.is_ready():
            time.sleep(0.005)
        seconds = time.perf_counter() - begin
        if not is_new:
            self.ask("POST", "/api/session", OWNER)
        return seconds

    def set_up(self, token):
        where = {"company": "Bench", "zone": "Asia/Tokyo", "currency": "JPY", "public_url": f"http://{self.address}"}
        while True:
            try:
                self.ask("POST", "/api/setup", {"token": token, "operator_name": "Bench", **where, **OWNER})
                return
            except ConnectionError:
                time.sleep(0.01)

    def is_ready(self):
        try:
            return self.ask("GET", "/readyz", is_checked=False)[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, headers=None, is_checked=True):
        connection = http.client.HTTPConnection(self.address, timeout=600)
        headers = {"origin": f"http://{self.address}", **({"cookie": self.cookie} if self.cookie else {}), **(headers or {})}
        if isinstance(body, (dict, list)):
            body, headers["content-type"] = json.dumps(body), "application/json"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.getheader("set-cookie"):
            self.cookie = answer.getheader("set-cookie").split(";")[0]
        if is_checked and answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500].decode()}")
        is_json = "json" in answer.getheader("content-type", "")
        return answer.status, json.loads(text) if text and is_json else text

    def get(self, path, **parameters):
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        return self.ask("GET", path + query)[1]

    def post(self, path, body=None, headers=None):
        return self.ask("POST", path, body if body is not None else {}, headers)[1]

    def put(self, path, body):
        return self.ask("PUT", path, body)[1]

    def key(self, name):
        """A key for events; its name is their source."""
        if name not in self.keys:
            self.keys[name] = self.post("/api/keys", {"name": name, "scopes": ["events.write"]})["secret"]
        return self.keys[name]

    def lag(self):
        lag = self.get("/api/system")["lag"]
        return lag["live"] + lag["backfill"]

    def catch_up(self, pause=0.05):
        while self.lag() > 0:
            time.sleep(pause)

    def upload(self, kind, path):
        """Uploads a file for an import; tells its id and what was found in it."""
        mark = uuid.uuid4().hex
        head = (f'--{mark}\r\ncontent-disposition: form-data; name="kind"\r\n\r\n{kind}\r\n--{mark}\r\ncontent-disposition: form-data; '
                f'name="file"; filename="{pathlib.Path(path).name}"\r\ncontent-type: text/csv\r\n\r\n').encode()
        body = head + pathlib.Path(path).read_bytes() + f"\r\n--{mark}--\r\n".encode()
        found = self.ask("POST", "/api/imports", body, {"content-type": f"multipart/form-data; boundary={mark}"})[1]
        return found["import_id"], found["preview"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.process.stdout.close()
        self.log.close()


@contextmanager
def running(binary, folder, environment=None):
    shop = Shop(binary, folder, environment)
    shop.start()
    try:
        yield shop
    finally:
        shop.stop()
