"""The errors churnwatch raises on purpose: each says what failed, where, and what to do about it."""


class ChurnwatchError(Exception):
    """What failed, and the remedy; the command line prints both and no traceback."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ConfigError(ChurnwatchError):
    """The configuration is wrong: nothing runs until it is mended."""


class SourceUnavailableError(ChurnwatchError):
    """A whole source cannot be read (file gone, access lost); a single bad record never raises, see `SourceError`."""


class StoreError(ChurnwatchError):
    """The database is missing, too new, or locked for too long."""


class ArtifactError(ChurnwatchError):
    """A model file is missing, altered, or made for another catalogue."""


class NotEnoughDataError(ChurnwatchError):
    """There is too little to train or measure on; says how much there is and how much is needed."""


class DeliveryError(ChurnwatchError):
    """A notice did not go out. `permanent` decides whether it is tried again; `retry_after_s` is the peer's own wish."""

    def __init__(self, message: str, *, permanent: bool, retry_after_s: float | None = None, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.permanent = permanent
        self.retry_after_s = retry_after_s
