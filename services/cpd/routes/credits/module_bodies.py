"""Modules and programmes as they are sent and shown."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StrictInt

from services.cpd.domain.credits.module import CreditValue, Module
from services.cpd.domain.credits.programme import Award, Group, Programme
from services.cpd.operations.credits.tellings import SeenModule, SeenProgramme
from services.cpd.routes.fields import Body, Code, Day, Line

Title = Annotated[Line, Field(min_length=1)]
Version = Annotated[Code, Field(max_length=32)]
Amount = Annotated[StrictInt, Field(ge=1, le=10_000)]
References = Annotated[list[Code], Field(default_factory=list, max_length=100)]


class ModuleIn(Body):
    """A version of a module in full. Credits never stand without their framework and level, which are
    codes of the register's `/v1/frameworks`; without `expires_after_months` credit counts for good."""

    version: Version
    effective_from: Day
    title: Title
    awarding_body: Title
    framework: Code
    level: Code
    credits: Amount
    free_standing: bool = False
    offer: Code | None = None
    expires_after_months: Annotated[StrictInt, Field(ge=1, le=1200)] | None = None
    withdrawn: bool = False

    def told(self) -> Module:
        """Return the module as it is told."""
        return Module(
            version=self.version,
            effective_from=self.effective_from,
            title=self.title,
            awarding_body=self.awarding_body,
            value=CreditValue(framework=self.framework, level=self.level, credits=self.credits),
            free_standing=self.free_standing,
            offer=self.offer,
            expires_after_months=self.expires_after_months,
            withdrawn=self.withdrawn,
        )


class ModuleOut(BaseModel):
    """A version of a module as anybody sees it."""

    association: str
    module_id: str
    version: str
    effective_from: date
    title: str
    awarding_body: str
    framework: str
    level: str
    credits: int
    free_standing: bool
    offer: str | None
    expires_after_months: int | None
    withdrawn: bool
    known_from: datetime

    @classmethod
    def of(cls, held: SeenModule) -> "ModuleOut":
        """Return the module as it is shown."""
        return cls(
            association=held.association,
            module_id=held.code,
            known_from=held.known_from,
            **held.told.as_dict(),
        )


class ModulePage(BaseModel):
    """Some modules, and the cursor of the next page."""

    items: list[ModuleOut]
    next: str | None


class ModuleVersions(BaseModel):
    """Every version of a module with its amendments, the oldest first."""

    items: list[ModuleOut]


class GroupIn(Body):
    """Optional modules, and how many of them, or of their credits, are asked."""

    name: Title
    modules: Annotated[list[Code], Field(min_length=1, max_length=100)]
    minimum_modules: Annotated[StrictInt, Field(ge=1, le=100)] | None = None
    minimum_credits: Amount | None = None


class AwardIn(Body):
    """An award and its rules of combination. Modules are named by association and id, such as `ICG/M-1`;
    `accepts` are the levels of its framework at which credit counts, its own where none is said."""

    title: Title
    framework: Code
    level: Code
    accepts: Annotated[list[Code], Field(default_factory=list, max_length=10)]
    core: References
    groups: Annotated[list[GroupIn], Field(default_factory=list, max_length=20)]
    minimum_credits: Amount | None = None

    def told(self) -> Award:
        """Return the award as it is told."""
        return Award(
            title=self.title,
            framework=self.framework,
            level=self.level,
            accepts=tuple(dict.fromkeys(self.accepts)) or (self.level,),
            core=tuple(self.core),
            groups=tuple(
                Group(
                    name=group.name,
                    modules=tuple(group.modules),
                    minimum_modules=group.minimum_modules,
                    minimum_credits=group.minimum_credits,
                )
                for group in self.groups
            ),
            minimum_credits=self.minimum_credits,
        )


class ProgrammeIn(Body):
    """A version of a programme in full: its awards, each at its level with its own rules."""

    version: Version
    effective_from: Day
    title: Title
    awarding_body: Title
    awards: Annotated[list[AwardIn], Field(min_length=1, max_length=10)]
    withdrawn: bool = False

    def told(self) -> Programme:
        """Return the programme as it is told."""
        return Programme(
            version=self.version,
            effective_from=self.effective_from,
            title=self.title,
            awarding_body=self.awarding_body,
            awards=tuple(award.told() for award in self.awards),
            withdrawn=self.withdrawn,
        )


class GroupOut(BaseModel):
    """A group of optional modules as it is shown."""

    name: str
    modules: tuple[str, ...]
    minimum_modules: int | None
    minimum_credits: int | None


class AwardOut(BaseModel):
    """An award with its rules of combination as it is shown."""

    title: str
    framework: str
    level: str
    accepts: tuple[str, ...]
    core: tuple[str, ...]
    groups: tuple[GroupOut, ...]
    minimum_credits: int | None


class ProgrammeOut(BaseModel):
    """A version of a programme as anybody sees it."""

    association: str
    programme_id: str
    version: str
    effective_from: date
    title: str
    awarding_body: str
    awards: tuple[AwardOut, ...]
    withdrawn: bool
    known_from: datetime

    @classmethod
    def of(cls, held: SeenProgramme) -> "ProgrammeOut":
        """Return the programme as it is shown."""
        return cls(
            association=held.association,
            programme_id=held.code,
            known_from=held.known_from,
            **held.told.as_dict(),
        )


class ProgrammePage(BaseModel):
    """Some programmes, and the cursor of the next page."""

    items: list[ProgrammeOut]
    next: str | None


class ProgrammeVersions(BaseModel):
    """Every version of a programme with its amendments, the oldest first."""

    items: list[ProgrammeOut]
