"""The verb that reads stored messages again after the tone reader has changed."""

from cli_answers import Run
from firms import Firm, rows

MESSAGES = "SELECT count(*) FROM events WHERE kind = 0 AND words IS NOT NULL"


def test_retone_says_how_many_it_read_and_the_second_time_that_there_are_none(run: Run, settled: Firm) -> None:
    ((messages,),) = rows(settled, MESSAGES)
    settled.set('[tone]\nphrases = [{ text = "any news", cue = "repetition" }]')
    answer = run("retone", "--config", settled.config_path)
    assert (answer.code, answer.err) == (0, "  read again …\n")
    assert f": {messages:,} messages." in answer.out
    again = run("retone", "--config", settled.config_path)
    assert (again.code, again.err) == (0, "")
    assert ": 0 messages." in again.out


def test_retone_for_scripts_is_json_alone(run: Run, settled: Firm) -> None:
    ((messages,),) = rows(settled, MESSAGES)
    settled.set('[tone]\nmuted = ["any news"]')
    answer = run("retone", "--config", settled.config_path, "--json")
    assert (answer.code, answer.err) == (0, "")
    ((model_id,),) = rows(settled, "SELECT DISTINCT read_by FROM events WHERE kind = 0 AND words IS NOT NULL")
    assert answer.data == {"model_id": model_id, "read": messages, "waiting": 0, "without_text": 0}


def test_retone_says_what_cannot_be_read_again(run: Run, firm: Firm) -> None:
    firm.set('[privacy]\nkeep_text = false\n[delivery]\nfolder = "outbox"')
    firm.night()
    firm.set('[tone]\nmuted = ["any news"]')
    answer = run("retone", "--config", firm.config_path)
    ((messages,),) = rows(firm, MESSAGES)
    assert answer.code == 0
    assert f"Not read again: {messages:,} messages, as no text of them is kept." in answer.out
    in_russian = run("retone", "--config", firm.config_path, "--lang", "ru")
    assert f"Не прочитано: сообщений {messages:,}, потому что их текст не сохранён." in in_russian.out


def test_a_phrase_that_is_no_phrase_is_refused_before_anything_is_read(run: Run, settled: Firm) -> None:
    settled.set('[tone]\nphrases = [{ text = "any news", cue = "fury" }]')
    answer = run("retone", "--config", settled.config_path)
    assert answer.code == 2
    assert "tone.phrases.0.cue: no such cue: 'fury'" in answer.err
