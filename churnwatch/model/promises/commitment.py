"""How the writer of a message commits to doing something, and what around it makes it no commitment, in Russian and English."""

import re


def _words(listed: str) -> str:
    return "|".join(listed.split())


# --- Russian: the first person of verbs that bring a work to its end, without those of meeting, waiting and prolonging ------

_RU_WILL = _words(
    "пришлю пришлем вышлю вышлем отправлю отправим перешлю перешлем направлю направим скину скинем сброшу сбросим передам"
    " передадим предоставлю предоставим выложу выложим загружу загрузим залью зальем верну вернем дам дадим отдам отдадим"
    " сдам сдадим доставлю доставим поставим отгружу отгрузим привезу привезем завезем поделюсь поделимся разошлю разошлем"
    " дошлю дошлем продублирую подготовлю подготовим приготовлю приготовим сделаю сделаем доделаю доделаем переделаю"
    " переделаем исправлю исправим поправлю поправим починю починим закончу закончим завершу завершим закрою закроем внесу"
    " внесем обновлю обновим добавлю добавим заменю заменим настрою настроим донастроим запущу запустим перезапустим выкачу"
    " выкатим опубликую опубликуем размещу разместим разверну развернем перенесу перенесем восстановлю восстановим установлю"
    " установим подключу подключим включу включим выпущу выпустим разработаю разработаем соберу соберем составлю составим"
    " оформлю оформим заполню заполним напишу напишем допишу допишем отпишу отпишем посчитаю посчитаем рассчитаю рассчитаем"
    " пересчитаю пересчитаем просчитаю просчитаем проверю проверим перепроверю уточню уточним узнаю выясню выясним посмотрю"
    " гляну изучу изучим разберу разберем разберусь разберемся займусь займемся сверстаю сверстаем смонтирую смонтируем"
    " переведу переведем подпишу подпишем согласую согласуем оплачу оплатим доплатим выставлю выставим перевыставим возмещу"
    " возместим компенсирую компенсируем спишем покажу покажем представлю представим отвечу ответим отпишусь отпишемся сообщу"
    " сообщим отчитаюсь отчитаемся доложу доложим устраню устраним удалю удалим открою откроем создам создадим заведу заведем"
    " учту учтем протестирую протестируем дополню дополним доработаю доработаем отработаем реализую реализуем внедрю внедрим"
    " оценю оценим выгружу выгрузим скорректирую скорректируем сформирую сформируем распишу распишем подберу подберем"
    " подтвержу подтвердим сориентирую сориентируем нарисую нарисуем отрисую отрисуем перевезем распечатаем напечатаем"
    " снимем смонтируем озвучим адаптируем оптимизируем проанализирую проанализируем сверю сверим свяжусь проконсультирую"
    " мигрируем перенастроим пополню пополним зарегистрируем забронируем закажу закажем приму примем выполню выполним"
)
_RU_NOW = _words(
    "высылаю высылаем отправляю отправляем направляю направляем присылаю присылаем сдаю сдаем отдаю отдаем передаю передаем"
    " запускаю запускаем публикую публикуем выкладываю выкладываем выкатываю выкатываем показываем завершаем заканчиваем"
    " закрываем оплачиваем платим выставляем возвращаем отгружаем обновляем подключаем включаем доставляем"
)
_RU_THEIRS = (
    r"(?:(?:при|вы|от|пере|разо)шл(?:ет|ют)|сдела(?:ет|ют)|доделают?|внес(?:ет|ут)|переда(?:ст|дут)|скин(?:ет|ут)|напиш(?:ет|ут)"
    r"|(?:отправ|подготов|исправ|поправ|направ|настро|ответ|провер|обнов|добав|выстав|почин|заверш|сообщ|уточн)(?:ит|ят)"
    r"|закро(?:ет|ют)|выложат|выложит|запуст(?:ит|ят)|собер(?:ет|ут)|посчита(?:ет|ют)|подключ(?:ит|ат)|закончит|закончат)"
)
_RU_DONE = (
    r"(?:готов|отправлен|выслан|исправлен|сделан|опубликован|обновлен|подготовлен|завершен|закончен|выполнен|оплачен|доставлен"
    r"|запущен|настроен|установлен|восстановлен|внесен|подписан|передан|предоставлен|размещен|загружен|выставлен|добавлен"
    r"|устранен|перенесен|отгружен|выложен|собран|развернут|доработан|протестирован|решен)[аоы]?\b"
)
_RU_THING = (
    r"(?:отчет|смет|макет|сч[её]т|договор|предложени|кп\b|доступ|ответ|результат|верси|правк|документ|акт|презентаци|бриф|план"
    r"|медиаплан|исправлени|файл|ссылк|материал|спис|данны|выгрузк|расчет|прототип|дизайн|текст|баннер|лого|сборк|разбор|оценк)"
)
_RUSSIAN = (
    rf"(?P<ru_will>(?<!\bне )\b(?:{_RU_WILL})\b|(?<!\bне )\b(?:дам|дадим) (?:вам )?знать\b"
    r"|\bверн(?:усь|емся)\b(?=[^.;]{0,60}?\b(?:к вам|с[о]? (?!отпуск|командиров|обед|больничн|понедельник|вторник|сред|четверг|пятниц)\w))"
    r"|(?<!\bне )\b(?:обещаю|обещаем|обязуюсь|обязуемся|гарантирую|гарантируем|берусь|беремся)\b"
    rf"|(?<!\bваш )(?<!\bваша )(?<!\bваши )\b(?:наш[аеи]?|мо[йяи]|коллег[аи])\s(?:[\w-]{{1,30}}\s){{0,4}}?{_RU_THEIRS}\b)"
    rf"|(?P<ru_now>(?<!\bне )\b(?:{_RU_NOW})\b)"
    rf"|(?P<ru_thing>(?<!\bне )\b(?:будет|будут)\s(?:[\w-]{{1,30}}\s){{0,4}}?(?:у вас\b|{_RU_DONE})|\b{_RU_DONE}\s(?:будет|будут)\b"
    rf"|\b{_RU_THING}\w{{0,5}}\s(?:[\w-]{{1,30}}\s){{0,5}}?(?:будет|будут)\b(?! (?:нуж|долж|закры))"
    r"|\b(?:вы\s(?:\w{1,20}\s)?получите\b|у вас будет\b|у вас будут\b|получите (?:от нас|ответ|отчет|результат)))"
)

# --- English --------------------------------------------------------------------------------------------------------------

_EN_VERB = (
    r"(?:"
    + _words(
        "send resend forward share submit upload provide deliver ship return email mail post publish circulate prepare draft"
        " write finish finalise finalize complete close wrap fix repair correct resolve restore roll deploy release launch push"
        " implement build develop design create make update revise amend add replace remove set install configure migrate"
        " translate review check investigate verify confirm test answer reply respond revert report look pay refund reimburse"
        " issue invoice credit reconcile sign order chase raise process analyse analyze calculate estimate quote collect compile"
        " gather pull show clarify find supply adjust tweak rework redo sort handle turn address pick ping document record"
        " activate enable grant do follow hand put print integrate produce shoot edit optimise optimize bring escalate debug"
        " patch merge copy transfer load import export distribute pass drop tidy rewrite reissue cancel reset connect switch"
    )
    + r"|(?:have|take) a (?:\w{1,12}\s)?look|schedule(?! (?:a|the|our|another) (?:call|meeting))|let you know|come back to you|circle back|be in touch"
    r"|get (?:back|it|this|that|these|those|(?:the|you|a|an|your|our)\s(?:\w{1,20}\s){0,4}?(?:done|fixed|ready|sorted|to you|over|out|sent)|to you)"
    r"|be (?:sending|delivering|sharing|shipping|launching|publishing|releasing|submitting)"
    r"|have (?:[\w-]{1,20}\s){0,6}?(?:ready|done|fixed|finished|sorted|completed|live|(?:over )?to you|for you|up and running))\b"
)
_EN_OFTEN = (
    r"(?:\s(?:also|then|definitely|certainly|gladly|happily|personally|just|quickly|both|immediately|at least)){0,2}"
)
_EN_WE = r"\b(?:i|we)(?:'ll|\swill|\sshall|\sam going to|'m going to|\sare going to|'re going to)"
_EN_DONE = (
    r"(?:ready|done|live|sent|with you|in your inbox|fixed|deployed|delivered|completed?|finished|paid|published|uploaded|shared"
    r"|resolved|restored|issued|refunded|released|launched|updated|corrected|signed|over to you|submitted|shipped|rolled out"
    r"|in place|implemented|installed|migrated|merged|up and running|reviewed|prepared)"
)
_EN_GOING_ON = _words(
    "sending delivering shipping launching releasing deploying publishing submitting sharing uploading paying"
)
_ENGLISH = (
    rf"(?P<en_will>{_EN_WE}{_EN_OFTEN}\s{_EN_VERB}|\blet me{_EN_OFTEN}\s{_EN_VERB}"
    rf"|(?<!\byour )\b(?:our|my)\s(?:[\w-]{{1,24}}\s){{1,3}}?will{_EN_OFTEN}\s{_EN_VERB}"
    r"|\b(?:i|we)\s(?:promise|commit|undertake|guarantee)\b)"
    rf"|(?P<en_now>\b(?:i'm|i am|we're|we are)\s(?:{_EN_GOING_ON})\b)"
    rf"|(?P<en_thing>(?<!\bi)(?<!\bwe)(?<!\byou)(?<!\bthey)(?:'ll|\bwill|\bshall|\b(?:is|are) going to)(?:\s\w{{1,12}}ly)?\s(?:be(?:\s\w{{1,12}}ly)?\s{_EN_DONE}"
    r"|go (?:live|out))\b|\byou(?:'ll| will)(?:\s\w{1,12})?\s(?:have|get|receive|hear (?:back )?from (?:us|me)|find|see)\b(?! (?:to|until|time|a call|the call)\b))"
)
COMMISSIVE = re.compile(f"{_RUSSIAN}|{_ENGLISH}")
_OPENING = rf"\s{{0,3}}(?:(?:and|then|we|i)\s){{0,2}}"
OPENS_COMMISSIVE = re.compile(  # what commits only where a clause begins with it
    rf"{_OPENING}(?:(?P<will>will{_EN_OFTEN}\s{_EN_VERB})|(?P<now>(?:{_EN_GOING_ON})\b)"
    r"|(?P<thing>(?<!we )(?<!i )(?:you can )?expect (?:it|this|that|the|a|an|our|my)\b))"
)
GOES_ON = re.compile(rf"{_OPENING}{_EN_VERB}")  # after "I'll look into it and"

# --- what makes it none -----------------------------------------------------------------------------------------------------

TAG_QUESTION = re.compile(
    r"[,.\s-]{1,3}(?:ок|окей|хорошо|ладно|договорились|подойдет|идет|норм|удобно|ok|okay|deal|is that ok(?:ay)?|sounds good"
    r"|does that work(?: for you)?|if that's ok(?:ay)?)\s?\?\s{0,3}$"
)
CONDITION_OR_HEDGE = re.compile(
    r"\b(?:если|при условии|в случае|как только|после (?:согласовани|получени|оплат|утверждени|подписани|вашего|ваших|того)\w{0,3}"
    r"|когда (?:вы|согласу|получим|пришл|подпиш|оплат|утверд)\w{0,5}|с момента|постара\w{2,4}|попроб\w{2,4}|попытаюсь|попытаемся"
    r"|надеюсь|надеемся|возможно|может быть|наверное?|вероятно|скорее всего|ориентировочно|предварительно|думаю|думаем|полагаю"
    r"|кажется|вроде|по идее|бы|не значит|не факт|не обещаю|не раньше|вы (?:же )?(?:сказали|говорили|писали|обещали|написали)|неужели|обычно|как правило"
    r"|(?<!check )(?<!see )(?<!ask )if|unless|once|as soon as|provided|assuming|subject to|in case|upon|after (?:you|your|approval|receiv\w{2,3})"
    r"|when (?:you|the|we (?:get|have|receive))|try|hope|hopefully|maybe|perhaps|probably|possibly|likely|might|i think|we think|i guess"
    r"|not sure|no promises|not mean|can't promise|cannot promise|at the earliest|not before|you (?:said|told|wrote|promised|mentioned)|usually|normally|whether|did i|did we)\b"
)
JOINT_OR_ASKED = re.compile(r"\b(?:давайте|давай|прошу|просим|просьба|let's|let us)\b")
THIRD_PARTY = re.compile(
    r"\b(?:банк\w{0,2}|подрядчик\w{0,3}|поставщик\w{0,3}|типографи\w|хостер\w{0,2}|хостинг\w{0,2}|провайдер\w{0,2}|заказчик\w{0,3}"
    r"|партнер\w{0,3}|вендор\w{0,2}|налогов\w{2,3}|курьер\w{0,3}|вами|ими|клиент(?:ом|у)?|please|kindly|make sure|said|says|agreed that you|bank"
    r"|vendor|suppliers?|contractors?|provider|print shop|printers?|couriers?|hosting|clients?|customers?|lawyers?|registrar|they|he|she"
    r"|meeting|call|webinar|встреч\w{1,2}|созвон\w{0,2}|вебинар\w{0,2}|должен|должн[аоы])\b"
)
THEIR_DEED = re.compile(
    r"\b(?:you|they|he|she|client|bank)(?:'ll| will| can| could| send| provide| give| share| need| want| have| are| must)\b"
    r"|\bвы\s(?:\w{1,20}\s)?\w{2,20}[еи]те\b|\b(?:сможете|сможем|успеете|нужн[оаы]?|надо|нельзя|можно)\b"
)
