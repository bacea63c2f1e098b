"""What may differ between two installations of the register."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.postgres.urls import normalise_url
from shared.tokens import TrustedIssuer, refuse_unsafe


class DatabaseSettings(BaseSettings):
    """What a job on the register's database needs, each name with the prefix ``REGISTER_``."""

    # What was set may hold a password, so a mistake is told without it.
    model_config = SettingsConfigDict(env_prefix="REGISTER_", hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(normalise_url)]
    environment: Literal["development", "production"]


class Settings(DatabaseSettings):
    """Read from the environment, each name with the prefix ``REGISTER_``."""

    trusted_issuers: list[TrustedIssuer]
    errors_url: str
    token_url: str
    database_pool_size: int = 8
    traces_endpoint: str | None = None
    cpd_url: str | None = None

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.environment == "production":
            refuse_unsafe(self.trusted_issuers)
        return self
