"""The invented names of the demo: our people, client firms, their people, and what the work is about. Any likeness is chance."""

from dataclasses import dataclass

FIRM_DOMAIN = "north-wind.example"
FREE_MAIL = ("pochta.example", "freemail.example")


@dataclass(frozen=True, slots=True)
class Topic:
    """A piece of work: the Russian noun in its six cases, the English one, and the area it belongs to."""

    area: str
    cases: tuple[str, str, str, str, str, str]  # nominative, genitive, dative, accusative, instrumental, prepositional
    english: str


def _topic(area: str, english: str, cases: str) -> Topic:
    nom, gen, dat, acc, ins, pre = cases.split(" | ")
    return Topic(area, (nom, gen, dat, acc, ins, pre), english)


TOPICS = (
    _topic("site", "the landing page", "лендинг | лендинга | лендингу | лендинг | лендингом | лендинге"),
    _topic(
        "site",
        "the home page",
        "главная страница | главной страницы | главной странице | главную страницу | главной страницей | главной странице",
    ),
    _topic(
        "site",
        "the enquiry form",
        "форма заявки | формы заявки | форме заявки | форму заявки | формой заявки | форме заявки",
    ),
    _topic(
        "site",
        "the customer area",
        "личный кабинет | личного кабинета | личному кабинету | личный кабинет | личным кабинетом | личном кабинете",
    ),
    _topic(
        "site",
        "the online catalogue",
        "каталог на сайте | каталога на сайте | каталогу на сайте | каталог на сайте | каталогом на сайте | каталоге на сайте",
    ),
    _topic(
        "site",
        "the mobile version",
        "мобильная версия | мобильной версии | мобильной версии | мобильную версию | мобильной версией | мобильной версии",
    ),
    _topic(
        "ads",
        "the search campaign",
        "реклама в поиске | рекламы в поиске | рекламе в поиске | рекламу в поиске | рекламой в поиске | рекламе в поиске",
    ),
    _topic(
        "ads",
        "the remarketing setup",
        "ретаргетинг | ретаргетинга | ретаргетингу | ретаргетинг | ретаргетингом | ретаргетинге",
    ),
    _topic("ads", "the media plan", "медиаплан | медиаплана | медиаплану | медиаплан | медиапланом | медиаплане"),
    _topic(
        "ads",
        "the seasonal campaign",
        "сезонная кампания | сезонной кампании | сезонной кампании | сезонную кампанию | сезонной кампанией | сезонной кампании",
    ),
    _topic(
        "design",
        "the banner artwork",
        "макет баннера | макета баннера | макету баннера | макет баннера | макетом баннера | макете баннера",
    ),
    _topic(
        "design",
        "the dealer presentation",
        "презентация для дилеров | презентации для дилеров | презентации для дилеров | презентацию для дилеров"
        " | презентацией для дилеров | презентации для дилеров",
    ),
    _topic("design", "the brochure", "буклет | буклета | буклету | буклет | буклетом | буклете"),
    _topic(
        "design",
        "the stand design",
        "оформление стенда | оформления стенда | оформлению стенда | оформление стенда | оформлением стенда | оформлении стенда",
    ),
    _topic(
        "crm",
        "the CRM integration",
        "интеграция с CRM | интеграции с CRM | интеграции с CRM | интеграцию с CRM | интеграцией с CRM | интеграции с CRM",
    ),
    _topic(
        "crm",
        "the lead export",
        "выгрузка заявок | выгрузки заявок | выгрузке заявок | выгрузку заявок | выгрузкой заявок | выгрузке заявок",
    ),
    _topic("crm", "the chatbot", "чат-бот | чат-бота | чат-боту | чат-бот | чат-ботом | чат-боте"),
    _topic(
        "content",
        "the blog article",
        "статья для блога | статьи для блога | статье для блога | статью для блога | статьёй для блога | статье для блога",
    ),
    _topic(
        "content",
        "the content plan",
        "контент-план | контент-плана | контент-плану | контент-план | контент-планом | контент-плане",
    ),
    _topic(
        "content",
        "the product video",
        "ролик о продукте | ролика о продукте | ролику о продукте | ролик о продукте | роликом о продукте | ролике о продукте",
    ),
    _topic(
        "content",
        "the customer mailing",
        "рассылка по базе | рассылки по базе | рассылке по базе | рассылку по базе | рассылкой по базе | рассылке по базе",
    ),
    _topic(
        "report",
        "the quarterly report",
        "квартальный отчёт | квартального отчёта | квартальному отчёту | квартальный отчёт | квартальным отчётом | квартальном отчёте",
    ),
    _topic(
        "report",
        "the dashboard",
        "сводка показателей | сводки показателей | сводке показателей | сводку показателей | сводкой показателей | сводке показателей",
    ),
    _topic(
        "report",
        "the call tracking",
        "учёт звонков | учёта звонков | учёту звонков | учёт звонков | учётом звонков | учёте звонков",
    ),
)

# Name, domain label.
FIRMS_RU = tuple(
    tuple(line.split(" / "))
    for line in """Контур Леса / kontur-les
Балтийский сыр / balt-syr
Тёплый дом / teplodom-spb
Окна Прикамья / okna-prikam
Метизный двор / metiz-dvor
Кедровая бочка / kedr-bochka
СтройЛиния / stroyliniya
Аптека Северная / apteka-sever
Мастерская света / master-sveta
Гранит и К / granit-k
Волжские паруса / volga-parus
Школа «Азимут» / azimut-school
Клиника «Лад» / klinika-lad
Фабрика «Мягкий знак» / myagkiy-znak
Ярмарка тканей / tkani-yarmarka
Энергоучёт / energouchet
Рыбный порт / ryb-port
Логистика Плюс Урал / lpu-cargo
Чайная миля / chay-milya
Дача под ключ / dacha-kluch
Пекарня «Три колоса» / tri-kolosa
Сибирские котлы / sib-kotly
Гидромаш / gidromash-n
Автодок / avtodok-nn
Новый горизонт / nov-gorizont
Эко Упаковка / ecoupak-tver
Медтехника Волга / medteh-volga
Русский лён / rus-lyon
Стоматология «Прикус» / prikus-stom
Дом керамики / dom-keramiki
Фитнес «Ритм» / ritm-fit
Садовый центр «Флокс» / sad-floks
Лифтсервис / liftservis-m
Юридическое бюро «Довод» / dovod-buro
Насосы и арматура / nasos-arm
Студия кухонь «Очаг» / ochag-kuhni
Зерно Дона / zerno-dona
Термоплёнка / termoplenka
Кабельная база / kabel-baza
Отель «Старый мост» / stary-most
Турбюро «Компас» / kompas-tur
Печати и штампы / pechat-shtamp
Клининг «Чистый лист» / chisty-list
Склад 24 / sklad24-msk
Мебель Вятки / mebel-vyatki
Инструмент Сервис / instr-servis
Бассейны «Акварель» / akvarel-pool
Пожзащита / pozhzashita
Двери Белогорья / dveri-bel
Питомник «Ясень» / yasen-pitomnik
Ортосалон «Шаг» / ortosalon-shag
Велозавод «Спица» / spica-velo
Типография «Кегль» / kegl-print
Весовые системы / ves-sistemy
Пасека Алтая / paseka-altay
Сварка Профи / svarka-pro
Кофейня «Зерно и пар» / zerno-par
Языковая школа «Диалог» / dialog-lang
Грузовые шины / gruz-shiny
Ателье «Силуэт» / siluet-atelier""".splitlines()
)
FIRMS_EN = tuple(
    tuple(line.split(" / "))
    for line in """Harrow & Finch Joinery / harrowfinch
Brightwater Dental / brightwater-dental
Oakmere Windows / oakmere-windows
Pennine Pumps / pennine-pumps
Castle Street Legal / castlestreet-legal
Larkfield Nurseries / larkfield-nurseries
Thornbury Fabrics / thornbury-fabrics
Bluebell Bakeries / bluebell-bakeries
Marlow Marine / marlow-marine
Quayside Hotels / quayside-hotels
Redstone Flooring / redstone-flooring
Fenwick Tools / fenwick-tools
Aldgate Office Interiors / aldgate-interiors
Copperfield Lighting / copperfield-lighting
Tamar Valley Foods / tamar-foods
Northgate Fitness / northgate-fitness
Wexley School of English / wexley-english
Riverside Vets / riverside-vets
Hollow Oak Furniture / hollowoak
Pemberton Packaging / pemberton-pack
Silverline Lifts / silverline-lifts
Kestrel Logistics / kestrel-logistics
Ashdown Kitchens / ashdown-kitchens
Granary Coffee / granary-coffee
Whitby Seafood / whitby-seafood
Cotswold Pools / cotswold-pools
Anvil Welding / anvil-welding
Heath & Home Cleaning / heath-home
Summit Cycles / summit-cycles
Elmtree Clinics / elmtree-clinics
Westbrook Cable / westbrook-cable
Foxglove Cosmetics / foxglove-cosmetics
Lindner Messtechnik / lindner-mess
Haus Falkenau / haus-falkenau
Brandt Fenster / brandt-fenster
Kessler Getriebe / kessler-getriebe
Alster Yachten / alster-yachten
Mohnfeld Backwaren / mohnfeld
Rheinufer Hotels / rheinufer-hotels
Vogt Medizintechnik / vogt-medtech
Sandberg Werkzeuge / sandberg-wz
Tannhof Möbel / tannhof
Lorenz Verpackung / lorenz-pack
Bergwald Outdoor / bergwald-outdoor
Stadtgarten Pflanzen / stadtgarten
Nordlicht Leuchten / nordlicht-leuchten
Eichner Logistik / eichner-log
Hartmut Klein Sanitär / klein-sanitaer
Feldkamp Agrar / feldkamp-agrar
Seehaus Kliniken / seehaus-kliniken
Greycliff Insurance / greycliff-ins
Maple Row Estates / maplerow
Orchard Lane Nursery Schools / orchardlane
Tidewell Plumbing / tidewell
Barrow Print Works / barrow-print
Stonebridge Surveyors / stonebridge-sv
Hazel & Rye / hazelrye
Ferndale Opticians / ferndale-opt
Crossway Tyres / crossway-tyres
Moorland Wool / moorland-wool""".splitlines()
)

# Given name, patronymic or empty, Latin form.
GIVEN_RU_F = (
    "Анна/anna Елена/elena Ольга/olga Марина/marina Наталья/natalya Ирина/irina"
    " Светлана/svetlana Татьяна/tatyana Юлия/yulia Екатерина/ekaterina Дарья/darya Ксения/ksenia"
)
GIVEN_RU_M = (
    "Сергей/sergey Алексей/alexey Дмитрий/dmitry Андрей/andrey Павел/pavel Игорь/igor"
    " Максим/maxim Роман/roman Виктор/viktor Николай/nikolay Артём/artem Олег/oleg"
)
PATRONYMIC_F = "Сергеевна Алексеевна Викторовна Андреевна Павловна Игоревна Николаевна Олеговна"
PATRONYMIC_M = "Сергеевич Алексеевич Викторович Андреевич Павлович Игоревич Николаевич Олегович"
# Masculine form; the feminine adds "а".
SURNAME_RU = (
    "Соколов/sokolov Белов/belov Громов/gromov Зайцев/zaytsev Ершов/ershov Карпов/karpov Лапин/lapin Мухин/mukhin"
    " Носов/nosov Орлов/orlov Рябов/ryabov Сомов/somov Тарасов/tarasov Уткин/utkin Фомин/fomin Хохлов/khokhlov"
    " Чернов/chernov Шубин/shubin Юдин/yudin Яшин/yashin Брагин/bragin Ветров/vetrov Дёмин/demin Калинин/kalinin"
)
GIVEN_EN_F = "Claire Emma Fiona Hannah Julia Karen Laura Megan Nina Sophie Anja Katrin"
GIVEN_EN_M = "Andrew Ben Daniel George James Mark Oliver Peter Simon Tom Jens Stefan"
SURNAME_EN = (
    "Abbott Barnes Carter Dawson Ellis Foster Graham Hughes Irving Jarvis Keller Lambert Mercer Norton Osborne Palmer"
    " Quinn Reeves Sutton Turner Underwood Vogel Weber Young"
)
TITLES_RU = (
    "директор",
    "маркетолог",
    "руководитель отдела продаж",
    "менеджер по рекламе",
    "специалист по контенту",
    "финансовый директор",
)
TITLES_EN = (
    "Managing Director",
    "Marketing Manager",
    "Head of Sales",
    "Brand Manager",
    "Content Editor",
    "Finance Director",
)
