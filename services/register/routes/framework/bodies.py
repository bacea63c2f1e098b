"""The career progression framework as it is published, each statement with its source; unknowns are said."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.register.domain.framework.framework import MoveKind, RequirementKind, RequirementStatus
from services.register.operations.framework.frameworks import PlacedRole, Published
from services.register.routes.reference_bodies import ProvenanceOut


class FrameworkLevels(BaseModel):
    """Levels of one framework; at or above the lowest of them meets a requirement."""

    framework: str
    levels: list[str]


class RequirementOut(BaseModel):
    """One thing that a role requires, or that somebody has proposed it should.

    Of `levels` one framework is enough, and no other framework's level stands in for it. A `scope` asks what
    the entry policy in force asks for that scope of practice.
    """

    kind: RequirementKind
    status: RequirementStatus
    levels: list[FrameworkLevels]
    scope: str | None
    qualification: str | None
    suite: str | None
    standard: str | None
    source: ProvenanceOut


class ResponsibilityOut(BaseModel):
    """What belongs to a role."""

    text: str
    source: ProvenanceOut


class CareerRoleOut(BaseModel):
    """A role: what it requires, and in words what no source that was read says of it."""

    code: str
    title: str
    kind: str
    track: str | None
    requirements: list[RequirementOut]
    responsibilities: list[ResponsibilityOut]
    unknown: list[str]
    source: ProvenanceOut


class MoveOut(BaseModel):
    """A move from one role to another. `basis`: the order of the source, or a default of this register."""

    model_config = ConfigDict(populate_by_name=True)

    start: str = Field(alias="from")
    end: str = Field(alias="to")
    kind: MoveKind
    basis: str
    source: ProvenanceOut


class StepOut(BaseModel):
    """A module or a standard on a pathway."""

    kind: str
    title: str
    provider: str | None
    suite: str | None
    standard: str | None
    source: ProvenanceOut


class PathwayOut(BaseModel):
    """The way to a specialism; `specialism` is a code of `GET /v1/specialisms`, a list that grows."""

    model_config = ConfigDict(populate_by_name=True)

    specialism: str
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    steps: list[StepOut]
    unknown: list[str]
    source: ProvenanceOut


class BranchOut(BaseModel):
    """A branch of the profession."""

    code: str
    title: str
    source: ProvenanceOut


class VersionOut(BaseModel):
    """A version of the framework: adopted, superseded or proposed."""

    code: str
    title: str
    status: str
    effective_from: date | None
    effective_to: date | None
    unknown: list[str]
    source: ProvenanceOut


class CareerFrameworkOut(VersionOut):
    """One version in full, and every version that is known of."""

    branches: list[BranchOut]
    roles: list[CareerRoleOut]
    moves: list[MoveOut]
    pathways: list[PathwayOut]
    versions: list[VersionOut]

    @classmethod
    def of(cls, published: Published) -> "CareerFrameworkOut":
        """Return the framework as it is published."""
        versions = [VersionOut.model_validate(each) for each in published.versions]
        return cls.model_validate({**published.document, "versions": versions})


class PlacedRoleOut(BaseModel):
    """A role of a version, with the moves and pathways that begin or end at it."""

    version: str
    role: CareerRoleOut
    moves_from: list[MoveOut]
    moves_to: list[MoveOut]
    pathways: list[PathwayOut]

    @classmethod
    def of(cls, placed: PlacedRole) -> "PlacedRoleOut":
        """Return the role as it is published."""
        content: dict[str, Any] = {
            "version": placed.version,
            "role": placed.role,
            "moves_from": placed.moves_from,
            "moves_to": placed.moves_to,
            "pathways": placed.pathways,
        }
        return cls.model_validate(content)


class MovesOut(BaseModel):
    """The moves of a version that were asked for; there are few, so they come at once."""

    version: str
    items: list[MoveOut]
