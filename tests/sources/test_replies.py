"""The writer's own words, as real mail programs surround them."""

import mail_builders as build
import own_text_cases
import pytest

from churnwatch.sources.replies import own_text


@pytest.mark.parametrize(
    ("body", "own"),
    [
        (build.OUTLOOK_RU, "Принято, ждём счёт до пятницы."),
        (build.GMAIL_RU, "Спасибо, посмотрим завтра."),
        (build.YANDEX, "Нет, так не пойдёт."),
        (build.MAIL_RU, "Когда будет готово?"),
        (build.APPLE_RU, "Да, давайте в 15:00."),
        (build.OUTLOOK_EN, "Fine with us."),
        ("Ок\n\nOn Mon, Mar 11, 2024 at 12:30 PM Peter <p@b.example> wrote:\n\n> Fine?", "Ок"),
        ("Ок\n\nOn Mon, Mar 11, 2024 at 12:30 PM Peter Petrov\n<p@b.example> wrote:\n\n> Fine?", "Ок"),
        ("Ок\n\n11.03.2024 12:30, Пётр Петров пишет:\n> Как вам?", "Ок"),
        (
            "Здравствуйте, Пётр.\n\nВы писали 11 марта 2024 г., 12:30:\n\n> Как вам?\n\nПлохо.",
            "Здравствуйте, Пётр.\n\nПлохо.",
        ),
        (
            "Смотрите ниже.\n\n-------- Пересылаемое сообщение --------\n11.03.2024, 12:30, Иван <i@x.example>:\n\nТекст",
            "Смотрите ниже.",
        ),
        ("FYI\n\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: Mon\n\nText", "FYI"),
        ("Смотри\n\nНачало переадресованного сообщения:\n\n> От: Иван\n> Текст", "Смотри"),
        ("Согласны.\n\nSent from Outlook for iOS", "Согласны."),
        ("Согласны.\nОтправлено из Почты Mail.ru", "Согласны."),
        (
            "Agreed.\n\nThis e-mail and any attachments are confidential and intended for the addressee.\nMore.",
            "Agreed.",
        ),
        ("Согласны.\n\nНастоящее сообщение содержит конфиденциальную информацию.", "Согласны."),
        ("CAUTION: This email originated from outside the company.\n\nAgreed.", "Agreed."),
        ("Yes.\n\nKind regards,\n\nBob\n_____\nNorthwind Ltd", "Yes."),
    ],
)
def test_quotes_signatures_and_footers_of_known_programs_are_dropped(body: str, own: str) -> None:
    assert own_text(body) == own


@pytest.mark.parametrize("case", own_text_cases.cases("tune"), ids=lambda case: case.name)
def test_the_own_text_of_a_mail_on_which_the_rules_were_tuned_is_found(case: own_text_cases.Case) -> None:
    assert own_text(case.body, case.html) == case.own


def test_most_mails_that_no_rule_was_tuned_on_are_read_exactly() -> None:
    unseen = own_text_cases.cases("test")
    assert sum(own_text(case.body, case.html) == case.own for case in unseen) >= 0.9 * len(unseen)


HEADS = [
    "On Mon, Mar 11,\n2024 at 12:30 PM Peter <p@b.example> wrote:",
    "Monday, March 11, 2024, 12:30:33 PM, you wrote:",
    "Le lun. 11 mars 2024 à 12:30, Jean Petit\n<j@x.example> a écrit :",
    "Am Mo., 11. März 2024 um 12:30 Uhr schrieb Hans Meier\n<h@x.example>:",
    "2024년 3월 11일 (월) 오후 12:30, Kim <kim@x.example>님이 작성:",
    "Kim <kim@x.example> 于2024年3月11日周一 12:30写道：",
    "пн, 11 бер. 2024 р. о 12:30 Іван <i@x.example> пише:",
    '02.04.2012 14:20 пользователь "Иван" <\ni@x.example> написал:',
    "В Mon, 11 Mar 2024 12:30:00 +0300\nПётр Петров <p@x.example> пишет:",
    "В письме от понедельник, 11 марта 2024 г. 12:30:00 MSK пользователь Пётр написал:",
    "* Peter Lee <p@x.example> [2024-03-11 12:30]:",
    "Peter Lee wrote:",
    "Quoting Peter Lee <p@x.example>:",
]


@pytest.mark.parametrize("head", HEADS)
def test_a_head_above_a_marked_quote_is_known_in_any_language(head: str) -> None:
    assert own_text(f"Ок.\n\n{head}\n\n> Вопрос?\n\nИ ещё.") == "Ок.\n\nИ ещё."


@pytest.mark.parametrize(
    "head",
    [
        *HEADS[2:4],
        *HEADS[6:9],
        "---- On Mon, 11 Mar 2024 12:30:00 +0300 Ann <a@b.example> wrote ----",
        "----- Forwarded by Ann Lee/Firm on 03/11/2024 12:30 PM -----",
        "Von: Hans <h@x.example>\nGesendet: Montag, 11. März 2024 12:30\nAn: Eva\nBetreff: AW: Angebot",
        "De : Jean <j@x.example>\nEnvoyé : lundi 11 mars 2024 12:30\nÀ : Eva\nObjet : RE: Offre",
        "发件人: Kim <kim@x.example>\n发送时间: 2024年3月11日 12:30\n收件人: Ann\n主题: Re",
        "Від: Іван <i@x.example>\nНадіслано: 11 березня 2024 р. 12:30\nКому: Олена\nТема: Рахунок",
        "От кого: Иван\nКому: Анне <a@x.example>\nДата: Понедельник, 11 марта 2024, 12:30 +03:00\nТема: Счёт",
        "From:\tPeter Lee/Firm\nTo:\tAnn Lee/Firm@Firm,\nDate:\t03/11/2024 12:30 PM\nSubject:\tRe: plan",
        "From: Иван [mailto:i@x.example] Sent: Monday, March 11, 2024 12:30 PM To: Анна Subject: RE: Счёт",
        "-------- Пересылаемое сообщение --------\nТема: Счёт\nДата: Mon, 11 Mar 2024 12:30:00 +0300\nОт: Пётр",
    ],
)
def test_all_below_a_head_without_marked_quote_is_dropped(head: str) -> None:
    assert own_text(f"Ок.\n\n{head}\n\nВопрос?\n\nНе наше.") == "Ок."


def test_text_on_the_line_of_a_head_is_quoted() -> None:
    assert own_text("Ok\n\n  On Mon, Mar 11, 2024 at 12:30, Ann Lee<a@x.example> wrote:   Hello, old text.") == "Ok"


def test_answers_between_quoted_lines_are_kept() -> None:
    body = "On Mon, 11 Mar 2024, Ann wrote:\n> When?\n\nOn Friday.\n\n> And the price?\nThe same.\n-- \nBob"
    assert own_text(body) == "On Friday.\n\nThe same."


def test_a_remark_between_head_and_quote_is_kept() -> None:
    assert own_text("On Mon, 11 Mar 2024 12:30, Ann wrote:\n[...]\n> When?\nOn Friday.") == "[...]\n\nOn Friday."


def test_the_end_of_a_quoted_line_that_a_program_wrapped_is_quoted() -> None:
    long = "> " + "word " * 15 + "and"
    assert own_text(f"{long}\nthe rest\n> of it.\nYes.") == "Yes."


@pytest.mark.parametrize(
    "body",
    [
        "С уважением отношусь к вашей работе, но сроки сорваны уже в третий раз, и мы не понимаем, что делать дальше, и ждём ответа.",
        "С уважением, прошу вас пересмотреть решение.",
        "Искренне не понимаем, почему отчёта нет.",
        "С приветом из Сочи! Отдыхаем до 15-го.",
        "Best option is the second one.",
        "Respectfully, I disagree with the invoice.",
        "LG TV в переговорной сломался.",
        "Regards from all of us reached him, thank you.",
        "Best regards to your team, they did well!\nPlease send us the papers by Friday, and tell us who joins the call.",
        "Sent from my desk, is much easier than my mobile phone.",
        "Sent from our mail room yesterday",
        "Отправлено с почты вчера",
        "On Monday we wrote: the plan is late.",
        "On 12 March 2024 the bank wrote:\nthe loan is denied.",
        "From: our side there is nothing to add.",
        "Маршрут:\n\nFrom: Moscow\nTo: Berlin\nDate: 12 March 2024\n\nУспеем?",
        "Отправляем груз.\n\nОт: склад 1\nКому: Бюро\nДата: 12.03.2024\nТема: возврат",
        "Встречаемся в 12:30:\nу входа",
        "--- Вариант 1 ---\nДешевле.\n--- Вариант 2 ---\nБыстрее.",
        "Итоги:\n--------\nМарт: 100\n--------\nВсего: 300",
        "1. Да\n2. Нет\n--\nИ ещё: когда встреча?",
        "Вы обещали быстрее.\n> 5 дней прошло",
        "Данное письмо содержит счёт за март и акт.",
        "Информация, содержащаяся в договоре, конфиденциальна, её разглашение третьим лицам запрещено. Вы это нарушили.",
        "Disclaimer: I am no lawyer, and the virus is gone.",
        "Внимание! Письмо от налоговой пришло, срочно ответьте.",
        "Warning: your company sent the wrong attachment by email again.",
        "Хотим отписаться от рассылки и закрыть договор.",
        "Please unsubscribe us and cancel the contract.",
        "Мы проверили сервер на вирусы, всё чисто.",
        "Цены:\n| Товар | Цена |\n|---|---|\n| А | 10 |",
    ],
)
def test_prose_that_resembles_a_mark_is_kept(body: str) -> None:
    assert own_text(body) == body


@pytest.mark.parametrize(
    "answer",
    [
        "Спасибо",
        "Согласны.",
        "Хорошо, договорились",
        "Вторник",
        "Анна, пришлите счёт",
        "Анна — в отпуске",
        "Tuesday",
        "Svar.",
    ],
)
def test_an_answer_of_a_few_words_under_the_text_is_no_name(answer: str) -> None:
    assert own_text(f"Предложение получили.\n\n{answer}") == f"Предложение получили.\n\n{answer}"


@pytest.mark.parametrize(
    "body",
    [
        "Придут:\n\nИванов Иван",
        "Придут трое.\n- Анна\n- Иван",
        "— Когда?\n— Завтра.",
        "Добрый день!\n\nВторник",
        "Ann",
        "Итог.\n\n[1] https://x.example",
    ],
)
def test_names_and_links_that_are_the_answer_are_kept(body: str) -> None:
    assert own_text(body) == body


@pytest.mark.parametrize(
    "signature",
    [
        "Анна",
        "Анна Ким",
        "Анна Ким, главный бухгалтер",
        "-Abhishek Kona",
        "Ann Lee | CFO | Northwind Ltd | +1 555 000 0000",
        "Иван Петров\nООО «Ромашка»\nтел. +7 916 000-00-00\nwww.romashka.example",
        "С уважением и благодарностью,\nАнна",
        "С ув., Анна",
        "с уважением, директор Анна Ким",
        "С уважением, Иванов Пётр, отдел продаж.",
        "С наилучшими пожеланиями / Best regards\n\nАнна Ким / Anna Kim",
        "Best\nAnn",
        "Best, Ann",
        "Best regards, Ann Lee",
        "       Regards,\n\n       Kevin K.",
        "---\nAtsushi Nemoto",
        "Простите за краткость, создано в K-9 Mail.",
        "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
        "Envoyé de mon iPhone",
        "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.",
        "[cid:image001.png@01D9]\n\nС уважением,\nАнна",
    ],
)
def test_what_signs_a_mail_is_dropped(signature: str) -> None:
    assert own_text(f"Счёт оплатили.\n\n{signature}") == "Счёт оплатили."


def test_a_closing_formula_behind_the_last_sentence_is_dropped() -> None:
    assert own_text("Согласны. С уважением, Анна") == "Согласны."


def test_words_of_thanks_stay_and_the_name_below_goes() -> None:
    assert own_text("Fine.\n\nThanks,\nAnn") == "Fine.\n\nThanks,"
    assert own_text("Спасибо большое!\nАнна Ким\nменеджер\n+7 495 000-00-00") == "Спасибо большое!"


def test_a_postscript_below_the_signature_is_kept() -> None:
    assert own_text("Да.\n\nС уважением,\nАнна\n\nP.S. Акт не забудьте.") == "Да.\n\nP.S. Акт не забудьте."


@pytest.mark.parametrize(
    "notice",
    [
        "IMPORTANT NOTICE: The contents of this email are intended for the named recipient only.\nIf received in error, please delete it.",
        "Это электронное сообщение содержит конфиденциальную информацию.\nЕсли оно не предназначено Вам, распространение запрещено.",
        "Disclaimer\nWhatever a firm writes here.",
        'You received this message because you are subscribed to the Google Groups "x" group.\nTo unsubscribe, write to x@x.example.',
        "---\nЭто сообщение проверено на вирусы антивирусом Avast.\nhttps://www.avast.example",
        "-----BEGIN PGP SIGNATURE-----\nVersion: 1\n\nabc=\n-----END PGP SIGNATURE-----",
    ],
)
def test_notices_that_no_writer_typed_are_dropped(notice: str) -> None:
    assert own_text(f"Счёт оплатили.\n\n{notice}") == "Счёт оплатили."


def test_the_mark_of_a_helpdesk_divides_the_answer_from_its_own_mail() -> None:
    mark = "##- Введите ответ над этой строкой -##"
    assert own_text(f"Не решён!\n\n{mark}\n\nЗапрос решён.") == "Не решён!"
    assert own_text(f"{mark}\n\nЗапрос решён.") == "Запрос решён."


def test_a_forward_without_a_word_has_no_own_text() -> None:
    assert own_text("---------- Forwarded message ---------\nFrom: A <a@b.example>\n\nText") == ""


def test_html_is_read_where_the_body_is_empty_or_only_points_to_it() -> None:
    html = '<div>Хорошо</div><blockquote type="cite"><div>Как?</div></blockquote><p>И ещё вопрос.</p>'
    assert own_text("  ", html) == "Хорошо\n\nИ ещё вопрос."
    assert own_text("Ваша программа не показывает HTML.", html) == "Хорошо\n\nИ ещё вопрос."
    assert own_text("Текст.", html) == "Текст."
