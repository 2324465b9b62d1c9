"""The verbs that look: risks, alerts, keys; their languages, widths and answers to scripts."""

import pytest
from cli_answers import Run, width_of
from firms import AS_OF, Firm, write_firm

NAMES = ("Harbor & Sons", "Northwind", "Ромашка", "Uhrwerk")


# --- risks ------------------------------------------------------------------------------------------------------------


def test_the_risk_list_shows_heat_client_manager_and_why(run: Run, settled: Firm) -> None:
    answer = run("risks", "--config", settled.config_path)
    assert (answer.code, answer.err) == (0, "")
    assert all(name in answer.out for name in NAMES)
    assert "Vechta" not in answer.out
    assert "no percentages until the model has learned" in answer.out
    lines = answer.out.splitlines()
    harbor = next(number for number, line in enumerate(lines) if "Harbor" in line)
    assert "boiling" in lines[harbor]
    assert "Ben Hall" in lines[harbor]
    assert lines[harbor + 1].strip().startswith("silent for 16 days")
    assert answer.out.index("Northwind") < answer.out.index("Uhrwerk")


def test_risks_for_scripts_are_json_alone(run: Run, settled: Firm) -> None:
    answer = run("risks", "--config", settled.config_path, "--json", "--limit", 3)
    assert (answer.code, answer.err, len(answer.data)) == (0, "", 3)
    first = answer.data[0]
    assert first["as_of"] == AS_OF.isoformat()
    assert first["band"] == "boiling"
    assert (first["probability"], first["expected_loss"]) == (None, None)
    assert set(first["reasons"][0]["text"]) == {"en", "ru"}
    assert first["reasons"][0]["event_ids"]


def test_a_shorter_list_says_how_many_more_there_are(run: Run, settled: Firm) -> None:
    answer = run("risks", "--config", settled.config_path, "--limit", 1)
    assert sum(name in answer.out for name in NAMES) == 1
    assert "+3" in answer.out
    assert "--limit 4" in answer.out


@pytest.mark.parametrize("who", ["Ben Hall", "ben@buro.example"])
def test_one_manager_sees_his_own(run: Run, settled: Firm, who: str) -> None:
    answer = run("risks", "--config", settled.config_path, "--manager", who)
    assert [name for name in NAMES if name in answer.out] == ["Harbor & Sons", "Northwind"]


def test_an_unknown_manager_is_refused(run: Run, settled: Firm) -> None:
    answer = run("risks", "--config", settled.config_path, "--manager", "Nemo")
    assert (answer.code, answer.out) == (1, "")
    assert "'Nemo'" in answer.err


def test_before_any_night_there_is_a_hint_and_for_scripts_an_empty_list(run: Run, firm: Firm) -> None:
    answer = run("risks", "--config", firm.config_path)
    assert answer.code == 0
    assert "churnwatch nightly" in answer.out
    assert run("risks", "--config", firm.config_path, "--json").data == []
    assert run("alerts", "--config", firm.config_path, "--json").data == []
    assert run("alerts", "--config", firm.config_path).code == 0


# --- language and width -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "options", "russian"),
    [
        ({"LANG": "ru_RU.UTF-8"}, (), True),
        ({"LANG": "en_GB.UTF-8"}, (), False),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8"}, (), False),
        ({"LANG": "ru_RU.UTF-8"}, ("--lang", "en"), False),
        ({}, ("--lang", "ru"), True),
    ],
)
@pytest.mark.parametrize("command", ["risks", "alerts"])
def test_the_language_is_the_one_asked_for_else_the_terminals(
    run: Run,
    settled: Firm,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    environment: dict[str, str],
    options: tuple[str, ...],
    russian: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    answer = run(command, "--config", settled.config_path, *options)
    assert answer.code == 0
    assert ("кипит" in answer.out, "boiling" in answer.out) == (russian, not russian)
    assert ("молчит" in answer.out.lower()) == russian


@pytest.mark.parametrize("columns", [20, 60])
@pytest.mark.parametrize("arguments", [("risks",), ("alerts", "--all"), ("check",), ("keys",), ("score",), ("ingest",)])
def test_a_narrow_terminal_breaks_nothing(
    run: Run, settled: Firm, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    width_of(monkeypatch, columns)
    answer = run(*arguments, "--config", settled.config_path)
    assert answer.code == 0
    assert answer.out


def test_a_client_name_that_looks_like_markup_is_shown_as_it_is(run: Run, firm: Firm) -> None:
    firm.edit("crm/clients.csv", "Northwind", "[red]North[/] :wave: [/nothing]")
    run("nightly", "--config", firm.config_path, "--as-of", AS_OF, "--quiet")
    for command in ("risks", "alerts"):
        assert "[red]North[/] :wave:" in run(command, "--config", firm.config_path).out


# --- alerts -----------------------------------------------------------------------------------------------------------


def test_alerts_list_the_open_cases_with_their_ids(run: Run, settled: Firm) -> None:
    answer = run("alerts", "--config", settled.config_path, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert {case["client_id"] for case in answer.data} == {"romashka", "northwind", "harbor"}
    shown = run("alerts", "--config", settled.config_path).out
    assert all(case["case_id"] in shown for case in answer.data)


def test_a_case_is_acknowledged_once(run: Run, settled: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "anna")
    case = run("alerts", "--config", settled.config_path, "--json").data[0]["case_id"]
    answer = run("alerts", "--config", settled.config_path, "--acknowledge", case, "--json")
    assert {one["case_id"]: one["state"] for one in answer.data}[case] == "acknowledged"
    with settled.open() as store:
        last = store.cases.transitions(case)[-1]
    assert (last.who, last.to_state) == ("anna", "acknowledged")
    again = run("alerts", "--config", settled.config_path, "--acknowledge", case)
    assert again.code == 1
    assert "acknowledged" in again.err
    absent = run("alerts", "--config", settled.config_path, "--acknowledge", "case_none")
    assert absent.code == 1
    assert "alerts --all" in absent.err


def test_closed_cases_are_listed_when_all_are_asked_for(run: Run, settled: Firm) -> None:
    from churnwatch.core.types import CaseState

    with settled.open() as store:
        case = store.cases.open_cases()[0]
        store.cases.move(case.case_id, CaseState.SAVED, case.version, "anna", "they stay", case.changed_at)
    assert case.case_id not in run("alerts", "--config", settled.config_path).out
    assert case.case_id in run("alerts", "--config", settled.config_path, "--all").out


def test_alerts_say_what_could_not_be_delivered(run: Run, firm: Firm) -> None:
    firm.set('[delivery.webhook]\nurl = "http://127.0.0.1:9/hook"')
    night = run("nightly", "--config", firm.config_path, "--as-of", AS_OF, "--quiet")
    assert night.code == 3
    assert "could not be delivered: 3" in night.err
    answer = run("alerts", "--config", firm.config_path)
    assert "Could not be delivered:" in answer.out
    assert "allow_private" in answer.out


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_kept_hashed(run: Run, firm: Firm) -> None:
    given = ("--config", firm.config_path)
    assert "No API keys" in run("keys", *given).out
    assert run("keys", "--json", *given).data == []
    key = run("keys", "create", "--label", "crm", "--scopes", "read, score", *given).out.strip()
    assert key.startswith("cw_")
    listed = run("keys", "list", "--json", *given).data
    assert [(one["label"], one["scopes"], one["revoked"]) for one in listed] == [("crm", ["read", "score"], False)]
    prefix = listed[0]["prefix"]
    assert prefix in run("keys", *given).out
    secret = key.split("_", 2)[2]
    assert secret not in repr(listed)
    assert secret.encode() not in b"".join(path.read_bytes() for path in firm.folder.glob("churnwatch.db*"))
    assert f"Revoked {prefix}" in run("keys", "revoke", "--prefix", prefix, *given).out
    assert "revoked" in run("keys", *given).out
    assert run("keys", "--json", *given).data[0]["revoked"] is True


def test_a_key_for_scripts_is_json_alone(run: Run, firm: Firm) -> None:
    answer = run("keys", "create", "--json", "--config", firm.config_path)
    assert answer.data["key"].startswith("cw_")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("create", "--scopes", "everything"), 2, "read, text, write, score"),
        (("burn",), 2, "keys revoke --prefix"),
        (("revoke",), 2, "keys revoke --prefix"),
        (("revoke", "--prefix", "absent"), 1, "absent"),
    ],
)
def test_a_wrong_order_about_keys_says_the_right_ones(
    run: Run, firm: Firm, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = run("keys", *arguments, "--config", firm.config_path)
    assert answer.code == code
    assert said in answer.err


def test_a_firm_without_clients_has_an_empty_list(run: Run, tmp_path) -> None:
    empty = write_firm(tmp_path, sources=())
    assert run("nightly", "--config", empty.config_path, "--quiet").code == 0
    assert run("risks", "--config", empty.config_path, "--json").data == []
