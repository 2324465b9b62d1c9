from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import Checkpoint, Skipped, SourceError, SourceItem
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.types import Client, Contact, Contract, Departure, Manager, ManagerChange, Outcome
from churnwatch.sources.parties import ClientsSource, ContactsSource, ContractsSource

MOSCOW = ZoneInfo("Europe/Moscow")
T = TypeVar("T")


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def settings(**options: object) -> SourceSettings:
    return SourceSettings.model_validate({"name": "crm", "kind": "clients", "path": "x", **options})


def clients(path: Path, **options: object) -> list[SourceItem]:
    return list(ClientsSource("crm", (path,), settings(**options), MOSCOW, "ru").read(None))


def contacts(path: Path) -> list[SourceItem]:
    return list(ContactsSource("crm", (path,), settings()).read(None))


def contracts(path: Path) -> list[SourceItem]:
    return list(ContractsSource("crm", (path,), settings(), MOSCOW).read(None))


def only(kind: type[T], items: list[SourceItem]) -> list[T]:
    return [item for item in items if isinstance(item, kind)]


def test_a_russian_export_from_excel_is_read_without_configuration(tmp_path: Path) -> None:
    text = (
        "ID клиента;Клиент;Менеджер;Email менеджера;Сумма в месяц;Сайт;Дата начала;Дата ухода;Причина ухода\r\n"
        'c1;"ООО ""Ромашка""";Анна Берг;Anna@we.example;1 200,50;https://romashka.ru, rom2.ru;01.02.2023;05.03.2024;Ушёл\r\n'
    )
    items = clients(written(tmp_path, "clients.csv", text, "cp1251"))
    assert items[:-1] == [
        Manager("anna@we.example", "Анна Берг", "anna@we.example", "ru"),
        Client("c1", 'ООО "Ромашка"', "anna@we.example", 1200.5, domains=("romashka.ru", "rom2.ru")),
        Contract("c1:relation", "c1", date(2023, 2, 1)),
        Outcome("c1", date(2024, 3, 5), Departure.LEFT, datetime.fromisoformat("2024-03-04T21:00:00+00:00")),
    ]
    assert isinstance(items[-1], Checkpoint)


def test_our_own_names_are_read_and_the_configured_ones_win(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", "client_id,Kunde,name,language,country\n1,Nord GmbH,ignored,de,DE\n")
    assert only(Client, clients(path, columns={"name": "Kunde"})) == [
        Client("1", "Nord GmbH", language="de", country="DE")
    ]


def test_one_column_of_clients_is_id_and_name(tmp_path: Path) -> None:
    assert only(Client, clients(written(tmp_path, "c.csv", "Клиент\nРомашка\n"))) == [Client("Ромашка", "Ромашка")]


def test_a_manager_named_in_full_once_is_the_same_where_only_the_name_stands(tmp_path: Path) -> None:
    text = "client_id,manager,manager_email,manager_language\na,Anna Berg,,\nb,anna berg,anna@we.example,en\nc,Ivan,,\n"
    items = clients(written(tmp_path, "c.csv", text))
    assert only(Manager, items) == [
        Manager("anna@we.example", "anna berg", "anna@we.example", "en"),
        Manager("ivan", "Ivan", None, "ru"),
    ]
    assert [client.manager_id for client in only(Client, items)] == ["anna@we.example", "anna@we.example", "ivan"]


@pytest.mark.parametrize(
    ("word", "departure"),
    [
        ("left", Departure.LEFT),
        ("Ушёл", Departure.LEFT),
        ("silent", Departure.SILENT),
        ("тихий отток", Departure.SILENT),
        ("project_ended", Departure.PROJECT_ENDED),
        ("Проект завершён", Departure.PROJECT_ENDED),
        ("involuntary", Departure.INVOLUNTARY),
        ("Банкротство", Departure.INVOLUNTARY),
    ],
)
def test_departures_are_read_in_both_languages(tmp_path: Path, word: str, departure: Departure) -> None:
    path = written(tmp_path, "c.csv", f"client_id,ended_on,departure,known_on\na,2024-03-05,{word},2024-03-20\n")
    (outcome,) = only(Outcome, clients(path))
    assert outcome.departure is departure
    assert outcome.known_at == datetime.fromisoformat("2024-03-19T21:00:00+00:00")


def test_an_end_whose_reason_cannot_be_read_is_reported_and_the_client_kept(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", "client_id,ended_on,departure\na,2024-03-05,moved to the moon\nb,2024-03-05,\n")
    items = clients(path)
    assert [client.client_id for client in only(Client, items)] == ["a", "b"]
    assert [error.place for error in only(SourceError, items)] == ["c.csv line 2", "c.csv line 3"]
    assert "moon" not in only(SourceError, items)[0].problem


def test_without_a_column_of_reasons_an_end_means_that_the_client_left(tmp_path: Path) -> None:
    (outcome,) = only(Outcome, clients(written(tmp_path, "c.csv", "client_id,churned on\na,2024-03-05\n")))
    assert outcome.departure is Departure.LEFT


def test_bad_rows_are_reported_with_their_line_and_the_rest_is_read(tmp_path: Path) -> None:
    text = "client_id,name,started_on,monthly_value\n,nobody,,\na,A,31.02.2024,\nb,B,,lots\nb,B again,,\nc,C,01.02.2024,7\nd\n"
    items = clients(written(tmp_path, "c.csv", text))
    assert [client.client_id for client in only(Client, items)] == ["a", "b", "c"]
    assert [(error.place, error.problem) for error in only(SourceError, items)] == [
        ("c.csv line 2", "client_id is empty"),
        ("c.csv line 3", "started_on is not a date"),
        ("c.csv line 4", "monthly_value is not an amount"),
        ("c.csv line 5", "client_id repeats line 4"),
        ("c.csv line 7", "1 cells under 4 column names"),
    ]


def test_a_missing_column_stops_the_source_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError) as error:
        contacts(written(tmp_path, "people.csv", "Фамилия;Телефон\nx;1\n"))
    for part in ("people.csv", "'client_id'", "Фамилия, Телефон", "columns = { client_id"):
        assert part in str(error.value)


def test_a_mapping_that_fits_neither_the_kind_nor_the_file_stops_the_source(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", "client_id\na\n")
    with pytest.raises(SourceUnavailableError, match="clent_id"):
        clients(path, columns={"clent_id": "client_id"})
    with pytest.raises(SourceUnavailableError, match="no column 'Kunde'"):
        clients(path, columns={"name": "Kunde"})


def test_dates_that_can_be_read_both_ways_stop_the_source_until_the_format_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", "client_id,start date\na,03/04/2024\n")
    with pytest.raises(SourceUnavailableError, match="date_format"):
        clients(path)
    assert only(Contract, clients(path, date_format="%m/%d/%Y"))[0].starts_on == date(2024, 3, 4)
    assert only(Contract, clients(path, date_format="%d/%m/%Y"))[0].starts_on == date(2024, 4, 3)


def test_two_columns_of_one_name_are_reported(tmp_path: Path) -> None:
    items = clients(written(tmp_path, "c.csv", "client_id,name,Name\na,First,Second\n"))
    assert only(Client, items) == [Client("a", "First")]
    assert [error.place for error in only(SourceError, items)] == ["c.csv line 1"]


def test_a_contact_has_every_address_of_all_its_rows(tmp_path: Path) -> None:
    text = (
        "contact_id,client_id,ФИО,Email,Телефон,Telegram,ЛПР\n"
        'k1,c1,Анна,"Anna@x.ru; a@y.ru b@y.ru","8 (916) 123-45-67, +49 30 1234567",nick,да\n'
        "k1,c1,,anna@z.ru,,,\n"
        "k1,c2,,other@z.ru,,,\n"
        ",c1,Борис,,,,нет\n"
        ",c1,,,,,\n"
    )
    items = contacts(written(tmp_path, "k.csv", text))
    assert only(Contact, items) == [
        Contact(
            "k1",
            "c1",
            "Анна",
            ("anna@x.ru", "a@y.ru", "b@y.ru", "+79161234567", "+49301234567", "@nick", "anna@z.ru"),
            decision_maker=True,
        ),
        Contact("c1:борис", "c1", "Борис"),
    ]
    assert [error.place for error in only(SourceError, items)] == ["k.csv line 4", "k.csv line 6"]


@pytest.mark.parametrize("header", ["role", "Роль", "title", "Job title", "position", "Должность"])
def test_a_contact_has_the_role_that_the_crm_gives(tmp_path: Path, header: str) -> None:
    text = f"contact_id,client_id,name,{header}\nk1,c1,Анна,Финансовый директор\nk1,c1,Анна,\nk2,c1,Борис,\n"
    found = only(Contact, contacts(written(tmp_path, "k.csv", text)))
    assert [(contact.contact_id, contact.role) for contact in found] == [("k1", "Финансовый директор"), ("k2", "")]


def test_an_id_that_would_part_a_list_of_people_is_reported(tmp_path: Path) -> None:
    items = contacts(written(tmp_path, "k.csv", "contact_id,client_id,name\nk;1,c1,Anna\nk2,c1,Bob\n"))
    assert [contact.contact_id for contact in only(Contact, items)] == ["k2"]
    assert [(error.place, error.problem) for error in only(SourceError, items)] == [
        ("k.csv line 2", "contact_id holds a semicolon")
    ]


def test_contracts_bring_their_life_and_the_changes_of_manager(tmp_path: Path) -> None:
    text = (
        "contract_id,client_id,starts_on,ends_on,ended_on,departure,manager,manager_since\n"
        "1,a,2020-01-01,2020-12-31,2020-12-31,project_ended,,\n"
        "2,a,2021-01-01,,2023-05-05,left,Anna Berg,2022-02-02\n"
        "3,b,2021-01-01,,,,,2022-02-02\n"
        "4,c,2021-01-01,,2020-01-01,left,,\n"
    )
    items = contracts(written(tmp_path, "d.csv", text))
    assert [contract.contract_id for contract in only(Contract, items)] == ["1", "2", "3", "4"]
    assert only(ManagerChange, items) == [ManagerChange("a", "anna-berg", date(2022, 2, 2))]
    assert [(outcome.client_id, outcome.ended_on) for outcome in only(Outcome, items)] == [("a", date(2023, 5, 5))]
    assert len(only(Skipped, items)) == 1
    assert [error.problem for error in only(SourceError, items)] == ["manager is empty", "ended_on is before the start"]


def test_damaged_characters_are_reported_only_where_they_matter(tmp_path: Path) -> None:
    good = "Анна;Москва\n" * 30
    path = tmp_path / "k.csv"
    path.write_bytes(f"Клиент;Город\n{good}".encode() + b"\xd0;Tver\nOlga;\xd0\n")
    items = clients(path)
    assert [error.problem for error in only(SourceError, items) if "bytes" in error.problem] == [
        "client_id ('Клиент') holds bytes that are no characters in the file's encoding"
    ]
    assert only(Client, items)[-1].client_id == "Olga"


def test_a_damaged_managers_cell_costs_its_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    rows = "".join(f"к{n};Анна;русский\n" for n in range(30))
    path.write_bytes(f"client_id;manager;manager_language\n{rows}".encode() + b"x;\xd0;ru\ny;Olga;\xd0\n")
    items = clients(path)
    assert [manager.name for manager in only(Manager, items)] == ["Анна"]
    assert [error.place for error in only(SourceError, items)] == ["c.csv line 32"]
