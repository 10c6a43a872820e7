"""Web processes to measure: served as the product serves them, on ports of their own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.engines import ROOT, free_ports

READY_WITHIN = 60.0


@contextmanager
def served(app: str, log: Path, ready: str = "/") -> Iterator[int]:
    """Serve `app`, such as `services.referrals.app:create_app()`; the port. `ready` answers when it is up."""
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--config", "python:shared.serving"], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait(f"http://127.0.0.1:{port}{ready}", process, log)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while True:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 our own address
                return
        except URLError as wrong:
            if getattr(wrong, "code", None) == 404:
                return
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"It did not start:\n{log.read_text()[-4000:]}") from wrong
            time.sleep(0.1)
