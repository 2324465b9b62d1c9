"""Where a signal is measured in another way than a reader of the literature would expect, and why: a part of docs/signals.md."""

from churnwatch.cli.glossary import Said

CHOICES: tuple[tuple[tuple[str, ...], Said], ...] = (
    # the signals, and what was chosen
    (("silence",), Said(
        "Counted in business hours, from the last sign of life on one day to the first on the next, and not in calendar days: "
        "a weekend or a public holiday is no silence, and several letters of one day are one sign of life.",
        "Считается в рабочих часах, от последнего признака жизни за день до первого в следующий, а не в календарных днях: "
        "выходные и праздники — не молчание, а несколько писем за день — один признак жизни.")),
    (("client_latency_z", "our_latency_z"), Said(
        "Only answers that came count. A wait that is still open is told by `open_wait` and, once due, by `no_reply`; "
        "as a censored latency it would be one fact counted three times.",
        "Учитываются только пришедшие ответы. О незакрытом ожидании говорит `open_wait`, а после срока — `no_reply`; "
        "как цензурированная задержка тот же факт был бы посчитан трижды.")),
    (("no_reply",), Said(
        "A question counts as left at twice the wait under which nine in ten of that contact's answers stay (24 business hours "
        "for someone not yet known), not at that wait itself: one answer in ten is later than it by definition, and late is not left. "
        "A contact's ways are known from the answers of the 90 days before the question, and nobody is given more than 60 days.",
        "Вопрос считается оставленным через вдвое большее время, чем то, в которое укладываются девять из десяти ответов этого "
        "человека (24 рабочих часа, пока он не знаком), а не через само это время: каждый десятый ответ позже него по определению, "
        "а поздно — ещё не без ответа. Привычки человека видны по ответам за 90 дней до вопроса, и никому не даётся больше 60 дней.")),
    (("blame",), Said(
        "A share of messages, not of sentences: where one sentence ends is unsure in hurried mail and in chat, and an angry "
        "letter is one event however many sentences it has.",
        "Доля сообщений, а не предложений: в торопливых письмах и в чате неясно, где кончается предложение, а сердитое письмо — "
        "одно событие, сколько бы предложений в нём ни было.")),
    (("initiative_share", "starts_share"), Said(
        "A conversation opens with a thread, or after 72 hours of quiet in it; after 4 hours where a channel has no threads. A limit "
        "taken from the client's own gaps would move with the very cooling that it should show.",
        "Разговор открывает новая ветка или 72 часа тишины в ней; 4 часа там, где веток у канала нет. Порог по собственным паузам "
        "клиента сдвигался бы вместе с тем самым охлаждением, которое должен показать.")),
    (("irritation_rate",), Said(
        "A dR against each contact's own rate, like every other habit, and not a ratio of the client's totals: so a choleric who "
        "joins the correspondence is no news about the others.",
        "dR против собственной доли каждого собеседника, как и другие привычки, а не отношение сумм по клиенту: холерик, "
        "вступивший в переписку, ничего не меняет в остальных.")),
    (("irritation_rate",), Said(
        "The mean P(irritated), at the odds of ordinary correspondence, and not the share of messages above 0.5: it parts those whose "
        "irritation has risen from the steady better, at every rate of writing (`python -m benchmarks.tone.own_way`).",
        "Средняя P(раздражён) при шансах обычной переписки, а не доля сообщений выше 0,5: она лучше отделяет тех, чьё раздражение "
        "выросло, от ровных при любом темпе переписки (`python -m benchmarks.tone.own_way`).")),
    (("irritation_peak",), Said(
        "Against the writer's own usual peak, and not as it stands: who sounds irritated by habit, or is merely terse, had a high "
        "peak every week of the year.",
        "Против обычного пика самого автора, а не сам по себе: у того, кто звучит раздражённо по привычке или просто немногословен, "
        "высокий пик был бы каждую неделю года.")),
    (("client_latency_z", "length_z", "call_shrink", "our_latency_z"), Said(
        "How far a contact's own median is drawn to the firm's is learned: by spread² / between² observations, from 0.05 to 5, "
        "where “between” is the spread among people. A fixed weight of ten would pull a slow contact's past to the firm's pace "
        "and so find a change where there is none. The spread, which is harder to know, is drawn with a fixed ten.",
        "Насколько медиана человека притянута к обычной для фирмы, выучено: с весом spread² / between² наблюдений, от 0,05 до 5, "
        "где between — разброс между людьми. Постоянный вес в десять подтянул бы прошлое медлительного к темпу фирмы и нашёл бы "
        "перемену там, где её нет. Разброс, который узнать труднее, притянут с постоянным весом в десять.")),
    (("call_shrink", "missed_calls"), Said(
        "Two signals, not one: talking less and not picking up are different facts, with different numbers to show.",
        "Два сигнала, а не один: говорить короче и не брать трубку — разные факты, и числа у них разные.")),
    (("their_promises", "broken_promises"), Said(
        "The client's promises are followed like ours: who no longer does what was promised is on the way out as well.",
        "За обещаниями клиента следим так же, как за своими: кто перестал выполнять обещанное, тоже уходит.")),
    (("recency", "in_30", "active_months", "streak", "trend_90", "typical_gap", "longest_gap", "returns"), Said(
        "More than recency and counts, and so are the other columns of activity and rhythm: plain numbers of this sort are the "
        "strongest single inputs, and whatever is cleverer has to beat them.",
        "Больше, чем давность и счётчики, как и другие столбцы активности и ритма: такие простые числа сильнее всего по "
        "отдельности, и всё, что хитрее, должно быть лучше их.")),
    (("no_reply", "short_ack", "initiative_share", "future_talk", "irritation_rate", "politeness_drop", "shouting", "blame",
      "repetition", "address_shift", "missed_calls"), Said(
        "A contact's own rate is drawn to the firm's by one observation, the client's sums by ten. Ten for each contact would take "
        "a newcomer's plain manner for a change: a terse contact who joined moved `short_ack` by 0.61.",
        "Доля самого собеседника притянута к обычной для фирмы с весом одного наблюдения, суммы клиента — десяти. Десять для "
        "каждого выдали бы обычную манеру новичка за перемену: вступивший в переписку молчун сдвигал `short_ack` на 0,61.")),
    (("meeting_moves",), Said(
        "A difference of rates and not a dR: one meeting may be moved many times, so that moves per meeting are no share.",
        "Разность частот, а не dR: одну встречу можно перенести много раз, и переносы на встречу — не доля.")),
    (("volume_cusum",), Said(
        "The alarm is at three accumulated deviations. In a simulation of steady clients with 1 to 60 letters a week, whose counts "
        "have twice a Poisson's variance, that gave at most 0.8 false alarms per client in two years at any rate.",
        "Тревога — при трёх накопленных отклонениях. В симуляции ровных клиентов с 1–60 письмами в неделю и дисперсией вдвое больше "
        "пуассоновской это дало не больше 0,8 ложной тревоги на клиента за два года при любом темпе.")),
    (("spend_trend",), Said(
        "Sums of 90 days against the 180 before, and not the last three invoices of six: some are invoiced weekly, others by the "
        "quarter, and days are the same stretch for all.",
        "Суммы за 90 дней против 180 до них, а не последние три счёта из шести: одним выставляют счета каждую неделю, другим раз в "
        "квартал, а дни для всех одинаковы.")),
    (("invoice_late_z",), Said(
        "On a fixed scale, a week of lateness for 1, and not in the client's own deviations: a handful of invoices a year has no "
        "spread to speak of, and a client that was never late would be divided by nothing.",
        "По постоянной шкале: неделя опоздания — 1, а не в собственных отклонениях клиента: у нескольких счетов в год нет разброса, "
        "о котором стоит говорить, а у того, кто не опаздывал, пришлось бы делить на ноль.")),
    (("our_tone",), Said(
        "Courtesy alone: thanks, a greeting, a closing. How formal we are is not part of it yet.",
        "Только вежливость: благодарность, приветствие, прощание. Насколько мы официальны, пока не учитывается.")),
    (("life_share", "volume_cusum", "open_wait", "irritation_peak", "overdue"), Said(
        "Bounded in how far back they look: 36 months, 26 weeks for the mean of a week, 60, 140 and 400 days. What is older says more "
        "of what a relation was than of where it is going.",
        "Смотрят назад не дальше предела: 36 месяцев, 26 недель для среднего за неделю, 60, 140 и 400 дней. Что старше, говорит "
        "скорее о том, какими отношения были, чем куда идут.")),
)  # fmt: skip
