"""What may differ between two installations of the gateway."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, model_validator
from pydantic_settings import SettingsConfigDict

from shared.postgres.settings import DatabaseSettings as AnyDatabaseSettings
from shared.rates import RateSettings
from shared.tokens import TrustedIssuer, refuse_unsafe


def _origin(url: str) -> str:
    """Return an issuer as it stands in tokens: scheme and host, since its metadata lies at the root."""
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
        raise ValueError("the issuer is an address such as https://register.example.org, without a path")
    return url.rstrip("/")


class DatabaseSettings(AnyDatabaseSettings):
    """What a command on the gateway's database needs, each name with the prefix ``GATEWAY_``."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")


class Settings(DatabaseSettings, RateSettings):
    """Read from the environment, each name with the prefix ``GATEWAY_``.

    ``trusted_issuers`` are those whose tokens are accepted beside its own, which may stand among them.
    ``graph_documents`` is the folder of the graph's registered documents beside those that are shipped; with
    ``graph_documents_only`` no others run.
    """

    issuer: Annotated[str, AfterValidator(_origin)]
    signing_keys_file: Path
    trusted_issuers: list[TrustedIssuer]
    register_url: str
    cpd_url: str
    kitemark_url: str
    errors_url: str
    audience: str = "careers-register"
    introspection: bool = True
    graph_documents: Path | None = None
    graph_documents_only: bool = False
    database_pool_size: int = 8
    traces_endpoint: str | None = None

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.environment == "production":
            refuse_unsafe([self.own_issuer, *self.trusted_issuers])
        return self

    @property
    def token_url(self) -> str:
        """The address at which clients get their tokens."""
        return f"{self.issuer}/oauth/token"

    @property
    def own_issuer(self) -> TrustedIssuer:
        """The gateway as an issuer that it trusts itself."""
        return TrustedIssuer(
            issuer=self.issuer,
            audience=self.audience,
            jwks_url=f"{self.issuer}/.well-known/jwks.json",
            revocations_url=f"{self.issuer}/.well-known/revocations.json",
        )

    @property
    def issuers(self) -> list[TrustedIssuer]:
        """The gateway itself, which names clients without a prefix, and then the others."""
        others = [trusted for trusted in self.trusted_issuers if trusted.issuer != self.issuer]
        return [self.own_issuer, *others]
