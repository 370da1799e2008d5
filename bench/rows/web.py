"""The first page as a browser fetches it: bytes of script on the wire. A proxy between counts them and signs in."""
import http.client
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from context import say
from shop import running

LIMIT_KB = 300


def counting(shop, counts):
    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            connection = http.client.HTTPConnection(shop.address)
            connection.request("GET", self.path, headers={"cookie": shop.cookie, "accept-encoding": self.headers.get("accept-encoding", "")})
            answer = connection.getresponse()
            body = answer.read()
            kind = answer.getheader("content-type", "").split(";")[0]
            counts[kind] = counts.get(kind, 0) + len(body)
            self.send_response(answer.status)
            for name in ("content-type", "content-encoding", "cache-control"):
                if answer.getheader(name):
                    self.send_header(name, answer.getheader(name))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def log_message(self, *_):
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Proxy)


def run(bench):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        say("no chromium, so the first page is not measured")
        return
    counts = {}
    with running(bench.najimi, bench.work / "web") as shop:
        server = counting(shop, counts)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = f"http://127.0.0.1:{server.server_port}/"
        profile = bench.work / "chromium"
        command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", "--virtual-time-budget=15000", "--dump-dom", page]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
        server.shutdown()
    if "<main" not in shown:
        raise RuntimeError("the first page did not come up in the browser")
    scripts = sum(bytes for kind, bytes in counts.items() if "javascript" in kind)
    bench.figures["web"] = {"bytes_by_type": counts}
    bench.at_most("web", "scripts of the first page, compressed", scripts / 1000, "kB", LIMIT_KB)
