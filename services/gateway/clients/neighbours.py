"""All neighbours together: what a request may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from services.gateway.clients.cpd import CpdClient
from services.gateway.clients.kitemark import KitemarkClient
from services.gateway.clients.register import RegisterClient
from services.gateway.clients.upstream import Service


@dataclass(frozen=True, slots=True)
class Neighbours:
    """One client for each neighbouring service, and the services themselves by name."""

    services: Mapping[str, Service]
    register: RegisterClient
    cpd: CpdClient
    kitemark: KitemarkClient

    @classmethod
    def of(cls, services: Mapping[str, Service]) -> Self:
        """Return the clients of these services."""
        return cls(
            services=services,
            register=RegisterClient(services["register"]),
            cpd=CpdClient(services["cpd"]),
            kitemark=KitemarkClient(services["kitemark"]),
        )
