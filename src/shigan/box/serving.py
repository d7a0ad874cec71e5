"""Running a box on the network: one server process, and the desk's keys said to whoever started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from shigan.box.desk import keys as desk_keys
from shigan.box.desk.words import say
from shigan.box.folder import Folder
from shigan.box.refusals import Refused

APPLICATION = "shigan.box.server:app"
PATIENCE = 10
"""Seconds that a server may take to end when it is asked to."""


def serve(path: Path, host: str, port: int, out: Callable[[str], object]) -> None:
    """Serve the box in a folder until stopped. Raises Refused for one without slips, and a taken port."""
    folder = Folder(path)
    manifest = folder.manifest()
    folder.slips()
    _must_be_free(host, port)
    keys = desk_keys.Keys().codes
    server = start(path, host, port, keys)
    out(f"投票 / voting      http://{host}:{port}/")
    out(f"公用机 / kiosk     http://{host}:{port}/kiosk")
    out(f"工作台 / desk      http://{host}:{port}/desk")
    out("\n工作台口令，只显示这一次，请分别抄给各人 / keys of the desk, shown once:")
    for role, code in keys.items():
        out(f"  {code}  {say('zh', f'role_{role}')} / {say('en', f'role_{role}')}")
    if manifest.keys:
        out("\n网上领票：主系统以此启动 / tokens: the main system is started with")
        out(f"  SHIGAN_BOX_SIGNER={folder.socket.resolve()}")
    out("\nCtrl-C 结束 / stops")
    leave_when_told()
    try:
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        stop(server)


def start(path: Path, host: str, port: int, keys: Mapping[desk_keys.Role, str]) -> subprocess.Popen[bytes]:
    """The server as a process of its own: one worker, because one thread writes; no access log."""
    given = {"SHIGAN_BOX": str(path.resolve()), desk_keys.VARIABLE: ",".join(keys.values())}
    return subprocess.Popen(
        [
            str(Path(sys.executable).parent / "granian"), "--interface", "rsgi", "--host", host,
            "--port", str(port), "--workers", "1", "--no-ws", "--no-access-log", "--log-level", "error",
            APPLICATION,
        ],
        env=os.environ | given, start_new_session=True,
    )  # fmt: skip


def leave_when_told() -> None:
    """SIGTERM and a closed terminal end this process in order, so that it can stop its server."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # what `nohup` wants stays
            signal.signal(number, lambda _number, _frame: sys.exit(0))


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server that has a session of its own: it is asked, and made to if it, or the user, is too slow.

    Of its own, because a Ctrl-C that reaches granian's workers beside the request to end hangs them.
    """
    server.terminate()
    try:
        server.wait(PATIENCE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"{host} 的端口 {port} 不能用：{error.strerror}",
                f"port {port} of {host} cannot be had: {error.strerror}",
                f"换一个端口：--port {port + 1}。", f"Choose another: --port {port + 1}.",
            ) from error  # fmt: skip
