"""Who runs against whom: each peer in a fresh process, featuretools in an environment of its own, the ledger after its eve."""

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.engine.job import CORES, PEERS
from benchmarks.engine.subset import Checksum

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "benchmarks" / ".cache"
SIZES = {"1%": 100_000, "10%": 1_000_000, "100%": 10_000_000}  # messages
JOBS = {"panel": 52, "night": 1}  # as-of dates
LEDGERS = {"ledger": "comparable", "ledger_whole": "whole"}  # nights that take in what is new, by what they measure
CONTESTANTS = (*PEERS, *LEDGERS)
_ONLY_SMALL = ("featuretools",)  # half a minute there; its cost grows with clients times dates

_THREADS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"), str(CORES)
)
_REQUIREMENTS = Path(__file__).with_name("requirements-featuretools.txt")


@dataclass(frozen=True, slots=True)
class Result:
    """What one peer took for one job at one size; `failed` says why there is nothing."""

    size: str
    job: str
    peer: str
    seconds: float = 0.0
    cold_seconds: float = 0.0  # with the imports
    cpu_seconds: float = 0.0
    peak_mib: float = 0.0
    checksum: Checksum | None = None
    failed: str = ""

    @property
    def undisturbed_seconds(self) -> float:
        """What the job takes at most on a quiet machine: the rest of the clock was waiting for a core."""
        return min(self.seconds, self.cpu_seconds or self.seconds)


def competes(size: str, job: str, peer: str) -> bool:
    """Whether the peer has anything to do with such a job."""
    return (size == "1%" or peer not in _ONLY_SMALL) and (job == "night" or peer not in LEDGERS)


def fastest(size: str, job: str, peer: str, events: Path, rounds: int) -> Result:
    """The fastest of several runs: what else the machine does can only slow a run down."""
    return min((run(size, job, peer, events) for _ in range(rounds)), key=lambda result: result.seconds)


def run(size: str, job: str, peer: str, events: Path) -> Result:
    """Run one peer in a fresh process on two cores and say what it took."""
    try:
        if peer in LEDGERS:
            return _ledger_night(size, peer, events)
        python = featuretools_python() if peer == "featuretools" else Path(sys.executable)
        found = _said(python, "benchmarks.engine.job", peer, str(events), str(JOBS[job]))
    except subprocess.CalledProcessError as error:
        return Result(
            size, job, peer, failed=((error.stderr or "").strip().splitlines() or [f"exit {error.returncode}"])[-1]
        )
    return Result(size, job, peer, **json.loads(found))


def _ledger_night(size: str, peer: str, events: Path) -> Result:
    """A night over a ledger that was begun, untimed and by another process, on all but the newest messages."""
    with TemporaryDirectory(prefix="night") as folder:
        module = "benchmarks.engine.night"
        _said(Path(sys.executable), module, str(events), "--step", "prepare", NIGHT=folder)
        found = json.loads(_said(Path(sys.executable), module, str(events), "--step", LEDGERS[peer], NIGHT=folder))
    cold = found["seconds"]
    return Result(size, "night", peer, seconds=cold - found["import"], cold_seconds=cold, peak_mib=found["peak_mib"])


def _said(python: Path, module: str, *arguments: str, **environment: str) -> str:
    """The last line that a module prints in a fresh process."""
    done = subprocess.run(
        [str(python), "-m", module, *arguments],
        cwd=ROOT, env=os.environ | _THREADS | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return (done.stdout.splitlines() or [""])[-1]


def events_path(folder: Path, messages: int) -> Path:
    """Where the history of that many messages lies."""
    return folder / f"events-{messages}.parquet"


def events_file(folder: Path, messages: int) -> Path:
    """The history of that many messages, written where it is missing: by another process, whose memory is no peer's."""
    path = events_path(folder, messages)
    if not path.exists():
        asked = ["--messages", str(messages), "--folder", str(folder)]
        subprocess.run([sys.executable, "-m", "benchmarks.engine", "generate", *asked], cwd=ROOT, check=True)
    return path


def featuretools_python() -> Path:
    """The Python of featuretools' own environment, made and filled on the first call."""
    home = CACHE / "featuretools"
    ready = home / ".ready"
    python = home / "bin" / "python"
    if not ready.exists():
        print("Installing featuretools into an environment of its own …", file=sys.stderr)
        venv.create(home, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(_REQUIREMENTS)]
        subprocess.run(install, capture_output=True, text=True, check=True)
        ready.touch()
    return python
