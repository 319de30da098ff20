"""`make bench`: prints how long things take beside the barest way of doing them, on throw-away servers that do not
trade durability for speed.

Not part of `make test`: times need a quiet machine. With arguments: only the modules of bench/ so named.
BENCH_AREA=32 takes one province instead of the nation, BENCH_DIVISIONS names a folder with the division files.
"""

import os
import sys

import boot

boot.enter("requirements-test.txt")

import shutil  # noqa: E402 - from here on we are inside .venv
import subprocess  # noqa: E402

from divisions import divisions_folder  # noqa: E402
from supervise import ServiceError, Supervisor  # noqa: E402
from test import MANAGE, TEST, remove_leftovers, start_servers  # noqa: E402

BENCHES = ("workbooks", "national")


def main(names: list[str]) -> int:
    """Returns the exit code: 0 when every measurement ran, whatever it measured."""
    os.chdir(boot.ROOT)
    remove_leftovers()
    try:
        found = {} if names and "national" not in names else divisions()
        codes = [measure(name, found) for name in names or BENCHES]
        return 1 if any(codes) else 0
    except boot.BootError as error:
        boot.say(str(error))
        return 1
    except ServiceError as error:
        boot.say(f"服务启动失败：{error}")
        return 1
    except KeyboardInterrupt:
        return 130


def measure(name: str, found: dict[str, str]) -> int:
    """Run one module of bench/ on servers of its own: what one leaves behind would be in the way of the next."""
    folder = TEST / f"servers-{os.getpid()}"
    supervisor = Supervisor(folder, echo=False)
    try:
        environment = start_servers(folder, supervisor, durable=True) | found
        environment["BENCH_FOLDER"] = str(folder)
        commands = (
            [*MANAGE, "migrate", "--no-input", "--verbosity=0"],
            [str(boot.PYTHON), "-m", f"bench.{name}"],
        )
        codes = [subprocess.run(c, env=environment, check=False).returncode for c in commands]
        return 1 if any(codes) else 0
    finally:
        supervisor.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


def divisions() -> dict[str, str]:
    """Where the modules find the division files. Raises BootError."""
    return {"BENCH_DIVISIONS": str(divisions_folder())}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
