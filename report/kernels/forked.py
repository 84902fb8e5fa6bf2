"""A forked kernel as Jupyter sees it: its process, its provisioner, and a client that waits for messages only."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import EntryPoint
from queue import Empty
from typing import TYPE_CHECKING, Any, cast

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.provisioning import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import default

from report.kernels.warm import WarmParent

if TYPE_CHECKING:
    import subprocess

    from jupyter_client.connect import KernelConnectionInfo

__all__ = ["PROVISIONER", "ForkedProvisioner", "Process", "PromptClient"]

PROVISIONER = "ledger-forked"


class Process:
    """A kernel's process, with the part of `subprocess.Popen` that its provisioner uses.

    `pidfd` is a file descriptor of the process, which becomes readable when it ends; None if it had ended already.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.pidfd: int | None = None
        with suppress(ProcessLookupError):
            self.pidfd = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return None while it runs, and 0 once it has ended, whatever its exit code."""
        return None if self.pidfd is not None and not select.select([self.pidfd], [], [], 0)[0] else 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.pidfd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, number)

    async def wait_until_ended(self) -> None:
        """Wait until it has ended."""
        if self.pidfd is None:
            return
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.pidfd, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self.pidfd)

    def close(self) -> None:
        """Close the file descriptor of a process that has ended."""
        if self.pidfd is not None:
            os.close(self.pidfd)
            self.pidfd = None


class ForkedProvisioner(LocalProvisioner):
    """Gives a kernel manager a kernel from the warm parent that `start_kernel` was called with, as `warm`."""

    forked: Process | None = None  # the same as `process`, which Jupyter declares as a `subprocess.Popen`

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Fork a kernel; `cmd`, which would start one, is not used. Options: `warm`, `log`, `cwd`, `env`."""
        warm: WarmParent = options["warm"]
        connection_file = self.parent.connection_file if self.parent else ""
        pid = await asyncio.to_thread(warm.fork, connection_file, options["cwd"], options["log"], options["env"])
        self.forked = Process(pid)
        self.process = cast("subprocess.Popen", self.forked)
        self.pid = self.pgid = pid
        self.cwd = options["cwd"]
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel with all its processes, and wait until it has ended."""
        await super().kill(restart)
        if self.forked:
            await self.forked.wait_until_ended()

    async def wait(self) -> int:
        """Wait until the kernel has ended, and close its file descriptor."""
        if self.forked:
            await self.forked.wait_until_ended()
            self.forked.close()
            self.forked = self.process = None
        return 0


KernelProvisionerFactory.provisioners[PROVISIONER] = EntryPoint(
    PROVISIONER, f"{__name__}:{ForkedProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME
)


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel answers on both channels, without waiting for silence."""

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        self._created_context = True
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.RECONNECT_IVL, 2)  # milliseconds until a socket that is not there yet is tried again
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel has answered. Raises RuntimeError if it dies first or takes over `timeout` seconds."""
        end = time.monotonic() + (timeout or float("inf"))
        while not await self._is_answered(self.kernel_info()):
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _is_answered(self, request: str) -> bool:
        """Return whether the reply to a request has arrived, and on the other channel the message that it is done."""
        try:
            while (reply := await self.shell_channel.get_msg(timeout=1))["parent_header"].get("msg_id") != request:
                continue
            while not _is_idle_after(await self.iopub_channel.get_msg(timeout=0.02), request):
                continue
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


def _is_idle_after(message: Mapping, request: str) -> bool:
    """Return whether a message reports that the kernel is idle again after a request."""
    is_status = message["parent_header"].get("msg_id") == request and message["msg_type"] == "status"
    return is_status and message["content"]["execution_state"] == "idle"
