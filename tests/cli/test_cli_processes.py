"""The installed program as a process of its own: streams, exit codes, signals, and the server."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import firms
import httpx2
import pytest
from firms import AS_OF, Firm

PROGRAM = (sys.executable, "-m", "churnwatch")
STOP_S = 30


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "COLUMNS")}
    return kept | {"PYTHONIOENCODING": "utf-8", "NO_PROXY": "*"} | changes


def churnwatch(*arguments: object, folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=folder, env=environment(**changes), capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


def test_a_night_with_a_problem_writes_json_to_one_stream_and_the_problem_to_the_other(firm: Firm) -> None:
    (firm.folder / "invoices.csv").unlink()
    done = churnwatch("nightly", "--as-of", AS_OF, "--json", folder=firm.folder)
    assert done.returncode == 3
    stages = json.loads(done.stdout)["stages"]
    assert [len(stage["problems"]) for stage in stages] == [1, 0, 0, 0, 0]
    assert done.stderr.startswith("✗ invoices: ")
    assert "Traceback" not in done.stderr


def test_a_russian_terminal_of_sixty_columns(firm_after_a_night: Firm) -> None:
    done = churnwatch("risks", folder=firm_after_a_night.folder, LANG="ru_RU.UTF-8", COLUMNS="60")
    assert (done.returncode, done.stderr) == (0, "")
    assert "кипит" in done.stdout
    assert "Ромашка" in done.stdout


def test_a_wrong_configuration_exits_with_two_and_no_traceback(firm: Firm) -> None:
    firm.edit("churnwatch.toml", "Europe/Berlin", "Europe/Nowhere")
    done = churnwatch("check", folder=firm.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "firm.timezone" in done.stderr
    assert "Traceback" not in done.stderr


# --- serve ------------------------------------------------------------------------------------------------------------


@contextmanager
def serving(firm: Firm) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The running server, the link that it printed, and its base."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*PROGRAM, "serve", "--port", str(port)],
        cwd=firm.folder, env=environment(COLUMNS="40"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        assert server.stdout is not None
        assert server.stderr is not None
        link = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+/\?ticket=\S+)\n", server.stdout.readline())
        assert link is not None
        for line in server.stderr:
            if "Uvicorn running" in line:
                break
        yield server, link[1], f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.communicate()


@pytest.fixture
def served(firm_after_a_night: Firm, tmp_path: Path) -> Firm:
    firm = firm_after_a_night.copy(tmp_path / "served")
    firm.edit("churnwatch.toml", "https://churnwatch.buro.example", "http://127.0.0.1")  # without TLS, cookies included
    return firm


def test_the_server_starts_signs_in_once_answers_and_stops_on_sigterm(served: Firm) -> None:
    with serving(served) as (server, link, base):
        assert httpx2.get(f"{base}/v1/health", trust_env=False).status_code == 200
        with httpx2.Client(follow_redirects=True, trust_env=False) as browser:
            assert "Ромашка" not in browser.get(base).text
            assert "Ромашка" in browser.get(link).text
            assert "Ромашка" in browser.get(base).text
        with httpx2.Client(follow_redirects=True, trust_env=False) as second:
            assert "Ромашка" not in second.get(link).text
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=STOP_S)
        assert server.returncode in (0, -signal.SIGTERM)
        assert link.split("ticket=")[1] not in log
        assert "Traceback" not in log


def test_a_port_that_is_taken_is_said(served: Firm) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = churnwatch("serve", "--port", taken.getsockname()[1], folder=served.folder)
    assert done.returncode == 1
    assert "✗ The server could not start" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_night_beside_a_running_server_is_shown_at_once(served: Firm) -> None:
    with serving(served) as (_, link, base), httpx2.Client(follow_redirects=True, trust_env=False) as browser:
        browser.get(link)
        served.edit("crm/clients.csv", "Northwind", "Southwind")
        served.night(firms.AS_OF, firms.NOW)
        assert "Southwind" in browser.get(base).text
