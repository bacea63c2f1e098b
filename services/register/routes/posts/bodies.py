"""Posts as they are sent and shown."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from services.register.domain.posts.organisation import OrganisationKind, Sector
from services.register.domain.posts.post import PostBasis, Side, Standing
from services.register.domain.posts.school import SchoolScheme
from services.register.operations.posts.posts import NewPost, SeenPost
from services.register.operations.posts.reading import may_be_named
from services.register.routes.fields import Body, Code, Day, Line, NumberText, Sentence


class SchoolIn(Body):
    """A school by its reference inside a scheme."""

    scheme: SchoolScheme = SchoolScheme.URN
    value: Annotated[str, StringConstraints(max_length=20)]


class PostIn(Body):
    """A post as one side tells it. `evidence` is what a registrar saw who speaks for an employer."""

    number: NumberText
    employer: Annotated[int, Field(strict=True, ge=1, lt=2**63)]
    school: SchoolIn | None = None
    role: Code
    share_percent: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    basis: PostBasis
    independent: StrictBool | None = None
    independence_declaration: Sentence | None = None
    valid_from: Day
    valid_to: Day | None = None
    evidence: Line | None = None

    def told(self) -> NewPost:
        """Return what is told."""
        return NewPost(
            number=self.number,
            employer_id=self.employer,
            scheme=None if self.school is None else self.school.scheme,
            school=None if self.school is None else self.school.value,
            role=self.role,
            share_percent=self.share_percent,
            basis=self.basis,
            independent=self.independent,
            independence_declaration=self.independence_declaration,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            evidence=self.evidence,
        )


class EmployerOut(BaseModel):
    """Who employs; `publicly_funded` null is unknown."""

    id: int
    ukprn: str | None
    name: str
    sector: Sector
    kind: OrganisationKind
    publicly_funded: bool | None


class SchoolOut(BaseModel):
    """A school by its reference inside a scheme."""

    scheme: SchoolScheme
    value: str


class PostOut(BaseModel):
    """A post as anyone sees it. The name stands where the register shows it, the verdict is of the day."""

    id: int
    number: str
    name: str | None
    verdict: str | None
    may_give_personal_guidance: bool
    employer: EmployerOut
    school: SchoolOut | None
    role: str
    basis: PostBasis
    independent: bool | None
    standing: Standing
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, held: SeenPost, *, day: date) -> "PostOut":
        """Return the post as it is shown to anyone."""
        post = held.post
        name = f"{held.given_names} {held.family_name}".strip() if may_be_named(held) else None
        return cls(
            id=held.post_id,
            number=held.number,
            name=name,
            verdict=held.verdict,
            may_give_personal_guidance=held.may_give_personal_guidance,
            employer=EmployerOut(
                id=post.employer_id,
                ukprn=held.ukprn,
                name=held.employer_name,
                sector=held.sector,
                kind=held.kind,
                publicly_funded=held.publicly_funded,
            ),
            school=None
            if post.school is None
            else SchoolOut(scheme=post.school.scheme, value=post.school.value),
            role=post.role,
            basis=post.basis,
            independent=post.independent,
            standing=post.standing(day),
            valid_from=post.valid_from,
            valid_to=post.valid_to,
        )


class FullPostOut(PostOut):
    """A post as its two sides and a registrar see it."""

    share_percent: int | None
    independence_declaration: str | None
    attested_by: list[Side]
    disputed_by: Side | None
    dispute_reason: str | None
    withheld: bool

    @classmethod
    def of(cls, held: SeenPost, *, day: date) -> "FullPostOut":
        """Return the post with all that was said of it."""
        post = held.post
        said = ((Side.PRACTITIONER, post.practitioner_by), (Side.EMPLOYER, post.employer_by))
        return cls(
            **PostOut.of(held, day=day).model_dump(),
            share_percent=post.share_percent,
            independence_declaration=post.independence_declaration,
            attested_by=[side for side, by in said if by is not None],
            disputed_by=post.disputed_by,
            dispute_reason=post.dispute_reason,
            withheld=post.withheld,
        )
