"""Which refusal each constraint of the database stands for."""

from services.gateway.domain.client import ClientExists
from shared.errors import Refusal

REFUSALS: dict[str, type[Refusal]] = {"clients_pkey": ClientExists}
