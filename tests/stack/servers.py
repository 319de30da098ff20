"""The whole product as processes for browser journeys: an own database, gunicorn, a Celery worker and beat."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connections
from django.db.utils import load_backend
from programs import beat_command, web_command, worker_command
from services import Valkey, free_port
from supervise import Supervisor, wait_until

ROOT = Path(settings.BASE_DIR)
MANAGE = [sys.executable, str(ROOT / "manage.py")]


class Stack:
    """Running servers on an own, migrated database. `base_url` has no slash at its end."""

    def __init__(self, folder: Path, name: str, unblock):
        """folder: for logs and uploads; name: of the database; unblock: pytest-django's permission to use one."""
        self.folder = folder
        self.name = name
        self.unblock = unblock
        self.base_url = f"http://127.0.0.1:{free_port()}"
        server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
        self.database_url = f"{server}/{name}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": self.database_url,
            "TEST_MEDIA_ROOT": str(folder / "media"),
            "TEST_BEAT_FILE": str(folder / "beat"),
        }
        self.supervisor = Supervisor(folder, echo=False)
        self.valkey = Valkey(folder / "valkey", self.supervisor)

    def start(self) -> None:
        """Create and migrate the database, start the servers, and wait for /healthz."""
        self._create_database()
        self.start_broker()
        self.manage("migrate", "--no-input", "--verbosity=0")
        self.start_web()
        self.start_worker()
        self.start_beat()

    def start_broker(self) -> None:
        """An own broker: on a shared one, a worker would take another database's messages for its own."""
        self.valkey.start()
        self.environment["REDIS_URL"] = self.valkey.url()

    def start_web(self) -> None:
        port = int(self.base_url.rsplit(":", 1)[1])
        child = self._start("web", web_command("127.0.0.1", port))
        wait_until(
            self._is_healthy, seconds=60, watch=child, what=f"web (see {self.folder}/web.log)"
        )

    def start_worker(self) -> None:
        self._start("worker", worker_command(concurrency=1))

    def start_beat(self) -> None:
        self._start("beat", beat_command(self.folder / "beat"))

    def child(self, name: str):
        """The running web, worker or beat: for tests that stop or kill one."""
        return next(child for child in self.supervisor.children if child.name == name)

    def stop(self) -> None:
        """Stop everything. The database goes with the cluster."""
        self.supervisor.stop_together(("web", "worker", "beat"))
        self.supervisor.stop_together(("valkey",))

    def manage(self, *arguments: str, timeout: float = 300) -> str:
        """The output of `manage.py ARGUMENTS` on this database; an AssertionError with its errors if it fails."""
        result = subprocess.run(
            [*MANAGE, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert result.returncode == 0, f"manage.py {arguments}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    @contextmanager
    def orm(self):
        """Inside, models, services and selectors of this process work on the database of these servers."""
        with self.unblock():
            own = connections["default"]
            changed = {**own.settings_dict, "NAME": self.name}
            other = load_backend(changed["ENGINE"]).DatabaseWrapper(changed, "default")
            connections["default"] = other
            try:
                yield
            finally:
                other.close()
                connections["default"] = own

    def query(self, sql: str, parameters=()) -> list[tuple]:
        """Rows of one SQL statement, committed at once."""
        connection = psycopg2.connect(self.database_url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def wait_for(self, check, *, seconds: float = 30, what: str = "the condition"):
        """Call check about ten times a second until it returns something true, and return that."""
        deadline = time.monotonic() + seconds
        while True:
            result = check()
            if result:
                return result
            assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
            time.sleep(0.1)

    def _start(self, name: str, command: list[str]):
        return self.supervisor.start(name, command, env=self.environment, cwd=ROOT)

    def _create_database(self) -> None:
        template = os.environ.get("TEST_TEMPLATE", "template1")
        connection = psycopg2.connect(f"{self.database_url.rsplit('/', 1)[0]}/postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}"')
                cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')
        finally:
            connection.close()

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}/healthz", timeout=5) as response:
                return json.load(response) == {"status": "ok"}
        except (OSError, urllib.error.URLError):
            return False
