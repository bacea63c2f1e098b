"""The arguments that many fields take, each described once."""

from datetime import date, datetime
from typing import Annotated

import strawberry

Number = Annotated[
    str, strawberry.argument(description="A registration number; case, spaces and hyphens do not matter.")
]
ValidAt = Annotated[
    date | None,
    strawberry.argument(
        description="The day to be answered for; when left out, that of `knownAt`, or today."
    ),
]
KnownAt = Annotated[
    datetime | None,
    strawberry.argument(description="Answer as was known at this instant; now when left out."),
]
Key = Annotated[
    str | None,
    strawberry.argument(description="Makes it safe to send again: the first answer comes once more."),
]
