"""The demo firm's configuration and the note that says that nobody in it exists."""

from churnwatch.demo.names import FIRM_DOMAIN


def settings(seed: int) -> str:
    """A `churnwatch.toml` that runs as it stands."""
    return f'''# The demo firm. Everything in this folder is synthetic.
[firm]
name = "Северный ветер / North Wind"
synthetic = true
language = "ru"
timezone = "Europe/Moscow"
country = "RU"
domains = ["{FIRM_DOMAIN}"]
currency = "EUR"

[store]
url = "sqlite:///churnwatch.db"

[[sources]]
name = "clients"
kind = "clients"
path = "crm/clients.csv"

[[sources]]
name = "contacts"
kind = "contacts"
path = "crm/contacts.csv"

[[sources]]
name = "contracts"
kind = "contracts"
path = "crm/contracts.csv"

[[sources]]
name = "mail"
kind = "mbox"
path = "mail/*.mbox"

[[sources]]
name = "calendar"
kind = "ics"
path = "calendar/*.ics"

[[sources]]
name = "calls"
kind = "calls"
path = "calls.csv"
encoding = "cp1251"

[[sources]]
name = "invoices"
kind = "invoices"
path = "invoices.csv"

[model]
horizon_days = 90
yearly_churn = 0.2
path = "model"
seed = {seed}

[delivery]
folder = "outbox"
'''


README = """North Wind / Северный ветер: a demo firm for churnwatch

Everything here is synthetic. The firm, its clients, the people, their letters, calls and invoices were made up by a program
from a fixed seed. No real person or company is meant; any likeness is chance. The domains end in .example, which nobody can
own, and the telephone numbers come from ranges kept free for fiction or not assigned.

The files hold what the firm could know on 28 September 2026, the demo's as-of date. truth.csv tells what really happens to each
client, after that date too. churnwatch does not read it: it is here so that you can see where the scores are right and wrong.

Всё в этой папке вымышлено. Фирму, её клиентов, людей, письма, звонки и счета сочинила программа по заданному начальному числу.
Совпадения с настоящими людьми и компаниями случайны. Домены заканчиваются на .example и никому не принадлежат, номера телефонов
взяты из диапазонов, которые оставлены для вымысла или никому не выделены.

В файлах есть только то, что фирма могла знать на 28 сентября 2026 года: это дата, на которую считается риск. В truth.csv
записано, что на самом деле происходит с каждым клиентом, в том числе после этой даты. churnwatch этот файл не читает: по нему
можно проверить, где оценки верны, а где нет.
"""
