"""Writes what the CRM, the telephone system and the bookkeeping would export, each in its own dialect of CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from churnwatch.demo.account import Account
from churnwatch.demo.cast import OurManager
from churnwatch.demo.ledger import Bill, PhoneCall
from churnwatch.demo.names import FIRM_DOMAIN
from churnwatch.demo.office import AS_OF


def write_clients(path: Path, accounts: Iterable[Account], managers: Mapping[str, OurManager]) -> None:
    """The CRM's clients. The end of a relation stands here only once it was known."""
    rows = []
    for account in accounts:
        told, manager = account.story, managers[account.managers[-1][1]]
        known = (
            told.known_on is not None
            and told.known_on < AS_OF
            and told.leaves_on is not None
            and told.leaves_on < AS_OF
        )
        shown = manager.russian if manager.language == "ru" else manager.english
        rows.append(
            (
                account.client_id,
                account.name,
                shown.name,
                f"{manager.key}@{FIRM_DOMAIN}",
                manager.language,
                f"{account.value:.2f}",
                account.language,
                account.country,
                account.domain,
                account.started_on.isoformat(),
                told.leaves_on.isoformat() if known and told.leaves_on else "",
                told.departure if known else "",
                told.known_on.isoformat() if known and told.known_on else "",
            )
        )
    header = (
        "client_id name manager manager_email manager_language monthly_value language country domains"
        " started_on ended_on departure known_on"
    )
    _write(path, header.split(), rows, "utf-8-sig")


def write_contacts(path: Path, accounts: Iterable[Account]) -> None:
    """The CRM's people; some private addresses were never entered."""
    rows = [
        (
            person.key,
            account.client_id,
            person.name,
            ", ".join(person.addresses if person.listed else person.addresses[:1]),
            ", ".join(person.phones),
            "yes" if person.decision_maker else "no",
        )
        for account in accounts
        for person in account.people
    ]
    _write(path, ["contact_id", "client_id", "name", "addresses", "phones", "decision_maker"], rows, "utf-8-sig")


def write_contracts(path: Path, accounts: Iterable[Account], managers: Mapping[str, OurManager]) -> None:
    """Contracts with the planned end that was agreed at the start, and an addendum for each change of manager."""
    rows = []
    for account in accounts:
        for place, (since, key) in enumerate(account.managers):
            manager = managers[key]
            shown = manager.russian if manager.language == "ru" else manager.english
            number = f"K-{account.started_on:%y}-{account.number + 1:03d}" + (f"/{place}" if place else "")
            ends = account.contract_ends_on
            if ends is not None and ends <= since:
                ends = None  # prolonged without a date before the addendum
            rows.append(
                (
                    number,
                    account.client_id,
                    since.isoformat(),
                    ends.isoformat() if ends else "",
                    shown.name,
                    f"{key}@{FIRM_DOMAIN}",
                    since.isoformat(),
                )
            )
    _write(
        path,
        ["contract_id", "client_id", "starts_on", "ends_on", "manager", "manager_email", "manager_since"],
        rows,
        "utf-8-sig",
    )


def write_calls(path: Path, calls: Iterable[PhoneCall]) -> None:
    """The switchboard's log: Russian headers, code page 1251."""
    rows = [
        (
            f"{call.at:%d.%m.%Y %H:%M}",
            call.phone,
            "входящий" if call.inbound else "исходящий",
            f"{call.seconds // 60:02d}:{call.seconds % 60:02d}",
            "да" if call.answered else "нет",
        )
        for call in calls
    ]
    _write(path, ("Дата и время", "Телефон", "Направление", "Длительность", "Отвечен"), rows, "cp1251")


def write_invoices(path: Path, bills: Iterable[Bill]) -> None:
    """The bookkeeping's invoices, with a decimal comma."""
    rows = [
        (
            bill.invoice_id,
            bill.client_id,
            f"{bill.issued_on:%d.%m.%Y}",
            f"{bill.due_on:%d.%m.%Y}",
            f"{bill.cents // 100},{bill.cents % 100:02d}",
            f"{bill.paid_on:%d.%m.%Y}" if bill.paid_on else "",
        )
        for bill in bills
    ]
    _write(path, ["invoice_id", "client_id", "issued_on", "due_on", "amount", "paid_on"], rows, "utf-8")


def write_truth(path: Path, accounts: Iterable[Account]) -> None:
    """What really happens, after the as-of date too. Nothing in the product reads it."""
    rows = [
        (
            account.client_id,
            account.story.kind,
            f"{account.story.strength:.2f}",
            account.story.leaves_on.isoformat() if account.story.leaves_on else "",
            account.story.departure or "",
        )
        for account in accounts
    ]
    _write(path, ["client_id", "story", "strength", "leaves_on", "departure"], rows, "utf-8")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
