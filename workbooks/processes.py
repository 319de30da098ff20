"""Runs a module of this package as a child that may die without harm: no environment, no secrets, a time limit."""

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def run(module: str, *arguments: str, seconds: float, stdin: str = "") -> str | None:
    """What `python -m workbooks.MODULE` wrote, or None when it died or took too long."""
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", f"workbooks.{module}", *arguments],
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONUTF8": "1"},
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
