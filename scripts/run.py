"""`make run`: prepare everything, start it, print the address, and stop it in order on Ctrl-C.

DATABASE_URL and REDIS_URL, when set, replace the embedded servers; PORT (8000) and HOST (127.0.0.1) say where
the web server listens.
"""

import os
import sys

import boot

boot.enter("requirements.txt")

import fcntl  # noqa: E402 - from here on we are inside .venv
import json  # noqa: E402
import secrets  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import subprocess  # noqa: E402
import time  # noqa: E402
import urllib.error  # noqa: E402
import urllib.request  # noqa: E402
from collections.abc import Callable  # noqa: E402

from programs import beat_command, run_environment, web_command, worker_command  # noqa: E402
from services import Postgres, Valkey, write_secret  # noqa: E402
from supervise import Child, ServiceError, Supervisor, wait_until  # noqa: E402

RUN = boot.VAR / "run"
DATABASE = "workbench"
APPLICATION = ("web", "worker", "beat")
READY_SECONDS = 90
DEMO_SECONDS = 65
#: A service that dies this often within a minute is broken, not unlucky.
MOST_RESTARTS = 5


class Stop(Exception):
    """Ctrl-C or SIGTERM."""


class Runner:
    """Everything that `make run` keeps alive."""

    def __init__(self):
        self.host = os.environ.get("HOST", "127.0.0.1")
        self.port = int(os.environ.get("PORT") or 8000)
        shown = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        self.address = f"http://{shown}:{self.port}/"
        self.supervisor = Supervisor(RUN, echo=True)
        self.postgres: Postgres | None = None
        self.environment: dict[str, str] = {}
        self.restart: dict[str, Callable[[], None]] = {}
        self.restarts: dict[str, list[float]] = {}

    def start(self) -> None:
        """Start all services; returns once /healthz answers 200."""
        self.supervisor.sweep()
        self._check_port()
        (RUN / "address").write_text(self.address)
        self._start_servers()
        self._prepare()
        for name in APPLICATION:
            self._start_application(name)
        web = next(child for child in self.supervisor.children if child.name == "web")
        wait_until(self._is_healthy, seconds=READY_SECONDS, watch=web, what="网站")

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise ServiceError(
                    f"端口 {self.host}:{self.port} 不可用（{error.strerror}）。"
                    f"请换一个端口，例如：PORT={self.port + 80} make run"
                ) from None

    def _start_servers(self) -> None:
        """The embedded servers, or those that the environment names; then var/run/env for a second terminal."""
        database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        if not database_url:
            boot.say("正在启动 PostgreSQL …")
            self.postgres = Postgres(boot.VAR / "postgres", self.supervisor, throw_away=False)
            self.postgres.start()
            self.postgres.create_database(DATABASE)
            database_url = self.postgres.url(DATABASE)
            self.restart["postgres"] = self.postgres.start
        if not redis_url:
            boot.say("正在启动任务队列（Valkey）…")
            valkey = Valkey(boot.VAR / "valkey", self.supervisor)
            valkey.start()
            redis_url = valkey.url()
            self.restart["valkey"] = valkey.start
        written = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            **stored_secrets(),
        }
        write_secret(RUN / "env", "".join(f"{name}={value}\n" for name, value in written.items()))
        self.environment = run_environment(written)
        if self.host not in ("127.0.0.1", "localhost", "::1"):
            self.environment.setdefault("ALLOWED_HOSTS", "*")

    def _prepare(self) -> None:
        """Migrations and static files, side by side."""
        boot.say("正在迁移数据库、收集静态文件 …")
        steps = {
            "migrate": ["migrate", "--no-input", "--verbosity=0"],
            "collectstatic": ["collectstatic", "--no-input", "--verbosity=0"],
        }
        running = {
            name: subprocess.Popen(
                [*MANAGE, *arguments],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for name, arguments in steps.items()
        }
        for name, process in running.items():
            output, _ = process.communicate()
            if process.returncode:
                raise ServiceError(f"manage.py {name} 失败：\n{output[-3000:]}")

    def _start_application(self, name: str) -> None:
        command = {
            "web": web_command(self.host, self.port),
            "worker": worker_command(),
            "beat": beat_command(RUN / "celerybeat-schedule"),
        }[name]
        self.supervisor.start(name, command, env=self.environment, cwd=boot.ROOT)
        self.restart[name] = lambda: self._start_application(name)

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}healthz", timeout=5) as response:
                return response.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def fill(self) -> None:
        """Make the demo campaign if the database is empty, while the website is already up.

        Waits for it, but not longer than a person would: then it goes on in the background.
        """
        if "demo" not in self.known_commands():
            return
        boot.say("正在准备演示数据 …")
        command = [*MANAGE, "demo", "--if-empty"]
        child = self.supervisor.start("demo", command, env=self.environment, cwd=boot.ROOT)
        while child.is_running() and time.time() - boot.started_at() < DEMO_SECONDS:
            time.sleep(0.2)
        if child.is_running():
            boot.say("演示数据较多，仍在后台生成；完成后刷新页面即可看到。")
        self.check()

    def known_commands(self) -> list[str]:
        """The names of our own management commands."""
        return [path.stem for path in boot.ROOT.glob("*/management/commands/*.py")]

    def announce(self, seconds: float) -> None:
        """Print where it is and who may sign in."""
        boot.say(f"\n换届工作台已就绪（{seconds:.0f} 秒）：{self.address}    按 Ctrl-C 停止\n")
        if "demo" in self.known_commands():
            subprocess.run([*MANAGE, "demo", "--accounts"], env=self.environment, check=False)

    def check(self) -> None:
        """Restart what died; a ServiceError if that happens too often. The demo is done when it ends."""
        for child in self.supervisor.dead():
            self.supervisor.stop(child)
            if child.name in self.restart:
                self._restart(child)
            elif child.process.returncode:
                boot.say("演示数据没有生成（见上面的输出），网站可以照常使用。")

    def _restart(self, child: Child) -> None:
        now = time.monotonic()
        recent = [at for at in self.restarts.get(child.name, []) if now - at < 60]
        self.restarts[child.name] = [*recent, now]
        if len(recent) >= MOST_RESTARTS:
            raise ServiceError(f"{child.name} 反复退出：\n{self.supervisor.tail(child.name)}")
        boot.say(f"{child.name} 已退出（退出码 {child.process.returncode}），正在重新启动 …")
        self.restart[child.name]()

    def watch(self) -> None:
        """Keep everything alive until told to stop."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop the application, then the servers it needs. Deaf to further signals: stopping ends by itself."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if self.supervisor.children:
            boot.say("\n正在停止 …")
        self.supervisor.stop_together(("demo", *APPLICATION))
        self.supervisor.stop_together(("valkey", "postgres"))
        for name in ("env", "address"):
            (RUN / name).unlink(missing_ok=True)


MANAGE = [str(boot.PYTHON), str(boot.ROOT / "manage.py")]


def stored_secrets() -> dict[str, str]:
    """The keys of this installation, made once. Losing them loses the encrypted identities."""
    path = boot.VAR / "secrets.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    for name in ("SECRET_KEY", "DATA_KEY"):
        known.setdefault(name, secrets.token_hex(32))
    write_secret(path, json.dumps(known, indent=1))
    return {name: os.environ.get(name, value) for name, value in known.items()}


def hold_lock():
    """The open lock file, or None if another `make run` of this checkout holds it."""
    boot.VAR.mkdir(exist_ok=True)
    file = (boot.VAR / "lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def main() -> int:
    """Returns the exit code: 0 after Ctrl-C."""
    os.chdir(boot.ROOT)
    lock = hold_lock()
    if lock is None:
        address = RUN / "address"
        where = f"，地址：{address.read_text()}" if address.exists() else "，正在启动"
        boot.say(f"换届工作台已经在运行{where}（先在那个窗口按 Ctrl-C 停止，再重新启动）。")
        return 1

    def stop(*_):
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    runner = Runner()
    try:
        runner.start()
        runner.fill()
        runner.announce(time.time() - boot.started_at())
        runner.watch()
    except Stop:
        return 0
    except ServiceError as error:
        boot.say(f"启动失败：{error}")
        return 1
    finally:
        runner.stop()


if __name__ == "__main__":
    sys.exit(main())
