"""The benchmark's command line.

python -m benchmarks.engine generate --messages 1_000_000 --folder F    # only writes the invented history
"""

import argparse
from pathlib import Path

CACHE = Path(__file__).resolve().parents[1] / ".cache"


def main() -> None:
    """Parse the arguments and do what they say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    writing = verbs.add_parser("generate", help="write an invented history as Parquet")
    writing.add_argument("--messages", type=int, default=1_000_000)
    writing.add_argument("--folder", type=Path, default=CACHE)
    arguments = parser.parse_args()
    print(ensure_events(arguments.folder, arguments.messages))


def ensure_events(folder: Path, messages: int) -> Path:
    """The history of that many messages, written where it is missing."""
    from benchmarks.engine.generate import generate

    path = folder / f"events-{messages}.parquet"
    if not path.exists():
        generate(path, messages)
    return path


if __name__ == "__main__":
    main()
