"""One mail becomes the right events: who, whom, when, which thread, which words."""

import dataclasses
from datetime import UTC, date, datetime

import mail_builders as build
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.core.contracts import Skipped, SourceError, SourceItem, UnknownCorrespondent
from churnwatch.core.types import Contact, Direction, Meeting, MeetingStatus, Message
from churnwatch.sources.identity import Identity
from churnwatch.sources.mail_parse import MailReader
from churnwatch.sources.meeting_memory import MeetingMemory

NOON = datetime(2024, 3, 11, 9, 30, tzinfo=UTC)


def read(raw: bytes, envelope: str = "") -> list[SourceItem]:
    return list(MailReader("inbox", build.cast_identity(), UTC, MeetingMemory()).items(raw, "message 1", envelope))


def message(raw: bytes, envelope: str = "") -> Message:
    (found,) = [item for item in read(raw, envelope) if isinstance(item, Message)]
    return found


def test_a_clients_mail_comes_in() -> None:
    assert message(build.mail()) == Message(
        event_id="mail:one@romashka.example",
        client_id="romashka",
        direction=Direction.IN,
        at=NOON,
        known_at=NOON,
        contact_id="anna",
        channel="email",
        thread_id="mail:one@romashka.example",
        reply_to=None,
        subject="Report",
        text="Добрый день! Когда будет отчёт?",
        people=("anna",),
    )


def test_our_mail_goes_out_once_to_each_client() -> None:
    raw = build.mail(sender=build.OURS, to=f"{build.ANNA}, Bob <{build.BOB}>", headers="Cc: ivan@romashka.example")
    found = [item for item in read(raw) if isinstance(item, Message)]
    assert [(item.client_id, item.contact_id, item.direction) for item in found] == [
        ("romashka", "anna", Direction.OUT),
        ("northwind", None, Direction.OUT),
    ]
    assert len({item.event_id for item in found}) == 1


def test_a_clients_mail_to_a_list_still_comes_in() -> None:
    assert message(build.mail(to="all@list.example")).direction == Direction.IN


def test_internal_mail_is_skipped() -> None:
    assert read(build.mail(sender=build.OURS, to="boss@buro.example")) == [Skipped("inbox", "internal")]


def test_strangers_are_listed_and_never_guessed() -> None:
    stranger = "who@else.example"
    skipped = Skipped("inbox", "unknown correspondent")
    assert read(build.mail(sender=stranger)) == [UnknownCorrespondent("inbox", stranger, NOON), skipped]
    assert read(build.mail(sender=build.OURS, to=stranger)) == [UnknownCorrespondent("inbox", stranger, NOON), skipped]
    items = read(build.mail(sender=build.OURS, to=f"{stranger}, {build.ANNA}"))
    assert [type(item) for item in items] == [UnknownCorrespondent, Message]


def test_an_address_in_a_quoted_name_is_not_the_sender() -> None:
    assert message(build.mail(sender='"boss@buro.example" <anna@romashka.example>')).client_id == "romashka"


def test_threads_and_replies_use_the_ids_of_the_events_themselves() -> None:
    reply = message(
        build.mail(
            message_id="<two@X.Example>",
            headers="References: <root@A.Example>\n <one@a.example>\nIn-Reply-To: <one@A.example>",
        )
    )
    assert (reply.event_id, reply.thread_id, reply.reply_to) == (
        "mail:two@x.example",
        "mail:root@a.example",
        "mail:one@a.example",
    )
    only_parent = message(build.mail(headers='In-Reply-To: Your message of "Mon, 11 Mar" <one@a.example>'))
    assert (only_parent.thread_id, only_parent.reply_to) == ("mail:one@a.example", "mail:one@a.example")


def test_a_mail_without_an_id_has_the_same_one_in_every_mailbox() -> None:
    raw = build.mail(message_id=None)
    assert message(raw).event_id == message(raw.replace(b"\n", b"\r\n") + b"\r\n\r\n").event_id
    assert message(raw).event_id != message(build.mail("Другое письмо", message_id=None)).event_id


@pytest.mark.parametrize(
    ("date", "received", "at", "known_at"),
    [
        ("Mon, 11 Mar 2024 12:30:00 +0300", "Mon, 11 Mar 2024 09:35:00 +0000", "09:30", "09:35"),
        ("Mon, 11 Mar 2024 12:30:00 +0300", "Mon, 11 Mar 2024 09:29:00 +0000", "09:30", "09:30"),
        ("Fri, 11 Mar 2044 12:30:00 +0300", "Mon, 11 Mar 2024 09:35:00 +0000", "09:35", "09:35"),
        ("Thu, 01 Jan 1970 00:00:00 +0000", "Mon, 11 Mar 2024 09:35:00 +0000", "09:35", "09:35"),
        (None, "Mon, 11 Mar 2024 09:35:00 +0000", "09:35", "09:35"),
        ("yesterday", "Mon, 11 Mar 2024 09:35:00 +0000", "09:35", "09:35"),
        ("Mon, 11 Mar 2024 12:30:00 +0300", "rubbish", "09:30", "09:30"),
        ("Mon, 11 Mar 2024 12:30:00 -0000", "rubbish", "12:30", "12:30"),
        ("11 Mar 24 09:30 GMT", "rubbish", "09:30", "09:30"),
    ],
)
def test_dates_are_checked_against_the_servers_stamp(date: str | None, received: str, at: str, known_at: str) -> None:
    older = "Received: from c by d; Sun, 10 Mar 2024 09:00:00 +0000"
    stamps = f"Received: from a by b;\n {received}\n{older}" if received != "rubbish" else "Received: rubbish"
    found = message(build.mail(date=date, headers=stamps))
    assert (f"{found.at:%H:%M}", f"{found.known_at:%H:%M}") == (at, known_at)


def test_without_any_date_the_mailboxes_own_line_counts_and_then_nothing() -> None:
    raw = build.mail(date=None)
    assert message(raw, "anna@romashka.example Mon Mar 11 09:30:00 2024").at == NOON
    assert message(raw, "1791234567890@xxx Mon Mar 11 09:30:00 +0000 2024").at == NOON
    (error,) = read(raw)
    assert isinstance(error, SourceError)
    assert "date" in error.problem


def test_a_mail_without_a_sender_is_an_error_that_tells_no_text() -> None:
    (error,) = read(build.mail(sender="nobody"))
    assert error == SourceError("inbox", "message 1", "no sender's address")


def test_koi8_and_undeclared_cp1251_are_read() -> None:
    assert message(build.koi8_mail()).subject == "Отчёт за март"
    assert message(build.koi8_mail()).text == "Добрый день! Отчёта всё ещё нет."
    assert message(build.cp1251_undeclared_mail()).subject == "Отчёт за март"
    assert message(build.cp1251_undeclared_mail()).text == "Отчёта всё ещё нет."


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "cp1251"),
        ("us-ascii", "koi8-r"),
        ("iso-8859-1", "cp1251"),
        ("koi8-r", "utf-8"),
        ("cp1251", "koi8-r"),
        ("no-such", "cp1251"),
    ],
)
def test_a_wrongly_declared_charset_does_not_spoil_the_words(declared: str, real: str) -> None:
    text = "Мы ждём ответа уже вторую неделю, сколько можно?"
    assert message(build.mail(text.encode(real), content_type=f"text/plain; charset={declared}")).text == text


def test_german_in_latin_1_is_not_taken_for_russian() -> None:
    text = "Schöne Grüße aus München, wir möchten kündigen."
    assert message(build.mail(text.encode("latin-1"), content_type="text/plain")).text == text


def test_html_alone_is_read_without_quote_and_signature() -> None:
    assert message(build.html_only_mail()).text == "Мы недовольны сроками."


def test_of_alternatives_the_plain_one_is_read_unless_it_is_empty() -> None:
    kind, body = build.multipart(
        ("text/plain; charset=utf-8", "Простой"), ("text/html; charset=utf-8", "<b>Богатый</b>")
    )
    assert message(build.mail(body, content_type=kind)).text == "Простой"
    kind, body = build.multipart(("text/plain", "  "), ("text/html; charset=utf-8", "<b>Богатый</b>"))
    assert message(build.mail(body, content_type=kind)).text == "Богатый"


def test_attachments_are_never_read() -> None:
    kind, body = build.multipart(
        ("text/plain", "Own words"),
        ('text/plain; name="log.txt"', "not this"),
        ("text/html\nContent-Disposition: attachment", "nor this"),
        kind="mixed",
    )
    assert message(build.mail(body, content_type=kind)).text == "Own words"


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed",
        'multipart/mixed; boundary="other"',
        'multipart/alternative; boundary="b1',
        "multipart/mixed; boundary=",
        "no type at all",
    ],
)
def test_broken_mime_is_survived(content_type: str) -> None:
    _, body = build.multipart(("text/plain", "Own words"))
    found = message(build.mail(body, content_type=content_type))
    assert found.client_id == "romashka"
    assert "Own words" in (found.text or "")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("=?utf-8?B?0J/RgNC4?= =?utf-8?B?0LLQtdGC?=", "Привет"),
        ("=?utf-8?B?0J/RgNC40LI=?=\n =?utf-8?B?0LXRgg==?=", "Привет"),
        ("=?utf-8?B?0J/RgNC40LLQtdGC0?=", "Привет"),
        ("=?utf-8?Q?=D0=9F=D1?= =?utf-8?Q?=80=D0=B8=D0=B2=D0=B5=D1=82?=", "Привет"),
        ("=?koi8-r?Q?=F0=D2=C9=D7=C5=D4?= all", "Привет all"),
        ("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2, _=E2=F1=E5?=", "Привет, все"),
        ("=?utf-8?X?broken?= =?utf-8?B?", "=?utf-8?X?broken?= =?utf-8?B?"),
    ],
)
def test_subjects_are_decoded_even_where_they_are_broken(written: str, read_as: str) -> None:
    assert " ".join(message(build.mail(subject=written)).subject.split()) == read_as


INVITATION = """BEGIN:VCALENDAR
METHOD:REPLY
BEGIN:VEVENT
UID:m1
DTSTAMP:20240311T093000Z
DTSTART:20240320T100000Z
ORGANIZER:mailto:petrov@buro.example
ATTENDEE;PARTSTAT=DECLINED:mailto:anna@romashka.example
END:VEVENT
END:VCALENDAR
"""


def test_an_answer_to_an_invitation_is_a_meeting_and_an_automatic_mail() -> None:
    kind, body = build.multipart(
        ("text/plain", "Анна отклонила приглашение"), ("text/calendar; method=REPLY", INVITATION)
    )
    meeting, mail = read(build.mail(body, content_type=kind))
    assert isinstance(meeting, Meeting)
    assert (meeting.status, meeting.direction, meeting.client_id, meeting.contact_id) == (
        MeetingStatus.DECLINED,
        Direction.IN,
        "romashka",
        "anna",
    )
    assert isinstance(mail, Message)
    assert mail.automatic


def test_what_a_program_says_below_the_text_makes_the_mail_automatic_and_is_no_part_of_it() -> None:
    found = message(
        build.mail("Bob commented on the plan.\n\nYou are receiving this email because you were mentioned.")
    )
    assert (found.automatic, found.text) == (True, "Bob commented on the plan.")
    assert not message(build.mail("Fine.\n\n> You are receiving this email because you were mentioned.")).automatic


def test_an_absence_notice_is_automatic_and_a_contacts_mail_through_a_list_is_not() -> None:
    assert message(build.mail(subject="Автоответ: в отпуске")).automatic
    assert not message(build.mail(headers="List-Unsubscribe: <mailto:x@y.example>")).automatic


def test_an_outlook_msg_file_is_an_error_that_says_what_to_do() -> None:
    (error,) = read(b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(100))
    assert isinstance(error, SourceError)
    assert ".eml" in error.problem


def test_nothing_that_a_database_refuses_gets_into_an_event() -> None:
    found = message(build.mail("a\x00b\x07c", subject="s\x00t", message_id="<x\x00y@z.example>"))
    for field in dataclasses.fields(found):
        assert "\x00" not in str(getattr(found, field.name))


@given(st.binary(max_size=600))
def test_no_bytes_make_it_fail(raw: bytes) -> None:
    assert all(isinstance(item, SourceError | Skipped | UnknownCorrespondent | Message) for item in read(raw))


FRAGMENTS = [
    b"From: anna@romashka.example\n", b"From: =?utf-8?B?", b"Date: Mon, 11 Mar 2024 12:30:00 +0300\n", b"Date: 99 Foo 0 99:99\n",
    b"\n", b"\r\n\r\n",
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/html; charset=punycode\n", b"--b\n", b"--b--\n", b"--b",
    b"Content-Type: multipart/alternative; boundary=\"b\"\n",
    b"Content-Transfer-Encoding: base64\n", b"AAA=A=", b"=D0=",
    b"\xff\xfe\xd0", b"<!--", b"&#1234567890123;",
    b"Subject: =?utf-7?Q?+ADw-?= =?a?q?=?=\n", b"Message-ID: <<<>>>\n",
    b"References: <a> <\n", b"Content-Type: text/calendar\n", b"BEGIN:VCALENDAR\n",
    b"BEGIN:VEVENT\n", b"UID:1\n", b"DTSTART;TZID=../etc:20240101T000000\n",
    b"ATTENDEE:mailto:anna@romashka.example\n", b"END:VEVENT\n", b"To: \"\\\"((((<\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40))
def test_no_mixture_of_mail_pieces_makes_it_fail(pieces: list[bytes]) -> None:
    raw = b"From: anna@romashka.example\nDate: Mon, 11 Mar 2024 12:30:00 +0300\n" + b"".join(pieces)
    first, second = read(raw), read(raw)
    assert first == second
    assert any(isinstance(item, Message) for item in first)


@pytest.mark.parametrize(
    "piece",
    [
        b"--b\n",
        b"--b\nContent-Type: multipart/mixed; boundary=b\n\n",
        b"=?a?q?",
        b"\n\n",
        b'"\\',
        b"<",
        b"=",
        b"Received: ;\n",
    ],
)
def test_hostile_size_is_survived(piece: bytes) -> None:
    header = b"From: anna@romashka.example\nDate: Mon, 11 Mar 2024 12:30:00 +0300\nContent-Type: multipart/mixed; boundary=b\n"
    for raw in (
        header + b"Subject: " + piece * 100_000,
        header + b"\n" + piece * 100_000,
        header + b"To: " + piece * 100_000 + b"\n\n",
    ):
        assert any(isinstance(item, Message) for item in read(raw))


# --- who takes part, what came along, who is away ---------------------------------------------------------------------

PEOPLE = Identity(
    own_domains=("buro.example",),
    contacts=(
        Contact("anna", "romashka", addresses=(build.ANNA, "anna@free.example")),
        Contact("boss", "romashka", addresses=("boss@romashka.example",)),
        Contact("bob", "northwind", addresses=(build.BOB,)),
    ),
)


def messages_of(raw: bytes) -> list[Message]:
    items = MailReader("inbox", PEOPLE, UTC, MeetingMemory()).items(raw, "message 1")
    return [item for item in items if isinstance(item, Message)]


def test_the_sender_and_all_recipients_of_the_same_client_take_part_each_once() -> None:
    to = f"{build.OURS}, {build.BOB}, anna@free.example, stranger@romashka.example"
    (found,) = messages_of(build.mail(to=to, headers="Cc: Boss <BOSS@romashka.example>"))
    assert found.people == ("anna", "boss")


def test_our_mail_to_two_clients_tells_each_of_its_own_people() -> None:
    headers = f"Cc: {build.ANNA}\nBcc: {build.BOB}"
    found = messages_of(build.mail(sender=build.OURS, to="boss@romashka.example", headers=headers))
    assert [(one.client_id, one.people) for one in found] == [("romashka", ("boss", "anna")), ("northwind", ("bob",))]


def attached(*parts: tuple[str, str], kind: str = "mixed") -> int:
    content_type, body = build.multipart(("text/plain; charset=utf-8", "See attached."), *parts, kind=kind)
    (found,) = messages_of(build.mail(body, content_type=content_type))
    assert found.text == "See attached."
    return found.attachments


def test_files_are_counted_and_what_only_dresses_or_signs_a_mail_is_not() -> None:
    pdf = ("application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf", "JVBERi0=")
    photo = ("image/jpeg\nContent-Disposition: inline; filename=photo.jpg", "/9j/")
    text = ("text/plain\nContent-Disposition: attachment; filename=log.txt", "line")
    forwarded = ("message/rfc822", "From: x@y.example\nSubject: old\n\nold text")
    assert attached(pdf) == attached(photo) == attached(text) == attached(forwarded) == 1
    assert attached(pdf, photo, text, pdf) == 4
    logo = ("image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename=logo.png", "iVBO")
    card = ("text/x-vcard; name=anna.vcf\nContent-Disposition: attachment; filename=anna.vcf", "BEGIN:VCARD")
    seal = ("application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment; filename=smime.p7s", "MII=")
    empty = ("application/octet-stream; name=void.bin", "")
    assert attached(logo, card, seal, empty) == attached() == 0
    assert attached(("image/png; name=logo.png", "iVBO"), kind="related") == 0


def test_a_mail_that_is_a_file_has_one_attachment() -> None:
    (found,) = messages_of(build.mail("JVBERi0=", content_type="application/pdf"))
    assert (found.text, found.attachments) == ("", 1)


def test_an_absence_notice_is_automatic_and_says_since_when_and_until_when() -> None:
    raw = build.mail(
        "Добрый день! Я в отпуске до 18 марта включительно. По срочным вопросам пишите Ивану.",
        subject="Автоответ: Report",
        headers="Auto-Submitted: auto-replied",
    )
    (found,) = messages_of(raw)
    assert (found.automatic, found.away_since, found.away_until) == (True, date(2024, 3, 11), date(2024, 3, 19))


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        (build.ANNA, "Планы", "Я в отпуске до 18 марта, потом всё посмотрю."),
        (build.ANNA, "Re: Автоответ: отчёт", "Получила ваш автоответ: вы в отпуске до 18 марта?"),
        ("jira@romashka.example", "[JIRA] PROJ-1", "Anna commented: I am on vacation until 18 March."),
    ],
)
def test_only_a_notice_of_its_sender_is_an_absence(sender: str, subject: str, body: str) -> None:
    (found,) = [item for item in read(build.mail(body, sender=sender, subject=subject)) if isinstance(item, Message)]
    assert (found.away_since, found.away_until) == (None, None)
    assert found.automatic == (sender != build.ANNA)


def test_a_newsletter_that_a_person_forwards_with_a_word_is_that_persons_mail() -> None:
    body = (
        "Посмотрите, что делают конкуренты.\n\n-------- Пересылаемое сообщение --------\nОт: News <news@x.example>\n"
        "Тема: Дайджест\n\nВы получили это письмо, потому что подписаны на рассылку.\nОтписаться\n"
    )
    (found,) = messages_of(build.mail(body, subject="Fwd: Дайджест"))
    assert (found.automatic, found.text) == (False, "Посмотрите, что делают конкуренты.")
