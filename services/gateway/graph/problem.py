"""A refusal as a value of the graph: what was refused, in the words of whoever refused."""

from typing import Self

import strawberry

from shared.errors import Refusal


@strawberry.type(description="One thing wrong in what was told.")
class FieldProblem:
    """A part of a problem."""

    pointer: str = strawberry.field(description="Where, as a JSON pointer into what was told.")
    code: str = strawberry.field(description="What kind of mistake, as a stable code.")
    detail: str = strawberry.field(description="How to mend it.")


@strawberry.type(description="Why it was not done, in the words of the service that refused.")
class Problem:
    """A refusal as a value."""

    http_status: int = strawberry.field(description="The status that REST would have answered.")
    code: str = strawberry.field(description="A stable code; each has a page at /errors.")
    message: str = strawberry.field(description="What to do, in a sentence.")
    errors: list[FieldProblem] = strawberry.field(description="What to mend, field by field.")

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """Return a refusal as it is shown."""
        return cls(
            http_status=refusal.status,
            code=refusal.code,
            message=refusal.detail,
            errors=[
                FieldProblem(pointer=each.pointer, code=each.code, detail=each.detail)
                for each in refusal.errors
            ],
        )
