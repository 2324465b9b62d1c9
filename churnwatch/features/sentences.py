"""What signals and families say, in English and Russian, with places for the client's own numbers."""

# {now} and {before} are quantities with their unit. The plain form is used where the own past cannot be told.
SENTENCES: dict[str, tuple[str, str, str, str]] = {
    # name: (en with numbers, en plain, ru with numbers, ru plain)
    "recency": (
        "silent for {now}; its own long pauses are {before}", "has fallen silent",
        "молчит {now}; его собственные длинные паузы — {before}", "замолчал",
    ),
    "silence": (
        "silent for {now}; its own long pauses are {before}", "silent for longer than is usual for it",
        "молчит {now}; его собственные длинные паузы — {before}", "молчит дольше, чем ему свойственно",
    ),
    "gap_ratio": (
        "silent for {now}; its own long pauses are {before}", "silent for longer than is usual for it",
        "молчит {now}; его собственные длинные паузы — {before}", "молчит дольше, чем ему свойственно",
    ),
    "volume_drop": (
        "writes less: {now} a month, was {before}", "writes less than it used to",
        "пишет реже: {now} в месяц, было {before}", "пишет реже, чем раньше",
    ),
    "trend_30": (
        "writes less: {now} a month, was {before}", "writes less than it used to",
        "пишет реже: {now} в месяц, было {before}", "пишет реже, чем раньше",
    ),
    "trend_90": (
        "has written less for a quarter: {now} a month, was {before}", "has written less for a quarter",
        "квартал пишет реже: {now} в месяц, было {before}", "квартал пишет реже обычного",
    ),
    "volume_cusum": (
        "writes less week after week: {now} in the last one, usually {before}", "writes less week after week",
        "которую неделю пишет реже: за последнюю {now}, обычно {before}", "которую неделю пишет реже обычного",
    ),
    "client_latency_z": (
        "answers later: {now}, used to take {before}", "answers later than it used to",
        "отвечает позже: {now}, раньше {before}", "отвечает позже, чем раньше",
    ),
    "client_latency_slope": ("", "answers later from month to month", "", "с каждым месяцем отвечает всё позже"),
    "open_wait": (
        "our question has been open for {now}; usually answered in {before}", "leaves our question open unusually long",
        "наш вопрос без ответа {now}; обычно отвечает за {before}", "необычно долго не отвечает на наш вопрос",
    ),
    "no_reply": (
        "leaves {now} of our questions unanswered, was {before}", "leaves our questions unanswered",
        "без ответа остаются {now} наших вопросов, было {before}", "оставляет наши вопросы без ответа",
    ),
    "latency_asymmetry": ("", "answers us more slowly while we keep our pace", "", "отвечает всё медленнее, хотя мы темпа не сбавили"),
    "their_promises": (
        "has not kept {now} to us in time", "does not keep its promises to us in time",
        "не выполнил в срок {now}", "не выполняет в срок того, что обещал",
    ),
    "length_z": (
        "writes shorter: {now} a message, was {before}", "writes shorter than it used to",
        "пишет короче: {now} в сообщении, было {before}", "пишет короче, чем раньше",
    ),
    "short_ack": (
        "answers in a word or three: {now} of messages, was {before}", "answers in a word or three",
        "отвечает в одно-три слова: {now} сообщений, было {before}", "отвечает в одно-три слова",
    ),
    "question_rate": ("", "asks fewer questions", "", "задаёт меньше вопросов"),
    "initiative_share": (
        "starts fewer conversations: {now}, was {before}", "starts fewer conversations",
        "реже начинает разговор сам: {now}, было {before}", "реже начинает разговор сам",
    ),
    "nudges": (
        "we write {now} before an answer comes, was {before}", "we must ask more often before an answer comes",
        "пишем {now}, прежде чем ответят; раньше {before}", "приходится чаще напоминать о себе",
    ),
    "future_talk": (
        "speaks less of what lies ahead: plans in {now} of messages, was {before}", "speaks less of what lies ahead",
        "реже говорит о планах: в {now} сообщений, было {before}", "реже говорит о планах",
    ),
    "meeting_avoidance": (
        "avoids meetings: {now} declined or cancelled, was {before}", "avoids meetings",
        "уклоняется от встреч: {now} отклонено или отменено, было {before}", "уклоняется от встреч",
    ),
    "meeting_moves": ("", "moves meetings more often", "", "чаще переносит встречи"),
    "meeting_silence": (
        "no meeting or call for {now}; its own long pauses are {before}", "no meeting or call for unusually long",
        "нет встреч и звонков {now}; обычные длинные паузы — {before}", "необычно давно нет встреч и звонков",
    ),
    "missed_calls": (
        "does not pick up: {now} of our calls, was {before}", "does not pick up our calls",
        "не берёт трубку: {now} наших звонков, было {before}", "не берёт трубку",
    ),
    "call_shrink": ("", "calls have grown shorter", "", "разговоры стали короче"),
    "decision_maker_absent": (
        "meets us without the decision-maker: {now} of meetings, was {before}", "meets us without the decision-maker",
        "встречи идут без того, кто принимает решения: {now}, было {before}", "встречи идут без того, кто принимает решения",
    ),
    "senior_joins": ("", "senior people, lawyers or procurement have joined", "", "подключились руководство, юристы или закупки"),
    "champion_quiet": (
        "its main contact has been silent for {now} while others write; own long pauses are {before}",
        "its main contact is silent while others write",
        "главный собеседник молчит {now}, пишут другие; его обычные длинные паузы — {before}",
        "главный собеседник молчит, пишут другие",
    ),
    "breadth": (
        "fewer of its people write to us: {now}, was {before}", "fewer of its people write to us than used to",
        "нам пишет меньше людей: {now}, было {before}", "нам пишет меньше людей, чем раньше",
    ),
    "irritation_rate": (
        "irritation in {now} of messages, was {before}", "more irritation than is usual for it",
        "раздражение в {now} сообщений, было {before}", "раздражения больше, чем ему свойственно",
    ),
    "irritation_peak": ("", "a clearly irritated message", "", "явно раздражённое сообщение"),
    "politeness_drop": (
        "courtesy is going: {now} of messages, was {before}", "drops greetings and thanks",
        "вежливость уходит: {now} сообщений, было {before}", "пропали приветствия и благодарности",
    ),
    "shouting": ("", "more capitals and exclamation marks than is usual for it", "", "больше заглавных и восклицаний, чем обычно"),
    "blame": (
        "reproaches us in {now} of messages, was {before}", "reproaches us",
        "упрекает нас в {now} сообщений, было {before}", "упрекает нас",
    ),
    "address_shift": (
        "", "addresses us in another way: formal or familiar, by name or without",
        "", "обращается к нам иначе: на «вы» или на «ты», по имени или без",
    ),
    "repetition": (
        "repeats its requests in {now} of messages, was {before}", "has to repeat its requests",
        "повторяет просьбы в {now} сообщений, было {before}", "вынужден повторять свои просьбы",
    ),
    "exit_words": ("words of leaving in {now}", "words of leaving", "слова о расставании: {now}", "слова о расставании"),
    "our_latency_z": (
        "we answer later: {now}, used to take {before}", "we answer later than we used to",
        "мы отвечаем позже: {now}, раньше {before}", "мы отвечаем позже, чем раньше",
    ),
    "our_unanswered": (
        "we have left {now} without an answer", "we leave questions unanswered",
        "мы не ответили на {now}", "мы оставляем вопросы без ответа",
    ),
    "answered_share": (
        "", "we leave much of what the client writes unanswered",
        "", "мы оставляем без ответа многое из того, что пишет клиент",
    ),
    "broken_promises": (
        "we have not kept {now} in time", "we do not keep our promises in time",
        "мы не выполнили в срок {now}", "мы не выполняем в срок того, что обещали",
    ),
    "manager_change": (
        "got another manager {now} ago", "got another manager not long ago",
        "менеджер сменился {now} назад", "менеджер недавно сменился",
    ),
    "our_tone": (
        "we are drier with it than with others: courtesy in {now} of our messages, {before} over the firm",
        "we are drier with it than with others",
        "мы с ним суше, чем с другими: вежливые слова в {now} наших сообщений, по фирме — в {before}", "мы с ним суше, чем с другими",
    ),
    "invoice_late_z": (
        "pays later: {now} past due, was {before}", "pays later than it used to",
        "платит позже: просрочка {now}, было {before}", "платит позже, чем раньше",
    ),
    "overdue": ("an invoice is {now} overdue", "an invoice is overdue", "счёт просрочен на {now}", "счёт просрочен"),
    "spend_trend": ("", "is invoiced less than before", "", "сумма счетов снизилась"),
}  # fmt: skip

OF_FAMILIES: dict[str, tuple[str, str]] = {
    "activity": ("little activity for a client like this", "мало активности для такого клиента"),
    "rhythm": ("its rhythm has changed", "изменился привычный ритм общения"),
    "context": ("season and the firm's own ebb", "сезон и общий спад переписки"),
    "our_side": ("what we do on our side", "происходящее с нашей стороны"),
    "initiative": ("less initiative", "меньше инициативы"),
    "latency": ("the pace of answers has changed", "изменился темп ответов"),
    "engagement": ("writes in another way than it used to", "пишет не так, как раньше"),
    "meetings": ("meetings and calls go otherwise than they used to", "встречи и звонки идут не так, как раньше"),
    "tone": ("the tone of the letters has changed", "изменился тон писем"),
    "people": ("who takes part at the client has changed", "у клиента сменился круг участников"),
    "exit_words": ("talk of parting", "разговоры о расставании"),
    "account": ("invoices and payments", "счета и оплата"),
}
