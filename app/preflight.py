"""What can go wrong before the first request, each as one clear sentence in both languages."""

from __future__ import annotations

import resource
import socket
from pathlib import Path


class CannotStart(Exception):
    """The program cannot start; the message tells the user what to do."""


def require_free_port(host: str, port: int, setting: str, what: str) -> None:
    """Raise CannotStart if somebody listens there already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"端口 {port}({what})已被占用,请关闭占用它的程序,或用 {setting}=其他端口 重新启动。\n"
                f"Port {port} ({what}) is in use: stop the program that holds it, or start again with "
                f"{setting}=<another port>."
            ) from error


def require_folder(folder: Path) -> None:
    """Raise CannotStart if the data folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"数据目录 {folder} 不可写({error.strerror}),请用 DATA=其他目录 指定。\n"
            f"The data folder {folder} cannot be written ({error.strerror}): choose one with DATA=<folder>."
        ) from error


def raise_file_limit() -> None:
    """Allow as many open files as the system grants: every terminal and every screen is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
