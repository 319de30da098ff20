"""A web server as the product runs it, and a number of connections that ask it as fast as it answers."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "scripts"))

from programs import web_command
from services import free_port

CONNECTIONS = 4
HOST = "127.0.0.1"


@contextmanager
def web(settings: str, path: str):
    """gunicorn on a free port, from its first answer at `path` until the block ends. Gives the port."""
    port = free_port()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(web_command(HOST, port), env=environment)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


class Connection:
    """One kept-alive connection; as little work as possible on the asking side."""

    def __init__(self, port: int):
        self.port = port
        self.socket = None

    def ask(self, request: bytes) -> int:
        """Send a whole request, read the whole answer; its status."""
        for _ in range(2):
            if self.socket is None:
                self.socket = socket.create_connection((HOST, self.port), timeout=60)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self.socket.sendall(request)
                return self._answer()
            except ConnectionError:
                self.socket = None  # the server closes a connection now and then
        raise ConnectionError(f"port {self.port}")

    def _answer(self) -> int:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        lowered = head.lower()
        status = int(head[9:12])
        if status not in (204, 304):
            length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0])
            got = len(body)
            while got < length:
                got += len(self._more())
        if b"connection: close" in lowered:
            self.socket = None
        return status

    def _more(self) -> bytes:
        found = self.socket.recv(65536)
        if not found:
            raise ConnectionError
        return found


def get(path: str, cookie: str = "", etag: str = "") -> bytes:
    """The bytes of a GET."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += [f"If-None-Match: {etag}"] if etag else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, cookie: str, body: str) -> bytes:
    """The bytes of a form's POST."""
    data = body.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nReferer: http://{HOST}/\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def asked(
    port: int, requests: Iterable[bytes], *, status: int, connections: int = CONNECTIONS
) -> None:
    """Ask all of these, the connections taking turns. Raises AssertionError when an answer has another status."""
    each = [Connection(port) for _ in range(connections)]
    in_turn([connection.ask for connection in each], requests, status)


def in_turn(workers: list[Callable], items: Iterable, expected) -> None:
    """Every worker in a thread of its own takes the next item until none is left; every result is as expected."""
    rest, lock, wrong = iter(items), threading.Lock(), []

    def run(work: Callable) -> None:
        while True:
            with lock:
                item = next(rest, None)
            if item is None:
                return
            try:
                found = work(item)
            except Exception as error:
                found = error
            if found != expected:
                wrong.append(found)
                return

    threads = [threading.Thread(target=run, args=(work,)) for work in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, f"expected {expected}, got {wrong[:3]}"
