import pytest

from churnwatch.core.types import Client, Contact
from churnwatch.sources.identity import FREE_MAIL, Identity, Person, canonical

ROMASHKA = Client("romashka", "Ромашка", domains=("romashka.ru",))
NORD = Client("nord", "Nord", domains=("https://www.nord.example/", "ромашка.рф"))
ANNA = Contact("anna", "romashka", addresses=("Anna@Romashka.ru", "anna.b@gmail.com", "+7 916 123-45-67", "@AnnaB"))


@pytest.fixture
def known() -> Identity:
    return Identity(["firm.example"], ["director@gmail.com"], [ROMASHKA, NORD], [ANNA])


@pytest.mark.parametrize(
    "address",
    [
        "anna@romashka.ru",
        "ANNA@ROMASHKA.RU.",
        "mailto:anna@romashka.ru?subject=x",
        '"Anna B" <anna@romashka.ru>',
        "anna.b@gmail.com",
        "89161234567",
        "8 (916) 123-45-67",
        "+79161234567",
        "79161234567",
        "007 916 1234567",
        "tel:+7-916-123-45-67",
        "+7 916 123-45-67 доб. 12",
        "@annab",
    ],
)
def test_one_person_is_one_contact_by_every_address_and_spelling(known: Identity, address: str) -> None:
    assert known.resolve(address) == Person("romashka", "anna")


def test_a_stranger_at_a_clients_domain_or_its_subdomain_belongs_to_the_client(known: Identity) -> None:
    assert known.resolve("new@romashka.ru") == Person("romashka", None)
    assert known.resolve("robot@mail.romashka.ru") == Person("romashka", None)
    assert known.resolve("x@nord.example") == Person("nord", None)
    assert known.resolve("директор@ромашка.рф") == Person("nord", None)
    assert known.resolve("x@XN--80AAX2AIDT.XN--P1AI".lower()) is None
    assert known.resolve(f"x@{'ромашка.рф'.encode('idna').decode()}") == Person("nord", None)


def test_a_domain_that_only_ends_alike_is_a_stranger(known: Identity) -> None:
    assert known.resolve("x@notromashka.ru") is None
    assert known.resolve("x@ru") is None


def test_the_most_specific_domain_wins() -> None:
    group = Client("group", "Group", domains=("group.example",))
    unit = Client("unit", "Unit", domains=("unit.group.example",))
    known = Identity(clients=[group, unit])
    assert known.resolve("a@mx.unit.group.example") == Person("unit", None)
    assert known.resolve("a@group.example") == Person("group", None)


def test_ours_wins_over_clients() -> None:
    client = Client("c", "C", domains=("firm.example", "lab.firm.example"))
    contact = Contact("k", "c", addresses=("me@firm.example", "director@gmail.com"))
    known = Identity(["firm.example"], ["director@gmail.com"], [client], [contact])
    for address in ("me@firm.example", "x@lab.firm.example", "Director@gmail.com"):
        assert known.is_ours(address)
        assert known.resolve(address) is None
    assert len(known.warnings) == 4


@pytest.mark.parametrize("domain", ["gmail.com", "mail.ru", "yandex.ru", "bk.ru", "web.de", "gmx.de", "outlook.com"])
def test_free_mail_is_never_resolved_by_domain_even_when_configured(domain: str) -> None:
    known = Identity([domain], (), [Client("c", "C", domains=(domain,))])
    assert domain in FREE_MAIL
    assert known.resolve(f"someone@{domain}") is None
    assert not known.is_ours(f"someone@{domain}")
    assert len([warning for warning in known.warnings if domain in warning]) == 2


def test_a_full_address_among_the_domains_serves_a_client_at_a_free_mail_provider() -> None:
    known = Identity(clients=[Client("c", "C", domains=("shop@mail.ru",))])
    assert known.resolve("Shop@mail.ru") == Person("c", None)
    assert known.resolve("other@mail.ru") is None
    assert known.warnings == ()


def test_what_two_clients_claim_is_nobodys() -> None:
    clients = [Client("a", "A", domains=("shared.example",)), Client("b", "B", domains=("shared.example",))]
    contacts = [Contact("k1", "a", addresses=("x@y.example",)), Contact("k2", "b", addresses=("x@y.example",))]
    known = Identity(clients=clients, contacts=contacts)
    assert known.resolve("z@shared.example") is None
    assert known.resolve("x@y.example") is None
    assert len(known.warnings) == 2


def test_an_address_of_two_contacts_of_one_client_counts_for_the_client() -> None:
    contacts = [Contact("k1", "a", addresses=("info@a.example",)), Contact("k2", "a", addresses=("info@a.example",))]
    known = Identity(contacts=contacts)
    assert known.resolve("info@a.example") == Person("a", None)
    assert "info@a.example" in known.warnings[0]


def test_a_known_contact_wins_over_another_clients_domain() -> None:
    known = Identity(clients=[ROMASHKA], contacts=[Contact("k", "other", addresses=("anna@romashka.ru",))])
    assert known.resolve("anna@romashka.ru") == Person("other", "k")


@pytest.mark.parametrize("nonsense", ["", "@", "<>", "+", "()", "mailto:", "\x00", "a@", "@@", "..."])
def test_nonsense_is_nobody(known: Identity, nonsense: str) -> None:
    assert known.resolve(nonsense) is None
    assert not known.is_ours(nonsense)


def test_a_word_is_not_a_domain() -> None:
    known = Identity(clients=[Client("c", "C", domains=("com",))])
    assert known.resolve("x@anything.com") is None
    assert "not a mail domain" in known.warnings[0]


def test_the_fingerprint_depends_on_what_is_known_alone(known: Identity) -> None:
    again = Identity(iter(["FIRM.example"]), ["Director@gmail.com"], [NORD, ROMASHKA], [ANNA])
    more = Identity(["firm.example"], ["director@gmail.com"], [ROMASHKA, NORD], [])
    assert again.fingerprint == known.fingerprint
    assert more.fingerprint != known.fingerprint


def test_it_cannot_be_changed(known: Identity) -> None:
    with pytest.raises(AttributeError):
        known.warnings = ()  # type: ignore[misc]


@pytest.mark.parametrize("address", ["+49 (0)30 123456", "8 916 123 45 67", "@Nick", "A@Б.РФ", "whatever", "<a@b.c>"])
def test_the_canonical_spelling_is_final(address: str) -> None:
    assert canonical(canonical(address)) == canonical(address)
