"""What may differ between two installations of the kite mark."""

from pathlib import Path
from typing import Self

from pydantic import SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared.own_client import refuse_samples
from shared.postgres.settings import DatabaseSettings as AnyDatabaseSettings
from shared.rates import RateSettings
from shared.tokens import TrustedIssuer, refuse_unsafe


class DatabaseSettings(AnyDatabaseSettings):
    """What a job on the database of the kite mark needs, each name with the prefix ``KITEMARK_``."""

    model_config = SettingsConfigDict(env_prefix="KITEMARK_")


class Settings(DatabaseSettings, RateSettings):
    """Read from the environment, each name with the prefix ``KITEMARK_``.

    The client in whose name the register and CPD are asked is named by ``client_id`` and ``client_secret``,
    or on a development machine by the file that ``make run`` leaves there, read whenever a token is asked
    for. Its tokens come from ``own_token_url``, which is ``token_url`` unless the way inside the network is
    another.
    """

    trusted_issuers: list[TrustedIssuer]
    errors_url: str
    register_url: str
    cpd_url: str
    token_url: str
    own_token_url: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    credentials_file: Path | None = None
    database_pool_size: int = 8
    traces_endpoint: str | None = None

    @property
    def secret(self) -> str | None:
        """The secret of the client, where one is set."""
        return None if self.client_secret is None else self.client_secret.get_secret_value()

    @model_validator(mode="after")
    def _one_client(self) -> Self:
        if (self.client_id is None or self.secret is None) and self.credentials_file is None:
            raise ValueError(
                "set client_id and client_secret, the client in whose name the neighbours are asked"
            )
        if self.environment == "production":
            refuse_samples(self.client_id, self.secret, self.credentials_file)
            refuse_unsafe(self.trusted_issuers)
        return self
