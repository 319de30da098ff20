"""`make test`: everything that has to hold before a change is landed.

Without arguments: format, lint, import contracts, missing migrations, production settings, then all tests.
With arguments: only `pytest ARGUMENTS`, on the same kind of servers. Beside a running `make run` in either case.
"""

import os
import sys

import boot

boot.enter("requirements-test.txt")

import hashlib  # noqa: E402 - from here on we are inside .venv
import secrets  # noqa: E402
import shutil  # noqa: E402
import signal  # noqa: E402
import subprocess  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from services import Postgres, Valkey  # noqa: E402
from supervise import ServiceError, Supervisor  # noqa: E402

BIN = boot.VENV / "bin"
TEST = boot.VAR / "test"
PYTEST = [str(boot.PYTHON), "-m", "pytest"]
PARALLEL = ["-n", "2", "--dist", "worksteal", "--reuse-db"]
MANAGE = [str(boot.PYTHON), str(boot.ROOT / "manage.py")]
LINT = {
    "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
    "ruff check": [str(BIN / "ruff"), "check", "."],
    "import contracts": [str(BIN / "lint-imports")],
}
FORMAT = {
    "ruff check --fix": [str(BIN / "ruff"), "check", "--fix", "--quiet", "."],
    "ruff format": [str(BIN / "ruff"), "format", "."],
}


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 when everything holds."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.chdir(boot.ROOT)
    if arguments == ["--lint"]:
        return run_steps(LINT, dict(os.environ))
    if arguments == ["--format"]:
        return run_steps(FORMAT, dict(os.environ))
    remove_leftovers()
    folder = TEST / f"servers-{os.getpid()}"
    supervisor = Supervisor(folder, echo=False)
    try:
        environment = start_servers(folder, supervisor)
        if arguments:
            return subprocess.run([*PYTEST, *arguments], env=environment, check=False).returncode
        return run_steps({**LINT, **django_steps(environment)}, environment)
    except ServiceError as error:
        boot.say(f"测试环境启动失败：{error}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        supervisor.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove the folders of earlier runs that were killed; their servers died with them."""
    for folder in TEST.glob("servers-*"):
        if not Path(f"/proc/{folder.name.removeprefix('servers-')}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def start_servers(folder: Path, supervisor: Supervisor, *, durable: bool = False) -> dict[str, str]:
    """Start throw-away servers (unless the environment names others); returns the environment of the tests.

    durable: PostgreSQL keeps its promises at a commit, as it does under `make run`; for measurements.
    """
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "SECRET_KEY": secrets.token_hex(40),
        "DATA_KEY": secrets.token_hex(32),
        "TEST_MEDIA_ROOT": str(folder / "media"),
    }
    if "REDIS_URL" not in environment:
        valkey = Valkey(folder / "valkey", supervisor)
        valkey.start()
        environment["REDIS_URL"] = valkey.url()
    if "DATABASE_URL" not in environment:
        start_migrated_postgres(folder / "postgres", supervisor, environment, durable=durable)
    return environment


def start_migrated_postgres(
    folder: Path, supervisor: Supervisor, environment: dict[str, str], *, durable: bool
) -> None:
    """Start PostgreSQL with a migrated database "app". Every test worker and every set of servers copies that one.

    The cluster is kept for the next run, which needs no migrations as long as none changes.
    """
    kept = TEST / f"migrated-{migrations_digest()}"
    if kept.exists():
        shutil.copytree(kept, folder)
    postgres = Postgres(folder, supervisor, throw_away=not durable)
    postgres.start()
    environment |= {"DATABASE_URL": postgres.url("app"), "TEST_TEMPLATE": "app"}
    if kept.exists():
        return
    postgres.create_database("app")
    migrate = [*MANAGE, "migrate", "--no-input", "--verbosity=0"]
    if subprocess.run(migrate, env=environment, check=False).returncode:
        raise ServiceError("manage.py migrate")
    postgres.stop()
    for outdated in TEST.glob("migrated-*"):
        shutil.rmtree(outdated)
    making = TEST / f"making-{os.getpid()}"
    shutil.copytree(folder, making)
    if not kept.exists():
        making.rename(kept)
    postgres.start()


def migrations_digest() -> str:
    """Changes when a migration of ours or a package does."""
    files = [boot.ROOT / "requirements-test.txt", *sorted(boot.ROOT.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def django_steps(environment: dict[str, str]) -> dict[str, list[str]]:
    """The checks that need settings, and the tests."""
    return {
        "missing migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
        "production settings": [
            "env",
            "DJANGO_SETTINGS_MODULE=config.settings.prod",
            "ALLOWED_HOSTS=workbench.example",
            *MANAGE,
            *("check", "--deploy", "--fail-level", "WARNING"),
        ],
        "pytest": [*PYTEST, *PARALLEL],
    }


def run_steps(steps: dict[str, list[str]], environment: dict[str, str]) -> int:
    """Run every step, also after a failure, so that one run shows all that is wrong."""
    failed = []
    for name, command in steps.items():
        boot.say(f"== {name}")
        started = time.monotonic()
        if subprocess.run(command, env=environment, check=False).returncode:
            failed.append(name)
        boot.say(f"   {time.monotonic() - started:.1f} s")
    boot.say(f"FAILED: {', '.join(failed)}" if failed else "ALL PASSED")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
