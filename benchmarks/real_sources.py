"""Real mail and calendars through the sources: how much is read, what is skipped, and why.

    python -m benchmarks.real_sources

Every sender and attendee is taken for a client's contact, so that nothing is skipped for lack of a client list. The inputs lie
beside the checkout (shared/data/parsers) and are not part of the project.
"""

import gzip
import re
import sys
import tarfile
import tempfile
from collections import Counter
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path

from churnwatch.core.contracts import Checkpoint, Skipped, Source, SourceError, UnknownCorrespondent
from churnwatch.core.types import Client, Contact, Meeting
from churnwatch.sources.ics import IcsSource
from churnwatch.sources.identity import Identity
from churnwatch.sources.mail import EmlSource, MboxSource

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "parsers"


def report(title: str, source: Source) -> None:
    """Read everything and print counts."""
    read: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    errors: list[SourceError] = []
    for item in source.read(None):
        match item:
            case SourceError():
                errors.append(item)
            case Skipped():
                skipped[item.why] += 1
            case UnknownCorrespondent():
                skipped["(unknown correspondents named)"] += 1
            case Checkpoint():
                pass
            case Meeting():
                read[f"meeting {item.status.word}"] += 1
            case _:
                read[
                    f"{type(item).__name__.lower()} {'automatic' if getattr(item, 'automatic', False) else ''}".strip()
                ] += 1
    print(f"{title}: read {dict(sorted(read.items()))}; skipped {dict(sorted(skipped.items()))}; errors {len(errors)}")
    for problem, count in Counter(error.problem.split(":")[0] for error in errors).most_common(6):
        print(f"    {count:4d}  {problem}")


def identity_of(addresses: set[str]) -> Identity:
    """Each address is a contact of one big client; we are a firm that none of them is from."""
    contacts = [Contact(address, "all", addresses=(address,)) for address in sorted(addresses)]
    return Identity(("our-firm.example",), (), [Client("all", "Everyone")], contacts)


def main() -> int:
    """Print the counts of each collection."""
    if not DATA.exists():
        print(f"The real inputs are not there ({DATA}).")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        mbox = folder / "linux_mips_raw.mbox"
        mbox.write_bytes(gzip.decompress((DATA / "linux_mips_raw.mbox.gz").read_bytes()))
        mails = [mail.partition(b"\n")[2] for mail in mbox.read_bytes().split(b"\nFrom mboxrd@z")]
        report("linux_mips_raw.mbox (200 public mails)", MboxSource("mail", [mbox], identity_of(_senders(mails))))
        for name in ("spamscope_mail_parser", "ics_icalendar", "ics_caldavtester"):
            with tarfile.open(DATA / f"{name}.tar.gz") as archive:
                archive.extractall(folder / name, filter="data")
        hostile = sorted(path for path in (folder / "spamscope_mail_parser").rglob("mail_*") if path.is_file())
        senders = _senders([path.read_bytes() for path in hostile])
        report("spamscope (hostile and malformed mails)", EmlSource("hostile", hostile, identity_of(senders)))
        for name in ("ics_icalendar", "ics_caldavtester"):
            calendars = sorted((folder / name).rglob("*.ics"))
            for path in calendars if name == "ics_caldavtester" else ():
                _fill_in(path)
            people = {address for path in calendars for address in _attendees(path)}
            report(f"{name} ({len(calendars)} files)", IcsSource(name, calendars, identity_of(people)))
    return 0


def _fill_in(template: Path) -> None:
    """These calendars are templates: `$now.month:15`, `$cuaddr2:` and the like are filled in; person 1 is one of us."""
    text = re.sub(r"\$now\.year\.\d+:", "2024", template.read_text(encoding="utf-8"))
    text = re.sub(r"\$now[\w.+-]*:", "20240320", re.sub(r"\$now\.month[\w.+-]*:", "202403", text))
    text = re.sub(r"\$username(\d+):", r"Person \1", text)
    text = re.sub(r"\$cuaddr(?:urn)?1:", "mailto:us@our-firm.example", text)
    text = re.sub(r"\$cuaddr(?:urn)?(\d+):", r"mailto:user\1@client.example", text)
    template.write_text(re.sub(r"\$email(\d+):", r"user\1@client.example", text), encoding="utf-8")


def _senders(mails: list[bytes]) -> set[str]:
    parser = BytesHeaderParser()
    found = getaddresses([str(parser.parsebytes(mail).get("From", "")) for mail in mails])
    return {address.lower() for _, address in found if "@" in address}


def _attendees(calendar: Path) -> set[str]:
    unfolded = calendar.read_bytes().replace(b"\r\n ", b"").replace(b"\n ", b"").lower()
    found = {address.decode("ascii") for address in re.findall(rb"mailto:([\w.+-]+@[\w.-]+)", unfolded)}
    return {address for address in found if not address.endswith("@our-firm.example")}


if __name__ == "__main__":
    sys.exit(main())
