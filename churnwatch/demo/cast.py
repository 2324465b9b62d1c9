"""Who is in the demo: the agency's managers with their pace and holidays, and the people at the clients."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from churnwatch.demo import names
from churnwatch.demo.dice import Dice
from churnwatch.demo.office import AS_OF, FIRST_DAY

Span = tuple[date, date]  # first day away, first day back

_APPS = ("outlook", "gmail", "yandex", "mailru", "apple")
_TEMPERS = ("even", "choleric", "phlegmatic", "warm", "dry")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who writes: a contact at a client, or one of our managers."""

    key: str
    name: str
    called: str  # how others address them
    signs: str  # how they sign
    female: bool
    title: str
    addresses: tuple[str, ...]  # the working one first
    phones: tuple[str, ...]
    app: str
    charset: str
    temper: str
    latency_h: float  # office hours, median
    holidays: tuple[Span, ...]
    decision_maker: bool = False
    zone: str = "Europe/Moscow"
    shift_h: int = 0
    listed: bool = True  # whether every address is in the CRM

    def back_on(self, day: date) -> date | None:
        """The first day back, if away on `day`."""
        return next((back for away, back in self.holidays if away <= day < back), None)


@dataclass(frozen=True, slots=True)
class OurManager:
    """A manager as a Russian and as an English correspondent, with the periods of overload."""

    key: str
    language: str
    russian: Person
    english: Person
    overloaded: tuple[Span, ...] = ()
    factor: float = 1.0  # how many times slower while overloaded
    careless: float = 0.05  # share of curt answers and forgotten dates
    left_on: date | None = None


# Key, Russian name, English name, female, language, median latency in office hours, carelessness.
_MANAGERS = (
    ("a.sokolova", "Анна Соколова", "Anna Sokolova", True, "ru", 1.2, 0.03),
    ("d.lebedev", "Дмитрий Лебедев", "Dmitry Lebedev", False, "ru", 2.0, 0.06),
    ("m.orlova", "Мария Орлова", "Maria Orlova", True, "ru", 1.8, 0.05),
    ("p.zimin", "Павел Зимин", "Pavel Zimin", False, "ru", 4.5, 0.14),
    ("e.kruglova", "Елена Круглова", "Elena Kruglova", True, "ru", 1.6, 0.05),
    ("i.baranov", "Илья Баранов", "Ilya Baranov", False, "ru", 2.4, 0.09),
    ("k.hayes", "Кэтрин Хейз", "Catherine Hayes", True, "en", 1.4, 0.04),
    ("t.brandt", "Томас Брандт", "Thomas Brandt", False, "en", 3.2, 0.10),
    ("j.moreau", "Жюли Моро", "Julie Moreau", True, "en", 1.9, 0.05),
)
LEAVING_MANAGER, LEAVING_ON = "i.baranov", date(2025, 8, 4)  # his clients go to others
_OUR_APPS = ("outlook", "outlook", "gmail", "yandex", "outlook", "gmail", "outlook", "apple", "gmail")
_OLD_CODE_PAGE = ("d.lebedev", "p.zimin")
_OVERLOADED, _OVERLOAD = "e.kruglova", (date(2026, 3, 2), date(2026, 6, 15))


def our_managers(seed: int) -> tuple[OurManager, ...]:
    """The agency's nine account managers."""
    return tuple(_our_manager(seed, place) for place in range(len(_MANAGERS)))


def _our_manager(seed: int, place: int) -> OurManager:
    key, russian, english, female, language, latency, careless = _MANAGERS[place]
    busy = key == _OVERLOADED
    speaker = Person(
        key=key,
        name=russian,
        called=russian.split(maxsplit=1)[0],
        signs=russian,
        female=female,
        title="менеджер проектов, агентство «Северный ветер»",
        addresses=(f"{key}@{names.FIRM_DOMAIN}",),
        phones=(f"+7 (495) 000-10-{place:02d}",),
        app=_OUR_APPS[place],
        charset="windows-1251" if key in _OLD_CODE_PAGE else "utf-8",
        temper="even",
        latency_h=latency,
        holidays=_holidays(Dice(seed, 1, place)),
    )
    return OurManager(
        key,
        language,
        russian=speaker,
        english=replace(
            speaker,
            name=english,
            called=english.split(maxsplit=1)[0],
            signs=english,
            title="Account Manager, North Wind",
            charset="utf-8",
        ),
        overloaded=(_OVERLOAD,) if busy else (),
        factor=3.2 if busy else 1.0,
        careless=careless,
        left_on=LEAVING_ON if key == LEAVING_MANAGER else None,
    )


def people(client_id: str, number: int, domain: str, language: str, country: str, dice: Dice) -> tuple[Person, ...]:
    """One to five contacts of a client; exactly one decides."""
    count = dice.weighted((1, 2, 3, 4, 5), (0.16, 0.32, 0.28, 0.16, 0.08))
    decides = 0 if count == 1 else dice.whole(0, count - 1)
    house_app = dice.weighted(_APPS, (0.34, 0.22, 0.2, 0.14, 0.1) if language == "ru" else (0.5, 0.3, 0.02, 0.02, 0.16))
    result: list[Person] = []
    surnames: list[str] = []
    for place in range(count):
        female = dice.chance(0.5)
        name, called, local = _russian(female, surnames, dice) if language == "ru" else _english(female, surnames, dice)
        app = house_app if dice.chance(0.8) else dice.pick(_APPS if language == "ru" else ("outlook", "gmail", "apple"))
        addresses: tuple[str, ...] = (f"{local}@{domain}",)
        if dice.chance(0.18):
            addresses += (f"{local.replace('.', '')}{dice.whole(60, 99)}@{dice.pick(names.FREE_MAIL)}",)
        temper = dice.weighted(_TEMPERS, (0.42, 0.13, 0.13, 0.18, 0.14))
        latency = 3.2 * dice.spread(0.6) * {"choleric": 0.5, "phlegmatic": 2.4}.get(temper, 1.0)
        deciding = place == decides
        titles = names.TITLES_RU if language == "ru" else names.TITLES_EN
        result.append(
            Person(
                f"{client_id}-{place + 1}",
                name,
                called,
                called.split()[0] if temper in ("warm", "choleric") else name,
                female,
                titles[0] if deciding else dice.pick(titles[1:]),
                addresses,
                _phones(number, place, country, dice),
                app,
                _charset(language, app, dice),
                temper,
                latency * (1.5 if deciding else 1.0),
                _holidays(dice),
                decision_maker=deciding,
                zone={"RU": "Europe/Moscow", "GB": "Europe/London", "DE": "Europe/Berlin"}[country],
                shift_h={"RU": 0, "GB": 2, "DE": 1}[country],
                listed=dice.chance(0.7),
            )
        )
    return tuple(result)


def _russian(female: bool, taken: list[str], dice: Dice) -> tuple[str, str, str]:
    given, latin = dice.pick((names.GIVEN_RU_F if female else names.GIVEN_RU_M).split()).split("/")
    surname, latin_surname = _new(names.SURNAME_RU.split(), taken, dice).split("/")
    if female:
        surname, latin_surname = surname + "а", latin_surname + "a"
    called = given
    if dice.chance(0.3):
        called = f"{given} {dice.pick((names.PATRONYMIC_F if female else names.PATRONYMIC_M).split())}"
    return f"{called} {surname}", called, f"{latin[0]}.{latin_surname}" if dice.chance(0.6) else latin_surname


def _english(female: bool, taken: list[str], dice: Dice) -> tuple[str, str, str]:
    given = dice.pick((names.GIVEN_EN_F if female else names.GIVEN_EN_M).split())
    surname = _new(names.SURNAME_EN.split(), taken, dice)
    return f"{given} {surname}", given, f"{given}.{surname}".lower()


def _new(options: Sequence[str], taken: list[str], dice: Dice) -> str:
    chosen = dice.pick([option for option in options if option not in taken])
    taken.append(chosen)
    return chosen


def _phones(number: int, place: int, country: str, dice: Dice) -> tuple[str, ...]:
    """Numbers from ranges that are kept free for fiction, or not assigned."""
    line = number * 5 + place
    if country == "GB":
        office, mobile = f"+44 20 7946 {line % 1000:04d}", f"+44 7700 900{line % 1000:03d}"
    elif country == "DE":
        office = mobile = f"+49 30 23125 {line % 1000:03d}"
    else:
        office, mobile = (
            f"+7 (495) 000-{20 + line // 100:02d}-{line % 100:02d}",
            f"+7 (999) 000-{20 + line // 100:02d}-{line % 100:02d}",
        )
    return (office, mobile) if mobile != office and dice.chance(0.5) else (office,)


def _charset(language: str, app: str, dice: Dice) -> str:
    if language != "ru":
        return "utf-8"
    if app == "outlook":
        return dice.weighted(("windows-1251", "utf-8", "koi8-r"), (0.45, 0.35, 0.2))
    return "koi8-r" if app == "yandex" and dice.chance(0.1) else "utf-8"


def _holidays(dice: Dice) -> tuple[Span, ...]:
    """Two absences a year: a long one in summer, a short one at any time."""
    spans = []
    for year in range(FIRST_DAY.year, AS_OF.year + 1):
        summer = date(year, 6, 1) + timedelta(days=dice.whole(0, 100))
        other = date(year, 1, 12) + timedelta(days=dice.whole(0, 330))
        spans += [
            (summer, summer + timedelta(days=dice.whole(7, 16))),
            (other, other + timedelta(days=dice.whole(3, 8))),
        ]
    return tuple(sorted(spans))
