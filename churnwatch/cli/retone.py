"""The verb for when the tone reader has changed: what was read before is read again."""

from churnwatch.cli import console
from churnwatch.cli.glossary import Said
from churnwatch.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath, Lang, Quiet, app, opened

_READ = Said("Read again by {model}: {count:,} messages.", "Прочитано заново моделью {model}: сообщений {count:,}.")
_WITHOUT_TEXT = Said(
    "Not read again: {count:,} messages, as no text of them is kept. Their numbers stay as they were.",
    "Не прочитано: сообщений {count:,}, потому что их текст не сохранён. Их числа остались прежними.",
)


@app.command()
def retone(
    config_path: ConfigPath = DEFAULT_CONFIG, lang: Lang = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Read the stored messages again that another tone model has read: after an update, new phrases, or train-tone.

    It may be stopped at any time and started again. The night does the same, for some minutes.
    """
    from churnwatch import rereading

    with opened(config_path) as (config, store), console.progress(quiet=quiet or as_json) as tell:
        done = rereading.reread(config, store, progress=lambda share: tell("read again", share))
    if as_json:
        console.print_json(
            {"model_id": done.model_id, "read": done.read, "waiting": done.waiting, "without_text": done.without_text}
        )
        return
    language = console.preferred_language(lang)
    console.out.print(_READ.said_in(language).format(model=done.model_id, count=done.read))
    if done.without_text:
        console.out.print(_WITHOUT_TEXT.said_in(language).format(count=done.without_text))
