"""Every table of the database, as it is after the last migration.

Events and their texts lie apart: measuring reads a million narrow rows and never touches a letter of correspondence.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    UniqueConstraint,
    text,
)

from churnwatch.core.types import CaseState
from churnwatch.store.columns import Compact, Instant, Joined, Number, Words

API = "api"  # the source of what is told one by one, by no source

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# --- who they are

managers = Table(
    "managers",
    metadata,
    Column("manager_id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("email", Words),
    Column("language", Words, nullable=False),
)
clients = Table(
    "clients",
    metadata,
    Column("client_id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("manager_id", Words),
    Column("monthly_value", Number),
    Column("language", Words),
    Column("country", Words),
    Column("domains", Compact, nullable=False),
)
contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Words, primary_key=True),
    Column("client_id", Words, nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("addresses", Compact, nullable=False),
    Column("decision_maker", Boolean, nullable=False),
    Column("source", Words, nullable=False),  # who told it last: a source, or API
    Column("role", Words, nullable=False, server_default=text("''")),
)
contracts = Table(
    "contracts",
    metadata,
    Column("contract_id", Words, primary_key=True),
    Column("client_id", Words, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("source", Words, nullable=False),
)
outcomes = Table(
    "outcomes",
    metadata,
    Column("client_id", Words, primary_key=True),
    Column("ended_on", Date, primary_key=True),
    Column("source", Words, primary_key=True),
    Column("departure", Words, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("note", Words, nullable=False),
)
manager_changes = Table(
    "manager_changes",
    metadata,
    Column("client_id", Words, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("manager_id", Words, nullable=False),
    Column("source", Words, nullable=False),
)

# --- what was read, and from where

cursors = Table(
    "cursors",
    metadata,
    Column("source", Words, primary_key=True),
    Column("cursor", Words),
    Column("reading", Integer, nullable=False),  # rises with every reset
)
source_health = Table(  # of sources that were read once
    "source_health",
    metadata,
    Column("source", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("read_at", Instant, nullable=False),  # to its end, the last time
    Column("failing_since", Instant),  # null = the last attempt went well
)
source_errors = Table(
    "source_errors",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("source", Words, nullable=False),
    Column("part", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("problem", Words, nullable=False),
    UniqueConstraint("source", "part", "place", "problem"),
)
skipped_records = Table(
    "skipped_records",
    metadata,
    Column("source", Words, primary_key=True),
    Column("part", Words, primary_key=True),
    Column("why", Words, primary_key=True),
    Column("records", BigInteger, nullable=False),
)
unknown_correspondents = Table(
    "unknown_correspondents",
    metadata,
    Column("source", Words, primary_key=True),
    Column("part", Words, primary_key=True),
    Column("address", Words, primary_key=True),
    Column("messages", BigInteger, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)

# --- what passed between us

events = Table(
    "events",
    metadata,
    Column("client_id", Words, primary_key=True),
    Column("event_id", Words, primary_key=True),
    Column("contact_id", Words),
    Column("kind", SmallInteger, nullable=False),
    Column("direction", SmallInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("channel", Words, nullable=False),
    Column("thread_id", Words),  # of a meeting: its meeting_id
    Column("reply_to", Words),
    Column("automatic", Boolean, nullable=False),
    Column("starts_at", Instant),
    Column("status", SmallInteger),
    Column("duration_s", Number),
    Column("answered", Boolean),
    Column("due_on", Date),
    Column("paid_on", Date),
    Column("amount", Number),
    # The tone reader's numbers, or those that a table brought; null is what nobody told.
    Column("words", Integer),
    Column("question", Boolean),
    Column("expects_reply", Boolean),
    Column("irritation", Number),
    Column("cues", BigInteger),
    Column("source", Words, nullable=False),  # who told it first
    Column("reading", Integer, nullable=False),  # in which of its source's readings it was told last
    Column("people", Joined),  # of messages and meetings; null = nobody, or kept before this was asked
    Column("attachments", Integer),  # of messages; null = kept before people, attachments and absences were asked for
    Column("away_since", Date),
    Column("away_until", Date),
    Column("promise_due", Date),
    Column("delivers", Boolean),
    Column("paid_known_at", Instant),  # null = once the day of `paid_on` was over
    Column("warmth", Number),
    Column("read_by", Words),  # the id of the model that read the text; null = a table told the numbers, or nobody
    Column(
        "changed", BigInteger, nullable=False, server_default=text("1"), index=True
    ),  # by which write, see event_writes
    Index(None, "client_id", "at"),
    Index(None, "event_id"),
)
_is_read = events.c.read_by.is_not(None)
Index("ix_events_read_by", events.c.read_by, sqlite_where=_is_read, postgresql_where=_is_read)
event_writes = Table(  # one row
    "event_writes",
    metadata,
    Column("number", BigInteger, nullable=False),  # of the newest write that changed any event
)
# Of whom events were changed or taken away: what was once measured of them no longer holds.
rewritten = Table(
    "rewritten",
    metadata,
    Column("client_id", Words, primary_key=True),
    Column("changed", BigInteger, nullable=False),  # by which write last
)
texts = Table(
    "texts",
    metadata,
    Column("client_id", Words, primary_key=True),
    Column("event_id", Words, primary_key=True),
    Column("subject", Words, nullable=False),
    Column("text", Words),
    ForeignKeyConstraint(["client_id", "event_id"], ["events.client_id", "events.event_id"], ondelete="CASCADE"),
)
# What people say of the tone of a message, each word a row: the last one holds. It stays when a source is read anew.
tone_labels = Table(
    "tone_labels",
    metadata,
    Column("event_id", Words, primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("label", Words, nullable=False),
    Column("who", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("model_id", Words),  # of the reader, with what it had read until then
    Column("irritation", Number),
)

# --- what we believe

catalogues = Table(
    "catalogues",
    metadata,
    Column("catalogue", Words, primary_key=True),
    Column("columns", Compact, nullable=False),
)
snapshots = Table(
    "snapshots",
    metadata,
    Column("as_of", Date, primary_key=True),
    Column("catalogue", Words, ForeignKey("catalogues.catalogue"), primary_key=True),
    Column("client_id", Words, primary_key=True),
    Column("numbers", Compact, nullable=False),  # in the order of the catalogue's columns
    Column("frozen_since", Date),  # null = the clock runs
    Column("frozen_why", Words),
)
risks = Table(
    "risks",
    metadata,
    Column("client_id", Words, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("horizon_days", Integer, primary_key=True),
    Column("model_id", Words, primary_key=True),
    # Rises with every put: of a client and date, the belief put last is the one that holds.
    Column("turn", BigInteger, nullable=False),
    Column("probability", Number),
    Column("low", Number),
    Column("high", Number),
    Column("band", Words),
    Column("reasons", Compact, nullable=False),
    Column("insufficient", Words),
    Column("frozen_since", Date),
    Column("frozen_why", Words),
    Index(None, "as_of"),
)

# --- what we say

cases = Table(
    "cases",
    metadata,
    Column("case_id", Words, primary_key=True),
    Column("client_id", Words, nullable=False),
    Column("manager_id", Words),
    Column("state", Words, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("band", Words, nullable=False),
    Column("probability", Number),
    Column("play", Words, nullable=False),
    Column("reasons", Compact, nullable=False),
    Index(None, "client_id"),
)
_not_closed = cases.c.state.not_in([state.value for state in CaseState if state.closed])
Index("uq_cases_one_open", cases.c.client_id, unique=True, sqlite_where=_not_closed, postgresql_where=_not_closed)
transitions = Table(
    "transitions",
    metadata,
    Column("case_id", Words, ForeignKey("cases.case_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("from_state", Words),
    Column("to_state", Words, nullable=False),
    Column("who", Words, nullable=False),
    Column("why", Words, nullable=False),
)
outbox = Table(
    "outbox",
    metadata,
    Column("key", Words, primary_key=True),
    Column("case_id", Words, ForeignKey("cases.case_id"), nullable=False),
    Column("channel", Words, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("notice", Compact, nullable=False),
    Column("state", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("sent_at", Instant),
    Column("error", Words),
    Index(None, "state", "due_at"),
)

# --- who may ask, and what the nights did

api_keys = Table(
    "api_keys",
    metadata,
    Column("prefix", Words, primary_key=True),
    Column("secret_sha256", Words, nullable=False),
    Column("label", Words, nullable=False),
    Column("scopes", Compact, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant),
    Column("revoked", Boolean, nullable=False),
)
runs = Table(
    "runs",
    metadata,
    Column("as_of", Date, primary_key=True),
    Column("stage", Words, primary_key=True),
    Column("counts", Compact, nullable=False),
    Column("seconds", Number, nullable=False),
    Column("finished_at", Instant, nullable=False),
)
