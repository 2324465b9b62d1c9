"""People who differ in temperament and not in how content they are: what each of them writes as a matter of habit, in both languages.

Nothing is wrong at any of these clients. `ANGRY`, `COLD` and `WRONGED` are what the same people write when something is.
"""

LOUD = {
    "en": (
        "Morning all!!! Where are we with the banner??? I need it in the deck by four!!!",
        "GREAT news, the board said YES!!! Send me the next batch, quick quick quick!!!",
        "Guys!!! The printer moved the deadline to Friday, can we make it???",
        "Who has the latest logo file??? I have looked EVERYWHERE!!!",
        "Hello!!! The numbers for May are in!!! Please put them into the report!!!",
        "Wait, which version is the final one??? The blue or the green???",
        "Call me when you can!!! It is about the stand in Leeds!!!",
        "Thanks!!! Got it!!!",
    ),
    "ru": (
        "Всем доброе утро!!! Что у нас с баннером??? К четырём вставляю в презентацию!!!",
        "УРА, правление сказало ДА!!! Присылайте следующую партию, скорее-скорее!!!",
        "Ребята!!! Типография перенесла срок на пятницу, успеваем???",
        "У кого последний файл логотипа??? Я ВЕЗДЕ искала!!!",
        "Добрый день!!! Пришли цифры за май!!! Поставьте их, пожалуйста, в отчёт!!!",
        "Подождите, а какая версия последняя??? Синяя или зелёная???",
        "Наберите меня, как сможете!!! Это насчёт стенда в Казани!!!",
        "Спасибо!!! Получила!!!",
    ),
}
WARM = {
    "en": (
        "Good morning Anna, thank you so much for the draft, it reads beautifully. Could you send the second part by Thursday? "
        "Have a lovely week, Emma",
        "Hi Anna, many thanks for yesterday's call, it was really helpful. I will send our photos tomorrow. Best wishes, Emma",
        "Hello Anna! The new page is lovely, thank you. Shall we look at the autumn plan on Tuesday? Kind regards, Emma",
        "Dear Anna, thank you for the quick answer. Please use the second headline, we all like it. Warm regards, Emma",
        "Hi Anna, thanks, the invoice has arrived and is on its way to be paid. Have a nice weekend! Emma",
        "Thank you, Anna, that is perfect!",
    ),
    "ru": (
        "Доброе утро, Анна! Большое спасибо за черновик, читается чудесно. Пришлите, пожалуйста, вторую часть к четвергу. "
        "Хорошей недели, Елена",
        "Анна, здравствуйте! Спасибо за вчерашний звонок, было очень полезно. Завтра пришлю наши фотографии. С уважением, Елена",
        "Добрый день, Анна! Новая страница прекрасна, спасибо. Посмотрим во вторник план на осень? С наилучшими пожеланиями, Елена",
        "Здравствуйте, Анна! Спасибо за быстрый ответ. Возьмите, пожалуйста, второй заголовок, нам всем нравится. С теплом, Елена",
        "Анна, добрый день! Спасибо, счёт получили, отдали в оплату. Хороших выходных! Елена",
        "Спасибо, Анна, всё идеально!",
    ),
}
JOKING = {
    "en": (
        "The director saw the video and laughed so hard that the coffee is now on my keyboard. Approved, ha! :)",
        "If the spreadsheet grows any more it will want its own desk :) Could you split it in two?",
        "Our intern asked whether the mascot is a potato. It is now. Send the potato in blue, please :)",
        "I have read all forty pages. I demand a medal, or at least a biscuit :) Page 12 needs the new prices.",
        "The lift is broken again, so I think of your slides on every stair. Slide 9 is one word too long :)",
        "My cat walked over the brief and honestly made it better. The changed file is attached ;)",
        "Legal is alive! They answered! Only took them three birthdays :) Contract attached.",
    ),
    "ru": (
        "Директор посмотрел ролик и так смеялся, что кофе теперь в моей клавиатуре. Утверждено :)",
        "Если таблица вырастет ещё, ей понадобится отдельный стол :) Разделите её на две?",
        "Стажёр спросил, не картошка ли наш талисман. Теперь картошка. Пришлите её в синем цвете :)",
        "Прочёл все сорок страниц. Требую медаль или хотя бы печенье :) На двенадцатой нужны новые цены.",
        "Лифт опять сломан, так что о ваших слайдах думаю на каждой ступеньке. Девятый длиннее на слово :)",
        "Кот прошёлся по заданию, и, честно говоря, стало лучше. Файл с правками во вложении ;)",
        "Юристы живы! Они ответили! Всего три дня рождения прошло :) Договор во вложении.",
    ),
}
FORMAL = {
    "en": (
        "Please find attached the signed statement of work. We expect the first stage to be completed by 15 June as agreed.",
        "In accordance with clause 4.2 we request the report on the works performed in May.",
        "We hereby confirm receipt of the documents. The remarks of the technical department are attached.",
        "Kindly provide the certificate of acceptance in two copies. The address for delivery is unchanged.",
        "The commission has examined the materials. Items 3 and 7 are to be corrected; no objections to the rest.",
        "We inform you that the payment was made on 12 May. The payment order is attached.",
    ),
    "ru": (
        "Направляем подписанное приложение. Первый этап просим завершить согласно графику до 15 июня.",
        "В соответствии с пунктом 4.2 договора просим предоставить отчёт о работах, выполненных в мае.",
        "Настоящим подтверждаем получение документов. Замечания технического отдела прилагаются.",
        "Просим направить акт выполненных работ в двух экземплярах. Адрес доставки прежний.",
        "Комиссия рассмотрела материалы. Пункты 3 и 7 подлежат исправлению, по остальным замечаний нет.",
        "Сообщаем, что оплата произведена 12 мая. Платёжное поручение во вложении.",
    ),
}
COMPLAINING = {
    "en": (
        "The courier has lost our samples again, the third time this month, what a disgrace. Your boxes arrived fine, thank you.",
        "Our bank is a nightmare: two weeks to open an account and nobody picks up. Anyway, here are the details for the invoice.",
        "The landlord promised the heating in October and lied as usual. We sit in coats and read your draft, it is good.",
        "Their support ignores me for days, it drives me mad. With you at least I get an answer. Page two is fine.",
        "The printing house ruined the whole run and blames the paper. Could you send the file once more so I can show them?",
        "Head office cannot decide anything, I am sick of waiting for them. I will write as soon as they do.",
    ),
    "ru": (
        "Курьеры опять потеряли наши образцы, третий раз за месяц, позор. Ваши коробки дошли, спасибо.",
        "Наш банк — это кошмар: две недели открывают счёт, трубку никто не берёт. Ладно, вот реквизиты для счёта.",
        "Арендодатель обещал отопление в октябре и, как обычно, соврал. Сидим в пальто и читаем ваш черновик, он хороший.",
        "Их поддержка не отвечает сутками, просто бесит. С вами хоть ответ есть. Вторая страница подходит.",
        "Типография испортила весь тираж и валит на бумагу. Пришлите, пожалуйста, файл, я им покажу.",
        "Головной офис ничего не может решить, сил нет их ждать. Напишу, как только решат.",
    ),
}
TERSE = {
    "en": ("Noted.", "OK.", "Send it.", "Fine.", "The second one.", "Received.", "Call at five."),
    "ru": ("Принято.", "Ок.", "Присылайте.", "Хорошо.", "Второй.", "Получил.", "Созвон в пять."),
}
HABITS: dict[str, dict[str, tuple[str, ...]]] = {
    "loud": LOUD,
    "warm": WARM,
    "joking": JOKING,
    "formal": FORMAL,
    "complaining": COMPLAINING,
    "terse": TERSE,
}

COLD = {"en": ("Noted.", "Fine.", "Received."), "ru": ("Принято.", "Ясно.", "Получено.")}
ANGRY = {
    "en": (
        "This is the third time I am asking where the report is. Why has nobody answered me?",
        "You promised it for Monday. How much longer are we supposed to wait?",
        "I am not going to explain this again. It is your job to check the figures before you send them to us.",
        "This is not acceptable. You have missed the date again and did not even bother to tell us.",
    ),
    "ru": (
        "Я в третий раз спрашиваю, где отчёт. Почему мне никто не отвечает?",
        "Вы обещали к понедельнику. Сколько ещё нам ждать?",
        "Объяснять ещё раз я не буду. Проверять цифры до отправки — ваша работа.",
        "Так не пойдёт. Вы снова сорвали срок и даже не потрудились предупредить.",
    ),
}
# Irritation without any of the signs by which one knows it at sight.
WRONGED = {
    "en": (
        "I had to learn from our own customers that the page was down. I would have preferred to hear it from you.",
        "We pay for a service and get excuses instead.",
        "Frankly, I expected more after two years of working together.",
    ),
    "ru": (
        "О том, что сайт лежит, я узнаю от собственных покупателей. Предпочла бы узнавать от вас.",
        "Мы платим за услугу, а получаем отговорки.",
        "Честно говоря, после двух лет работы я ожидала большего.",
    ),
}
