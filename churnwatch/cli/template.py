"""The commented configuration that `churnwatch init` writes."""

TOML = """# churnwatch: one file, everything in it. Unknown keys are errors; `churnwatch check` validates and tries each part.
# Any key can be overridden by the environment: CHURNWATCH__FIRM__TIMEZONE=Europe/Berlin
# Secrets never stand here: CHURNWATCH__DELIVERY__EMAIL__PASSWORD, or …_PASSWORD_FILE naming a file.

[firm]
name = "Our firm"
language = "en"                  # en | ru: notices to people without a language of their own
timezone = "Europe/Berlin"
country = "DE"                   # public holidays; leave out for none
opens = "09:00"
closes = "18:00"
domains = ["our-firm.example"]   # whoever writes from here is one of us
addresses = []                   # our people's addresses at free-mail providers
currency = "EUR"

[store]
url = "sqlite:///churnwatch.db"  # or postgresql+psycopg://user@host/churnwatch

# Who the clients are: a CRM export. `columns` maps our names to the file's own where they differ.
# Columns: client_id, name, manager, manager_email, manager_language, monthly_value, language, country, domains,
#          started_on, ended_on, departure (left | silent | project_ended | involuntary), known_on
[[sources]]
name = "clients"
kind = "clients"
path = "crm/clients.csv"
# columns = { client_id = "ID", name = "Company" }

[[sources]]
name = "contacts"                # contact_id, client_id, name, addresses, phones, decision_maker
kind = "contacts"
path = "crm/contacts.csv"

# What passed between us. Kinds: mbox, maildir, eml, ics, calls, invoices, events (Parquet, CSV or JSONL).
[[sources]]
name = "mail"
kind = "mbox"
path = "mail/*.mbox"

# [[sources]]
# name = "calendar"
# kind = "ics"
# path = "calendar/*.ics"

# [[sources]]
# name = "calls"                 # at, phone or client_id, direction, duration, answered
# kind = "calls"
# path = "calls.csv"

# [[sources]]
# name = "invoices"              # invoice_id, client_id, issued_on, due_on, amount, paid_on
# kind = "invoices"
# path = "invoices.csv"

[ingest]
stale_after_days = 3             # a source not read for longer: clients heard through it stand still, and get no new case

[model]
horizon_days = 90                # the probability is of leaving within this time
yearly_churn = 0.18              # your own estimate; used until losses are known
path = "model"

[policy]
open_band = "simmering"          # calm | warming | simmering | boiling: from where on an alert is opened
cooldown_days = 21
per_manager_per_week = 2
# fallback_email = "head@our-firm.example"

[delivery]
folder = "outbox"                # each notice as a file; take it out once mail works

# [delivery.email]
# host = "smtp.our-firm.example"
# port = 587
# security = "starttls"          # starttls | tls | none
# sender = "churnwatch@our-firm.example"
# username = "churnwatch"

# [delivery.webhook]
# url = "https://hooks.our-firm.example/churnwatch"

[api]
host = "127.0.0.1"
port = 8321
base_url = "http://127.0.0.1:8321"

[tone]                           # where your clients speak otherwise than others; docs/operations.md names the cues
phrases = []                     # { text = "as per my last mail", cue = "repetition" }: this sounds irritated here
muted = []                       # "urgent", if every ticket is called so: this means nothing here
path = "tone.json"               # what `churnwatch train-tone` learns from your people's labels

[privacy]
keep_text = true                 # false: only numbers are kept, no quotes
"""
