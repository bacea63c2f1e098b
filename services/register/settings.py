"""What may differ between two installations of the register."""

from pathlib import Path
from typing import Self

from pydantic import SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared.own_client import refuse_samples
from shared.postgres.settings import DatabaseSettings as AnyDatabaseSettings
from shared.rates import RateSettings
from shared.tokens import TrustedIssuer, refuse_unsafe


class DatabaseSettings(AnyDatabaseSettings):
    """What a job on the register's database needs, each name with the prefix ``REGISTER_``."""

    model_config = SettingsConfigDict(env_prefix="REGISTER_")


class Settings(DatabaseSettings, RateSettings):
    """Read from the environment, each name with the prefix ``REGISTER_``.

    CPD at ``cpd_url`` is followed in the name of the client of ``client_id`` and ``client_secret``, or on a
    development machine of the file that ``make run`` leaves there; without a client it is not followed. The
    client's tokens come from ``own_token_url``, which is ``token_url`` unless the way inside is another.
    """

    trusted_issuers: list[TrustedIssuer]
    errors_url: str
    token_url: str
    database_pool_size: int = 8
    traces_endpoint: str | None = None
    cpd_url: str | None = None
    own_token_url: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    credentials_file: Path | None = None

    @property
    def secret(self) -> str | None:
        """The secret of the register's own client, where one is set."""
        return None if self.client_secret is None else self.client_secret.get_secret_value()

    @property
    def has_client(self) -> bool:
        """Whether the register has a client in whose name it can follow CPD."""
        return (self.client_id is not None and self.secret is not None) or self.credentials_file is not None

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.environment == "production":
            refuse_unsafe(self.trusted_issuers)
            refuse_samples(self.client_id, self.secret, self.credentials_file)
        return self
