"""The configuration: one TOML file, environment variables over it, defaults under it. Unknown keys are errors.

`CHURNWATCH__SECTION__KEY` overrides `[section] key`. Secrets come from the environment alone, directly or through a `…_FILE`
that names a file (`CHURNWATCH__DELIVERY__EMAIL__PASSWORD_FILE=/run/secrets/smtp`).
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, available_timezones

import holidays
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.errors import ConfigError
from churnwatch.core.types import Band, Cue

_ENV_PREFIX = "CHURNWATCH__"
_FILE_SUFFIX = "_FILE"
_SECRETS = {("delivery", "email", "password"), ("delivery", "webhook", "secret")}

Language = Literal["ru", "en"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Firm(_Section):
    """Who we are: what makes an address ours, and when we work."""

    name: str = "Our firm"
    language: Language = "en"
    timezone: str = "UTC"
    country: str | None = None  # ISO code, for public holidays
    opens: time = time(9)
    closes: time = time(18)
    always_open: bool = False  # count every hour, as for a community that never sleeps
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()  # ours at free-mail providers
    currency: str = "EUR"
    synthetic: bool = False  # a made-up firm: then every list, page and notice says so

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"no such time zone: {value!r}; use a name like Europe/Berlin")
        return value

    @field_validator("country")
    @classmethod
    def _known_country(cls, value: str | None) -> str | None:
        if value is not None and value not in holidays.list_supported_countries():
            raise ValueError(f"no holidays are known of {value!r}; use a two-letter code like DE, or leave it out")
        return value

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("closes must be later than opens, on the same day")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The firm's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def calendar(self) -> BusinessCalendar:
        """The firm's business time."""
        return BusinessCalendar(self.timezone, self.country, self.opens, self.closes, self.always_open)


class StoreSettings(_Section):
    """Where the database is: `sqlite:///FILE` or `postgresql+psycopg://…`."""

    url: str = "sqlite:///data/churnwatch.db"


SourceKind = Literal["mbox", "maildir", "eml", "ics", "clients", "contacts", "contracts", "calls", "invoices", "events"]


class SourceSettings(_Section):
    """One source. `columns` maps our column name to the file's own, for the CSV kinds."""

    name: str
    kind: SourceKind
    path: str  # a file, a folder, or a pattern like mail/*.mbox; relative to the configuration file
    columns: dict[str, str] = Field(default_factory=dict)
    date_format: str | None = None  # only where detection would be ambiguous, like %d/%m/%Y
    encoding: str | None = None


class IngestSettings(_Section):
    """When a source counts as broken."""

    stale_after_days: Annotated[int, Field(ge=1)] = 3  # without having been read, whatever the reason


class ModelSettings(_Section):
    """What is predicted, and where the trained model lies."""

    horizon_days: Annotated[int, Field(ge=7, le=730)] = 90
    yearly_churn: Annotated[float, Field(gt=0, lt=1)] = 0.18  # our own estimate, for the score of the first day
    path: str = "models/current"
    seed: int = 20240229


class PolicySettings(_Section):
    """When a belief becomes an alert."""

    open_band: Band = Band.SIMMERING
    cooldown_days: Annotated[int, Field(ge=0)] = 21
    per_manager_per_week: Annotated[int, Field(ge=1)] = 2
    fallback_email: str | None = None  # alerts on clients without a reachable manager


class EmailSettings(_Section):
    """SMTP. The password comes from CHURNWATCH__DELIVERY__EMAIL__PASSWORD or …_PASSWORD_FILE."""

    host: str
    port: int = 587
    sender: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    timeout_s: float = 20.0


class WebhookSettings(_Section):
    """A JSON webhook, signed (Standard Webhooks). The secret comes from CHURNWATCH__DELIVERY__WEBHOOK__SECRET or …_FILE."""

    url: str
    secret: SecretStr | None = None
    allow_private: bool = False  # permit addresses inside the firm's own network
    timeout_s: float = 10.0


class DeliverySettings(_Section):
    """Where notices go; with neither section they stay in the outbox folder as files."""

    folder: str | None = None  # write each notice as a file as well
    email: EmailSettings | None = None
    webhook: WebhookSettings | None = None
    max_attempts: Annotated[int, Field(ge=1)] = 8


class ApiSettings(_Section):
    """The HTTP server."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8321
    base_url: str = "http://127.0.0.1:8321"  # what links in notices start with


class PrivacySettings(_Section):
    """What may be kept. Without text there are no quotes; the numbers read from it stay."""

    keep_text: bool = True


class OwnPhrase(_Section):
    """A phrase that has a meaning with this firm's clients, wherever it stands in a message, in any case."""

    text: str
    cue: str  # the name of a `Cue`, like pressure

    @field_validator("text")
    @classmethod
    def _says_something(cls, value: str) -> str:
        return _phrase(value)

    @field_validator("cue")
    @classmethod
    def _known_cue(cls, value: str) -> str:
        name = value.strip().lower()
        if name.upper() not in Cue.__members__:
            raise ValueError(f"no such cue: {value!r}; use one of {', '.join(Cue.__members__).lower()}")
        return name

    @property
    def meaning(self) -> Cue:
        """The cue itself."""
        return Cue[self.cue.upper()]


class ToneSettings(_Section):
    """What the tone reader must know of this firm: phrases to hear, and those that mean nothing here."""

    phrases: tuple[OwnPhrase, ...] = ()
    muted: tuple[str, ...] = ()  # neither seen as cues nor heard by the model
    path: str = "models/tone.json"  # where the firm's own calibration lies, once it is learned

    @field_validator("muted")
    @classmethod
    def _say_something(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_phrase(one) for one in value)

    @model_validator(mode="after")
    def _heard_and_not_muted(self) -> Self:
        muted = [f" {one.casefold()} " for one in self.muted]
        if mute := [one.text for one in self.phrases if any(each in f" {one.text.casefold()} " for each in muted)]:
            raise ValueError(f"the phrase {mute[0]!r} would never be heard, because muted silences it; take out one")
        return self


class Config(_Section):
    """All effective settings. `root` is the folder that relative paths start from."""

    root: Path = Path()
    firm: Firm = Firm()
    store: StoreSettings = StoreSettings()
    sources: tuple[SourceSettings, ...] = ()
    ingest: IngestSettings = IngestSettings()
    model: ModelSettings = ModelSettings()
    policy: PolicySettings = PolicySettings()
    delivery: DeliverySettings = DeliverySettings()
    api: ApiSettings = ApiSettings()
    privacy: PrivacySettings = PrivacySettings()
    tone: ToneSettings = ToneSettings()

    @model_validator(mode="after")
    def _unique_sources(self) -> Self:
        names = [source.name for source in self.sources]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two sources are named {min(twice)!r}; a name is the key of what was already read")
        return self

    def path(self, relative: str) -> Path:
        """A configured path, taken from the configuration file's folder."""
        return self.root / Path(relative).expanduser()

    @property
    def store_url(self) -> str:
        """The database's URL with a relative SQLite path resolved."""
        prefix = "sqlite:///"
        if self.store.url.startswith(prefix) and not self.store.url.startswith(prefix + "/"):
            return prefix + str(self.path(self.store.url.removeprefix(prefix)).resolve())
        return self.store.url


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """The effective configuration, or `ConfigError` naming every wrong key and its place."""
    settings: dict[str, Any] = {}
    if path is not None:
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ConfigError(
                f"There is no {path}.", remedy="Run `churnwatch init`, or name one with --config."
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} is not valid TOML: {error}") from error
        _refuse_secrets(settings, path)
        settings["root"] = path.resolve().parent
    _overlay(settings, environment)
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        problems = "; ".join(f"{_place(item['loc'])}: {_plainly(item['type'], item['msg'])}" for item in error.errors())
        raise ConfigError(
            f"{path or 'The environment'}: {problems}.", remedy="`churnwatch check` lists all settings."
        ) from error


def masked(config: Config) -> dict[str, Any]:
    """The effective settings with every secret replaced, for printing.

    A database's URL may carry a password; a webhook's path often is the secret.
    """
    settings = config.model_dump(mode="json")
    settings["store"]["url"] = _without_password(config.store.url)
    if config.delivery.webhook is not None:
        parts = urlsplit(config.delivery.webhook.url)
        settings["delivery"]["webhook"]["url"] = f"{parts.scheme}://{parts.hostname}/…"
    return settings


def _phrase(told: str) -> str:
    words = " ".join(told.split())
    if not words:
        raise ValueError("a phrase needs at least one word")
    return words


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    _, _, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{place}"))


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "file"


def _plainly(kind: str, message: str) -> str:
    return "there is no such key" if kind == "extra_forbidden" else message.removeprefix("Value error, ")


def _refuse_secrets(settings: Mapping[str, Any], path: Path) -> None:
    for *section, key in _SECRETS:
        inner: Any = settings
        for name in section:
            inner = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and key in inner:
            variable = _ENV_PREFIX + "__".join([*section, key]).upper()
            raise ConfigError(
                f"{path}: {'.'.join([*section, key])} is a secret.", remedy=f"Move it to {variable} or {variable}_FILE."
            )


def _overlay(settings: dict[str, Any], environment: Mapping[str, str]) -> None:
    for variable, given in sorted(environment.items()):
        value = given
        if not variable.startswith(_ENV_PREFIX):
            continue
        keys = variable.removeprefix(_ENV_PREFIX).lower().split("__")
        if variable.endswith(_FILE_SUFFIX) and (*keys[:-1], keys[-1].removesuffix("_file")) in _SECRETS:
            keys[-1] = keys[-1].removesuffix("_file")
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"{variable} names a file that cannot be read: {error.strerror}.") from error
        inner = settings
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
            if not isinstance(inner, dict):
                raise ConfigError(f"{variable}: {key} is not a section.")
        inner[keys[-1]] = value
