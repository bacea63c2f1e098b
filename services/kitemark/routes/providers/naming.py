"""How an accreditation is named in a path: by its keeper, and the keeper's own id."""

from typing import Annotated

from fastapi import Path

from services.kitemark.routes.fields import Code, ExternalId

Keeper = Annotated[Code, Path(description="Who keeps the list: the code of a body.")]
OwnIdInPath = Annotated[ExternalId, Path(description="The keeper's own id of the accreditation.")]
