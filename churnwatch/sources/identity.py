"""Who is behind an address: which mail addresses, phones and handles are ours, and which belong to which client and contact."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from churnwatch.core.types import Client, Contact

# Anyone may have an address here, so a domain of this list never stands for one firm.
FREE_MAIL: Final = frozenset((
    "gmail.com", "googlemail.com", "outlook.com", "outlook.de", "outlook.fr", "hotmail.com", "hotmail.co.uk",
    "hotmail.de", "hotmail.fr", "hotmail.it", "live.com", "live.de", "live.co.uk", "msn.com", "yahoo.com",
    "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.co.jp", "ymail.com", "rocketmail.com", "icloud.com", "me.com",
    "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de",
    "arcor.de", "mail.de", "posteo.de", "mailbox.org", "proton.me", "protonmail.com", "protonmail.ch", "pm.me",
    "tutanota.com", "tuta.io", "zoho.com", "fastmail.com", "hey.com", "mail.com", "email.com", "orange.fr",
    "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "tiscali.it", "alice.it",
    "terra.es", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "seznam.cz", "centrum.cz", "bluewin.ch", "abv.bg",
    "ukr.net", "i.ua", "meta.ua", "tut.by", "mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru", "xmail.ru",
    "yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "ya.ru", "rambler.ru", "lenta.ru", "autorambler.ru",
    "myrambler.ru", "ro.ru", "pochta.ru", "qip.ru", "vk.com", "qq.com", "163.com", "126.com", "sina.com", "naver.com",
    "comcast.net", "verizon.net", "att.net", "btinternet.com",
))  # fmt: skip

_PHONE = re.compile(r"[\d\s().+/-]+")
_EXTENSION = re.compile(r"\s*(?:,|;|доб|вн|ext|x|#).*$", re.IGNORECASE | re.DOTALL)
_NOT_DIGITS = re.compile(r"[^0-9]+")
_SCHEME = re.compile(r"^(?:mailto|tel|sip|sips|callto|https?):/{0,2}", re.IGNORECASE)
_MIN_PHONE_DIGITS = 5
_RUSSIAN_DIGITS = 11


class Person(NamedTuple):
    """Someone at a client; `contact_id` is None where only the firm is known."""

    client_id: str
    contact_id: str | None


@dataclass(frozen=True, slots=True, init=False)
class Identity:
    """Everyone we know, by every address; built once and never changed.

    An address that two clients claim is nobody's; `warnings` says so. Equal knowledge has an equal `fingerprint`.
    """

    warnings: tuple[str, ...]
    fingerprint: str
    _own_domains: frozenset[str]
    _own_addresses: frozenset[str]
    _people: dict[str, Person | None]
    _domains: dict[str, str | None]

    def __init__(
        self,
        own_domains: Iterable[str] = (),
        own_addresses: Iterable[str] = (),
        clients: Iterable[Client] = (),
        contacts: Iterable[Contact] = (),
    ) -> None:
        warnings: list[str] = []
        ours = frozenset(filter(None, map(_key, own_addresses)))
        domains = frozenset(_usable_domains(own_domains, "The firm's own domain", "firm.addresses", warnings))
        clients = list(clients)
        claimed = _claimed_domains(clients, domains, warnings)
        people = _claimed_addresses(clients, contacts, warnings)
        warnings += [
            f"{key} is our own address and also a client's contact; it counts as ours."
            for key in sorted(people)
            if key in ours or any(parent in domains for parent in _parents(key))
        ]
        content = [sorted(domains), sorted(ours), sorted(people.items()), sorted(claimed.items())]
        digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
        for name, value in (
            ("warnings", tuple(warnings)),
            ("fingerprint", digest[:16]),
            ("_own_domains", domains),
            ("_own_addresses", ours),
            ("_people", people),
            ("_domains", claimed),
        ):
            object.__setattr__(self, name, value)

    def is_ours(self, address: str) -> bool:
        """Whether the address belongs to one of our own people."""
        key = _key(address)
        return key in self._own_addresses or any(parent in self._own_domains for parent in _parents(key))

    def resolve(self, address: str) -> Person | None:
        """The client, and where known the contact, behind an address; None for ours, strangers and disputed ones."""
        key = _key(address)
        if not key or self.is_ours(key):
            return None
        if key in self._people:
            return self._people[key]
        for parent in _parents(key):
            if parent in self._domains:
                client_id = self._domains[parent]
                return None if client_id is None else Person(client_id, None)
        return None


def canonical(address: str) -> str:
    """One spelling for every way to write an address: `a@b.c`, `+4930…`, `@nick`; anything else in lower case.

    >>> canonical("Anna Berg <Anna@Клиент.РФ.>"), canonical("8 (916) 123-45-67, доб. 4"), canonical("0049 (0)30 1234567")
    ('anna@xn--e1affem4a.xn--p1ai', '+79161234567', '+49301234567')
    """
    text = address.replace("\x00", "").strip()
    if "<" in text and text.endswith(">"):
        text = text[text.rindex("<") + 1 : -1]
    text = _SCHEME.sub("", text.strip()).strip().strip("\"'").rstrip(".")
    if text.startswith("@"):
        return text.lower()
    if "@" in text:
        local, _, domain = text.split("?", 1)[0].rpartition("@")
        return f"{local.strip().lower()}@{domain_of(domain)}"
    number = _EXTENSION.sub("", text)
    return (_phone(number) if _PHONE.fullmatch(number) else None) or text.lower()


def domain_of(text: str) -> str:
    """A domain as mail uses it, from what people write into a CRM.

    >>> domain_of("https://www.Client.de/contact"), domain_of("@client.de."), domain_of("*.клиент.рф")
    ('client.de', 'client.de', 'xn--e1affem4a.xn--p1ai')
    """
    domain = _SCHEME.sub("", text.replace("\x00", "").strip().lower()).split("/", 1)[0]
    domain = domain.removeprefix("*").strip("@. ").removeprefix("www.")
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:  # an empty or overlong label: keep what was written
        return domain


def _key(address: str) -> str:
    return canonical(address).removeprefix("+")  # telephone systems log numbers with and without the plus


def _phone(text: str) -> str | None:
    number = text.strip()
    digits = _NOT_DIGITS.sub("", number.replace("(0)", ""))
    if len(digits) < _MIN_PHONE_DIGITS:
        return None
    if number.startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    # Within Russia +7 is written and dialled as 8; systems also log the bare 7.
    if len(digits) == _RUSSIAN_DIGITS and digits[0] in "78":
        return f"+7{digits[1:]}"
    return digits


def _parents(key: str) -> Iterator[str]:
    """The mail domain of an address and every domain above it."""
    domain = key.rpartition("@")[2] if not key.startswith("@") and "@" in key else ""
    while domain:
        yield domain
        domain = domain.partition(".")[2]


def _usable_domains(given: Iterable[str], whose: str, remedy: str, warnings: list[str]) -> Iterator[str]:
    for text in given:
        domain = domain_of(text)
        if domain in FREE_MAIL:
            warnings.append(
                f"{whose} {domain} is a free-mail provider and is ignored: list full addresses in {remedy}."
            )
        elif "." not in domain.strip("."):
            warnings.append(f"{whose} {text!r} is not a mail domain and is ignored.")
        else:
            yield domain


def _claimed_domains(clients: Iterable[Client], ours: frozenset[str], warnings: list[str]) -> dict[str, str | None]:
    claimed: dict[str, str | None] = {}
    for client in clients:
        whole = [text for text in client.domains if not _is_mailbox(text)]
        for domain in _usable_domains(whole, f"{client.client_id}: the domain", "the contacts", warnings):
            if any(parent in ours for parent in _parents(f"x@{domain}")):
                warnings.append(f"{client.client_id}: the domain {domain} is our own; its mail counts as ours.")
            elif claimed.setdefault(domain, client.client_id) not in (client.client_id, None):
                warnings.append(
                    f"The domain {domain} is claimed by {claimed[domain]} and by {client.client_id}: "
                    "it decides for neither; list their contacts' addresses."
                )
                claimed[domain] = None
    return claimed


def _claimed_addresses(
    clients: Iterable[Client], contacts: Iterable[Contact], warnings: list[str]
) -> dict[str, Person | None]:
    people: dict[str, Person | None] = {}
    for contact in contacts:
        for address in contact.addresses:
            _claim(people, _key(address), Person(contact.client_id, contact.contact_id), warnings)
    for client in clients:
        for text in filter(_is_mailbox, client.domains):
            key = _key(text)
            held = people.get(key)
            if held is None or held.client_id != client.client_id:
                _claim(people, key, Person(client.client_id, None), warnings)
    return people


def _claim(people: dict[str, Person | None], key: str, person: Person, warnings: list[str]) -> None:
    if not key:
        return
    if key not in people:
        people[key] = person
        return
    held = people[key]
    if held is None or held == person:
        return
    if held.client_id == person.client_id:
        warnings.append(f"{key} belongs to two contacts of {person.client_id}: it counts for the client alone.")
        people[key] = Person(person.client_id, None)
    else:
        warnings.append(f"{key} is claimed by {held.client_id} and by {person.client_id}: it counts for neither.")
        people[key] = None


def _is_mailbox(text: str) -> bool:
    """Whether someone put a whole address where a domain belongs, as one must for a client at a free-mail provider."""
    return "@" in text.strip().lstrip("@")
