"""How Jupyter comes to a forked kernel: its process, its provisioner, and a client that waits for messages only."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import time
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from queue import Empty

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.provisioning import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import default

from report.kernels.warm import WarmParent

PROVISIONER = "ledger-forked"


class Process:
    """A kernel's process, with what of `subprocess.Popen` its provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self.ends: int | None = os.pidfd_open(pid)
        except ProcessLookupError:  # it has ended already
            self.ends = None

    def poll(self) -> int | None:
        """Return None while it runs, and 0 once it has ended, however it did."""
        return None if self.ends is not None and not select.select([self.ends], [], [], 0)[0] else 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self.ends, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    async def ended(self) -> None:
        """Wait until it has ended."""
        if self.ends is None:
            return
        loop = asyncio.get_running_loop()
        told = loop.create_future()
        loop.add_reader(self.ends, lambda: told.done() or told.set_result(None))
        try:
            await told
        finally:
            loop.remove_reader(self.ends)

    def forget(self) -> None:
        """Give back what is held of a process that has ended."""
        if self.ends is not None:
            os.close(self.ends)
            self.ends = None


class ForkedProvisioner(LocalProvisioner):
    """Gives a kernel manager a kernel from the warm parent that is handed on to `start_kernel` as `warm`."""

    async def launch_kernel(self, cmd, *, warm: WarmParent, log: str, cwd: str, env: Mapping[str, str], **_):
        """Fork a kernel; `cmd`, which would start one, says nothing more than where its connection file is."""
        pid = await asyncio.to_thread(warm.fork, self.parent.connection_file, cwd, log, env)
        self.process = Process(pid)
        self.pid = self.pgid = self.process.pid
        self.cwd = cwd
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel with all it started, and wait until it has ended."""
        await super().kill(restart)
        if self.process:
            await self.process.ended()

    async def wait(self) -> int:
        """Wait until the kernel has ended, and forget it."""
        if self.process:
            await self.process.ended()
            self.process.forget()
            self.process = None
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
        ends = time.monotonic() + (timeout or float("inf"))
        while True:
            asked = self.kernel_info()
            if await self._answered(asked):
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > ends:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answered(self, asked: str) -> bool:
        """Return whether the reply to a request has come, and what the kernel tells everybody of it."""
        try:
            while (reply := await self.shell_channel.get_msg(timeout=1))["parent_header"].get("msg_id") != asked:
                continue
            while not _idle_after(await self.iopub_channel.get_msg(timeout=0.02), asked):
                continue
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


def _idle_after(message: Mapping, asked: str) -> bool:
    """Return whether a message says that the kernel has done what was asked."""
    told = message["parent_header"].get("msg_id") == asked and message["msg_type"] == "status"
    return told and message["content"]["execution_state"] == "idle"
