"""Builds the demo folder: everything a real installation would find in its mailboxes, calendars, CRM and bookkeeping."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from churnwatch.core.errors import SourceUnavailableError
from churnwatch.demo import bulk_mail, cast, ledger, meetings, names, office, scenes, wording, write_mail, write_tables
from churnwatch.demo.account import Account, accounts
from churnwatch.demo.cast import OurManager
from churnwatch.demo.dice import Dice
from churnwatch.demo.settings import README, settings

GENERATOR_VERSION = 2  # raise it with every change that changes a byte
_MARKER = ".demo"

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class DemoFirm:
    """What was built, or found already built."""

    folder: Path
    config: Path
    as_of: date
    clients: int
    left: int  # churned by the as-of date and known to be
    mails: int
    meetings: int  # revisions
    calls: int
    invoices: int
    built: bool  # False where a finished folder of the same generator was found


def build(folder: Path, seed: int = 20240229, clients: int = 120, progress: Progress | None = None) -> DemoFirm:
    """Write the demo firm into `folder`: the same bytes for the same seed, and nothing at all where it already lies there."""
    if clients < 1:
        raise ValueError(f"a demo firm needs at least one client, not {clients}")
    marker = folder / _MARKER
    if (found := _found(marker, folder, seed, clients)) is not None:
        return found
    say = progress or _quiet
    _make_folders(folder, marker)
    managers = {manager.key: manager for manager in cast.our_managers(seed)}
    firm = accounts(seed, clients, tuple(managers.values()))
    say("clients", 0.02)
    counted = {"clients": clients, "left": sum(_has_left(account) for account in firm)}
    counted["mails"] = _write_mail(folder / "mail", firm, managers, seed, say)
    counted["meetings"] = _write_calendar(folder / "calendar", firm, managers, seed)
    say("calendar", 0.95)
    phone_calls = [call for account in firm for call in ledger.calls(account, seed)]
    phone_calls.sort(key=lambda call: (call.at, call.phone))
    bills = [bill for account in firm for bill in ledger.bills(account, seed)]
    bills.sort(key=lambda bill: (bill.issued_on, bill.invoice_id))
    counted |= {"calls": len(phone_calls), "invoices": len(bills)}
    write_tables.write_clients(folder / "crm" / "clients.csv", firm, managers)
    write_tables.write_contacts(folder / "crm" / "contacts.csv", firm)
    write_tables.write_contracts(folder / "crm" / "contracts.csv", firm, managers)
    write_tables.write_calls(folder / "calls.csv", phone_calls)
    write_tables.write_invoices(folder / "invoices.csv", bills)
    write_tables.write_truth(folder / "truth.csv", firm)
    (folder / "churnwatch.toml").write_bytes(settings(seed).encode("utf-8"))
    (folder / "README.txt").write_bytes(README.encode("utf-8"))
    # The marker comes last: a build that was killed is built again.
    marker.write_bytes(_marker_text(folder, seed, clients, counted).encode("utf-8"))
    say("done", 1.0)
    return _firm(folder, counted, built=True)


def _quiet(_stage: str, _share: float) -> None:
    return None


def _has_left(account: Account) -> bool:
    told = account.story
    known = (
        told.leaves_on is not None and told.known_on is not None and max(told.leaves_on, told.known_on) < office.AS_OF
    )
    return known and told.departure in ("left", "silent")


def _make_folders(folder: Path, marker: Path) -> None:
    try:
        for name in ("crm", "mail", "calendar"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        marker.unlink(missing_ok=True)
        for stale in (*(folder / "mail").glob("*.mbox"), *(folder / "calendar").glob("*.ics")):
            stale.unlink()
    except OSError as error:
        raise SourceUnavailableError(
            f"The demo firm cannot be written into {folder}: {error.strerror}.",
            remedy="Name a folder that can be written.",
        ) from error


def _write_mail(
    folder: Path, firm: Iterable[Account], managers: Mapping[str, OurManager], seed: int, say: Progress
) -> int:
    boxes: dict[str, list[tuple[datetime, str, bytes]]] = {key: [] for key in managers}
    firm = list(firm)
    for place, account in enumerate(firm):
        for letter in scenes.letters(account, managers, seed):
            raw = write_mail.envelope(letter.sender, letter.at) + write_mail.in_mailbox(write_mail.mail(letter))
            boxes[letter.manager.key].append((letter.at, f"{letter.client_id}{letter.number:06d}", raw))
        say("mail", 0.05 + 0.85 * (place + 1) / len(firm))
    mails = 0
    for place, (key, box) in enumerate(boxes.items()):
        everything = sorted(box + _noise(key, tuple(managers), Dice(seed, 8, place)))
        (folder / f"{key}.mbox").write_bytes(b"".join(raw for _, _, raw in everything))
        mails += len(everything)
    return mails


def _noise(key: str, keys: tuple[str, ...], dice: Dice) -> list[tuple[datetime, str, bytes]]:
    """What else lies in a mailbox: newsletters, strangers, colleagues."""
    box: list[tuple[datetime, str, bytes]] = []
    own = f"{key}@{names.FIRM_DOMAIN}"
    for number, monday in enumerate(office.mondays(office.FIRST_DAY, office.AS_OF)):
        hour = dice.whole(7, 18)
        day = monday + timedelta(days=dice.whole(0, 4))
        at = datetime.combine(day, time(hour, 50))
        kind = dice.weighted(("newsletter", "stranger", "internal", "nothing"), (0.3, 0.12, 0.3, 0.28))
        if kind == "nothing":
            continue
        if kind == "internal":
            colleague = dice.pick([other for other in keys if other != key])
            text = wording.sentence("internal", dice.pick(("ru", "en")), True, {}, dice)
            raw = bulk_mail.internal(number, own, f"{colleague}@{names.FIRM_DOMAIN}", at, text)
        else:
            write = bulk_mail.newsletter if kind == "newsletter" else bulk_mail.stranger
            raw = write(number, own, day, hour)
        box.append((at, f"{kind}{number}", write_mail.envelope(own, at) + write_mail.in_mailbox(raw)))
    return box


def _write_calendar(folder: Path, firm: Iterable[Account], managers: Mapping[str, OurManager], seed: int) -> int:
    revisions = [revision for account in firm for revision in meetings.meetings(account, managers, seed)]
    revisions.sort(key=lambda revision: (revision.at, revision.client_id, revision.text))
    files: dict[tuple[str, str], list[str]] = {}
    for revision in revisions:
        files.setdefault((f"{revision.at:%Y-%m}", revision.manager_key), []).append(revision.text)
    for (month, key), texts in files.items():
        (folder / f"{month}-{key}.ics").write_bytes("".join(texts).encode("utf-8"))
    return len(revisions)


def _marker_text(folder: Path, seed: int, clients: int, counted: Mapping[str, int]) -> str:
    lines = [f"version={GENERATOR_VERSION}", f"seed={seed}", f"clients={clients}", f"sha256={_digest(folder)}"]
    return "\n".join([*lines, *(f"{name}={count}" for name, count in counted.items() if name != "clients")]) + "\n"


def _found(marker: Path, folder: Path, seed: int, clients: int) -> DemoFirm | None:
    if not marker.is_file():
        return None
    said = dict(line.split("=", 1) for line in marker.read_text(encoding="utf-8").splitlines() if "=" in line)
    wanted = {"version": str(GENERATOR_VERSION), "seed": str(seed), "clients": str(clients)}
    if any(said.get(name) != value for name, value in wanted.items()) or said.get("sha256") != _digest(folder):
        return None
    counted = {name: int(said[name]) for name in ("clients", "left", "mails", "meetings", "calls", "invoices")}
    return _firm(folder, counted, built=False)


def _digest(folder: Path) -> str:
    """Of everything the generator writes but what a person may want to change: the settings and the readme."""
    digest = hashlib.sha256()
    written = [
        *folder.glob("*.csv"),
        *folder.glob("crm/*.csv"),
        *folder.glob("mail/*.mbox"),
        *folder.glob("calendar/*.ics"),
    ]
    for path in sorted(written, key=lambda path: path.relative_to(folder).as_posix()):
        digest.update(path.relative_to(folder).as_posix().encode("utf-8") + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _firm(folder: Path, counted: Mapping[str, int], *, built: bool) -> DemoFirm:
    return DemoFirm(
        folder,
        folder / "churnwatch.toml",
        office.AS_OF,
        counted["clients"],
        counted["left"],
        counted["mails"],
        counted["meetings"],
        counted["calls"],
        counted["invoices"],
        built,
    )
