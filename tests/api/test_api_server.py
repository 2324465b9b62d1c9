"""The server as a process: it answers, its log names no ticket, and it stops when told."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

_PROGRAM = """
import sys
from pathlib import Path
from churnwatch.api.server import serve
from churnwatch.core.config import Config
from churnwatch.store import Store
folder = Path(sys.argv[1])
with Store.open(f"sqlite:///{folder / 'firm.db'}") as store:
    serve(Config(root=folder), store, "127.0.0.1", int(sys.argv[2]), ticket="let-me-in")
"""
_PATIENCE_S = 30


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_for(address: str) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            assert httpx2.get(f"{address}/v1/health").json() == {"status": "ok"}
        except httpx2.TransportError:
            if time.monotonic() > until:
                pytest.fail("the server does not answer")
            time.sleep(0.1)
        else:
            return


def test_the_server_answers_logs_no_ticket_and_stops(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", _PROGRAM, str(tmp_path), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            wait_for(address)
            answer = httpx2.get(f"{address}/?ticket=let-me-in")
            assert answer.status_code == 303
            assert "server" not in answer.headers
            assert (
                httpx2.get(f"{address}/v1/risks", headers={"Authorization": "Bearer cw_secret_key"}).status_code == 401
            )
        finally:
            process.send_signal(signal.SIGTERM)
            log = process.communicate(timeout=_PATIENCE_S)[0]
    assert '"GET / HTTP/1.1" 303' in log
    assert "let-me-in" not in log
    assert "cw_secret" not in log
