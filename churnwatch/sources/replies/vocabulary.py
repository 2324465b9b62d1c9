"""The words with which mail programs of many languages introduce a mail that they quote or forward."""

import re
from enum import Enum


class Label(Enum):
    """What a line such as "От: Анна" in the head of a quoted mail tells."""

    FROM = "from"
    DATE = "date"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"


_LABELS = {
    Label.FROM: """from|от|от кого|отправитель|від|від кого|відправник|ад|von|absender|de|expéditeur|remitente|da|mittente|van|
        afzender|fra|afsender|från|avsändare|od|nadawca|odesílatel|odosielateľ|lähettäjä|feladó|kimden|gönderen|από|de la|saatja|
        发件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|מאת|من""",
    Label.DATE: """sent|date|date sent|received|отправлено|отправленные|дата|дата отправки|получено|надіслано|відправлено|дата і час|
        gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|enviada em|enviada|fecha|inviato|data|
        verzonden|sendt|dato|skickat|wysłano|data wysłania|odesláno|odoslané|dátum|lähetetty|päivämäärä|päiväys|elküldve|küldve|
        gönderildi|gönderme tarihi|tarih|ημερομηνία|στάλθηκε|trimis|saadetud|发送时间|日期|寄件日期|送信日時|日時|보낸 날짜|נשלח""",
    Label.TO: """to|кому|получатель|получатели|каму|до|an|empfänger|à|a|pour|para|aan|til|till|do|komu|vastaanottaja|címzett|kime|alıcı|
        προς|către|kellele|收件人|收件者|宛先|받는 사람|받는사람|אל|إلى""",
    Label.CC: "cc|копия|копии|копія|kopie|kopie (cc)|copie à|kopi|kopia|kopio|másolat|bilgi|κοιν|抄送|副本|참조|עותק|bcc|скрытая копия",
    Label.SUBJECT: """subject|тема|тема письма|тема листа|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|emne|ämne|temat|předmět|
        predmet|aihe|tárgy|konu|θέμα|subiect|teema|主题|主旨|件名|제목|נושא|الموضوع""",
}
LABELS = {word.strip(): label for label, words in _LABELS.items() for word in words.split("|")}

# One mail's head on a single line, as some converters of HTML leave it.
LABEL_INSIDE = re.compile(
    r"\s[*_]?(sent|date|to|subject|отправлено|дата|кому|тема|gesendet|datum|an|betreff|envoyé|objet)[*_]?\s?:",
    re.IGNORECASE,
)

# "Ann wrote:" in the languages of the mails that a firm here gets, and of those that mail programs are translated to.
_WROTE = """wrote|writes|write|said|sent|пишет|пишете|писал|писала|писали|писал(а)|написал|написала|написали|написал(а)|пише|писав|
    писала|написав|написав(ла)|пісаў|напісаў|schrieb|schreibt|geschrieben|écrit|écrivait|escribió|escribio|escribe|scritto|scrive|
    escreveu|escreve|schreef|skrev|napisał|napisała|napisał(a)|napisali|pisze|napsal|napsala|napsal(a)|napísal|napísal(a)|píše|
    kirjoitti|írta|yazdı|yazmış|έγραψε|scris|написа|viết|menulis|kirjutas|rakstīja|rašė|je napisao|je napisala"""
WROTE = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted({re.escape(one.strip()) for one in _WROTE.split('|')}, key=len, reverse=True))})(?!\w)|"
    r"写道|寫道|さん|작성|님이|כתב|كتب",
    re.IGNORECASE,
)

# "Original message", "Пересылаемое письмо": a word for a mail beside one that says what became of it.
_MAIL = r"""messag|e-?mail|mail|сообщени|письм|appointment|встреч|повідомленн|лист|nachricht|mensaje|correo|messaggio|mensagem|
    bericht|meddelelse|melding|meddelande|wiadomoś|zpráv|správ|viesti|üzenet|ileti|posta|μήνυμα|mesaj|邮件|郵件|メッセージ|메시지"""
_FATE = r"""origin|forward|исходн|первоначальн|оригинал|пересыла|переслан|перенаправл|переадрес|пересила|оригінал|вихідн|
    ursprüng|weitergeleit|transf|transmis|réexpédi|d.origine|reenviad|inoltrat|encaminhad|oorspronkel|doorgestuurd|videresend|
    videresendt|oprindelig|opprinnelig|vidarebefordr|ursprungl|oryginaln|przekazan|původn|přeposlan|preposlan|pôvodn|alkuperäi|
    edelleenläh|eredeti|továbbít|özgün|iletilen|αρχικ|προωθ|原始|转发|轉寄|転送|원본|전달|reply message"""


def _stems(words: str) -> re.Pattern[str]:
    return re.compile("|".join(word.strip() for word in words.split("|")), re.IGNORECASE)


A_MAIL, ITS_FATE = _stems(_MAIL), _stems(_FATE)
REPLY_ABOVE = re.compile(
    r"(?:reply|respon|answer|ответ|отвеча|пишите).{0,40}(?:above|выше|над)|(?:above|выше|над) .{0,30}(?:line|лини|черт|строк)",
    re.IGNORECASE,
)
