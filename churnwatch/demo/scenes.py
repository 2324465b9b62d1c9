"""What a client and an agency write about: requests, reports, complaints, farewells; and two years of it for one client."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from churnwatch.demo import office, wording
from churnwatch.demo.account import Account
from churnwatch.demo.cast import OurManager, Person
from churnwatch.demo.dice import Dice
from churnwatch.demo.names import Topic
from churnwatch.demo.talk import Letter, Post, Talk

_MAX_UNANSWERED = 4  # mails we still send into silence


def letters(account: Account, managers: Mapping[str, OurManager], seed: int) -> list[Letter]:
    """All mail between one client and us, by time."""
    dice = Dice(seed, 4, account.number)
    post = Post(account, managers, dice)
    for monday, mood in account.moods.items():
        quiet = office.season(monday + timedelta(days=2), account.western)
        rate = account.talks_per_week * quiet
        theirs = dice.poisson(rate * account.opens * mood.volume * mood.initiative)
        from_us = dice.poisson(rate * (1 - account.opens) * mood.volume**0.6)
        complaints = dice.poisson(0.22 * max(0.0, mood.heat - 0.4) * min(1.0, quiet * 1.5))
        scenes = [(_THEIRS, theirs), (_OURS, from_us), (_COMPLAINTS, complaints)]
        for table, count in scenes:
            for _ in range(count):
                _start(post, table, monday)
    _landmarks(post)
    return sorted(post.letters, key=lambda letter: (letter.at, letter.number))


def _start(post: Post, table: "_Table", monday: date) -> None:
    account, dice = post.account, post.dice
    at = _moment(monday + timedelta(days=dice.weighted((0, 1, 2, 3, 4), (0.2, 0.23, 0.22, 0.2, 0.15))), account, dice)
    ended = account.story.notice_on or account.silent_from
    if not office.works(at.date(), account.western) or at.date() < account.started_on or at.date() >= ended:
        return
    scene, _ = dice.weighted(table, [weight for _, weight in table])
    _play(post, scene, at)


def _moment(day: date, account: Account, dice: Dice) -> datetime:
    shift = account.people[0].shift_h
    return datetime.combine(day, time(9 + shift)) + timedelta(minutes=dice.whole(5, 500))


def _play(post: Post, scene: "_Scene", at: datetime, contact: Person | None = None) -> None:
    account, dice = post.account, post.dice
    topic = dice.pick(account.topics)
    if contact is None:
        here = [person for person in account.people if person.back_on(at.date()) is None]
        if not here and scene not in _FROM_US:
            return
        present = here or list(account.people)
        contact = dice.weighted(present, [1.0 / (1 + place) ** 1.1 for place in range(len(present))])
    scene(Talk(post, contact, topic, _subject(scene, topic, at.date(), account, dice), at))


# --- the scenes -------------------------------------------------------------------------------------------------------


def _request(talk: Talk) -> None:
    talk.client("request", "detail", "detail?", "reason?", "question?")
    if talk.memory.question is not None:
        talk.promise("answer", "take?")
    elif talk.dice.chance(0.5):
        talk.firm("take", "ask")
        talk.client("answer", "detail?", nudge="nudge_topic")
        talk.promise("noted")
    else:
        talk.promise("take")
    talk.deliver("done", "done_detail", "done_detail")
    if talk.dice.chance(0.3) and talk.client("remarks", "detail", "detail?"):
        talk.promise("take")
        talk.deliver("done", "done_detail", "done_detail?")
    talk.client("thanks", "plans?", answers=0.7)


def _status(talk: Talk) -> None:
    talk.client("status", "reason?")
    talk.firm("answer", "ask?")
    talk.client("answer" if talk.memory.question else "ack", answers=0.6)


def _question(talk: Talk) -> None:
    talk.client("question", "reason?", "small_talk?")
    talk.firm("answer")
    talk.client("thanks_info", "plans?", answers=0.62)


def _plans(talk: Talk) -> None:
    talk.client("plans", "small_talk?")
    talk.promise("welcome", said="sketch")
    talk.client("ack", answers=0.5)


def _report(talk: Talk) -> None:
    talk.firm("report", "report_detail", "report_detail?")
    if talk.dice.chance(0.6):
        talk.client("thanks_report", "plans?", answers=0.72, nudge="nudge" if talk.dice.chance(0.3) else None)
    elif talk.client("detail_report", "question?"):
        talk.promise("answer" if talk.memory.question else "take")
        talk.deliver("done_detail_report")
        talk.client("ack", answers=0.6)


def _propose(talk: Talk) -> None:
    talk.firm("propose")
    if talk.dice.chance(0.4):
        if not talk.client("question", answers=0.85, nudge="nudge"):
            return
        talk.firm("answer")
        if not talk.client("agree", answers=0.6):
            return
    elif not talk.client("agree", "plans?", answers=0.85, nudge="nudge"):
        return
    talk.promise("noted")
    talk.deliver("done", "done_detail", "done_detail")
    talk.client("thanks", "small_talk?", answers=0.65)


def _ask(talk: Talk) -> None:
    talk.firm("ask", "small_talk?")
    if talk.client("answer", nudge="nudge_topic") and talk.dice.chance(0.7):
        talk.firm("noted")


def _invite(talk: Talk) -> None:
    talk.firm("invite")
    avoids = talk.account.mood(talk.at.date()).avoid
    talk.client("meeting_no" if talk.dice.chance(avoids) else "meeting_ok", answers=0.88, nudge="nudge")


def _invoice(talk: Talk) -> None:
    talk.firm("invoice", "small_talk?")
    late = talk.account.pays_late_days > 5 and talk.dice.chance(0.5)
    talk.client("invoice_late" if late else "invoice", answers=0.5)


def _complaint(talk: Talk) -> None:
    heat = max(1.0, talk.account.mood(talk.at.date()).heat)
    level = min(4, max(1, round(heat + 0.5 * talk.dice.normal())))
    talk.client(f"irritated_{level}", "detail", f"irritated_{max(1, level - 1)}?", "status?")
    soothed = talk.dice.chance(0.7)
    if soothed:
        talk.promise("apology", "answer_complaint?")
    else:
        talk.firm("excuse")
    softer = f"irritated_{max(1, level - 1)}"
    if talk.client("calmed" if soothed and heat < 1.7 else softer if talk.dice.chance(0.45) else "cold"):
        talk.deliver("done", "done_detail", "done_detail?")
        talk.client("ack" if heat < 2.5 else "cold", answers=0.6)


def _escalate(talk: Talk) -> None:
    talk.client("escalation", "irritated_3?")
    talk.promise("apology", "answer_complaint")
    talk.client("cold", answers=0.7)
    talk.deliver("done")


def _reset(talk: Talk) -> None:
    talk.firm("apology", "reset", "reset", "reset")
    if talk.client("calmed", answers=1.0):
        talk.firm("noted")


def _leave(talk: Talk) -> None:
    talk.closes = date.max
    talk.client("exit", "exit", "irritated_3?")
    talk.firm("farewell")
    talk.client("cold", answers=0.4)


def _leave_quietly(talk: Talk) -> None:
    talk.closes = date.max
    talk.client("exit_quiet")
    talk.firm("farewell")
    talk.client("ack", answers=0.5)


def _finish(talk: Talk) -> None:
    talk.closes = date.max
    talk.client("project_end", "thanks?")
    talk.firm("farewell" if talk.dice.chance(0.3) else "wish")


def _introduce(talk: Talk) -> None:
    talk.firm("introduce", "ask?")
    talk.client("answer" if talk.memory.question else "ack", "small_talk?", answers=0.7)


def _wish(talk: Talk) -> None:
    talk.firm("wish")
    talk.client("small_talk", answers=0.45)


def _into_silence(talk: Talk) -> None:
    talk.firm("nudge" if talk.dice.chance(0.6) else "invite")
    talk.client("ack", answers=0.0)


_Scene = Callable[[Talk], None]
_Table = tuple[tuple[_Scene, float], ...]
_THEIRS: _Table = ((_request, 0.5), (_status, 0.17), (_question, 0.18), (_plans, 0.15))
_OURS: _Table = ((_report, 0.25), (_propose, 0.22), (_ask, 0.25), (_invite, 0.13), (_invoice, 0.15))
_COMPLAINTS: _Table = ((_complaint, 1.0),)
_FROM_US = (_report, _propose, _ask, _invite, _invoice, _wish, _introduce, _into_silence, _reset)


def _landmarks(post: Post) -> None:
    """What comes once: introductions, wishes, escalation, apology, farewell."""
    account, dice, story = post.account, post.dice, post.account.story
    ended = story.notice_on or account.silent_from
    for since, _ in account.managers[1:]:
        _play(post, _introduce, _moment(since, account, dice))
    for year in (2024, 2025):
        if account.started_on < (day := date(year, 12, 22 if account.western else 26)) < ended and dice.chance(0.6):
            _play(post, _wish, _moment(day, account, dice))
    decides = next(person for person in account.people if person.decision_maker)
    hot = [monday for monday, mood in account.moods.items() if mood.heat > 2.6 and monday < ended]
    if hot and len(account.people) > 1 and dice.chance(0.7):
        _play(post, _escalate, _moment(dice.pick(hot[-2:]) + timedelta(days=2), account, dice), decides)
    if story.kind == "service_recovered":
        _play(post, _reset, _moment(office.next_workday(story.begins + timedelta(days=35)), account, dice), decides)
    if story.leaves_on is not None:
        _farewell(post, decides)


def _farewell(post: Post, decides: Person) -> None:
    account, dice, story = post.account, post.dice, post.account.story
    if story.notice_on is not None:
        scene = {"project_ended": _finish, "loud": _leave, "service_failure": _leave}.get(story.base, _leave_quietly)
        _play(post, scene, _moment(story.notice_on, account, dice), decides)
        return
    day = account.silent_from
    for _ in range(_MAX_UNANSWERED):
        day = office.next_workday(day + timedelta(days=dice.whole(4, 13)))
        if day < account.closed_from and story.base == "silent":
            _play(post, _into_silence, _moment(day, account, dice), account.people[0])


_SUBJECTS_RU: Mapping[str, tuple[str, ...]] = {
    "_request": ("{Topic}: правки", "{Topic}", "Просьба по {dative}", "Задача: {topic}", "{client}: {topic}"),
    "_status": ("{Topic}: статус", "Вопрос по {dative}", "Сроки: {topic}", "{Topic}"),
    "_question": ("Вопрос", "Небольшой вопрос", "Вопрос по {dative}"),
    "_plans": ("Планы на {month}", "Планы", "Что дальше"),
    "_report": ("Отчёт за {month}", "{client}: отчёт за {month}", "Результаты за {month}"),
    "_propose": ("Предложение", "Идея: {topic}", "{Topic}: предложение"),
    "_ask": ("{Topic}: уточнение", "Вопрос по {dative}", "{client}: {topic}"),
    "_invite": ("Встреча", "Созвон на этой неделе", "Обсудить {accusative}"),
    "_invoice": ("Счёт за {month}", "Счёт и акт за {month}"),
    "_complaint": ("{Topic}", "Опять {topic}", "{Topic}: проблема", "Сроки"),
    "_escalate": ("О нашей работе", "{Topic}: прошу подключиться"),
    "_reset": ("О нашей работе", "Как нам работать дальше"),
    "_leave": ("Договор", "Расторжение договора", "О продолжении работы"),
    "_leave_quietly": ("Договор", "О нашем договоре"),
    "_finish": ("Закрытие проекта", "Проект завершён"),
    "_introduce": ("Знакомство", "Ваш новый менеджер"),
    "_wish": ("С праздником!", "Поздравление"),
    "_into_silence": ("{Topic}", "{client}: как дела?", "Напоминание"),
}
_SUBJECTS_EN: Mapping[str, tuple[str, ...]] = {
    "_request": ("{Topic}: changes", "{Topic}", "A request: {topic}", "{client}: {topic}"),
    "_status": ("{Topic}: status", "Question about {topic}", "Timing: {topic}", "{Topic}"),
    "_question": ("A question", "Quick question", "Question about {topic}"),
    "_plans": ("Plans for {month}", "Plans", "What's next"),
    "_report": ("Report for {month}", "{client}: report for {month}", "Results for {month}"),
    "_propose": ("A suggestion", "Idea: {topic}", "{Topic}: a suggestion"),
    "_ask": ("{Topic}: a question", "Question about {topic}", "{client}: {topic}"),
    "_invite": ("Meeting", "Call this week", "Let's discuss {topic}"),
    "_invoice": ("Invoice for {month}", "{month} invoice"),
    "_complaint": ("{Topic}", "{Topic} again", "{Topic}: problem", "Deadlines"),
    "_escalate": ("Our cooperation", "{Topic}: please step in"),
    "_reset": ("Our cooperation", "How we go on from here"),
    "_leave": ("Contract", "Termination of contract", "The future of our cooperation"),
    "_leave_quietly": ("Contract", "Our contract"),
    "_finish": ("Closing the project", "Project completed"),
    "_introduce": ("Introduction", "Your new account manager"),
    "_wish": ("Season's greetings", "Happy holidays"),
    "_into_silence": ("{Topic}", "{client}: how are things?", "Reminder"),
}


def _subject(scene: _Scene, topic: Topic, day: date, account: Account, dice: Dice) -> str:
    russian = account.language == "ru"
    named = topic.cases[0] if russian else topic.english.removeprefix("the ")
    month = day.replace(day=1) - timedelta(days=1) if scene in (_report, _invoice) else day
    return dice.pick((_SUBJECTS_RU if russian else _SUBJECTS_EN)[scene.__name__]).format(
        topic=named,
        Topic=named[0].upper() + named[1:],
        dative=topic.cases[2],
        accusative=topic.cases[3],
        client=account.name,
        month=wording.month_name(month, account.language),
    )
