"""The verb that teaches the tone reader: the firm's own calibration from its labels, or the weights that ship from labelled sets."""

from pathlib import Path
from typing import Annotated

import typer

from churnwatch.cli import console
from churnwatch.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath, Lang, Quiet, app, now, opened
from churnwatch.core.config import load
from churnwatch.core.errors import ConfigError


@app.command(name="train-tone")
def train_tone(
    config_path: ConfigPath = DEFAULT_CONFIG,
    reset: Annotated[bool, typer.Option("--reset", help="Go back to the calibration that ships.")] = False,
    sets: Annotated[
        Path | None,
        typer.Option("--sets", metavar="FOLDER", help="Train the weights that ship, on the open sets fetched here."),
    ] = None,
    own: Annotated[Path, typer.Option("--own", metavar="FOLDER", help="With --sets: this project's own sets.")] = Path(
        "data/tone"
    ),
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="With --sets: where to write the weights.")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fit the tone reader to your firm, from what your people said of single messages.

    Labels come from "Is this irritation? Yes / No" under the quotes on a client's page, and from POST /v1/tone/labels. Five are
    enough to begin: a few move the reader a little, two hundred a lot. The calibration is put into service only where it agrees
    better with labels that it has not seen than what ships. Then run `churnwatch retone`.
    """
    if (sets is None) != (out is None) or (sets is not None and reset):
        raise ConfigError(
            "--sets and --out go together, and without --reset.", remedy="`churnwatch train-tone --help` says more."
        )
    from churnwatch import tone_training
    from churnwatch.cli import tone_lessons

    language = console.preferred_language(lang)
    if sets is not None and out is not None:
        with console.progress(quiet=quiet or as_json) as tell:
            digest = tone_training.train(sets, own, out, tell)
        tone_lessons.print_weights(out, digest, as_json=as_json)
    elif reset:
        tone_lessons.print_reset(language, taken=tone_training.reset(load(config_path)), as_json=as_json)
    else:
        with opened(config_path) as (config, store):
            done = tone_training.calibrate(config, store, now())
        tone_lessons.print_calibrated(done, language, as_json=as_json)
