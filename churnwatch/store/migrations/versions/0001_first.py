"""The first schema: people, ingest, events, scores, cases, outbox, access, runs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OPEN_ONLY = sa.text("state NOT IN ('saved', 'lost', 'dismissed')")


def upgrade() -> None:
    """Create every table."""
    _people()
    _ingest()
    _events()
    _scores()
    _cases()
    _administration()


def _people() -> None:
    op.create_table("managers", _key("manager_id"), _text("name"), _text("email", null=True), _text("language"))
    op.create_table(
        "clients",
        _key("client_id"),
        _text("name"),
        _text("manager_id", null=True),
        _number("monthly_value", null=True),
        _text("language", null=True),
        _text("country", null=True),
        _text("domains"),
    )
    op.create_table(
        "contacts",
        _key("contact_id"),
        _text("client_id"),
        _text("name"),
        _text("addresses"),
        _flag("decision_maker"),
        _text("source"),
    )
    op.create_index("ix_contacts_client_id", "contacts", ["client_id"])
    op.create_table(
        "contracts",
        _key("contract_id"),
        _text("client_id"),
        _day("starts_on"),
        _day("ends_on", null=True),
        _text("source"),
    )
    op.create_table(
        "outcomes",
        _key("client_id"),
        sa.Column("ended_on", sa.Date, primary_key=True),
        _key("source"),
        _text("departure"),
        _instant("known_at"),
        _text("note"),
    )
    op.create_table(
        "manager_changes",
        _key("client_id"),
        sa.Column("since", sa.Date, primary_key=True),
        _text("manager_id"),
        _text("source"),
    )


def _ingest() -> None:
    op.create_table(
        "cursors",
        _key("source"),
        _text("cursor", null=True),
        sa.Column("reading", sa.Integer, nullable=False),
    )
    op.create_table(
        "source_errors",
        sa.Column("number", sa.Integer, primary_key=True),
        _text("source"),
        _text("part"),
        _text("place"),
        _text("problem"),
        sa.UniqueConstraint("source", "part", "place", "problem", name="uq_source_errors_source"),
    )
    op.create_table("skipped_records", _key("source"), _key("part"), _key("why"), _count("records"))
    op.create_table(
        "unknown_correspondents",
        _key("source"),
        _key("part"),
        _key("address"),
        _count("messages"),
        _instant("first_at"),
        _instant("last_at"),
    )


def _events() -> None:
    op.create_table(
        "events",
        _key("client_id"),
        _key("event_id"),
        _text("contact_id", null=True),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("direction", sa.SmallInteger, nullable=False),
        _instant("at"),
        _instant("known_at"),
        _text("channel"),
        _text("thread_id", null=True),
        _text("reply_to", null=True),
        _flag("automatic"),
        _instant("starts_at", null=True),
        sa.Column("status", sa.SmallInteger),
        _number("duration_s", null=True),
        _flag("answered", null=True),
        _day("due_on", null=True),
        _day("paid_on", null=True),
        _number("amount", null=True),
        sa.Column("words", sa.Integer),
        _flag("question", null=True),
        _flag("expects_reply", null=True),
        _number("irritation", null=True),
        sa.Column("cues", sa.BigInteger),
        _text("source"),
        sa.Column("reading", sa.Integer, nullable=False),
    )
    op.create_index("ix_events_client_id_at", "events", ["client_id", "at"])
    op.create_index("ix_events_event_id", "events", ["event_id"])
    op.create_table(
        "texts",
        _key("client_id"),
        _key("event_id"),
        _text("subject"),
        _text("text", null=True),
        sa.ForeignKeyConstraint(
            ["client_id", "event_id"],
            ["events.client_id", "events.event_id"],
            name="fk_texts_events",
            ondelete="CASCADE",
        ),
    )


def _scores() -> None:
    op.create_table("catalogues", _key("catalogue"), _text("columns"))
    op.create_table(
        "snapshots",
        sa.Column("as_of", sa.Date, primary_key=True),
        _key("catalogue", sa.ForeignKey("catalogues.catalogue", name="fk_snapshots_catalogues")),
        _key("client_id"),
        _text("numbers"),
    )
    op.create_table(
        "risks",
        _key("client_id"),
        sa.Column("as_of", sa.Date, primary_key=True),
        sa.Column("horizon_days", sa.Integer, primary_key=True),
        _key("model_id"),
        _count("turn"),
        _number("probability", null=True),
        _number("low", null=True),
        _number("high", null=True),
        _text("band", null=True),
        _text("reasons"),
        _text("insufficient", null=True),
    )
    op.create_index("ix_risks_as_of", "risks", ["as_of"])


def _cases() -> None:
    op.create_table(
        "cases",
        _key("case_id"),
        _text("client_id"),
        _text("manager_id", null=True),
        _text("state"),
        _day("opened_on"),
        _instant("changed_at"),
        sa.Column("version", sa.Integer, nullable=False),
        _text("band"),
        _number("probability", null=True),
        _text("play"),
        _text("reasons"),
    )
    op.create_index("ix_cases_client_id", "cases", ["client_id"])
    op.create_index(
        "uq_cases_one_open",
        "cases",
        ["client_id"],
        unique=True,
        sqlite_where=_OPEN_ONLY,
        postgresql_where=_OPEN_ONLY,
    )
    op.create_table(
        "transitions",
        _key("case_id", sa.ForeignKey("cases.case_id", name="fk_transitions_cases")),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        _instant("at"),
        _text("from_state", null=True),
        _text("to_state"),
        _text("who"),
        _text("why"),
    )
    op.create_table(
        "outbox",
        _key("key"),
        sa.Column("case_id", sa.Text, sa.ForeignKey("cases.case_id", name="fk_outbox_cases"), nullable=False),
        _text("channel"),
        _text("recipient"),
        _text("notice"),
        _text("state"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _instant("created_at"),
        _instant("due_at"),
        _instant("leased_until", null=True),
        _instant("sent_at", null=True),
        _text("error", null=True),
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])


def _administration() -> None:
    op.create_table(
        "api_keys",
        _key("prefix"),
        _text("secret_sha256"),
        _text("label"),
        _text("scopes"),
        _instant("created_at"),
        _instant("last_used_at", null=True),
        _flag("revoked"),
    )
    op.create_table(
        "runs",
        sa.Column("as_of", sa.Date, primary_key=True),
        _key("stage"),
        _text("counts"),
        _number("seconds"),
        _instant("finished_at"),
    )


def _key(name: str, *more: sa.ForeignKey) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, *more, primary_key=True)


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Float(53), nullable=null)


def _count(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _day(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date, nullable=null)


def _flag(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=null)
