"""The configuration: one file, the environment over it, and every mistake named."""

from datetime import time
from pathlib import Path

import pytest

from churnwatch.core.config import Config, load, masked
from churnwatch.core.errors import ConfigError
from churnwatch.core.types import Band, Cue

MAIL = '[delivery.email]\nhost = "mail.example"\nsender = "watch@firm.example"\n'
PASSWORD = "CHURNWATCH__DELIVERY__EMAIL__PASSWORD"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "churnwatch.toml"


def loaded(file: Path, text: str, **environment: str) -> Config:
    file.write_text(text, encoding="utf-8")
    return load(file, environment)


def test_without_a_file_the_defaults_hold() -> None:
    config = load(None, {})
    assert config == Config()
    assert config.model.horizon_days == 90
    assert config.policy.open_band is Band.SIMMERING


def test_the_file_lies_over_the_defaults_and_the_environment_over_the_file(file: Path) -> None:
    text = '[firm]\nname = "ООО Ромашка"\ntimezone = "Europe/Moscow"\nopens = 10:00:00\n[model]\nhorizon_days = 60\n'
    config = loaded(file, text, CHURNWATCH__MODEL__HORIZON_DAYS="120", CHURNWATCH__FIRM__LANGUAGE="ru", OTHER="x")
    assert config.firm.name == "ООО Ромашка"
    assert config.firm.calendar.opens == time(10)
    assert config.model.horizon_days == 120
    assert config.firm.language == "ru"
    assert config.model.yearly_churn == 0.18


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[frm]\nname = 'x'\n", "frm"),
        ("[firm]\nnme = 'x'\n", "firm.nme"),
        ("[[sources]]\nname = 'a'\nkind = 'mbox'\npath = 'x'\nfolder = 'y'\n", "sources.0.folder"),
        ("[firm]\ntimezone = 'Moscow'\n", "firm.timezone"),
        ("[model]\nhorizon_days = 3\n", "model.horizon_days"),
        ("[[sources]]\nname = 'a'\nkind = 'imap'\npath = 'x'\n", "sources.0.kind"),
    ],
)
def test_a_wrong_key_or_value_is_named_by_its_place(file: Path, text: str, place: str) -> None:
    with pytest.raises(ConfigError, match=place) as caught:
        loaded(file, text)
    assert file.name in caught.value.message
    assert caught.value.remedy


def test_a_firm_tells_the_tone_reader_its_own_phrases(file: Path) -> None:
    told = '[tone]\nphrases = [{ text = "  как я и\\tписал ", cue = "Repetition" }]\nmuted = ["срочно"]\n'
    tone = loaded(file, told).tone
    assert [(one.text, one.meaning) for one in tone.phrases] == [("как я и писал", Cue.REPETITION)]
    assert tone.muted == ("срочно",)
    assert masked(loaded(file, told))["tone"]["phrases"] == [{"text": "как я и писал", "cue": "repetition"}]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("phrases = [{ text = 'asap', cue = 'anger' }]", "tone.phrases.0.cue: no such cue: 'anger'; use one of repet"),
        ("phrases = [{ text = ' ', cue = 'pressure' }]", "tone.phrases.0.text: a phrase needs at least one word"),
        ("muted = ['']", "tone.muted: a phrase needs at least one word"),
        ("phrases = [{ text = 'asap' }]", "tone.phrases.0.cue: Field required"),
        (
            "muted = ['Urgent']\nphrases = [{ text = 'urgent matter', cue = 'pressure' }]",
            "tone: the phrase 'urgent matter' would never be heard, because muted silences it",
        ),
    ],
)
def test_a_phrase_that_cannot_be_heard_is_refused_with_the_reason(file: Path, told: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(file, f"[tone]\n{told}\n")
    assert why in caught.value.message


def test_every_mistake_is_named_at_once(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"firm\.a.*model\.b"):
        loaded(file, "[firm]\na = 1\n[model]\nb = 2\n")


def test_an_unknown_key_in_the_environment_is_an_error_too() -> None:
    with pytest.raises(ConfigError, match=r"firm\.nme"):
        load(None, {"CHURNWATCH__FIRM__NME": "x"})


def test_a_key_is_not_a_section() -> None:
    with pytest.raises(ConfigError, match="CHURNWATCH__FIRM__NAME__FIRST"):
        load(None, {"CHURNWATCH__FIRM__NAME": "x", "CHURNWATCH__FIRM__NAME__FIRST": "y"})


def test_two_sources_of_one_name_are_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match="two sources are named 'mail'"):
        loaded(file, "[[sources]]\nname = 'mail'\nkind = 'mbox'\npath = 'x'\n" * 2)


def test_a_missing_file_and_a_broken_one_say_what_to_do(file: Path) -> None:
    with pytest.raises(ConfigError, match="churnwatch init"):
        load(file, {})
    with pytest.raises(ConfigError, match="not valid TOML"):
        loaded(file, "[firm\n")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(file, {})


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        (MAIL + "password = 'hunter2'\n", "CHURNWATCH__DELIVERY__EMAIL__PASSWORD"),
        (
            "[delivery.webhook]\nurl = 'https://x.example'\nsecret = 'hunter2'\n",
            "CHURNWATCH__DELIVERY__WEBHOOK__SECRET",
        ),
    ],
)
def test_a_secret_in_the_file_is_refused_without_repeating_it(file: Path, text: str, variable: str) -> None:
    with pytest.raises(ConfigError, match=variable) as caught:
        loaded(file, text)
    assert "hunter2" not in str(caught.value)


def test_a_secret_comes_from_the_environment_or_from_a_file_it_names(file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("hunter2\n", encoding="utf-8")
    for environment in ({PASSWORD: "hunter2"}, {f"{PASSWORD}_FILE": str(secret)}):
        email = loaded(file, MAIL, **environment).delivery.email
        assert email is not None
        assert email.password is not None
        assert email.password.get_secret_value() == "hunter2"


def test_a_secrets_file_that_cannot_be_read_is_named_by_its_variable(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"{PASSWORD}_FILE"):
        loaded(file, MAIL, **{f"{PASSWORD}_FILE": str(tmp_path / "nowhere")})


def test_printed_settings_hide_every_secret(file: Path) -> None:
    config = loaded(file, MAIL, **{PASSWORD: "hunter2"})
    shown = str(masked(config))
    assert "hunter2" not in shown + repr(config)
    assert "mail.example" in shown


def test_relative_paths_start_from_the_files_folder(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    config = loaded(file, "[store]\nurl = 'sqlite:///db/x.sqlite'\n")
    assert config.store_url == f"sqlite:///{tmp_path}/db/x.sqlite"
    assert config.path("models/current") == tmp_path / "models/current"
    assert config.path("/srv/mail") == Path("/srv/mail")


@pytest.mark.parametrize("url", ["sqlite:////srv/x.sqlite", "postgresql+psycopg://u@h/db"])
def test_absolute_and_foreign_urls_are_left_as_they_are(file: Path, url: str) -> None:
    assert loaded(file, f"[store]\nurl = '{url}'\n").store_url == url


def test_settings_are_frozen(file: Path) -> None:
    config = loaded(file, "")
    with pytest.raises(ValueError, match="frozen"):
        config.firm.name = "other"  # type: ignore[misc]


def test_an_office_that_closes_before_it_opens_is_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match="closes"):
        loaded(file, "[firm]\nopens = 18:00:00\ncloses = 09:00:00\n")


def test_a_country_without_a_book_of_holidays_is_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"firm\.country"):
        loaded(file, "[firm]\ncountry = 'Atlantis'\n")


def test_a_password_in_a_url_and_a_webhooks_path_are_not_printed() -> None:
    config = Config.model_validate(
        {
            "store": {"url": "postgresql+psycopg://watch:S3CRET@db.firm.example/churnwatch"},
            "delivery": {"webhook": {"url": "https://hooks.firm.example/T0/S3CRET"}},
        }
    )
    shown = str(masked(config))
    assert "S3CRET" not in shown
    assert "watch:***@db.firm.example/churnwatch" in shown
    assert "https://hooks.firm.example/…" in shown
