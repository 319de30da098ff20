"""Child processes that never outlive us: started in their own group, watched, stopped in order, swept up afterwards."""

import ctypes
import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
LARGEST_LOG_BYTES = 20 * 1024 * 1024
#: (signal, seconds to wait after it), tried in this order until the process is gone
GENTLE_STOP = ((signal.SIGTERM, 20), (signal.SIGKILL, 5))
POSTGRES_STOP = ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))


class ServiceError(Exception):
    """A service could not be started or died; the message is for the person at the terminal."""


@dataclass
class Child:
    """One running process: its name in the log, and how it is stopped."""

    name: str
    process: subprocess.Popen
    stop_with: tuple = GENTLE_STOP
    reader: threading.Thread | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_running(self) -> bool:
        return self.process.poll() is None


class Supervisor:
    """Starts children, remembers them in a file, and stops them last-started first."""

    def __init__(self, folder: Path, *, echo: bool):
        """folder: for logs and the list of processes; echo: also print the children's output, prefixed."""
        self.folder = folder
        self.echo = echo
        self.children: list[Child] = []
        self.pid_file = folder / "processes.json"
        folder.mkdir(parents=True, exist_ok=True)

    def start(
        self, name: str, command: list, *, stop_with=GENTLE_STOP, echo=True, **options
    ) -> Child:
        """Start a process in its own session; it gets the first stop signal should we die without a word."""
        self._rotate(self.folder / f"{name}.log")
        first_signal = stop_with[0][0]

        def die_with_parent() -> None:
            LIBC.prctl(PR_SET_PDEATHSIG, first_signal)

        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no threads hold locks that the child needs
            **options,
        )
        child = Child(name, process, stop_with)
        child.reader = threading.Thread(
            target=self._copy_output, args=(child, self.echo and echo), daemon=True
        )
        child.reader.start()
        self.children.append(child)
        self._remember()
        return child

    def _rotate(self, log: Path) -> None:
        if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))

    def _copy_output(self, child: Child, echo: bool) -> None:
        with (self.folder / f"{child.name}.log").open("ab", buffering=0) as log:
            for line in child.process.stdout:
                log.write(line)
                if echo:
                    try:
                        print(
                            f"{child.name:>8} | {line.decode(errors='replace')}", end="", flush=True
                        )
                    except OSError:
                        echo = False

    def tail(self, name: str, lines: int = 15) -> str:
        """The end of a child's log, for an error message."""
        path = self.folder / f"{name}.log"
        text = path.read_text(errors="replace") if path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def dead(self) -> list[Child]:
        """The children that ended though nobody stopped them, in the order of their start."""
        return [child for child in self.children if not child.is_running()]

    def stop(self, child: Child, *, told: bool = False) -> None:
        """Stop one child, with ever stronger signals; its whole group gets the last one.

        told: the first signal has been sent already.
        """
        for number, seconds in child.stop_with:
            if not child.is_running():
                break
            if number == signal.SIGKILL:
                kill_group(child.pid)
            elif not told:
                child.process.send_signal(number)
            told = False
            try:
                child.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        kill_group(child.pid)
        if child.reader:
            child.reader.join(2)
        child.process.stdout.close()
        self.children.remove(child)
        self._remember()

    def stop_together(self, names: tuple[str, ...]) -> None:
        """Stop several children that do not need each other: all are told first, then each is waited for."""
        chosen = [child for child in self.children if child.name in names]
        for child in chosen:
            if child.is_running():
                child.process.send_signal(child.stop_with[0][0])
        for child in chosen:
            self.stop(child, told=True)

    def stop_all(self) -> None:
        """Stop every child, the last started first."""
        for child in reversed(list(self.children)):
            self.stop(child)

    def _remember(self) -> None:
        entries = []
        for child in self.children:
            try:
                entries.append([child.pid, psutil.Process(child.pid).create_time()])
            except psutil.NoSuchProcess:
                continue
        self.pid_file.write_text(json.dumps(entries))

    def sweep(self) -> int:
        """End what a killed predecessor left running. Returns how many processes that were."""
        try:
            entries = json.loads(self.pid_file.read_text())
        except (OSError, ValueError):
            return 0
        leftovers = []
        for pid, created in entries:
            try:
                process = psutil.Process(pid)
                if abs(process.create_time() - created) < 1:
                    leftovers += [process, *process.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
        # They were told to stop when their parent died; give them the time to do it properly.
        _, alive = psutil.wait_procs(leftovers, timeout=10)
        for process in alive:
            process.kill()
        psutil.wait_procs(alive, timeout=5)
        return len(leftovers)


def kill_group(pid: int) -> None:
    """SIGKILL to what is left of the process group that a child led."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def wait_until(check, *, seconds: float, watch: Child | None = None, what: str):
    """Call check until it returns something true; a ServiceError after the given seconds or if the child dies."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = check()
        if result:
            return result
        if watch and not watch.is_running():
            raise ServiceError(f"{what} 意外退出（退出码 {watch.process.returncode}）")
        time.sleep(0.05)
    raise ServiceError(f"{what} 在 {seconds:.0f} 秒内没有就绪")
