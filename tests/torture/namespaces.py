"""Disks that are full or can only be read, planted by mounts of a process's own; without root, where the system can."""

from __future__ import annotations

import functools
import shutil
import subprocess
from pathlib import Path

import pytest

ALONE = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec"]


@functools.cache
def can_mount() -> bool:
    """Return whether a process may mount file systems that only it sees."""
    probe = [*ALONE, "mount -t tmpfs none /mnt"]
    return bool(shutil.which("unshare")) and not subprocess.run(probe, capture_output=True, check=False).returncode


def run_mounted(mount: str, folder: Path, command: dict, *more: str) -> subprocess.CompletedProcess:
    """Run a command, in the form of `Clone.command`, after a shell text has mounted something at its "$1"."""
    if not can_mount():
        pytest.skip("this system lets nobody mount anything")
    script = f'{mount}; cd "$2"; shift 2; "$@"'
    ran = [*ALONE, script, "sh", str(folder), str(command["cwd"]), *command["args"], *more]
    return subprocess.run(ran, env=command["env"], capture_output=True, text=True, timeout=300, check=False)


def read_only(folder: Path, command: dict) -> subprocess.CompletedProcess:
    """Run a command while a folder can only be read, also by root."""
    return run_mounted('mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"', folder, command)


def small_disk(folder: Path, size: str, command: dict) -> subprocess.CompletedProcess:
    """Run a command while a folder is a disk of its own of this size, with what was in the folder."""
    mount = f'cp -a "$1" "$1.before"; mount -t tmpfs -o size={size} none "$1"; cp -a "$1.before/." "$1"'
    return run_mounted(mount, folder, command)
