"""The verb that hears texts: how irritated and how warm each sounds, and which words tell it."""

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from churnwatch.cli import console
from churnwatch.cli.options import NEEDS_A_LOOK, Lang, Quiet, app
from churnwatch.cli.texts import Form, entries
from churnwatch.core.config import load

_AT_ONCE = 1000  # texts; read together each costs far less


@app.command()
def tone(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-", help="Lines of text, JSON lines, or CSV with a header; `-` reads standard input."
        ),
    ],
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="NAME", help="Where the texts are, in JSON lines and CSV; by default text."),
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="By default the file's ending tells it, else its first lines."),
    ] = None,
    config_path: Annotated[
        Path | None,
        typer.Option(
            "--config", "-c", help="Hear with this firm's own phrases and calibration; needed for nothing else."
        ),
    ] = None,
    lang: Lang = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a text on standard output, in the same order.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """How messages sound, in Russian and English: the chance that each is irritated or warm, and the words that tell it.

    Nothing leaves this machine, nothing is stored, and no configuration is needed:

    [bold]echo "Сколько можно ждать? Третий раз пишу." | churnwatch tone -[/bold]

    [bold]churnwatch tone tickets.csv --column body[/bold]

    [bold]churnwatch tone chat.jsonl --json > heard.jsonl[/bold]

    In the table the most telling words are marked; cues of mere form, like a greeting, are left out.

    With --json a text becomes {irritated, warm, cues: [{cue, start, end, text}], lang, model}: two chances from 0 to 1 (what is left is neutral), places in characters, and ru, en, mixed or other by the letters.

    An empty text has nulls and "error". So has a record that cannot be read; it is also reported by its line, and the exit code is 3.
    """  # noqa: E501 - the help keeps line ends
    from churnwatch.cli import verdicts as shown
    from churnwatch.model.tone import SHIPPED
    from churnwatch.model.verdict import verdicts

    if config_path is None:
        reader = SHIPPED
    else:
        from churnwatch import scoring

        reader = scoring.reader_of(load(config_path))
    language = console.preferred_language(lang)
    tally = shown.Tally()
    with (
        entries(source, column, form) as records,
        console.progress(quiet=quiet or console.out.is_terminal) as tell,  # there the answers show how far it is
    ):
        if not as_json:
            shown.print_heading(language)
        while batch := list(islice(records, _AT_ONCE)):
            heard = list(zip(batch, verdicts(reader, [entry.text for entry in batch]), strict=True))
            for entry, verdict in heard:
                tally.add(entry, verdict)
                if not as_json:
                    shown.print_verdict(entry.text, verdict, language)
            if as_json:
                console.print_json_lines(shown.as_dict(entry, verdict, reader.model_id) for entry, verdict in heard)
            if len(batch) == _AT_ONCE:
                tell("tone", f"{tally.texts:,}")
    if not as_json:
        shown.print_tally(tally, reader.model_id, language)
    shown.complain_of_unread(tally, language)
    if tally.unread:
        raise typer.Exit(NEEDS_A_LOOK)
