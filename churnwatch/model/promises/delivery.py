"""Whether a message says that something is sent or done, in Russian and English: what a promise was waiting for."""

import re

from churnwatch.model.own_words import own_words


def delivers(text: str, attachments: int = 0) -> bool:
    """Whether the writer says that something is sent, handed over or done.

    Definition: a clause that sends ("направляю"), points at what is sent ("во вложении", "here is the report") or says that
    it is done ("исправили", "fixed and deployed"); with an attachment, the name of a thing is enough. What is denied, still
    to come, asked for, conditional, quoted, or done by somebody else does not count; no text delivers nothing.
    Source: practice of account management.

    >>> delivers("Отчёт во вложении."), delivers("Отчёт ещё не готов.")
    (True, False)
    >>> delivers("Banners for approval."), delivers("Banners for approval.", attachments=2)
    (False, True)
    """
    folded = own_words(text).lower()
    for sentence in _SENTENCE.finditer(folded):
        if sentence[0].rstrip().endswith("?") or _CONDITION.search(sentence[0]):
            continue
        for clause in _CLAUSE.finditer(sentence[0]):
            said = clause[0].strip()
            if not _NOT_YET.search(said) and (_SAYS_SO.search(said) or (attachments and _THING.search(said))):
                return True
    return False


_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\w))+[.!?]{0,5}")
_CLAUSE = re.compile(r"[^,;:]+")
_CONDITION = re.compile(
    r"\b(?:если|когда|если бы|как только|if|when|once|whether|unless|let me know|сообщите|сообщить|дайте знать|пришлите|вышлите|отправьте|направьте|please (?:send|share|attach|return|upload))\b"
)
_NOT_YET = re.compile(
    r"^(?:что|как)\b|%|\b(?:процент\w{0,3}|плохо|мне|нам|команде|дизайнеру|разработчикам|коллегам|бухгалтерию|дальше|to me|to us|badly|не|нет|еще|пока|почти|будет|будут|завтра|послезавтра|позже|скоро|вы|ты|они|он|она|банк|подрядчик\w{0,2}|поставщик\w{0,2}"
    r"|хот\w{2,6}|нужн\w{1,2}|прошу|просим|подпишите|спасибо|получил[аи]?|жд[уе]м?|осталось"
    r"|not|no|yet|almost|nothing|never|still|will|shall|tomorrow|later|soon|should|would|could|can't|cannot|please sign|you(?!r)(?! can| will find| asked| requested| wanted)|they|he|she|vendor|supplier|bank|contractor|thanks|thank|received"
    r"|forgot)\b|n't\b|'ll\b"
)
_DONE = (
    r"(?:отправ|высл|прислан|скинут|исправл|поправл|сдела|опубликов|обновл|подготовл|заверш|законч|выполн|оплач|доставл|запущ|настро"
    r"|установл|восстановл|внес|подписа|переда|размещ|загруж|выставл|добавл|устран|перенес|отгруж|выложе|закры|откры|решен|доработа)"
)
_RU_THING = (
    r"(?:отчет|смет|макет|счет|договор|предложени|презентаци|прайс|бриф|план|медиаплан|файл|ссылк|материал|список|данные|выгрузк"
    r"|расчет|прототип|дизайн|текст|баннер|логотип|версия|правки|документ|акт\b|акты\b|доступ|задач|протокол|инструкци|скан|кп\b)"
)
_EN_THING = (
    r"(?:report|quote|estimate|mock-?ups?|invoice|contract|proposal|presentation|slides|deck|brief|plan|files?|link|draft|banners?"
    r"|documents?|statement|screenshots?|recording|minutes|agreement|spreadsheet|version|designs?|logo|list|figures|numbers)\b"
)
_THING = re.compile(rf"\b(?:{_RU_THING}|{_EN_THING})")
_EN_DONE = (
    r"(?:sent|shared|uploaded|attached|fixed|finished|completed|done|deployed|shipped|released|published|updated|paid|issued|delivered"
    r"|resolved|restored|submitted|posted|corrected|installed|migrated|launched|forwarded|granted|closed|added|refunded|implemented"
    r"|replaced|signed|merged|prepared)"
)
_SAYS_SO = re.compile(
    r"\bво? (?:вложени|приложени|аттач)\w{1,3}\b|\b(?:прикладыва|прикрепля|направля|высыла|отправля|пересыла|присыла|скидыва|переда)(?:ю|ем)\b"
    r"|\b(?:приложил|прикрепил|отправил|выслал|переслал|скинул|сбросил|направил|сделал|доделал|переделал|исправил|поправил|загрузил"
    r"|выложил|залил|опубликовал|разместил|обновил|закрыл|оплатил|перевел|выкатил|запустил|подготовил|настроил|доработал|добавил"
    r"|открыл|завершил|закончил|починил|восстановил|подписал|передал|отгрузил|заменил|устранил|выставил|собрал|заполнил)[аи]?\b"
    r"|\b(?:внес|перенес|внес)(?:ла|ли)?\b|^(?:все |уже )?готово\b|\bвсе готово\b"
    rf"|\b{_RU_THING}\w{{0,5}}\s(?:[\w-]{{1,20}}\s){{0,3}}?(?:уже\s)?готов[аоы]?\b|\b{_DONE}\w{{0,4}}[аоы]\b(?=\W|$)"
    rf"|\bвот\s(?:[\w-]{{1,20}}\s){{0,3}}?{_RU_THING}"
    r"|\b(?:see|find)\s(?:[\w-]{1,20}\s){0,4}?attached\b|\battached (?:is|are|please|you)\b|\battaching\b|\b(?:i've|we've|i|we|have) attached\b"
    r"|\bhere(?:'s|\sis|\sare)\s(?:the|your|a|an|our|my|my|some|it)\b|\benclosed\b|\bchanges are in\b|\b(?:find|download|see)\s(?:[\w-]{1,20}\s){0,3}here$"
    rf"|^(?:and |all |it's |it is |that's )?(?:now )?{_EN_DONE}\b(?! by)|\b(?:i|we)(?:'ve|\shave)?(?:\s(?:just|now|already|also))?\s{_EN_DONE}\b"
    rf"|(?<!we )(?<!i )\b(?:is|are|was|were|has been|have been)\s(?:(?:now|already|all)\s)?(?:{_EN_DONE}|live|ready)\b"
)
