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
    if not attachments and not _MAY_SAY_SO.search(folded):
        return False
    return any(_says_so(sentence[0], attachments) for sentence in _SENTENCE.finditer(folded))


def _says_so(sentence: str, attachments: int) -> bool:
    if not attachments and not _MAY_SAY_SO.search(sentence):
        return False
    if sentence.rstrip().endswith("?") or _ASKED_OR_CONDITIONAL.search(sentence):
        return False
    return any(
        (_SAYS_SO.search(said) or _SAYS_SO_AT_ONCE.match(said) or (attachments and _THING.search(said)))
        and not _NOT_SO.search(said)
        for clause in _CLAUSE.finditer(sentence)
        if (said := clause[0].strip())
    )


_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\w))+[.!?]{0,5}")
_CLAUSE = re.compile(r"[^,;:]+")


def _any_of(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


# --- what makes it none: in the whole sentence, and in the clause ------------------------------------------------------------

_ASKED_OR_CONDITIONAL = _any_of(
    r"\b(?:если|когда|как только|сообщите|сообщить|дайте знать|пришлите|вышлите|отправьте|направьте)\b",
    r"\b(?:if|when|once|whether|unless|let me know|please (?:send|share|attach|return|upload))\b",
)
_NOT_SO = _any_of(
    r"^(?:что|как)\b|%|n't\b|'ll\b",
    r"\b(?:не|нет|еще|пока|почти|процент\w{0,3}|осталось|плохо|будет|будут|завтра|послезавтра|позже|скоро|жд[уе]м?|нужн\w{1,2})\b",
    r"\b(?:прошу|просим|подпишите|спасибо|получил[аи]?|хот\w{2,6}|вы|ты|они|он|она|банк|подрядчик\w{0,2}|поставщик\w{0,2})\b",
    r"\b(?:мне|нам|команде|дизайнеру|разработчикам|коллегам|бухгалтерию|дальше|to me|to us)\b",  # handed on, not over
    r"\b(?:not|no|yet|almost|nothing|never|still|badly|will|shall|should|would|could|can't|cannot|tomorrow|later|soon|forgot)\b",
    r"\b(?:please sign|thanks|thank|received|they|he|she|vendor|supplier|bank|contractor)\b",
    r"\byou\b(?! can| will find| asked| requested| wanted)",
)

# --- what says so ---------------------------------------------------------------------------------------------------------

_RU_THING = (
    r"\b(?:отчет|смет|макет|счет|договор|предложени|презентаци|прайс|бриф|план|медиаплан|файл|ссылк|материал|список|данные"
    r"|выгрузк|расчет|прототип|дизайн|текст|баннер|логотип|версия|правки|документ|акт\b|акты\b|доступ|задач|протокол"
    r"|инструкци|скан|кп\b)"
)
_EN_THING = (
    r"\b(?:report|quote|estimate|mock-?ups?|invoice|contract|proposal|presentation|slides|deck|brief|plan|files?|link|draft"
    r"|banners?|documents?|statement|screenshots?|recording|minutes|agreement|spreadsheet|version|designs?|logo|list|figures"
    r"|numbers)\b"
)
_RU_IS_DONE = (
    r"(?:отправ|высл|прислан|скинут|исправл|поправл|сдела|опубликов|обновл|подготовл|заверш|законч|выполн|оплач|доставл|запущ"
    r"|настро|установл|восстановл|внес|подписа|переда|размещ|загруж|выставл|добавл|устран|перенес|отгруж|выложе|закры|откры"
    r"|решен|доработа)"
)
_RU_DID = (
    r"(?:приложил|прикрепил|отправил|выслал|переслал|скинул|сбросил|направил|сделал|доделал|переделал|исправил|поправил"
    r"|загрузил|выложил|залил|опубликовал|разместил|обновил|закрыл|оплатил|перевел|выкатил|запустил|подготовил|настроил"
    r"|доработал|добавил|открыл|завершил|закончил|починил|восстановил|подписал|передал|отгрузил|заменил|устранил|выставил"
    r"|собрал|заполнил)[аи]?|внес(?:ла|ли)?|перенес(?:ла|ли)?"
)
_EN_DONE = (
    r"(?:sent|shared|uploaded|attached|fixed|finished|completed|done|deployed|shipped|released|published|updated|paid|issued"
    r"|delivered|resolved|restored|submitted|posted|corrected|installed|migrated|launched|forwarded|granted|closed|added"
    r"|refunded|implemented|replaced|signed|merged|prepared)\b"
)
_THING = _any_of(_RU_THING, _EN_THING)
_MAY_SAY_SO = re.compile(  # one cheap question before the many
    rf"\b(?:вложени|приложени|аттач|прикладыва|прикрепля|направля|высыла|отправля|пересыла|присыла|скидыва|переда|готов|вот\b"
    rf"|{_RU_DID}|{_RU_IS_DONE}|attach|enclosed|here|changes|live\b|ready|{_EN_DONE})"
)
_SAYS_SO_AT_ONCE = re.compile(
    rf"(?:все |уже )?готово\b|(?:and |all |it's |it is |that's )?(?:now )?{_EN_DONE}(?! by)|attached (?:is|are|please|you)\b"
)
_SAYS_SO = re.compile(
    rf"\b(?:{_RU_DID})\b|\b{_RU_IS_DONE}\w{{0,4}}[аоы]\b|\b(?:"
    + "|".join(
        (
            r"во? (?:вложени|приложени|аттач)\w{1,3}\b",
            r"(?:прикладыва|прикрепля|направля|высыла|отправля|пересыла|присыла|скидыва|переда)(?:ю|ем)\b",
            rf"все готово\b|{_RU_THING}\w{{0,5}}\s(?:[\w-]{{1,20}}\s){{0,3}}?(?:уже\s)?готов[аоы]?\b",
            rf"вот\s(?:[\w-]{{1,20}}\s){{0,3}}?{_RU_THING}",
            r"(?:see|find)\s(?:[\w-]{1,20}\s){0,4}?attached\b|attaching\b|enclosed\b|changes are in\b",
            r"here(?:'s|\sis|\sare)\s(?:the|your|a|an|our|my|some|it)\b|(?:find|download|see)\s(?:[\w-]{1,20}\s){0,3}here$",
            rf"(?:i|we)(?:'ve|\shave)?(?:\s(?:just|now|already|also))?\s{_EN_DONE}",
            rf"(?<!we )(?<!i )(?:is|are|was|were|has been|have been)\s(?:(?:now|already|all)\s)?(?:{_EN_DONE}|(?:live|ready)\b)",
        )
    )
    + ")"
)
