"""Finding one's way: help, init, check."""

import re
from pathlib import Path

import firms
import pytest
from cli_answers import Run
from firms import Firm

from churnwatch.core.config import load

OPTIONS = {
    "init": ("FOLDER",),
    "check": ("--config", "--json"),
    "ingest": ("--config", "--json", "--quiet"),
    "train": ("--config", "--as-of", "--json", "--quiet"),
    "backtest": ("--events", "--cohort", "--horizon", "--predictions", "--config", "--json", "--quiet"),
    "nightly": ("--config", "--as-of", "--json", "--quiet"),
    "risks": ("--config", "--limit", "--manager", "--lang", "--json"),
    "alerts": ("--config", "--all", "--acknowledge", "--lang", "--json"),
    "signals": ("--family", "--lang", "--json", "--markdown"),
    "explain": ("CLIENT", "--config", "--as-of", "--all", "--text", "--lang", "--json"),
    "score": ("--events", "--config", "--as-of", "--lang", "--json"),
    "serve": ("--config", "--host", "--port"),
    "keys": ("--label", "--scopes", "--prefix", "--config", "--json"),
    "demo": ("--folder", "--clients", "--build-only", "--lang"),
}


# --- help -------------------------------------------------------------------------------------------------------------


def test_help_lists_every_command_and_the_exit_codes(run: Run) -> None:
    answer = run("--help")
    assert answer.code == 0
    assert all(f" {command} " in answer.out for command in OPTIONS)
    assert "3 finished but something needs a look" in " ".join(answer.out.split())


@pytest.mark.parametrize("command", OPTIONS)
def test_every_command_explains_its_options(run: Run, command: str) -> None:
    answer = run(command, "--help")
    assert answer.code == 0
    assert [option for option in OPTIONS[command] if option.lower() not in answer.out.lower()] == []
    documented = set(re.findall(r"--[a-z][a-z-]+", answer.out)) - {"--help"}
    assert documented == {option for option in OPTIONS[command] if option.startswith("--")}


def test_the_version_is_told(run: Run) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", run("--version").out)


@pytest.mark.parametrize(
    "wrong",
    [("nonsense",), ("nightly", "--nonsense"), ("risks", "--limit", "0"), ("serve", "--port", "99999"), ("backtest",)],
)
def test_wrong_usage_exits_with_two(run: Run, wrong: tuple[str, ...]) -> None:
    answer = run(*wrong)
    assert answer.code == 2
    assert answer.out == ""
    assert "Error" in answer.err


# --- init -------------------------------------------------------------------------------------------------------------


def test_what_init_writes_is_accepted_by_check_once_the_files_are_there(
    run: Run, firm_files: Firm, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "firm"
    assert run("init", folder).code == 0
    without_files = run("check", "--config", folder / "churnwatch.toml")
    assert without_files.code == 3
    assert "crm/clients.csv" in without_files.out
    firm_files.copy(folder / "files")
    for name in ("crm", "mail"):
        (folder / "files" / name).rename(folder / name)
    answer = run("check", "--config", folder / "churnwatch.toml")
    assert answer.code == 0, answer.out
    assert "✗" not in answer.out
    assert run("nightly", "--config", folder / "churnwatch.toml", "--as-of", firms.AS_OF, "--json").code == 0


def test_every_key_that_init_shows_as_a_comment_is_a_real_one(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path)
    path = tmp_path / "churnwatch.toml"
    text = path.read_text(encoding="utf-8")
    uncommented = re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)
    assert uncommented.count("\n[[sources]]") == 6
    path.write_text(uncommented, encoding="utf-8")
    config = load(path, {})
    assert (config.delivery.email.port, config.delivery.webhook.url[:8]) == (587, "https://")  # type: ignore[union-attr]
    assert config.policy.fallback_email


def test_init_tells_what_comes_next(run: Run, tmp_path: Path) -> None:
    answer = run("init", tmp_path)
    assert "[firm]" in answer.out
    assert "churnwatch check" in answer.out


def test_init_never_writes_over_a_configuration(run: Run, firm: Firm) -> None:
    before = firm.config_path.read_bytes()
    answer = run("init", firm.folder)
    assert (answer.code, firm.config_path.read_bytes()) == (2, before)
    assert "is there already" in answer.err


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_names_a_wrong_key_its_place_and_the_remedy(run: Run, firm: Firm) -> None:
    firm.set("[policy]\ncooldown_weeks = 3\nper_manager_per_week = 0")
    answer = run("check", "--config", firm.config_path)
    assert answer.code == 2
    shown = " ".join(answer.err.split())
    assert "policy.cooldown_weeks: there is no such key" in shown
    assert "policy.per_manager_per_week" in shown
    assert "churnwatch.toml" in shown
    assert "Traceback" not in answer.err


def test_a_missing_configuration_is_named_with_the_remedy(run: Run, tmp_path: Path) -> None:
    answer = run("nightly", "--config", tmp_path / "absent.toml")
    assert answer.code == 2
    assert "absent.toml" in answer.err
    assert "churnwatch init" in answer.err


def test_secrets_are_masked(run: Run, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.set('[delivery.email]\nhost = "mail.example"\nsender = "a@buro.example"\nusername = "anna"')
    firm.set('[delivery.webhook]\nurl = "https://hooks.example/x"')
    monkeypatch.setenv("CHURNWATCH__DELIVERY__EMAIL__PASSWORD", "open sesame")
    monkeypatch.setenv("CHURNWATCH__DELIVERY__WEBHOOK__SECRET", "whsec_b3BlbiBzZXNhbWU=")
    for arguments in ((), ("--json",)):
        answer = run("check", "--config", firm.config_path, *arguments)
        assert answer.code == 0, answer.out
        assert "mail.example" in answer.out
        assert "sesame" not in answer.out + answer.err
        assert "b3BlbiBzZXNhbWU" not in answer.out + answer.err


def test_a_secret_in_the_file_is_refused_without_showing_it(run: Run, firm: Firm) -> None:
    firm.set('[delivery.email]\nhost = "mail.example"\nsender = "a@buro.example"\npassword = "open sesame"')
    answer = run("check", "--config", firm.config_path)
    assert answer.code == 2
    assert "CHURNWATCH__DELIVERY__EMAIL__PASSWORD" in answer.err
    assert "sesame" not in answer.err


def test_check_tries_each_part_and_says_which_does_not_work(run: Run, firm: Firm) -> None:
    (firm.folder / "calls.csv").unlink()
    (firm.folder / "model").mkdir()
    answer = run("check", "--config", firm.config_path, "--json")
    assert answer.code == 3
    good = {finding["what"]: finding["good"] for finding in answer.data["findings"]}
    assert good == {
        "database": True, "source clients": True, "source contacts": True, "source mail": True, "source calendar": True,
        "source calls": False, "source invoices": True, "model": False, "tone": True, "channels": True,
    }  # fmt: skip
    assert answer.data["settings"]["firm"]["name"] == "Buro"


def test_check_reads_without_keeping(run: Run, firm: Firm) -> None:
    run("check", "--config", firm.config_path)
    assert firms.rows(firm, "SELECT count(*) FROM events") == [(0,)]
    assert firms.rows(firm, "SELECT count(*) FROM clients") == [(0,)]
    assert not (firm.folder / "data").exists()


def test_check_says_that_no_source_is_configured(run: Run, tmp_path: Path) -> None:
    answer = run("check", "--config", firms.write_firm(tmp_path, sources=()).config_path)
    assert answer.code == 3
    assert "churnwatch init" in answer.out
