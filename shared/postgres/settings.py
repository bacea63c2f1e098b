"""The settings of whoever works on a service's database: the service itself, and its jobs."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.harmless import is_harmless
from shared.postgres.urls import normalise_url, passwords_in


class DatabaseSettings(BaseSettings):
    """Where the database is, and what kind of installation this is; a service adds the prefix of its names.

    Production takes no password that stands in `deploy/example.env`: whoever reads it could come in.
    """

    # What was set may hold a password, so a mistake is told without it.
    model_config = SettingsConfigDict(hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(normalise_url)]
    environment: Literal["development", "production"]

    @model_validator(mode="after")
    def _no_example_password(self) -> Self:
        if self.environment == "production" and any(map(is_harmless, passwords_in(self.database_url))):
            raise ValueError("production needs a database password of its own, not that of the example")
        return self
