"""What a resolver may reach: the loaders of its own request, and nothing else."""

from dataclasses import dataclass

from services.gateway.loaders import Loaders


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one graph request; ``by_get`` where its variables stand in an address."""

    loaders: Loaders
    by_get: bool = False
