"""The shapes that the register answers with; what does not fit them is no answer."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

VerdictWord = Literal[
    "licensed",
    "licensed_with_conditions",
    "not_licensed",
    "lapsed",
    "suspended",
    "removed",
    "retired",
    "merged",
    "never_issued",
    "malformed",
    "details_do_not_match",
]
ScopeWord = Literal["personal_guidance", "careers_leadership"]
LevelWord = Literal["professional", "associate", "affiliate"]
SanctionWord = Literal["conditions", "interim_suspension", "suspension", "removal"]

LICENSED = frozenset({"licensed", "licensed_with_conditions"})


class Shape(BaseModel):
    """Read tolerantly: members that are not known here are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SanctionAnswer(Shape):
    """A sanction in force, as the public may see it."""

    kind: SanctionWord
    public_reason: str | None = None
    valid_from: Annotated[date, Field(alias="from")]
    valid_to: Annotated[date | None, Field(alias="to")] = None


class LicenceAnswer(Shape):
    """A verdict. A word outside the vocabulary makes the whole answer unreadable, so nothing is guessed."""

    number: str | None = None
    verdict: VerdictWord
    may_give_personal_guidance: StrictBool
    scopes: tuple[ScopeWord, ...] = ()
    membership_level: LevelWord | None = None
    specialisms: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    sanctions: tuple[SanctionAnswer, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    kept_number: str | None = None
    reasons: tuple[str, ...] = ()
    sentence: Annotated[str, Field(min_length=1)]
    valid_at: date | None = None
    known_at: AwareDatetime | None = None
    journal_position: StrictInt | None = None

    @model_validator(mode="after")
    def guidance_only_when_licensed(self) -> Self:
        """Refuse an answer that contradicts itself."""
        if self.may_give_personal_guidance and self.verdict not in LICENSED:
            raise ValueError("guidance without a licence")
        return self


class EmployerAnswer(Shape):
    """Who employs; the UKPRN is null where there is none."""

    ukprn: str | None = None
    name: str


class SchoolAnswer(Shape):
    """A school by its reference inside a scheme, such as a URN."""

    scheme: str
    value: str


class PostAnswer(Shape):
    """A post as anyone sees it; the name stands where the register shows it."""

    id: StrictInt
    number: str
    name: str | None = None
    employer: EmployerAnswer
    school: SchoolAnswer | None = None
    role: str
    basis: str
    independent: StrictBool | None = None
    valid_from: date
    valid_to: date | None = None


class PractitionerAnswer(Shape):
    """Somebody on the register, as the public may see them; no name where there was never an entry."""

    number: str | None = None
    given_names: str | None = None
    family_name: str | None = None
    home_country: str | None = None
    regions: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    licence: LicenceAnswer
