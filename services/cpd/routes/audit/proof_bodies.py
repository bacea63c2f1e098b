"""What proves a draw, why somebody was or was not drawn, and what a sample says of everybody."""

from datetime import datetime

from pydantic import BaseModel

from services.cpd.domain.audit.draw import Exclusion
from services.cpd.operations.audit.proofs import InStratum, Treatment
from services.cpd.operations.audit.reports import Result, Results
from shared.sampling import Advice


class ProofStratum(BaseModel):
    """How many of how many are drawn in one association."""

    population: int
    size: int


class ProofOut(BaseModel):
    """Everything that is needed to draw again. `people` leads from salted ids to associations."""

    audit_id: int
    seed: str | None
    list_hash: str
    frozen_at: datetime
    strata: dict[str, ProofStratum]
    people: dict[str, list[str]]


class InStratumOut(BaseModel):
    """One stratum of a person: drawn where `hash` does not come after `last_drawn`."""

    association: str
    population: int
    size: int
    last_drawn: str | None
    drawn: bool | None

    @classmethod
    def of(cls, found: InStratum) -> "InStratumOut":
        """Return the stratum as it is shown."""
        return cls(
            association=found.association,
            population=found.population,
            size=found.size,
            last_drawn=found.last_drawn,
            drawn=found.drawn,
        )


class TreatmentOut(BaseModel):
    """Why a member was or was not drawn.

    `salted_id` is SHA-256 of the bytes of `salt` (hexadecimal here) and the number; `hash` is HMAC-SHA256 of
    the salted id under the seed.
    """

    number: str
    considered: bool
    exclusion: Exclusion | None
    salt: str | None
    salted_id: str | None
    hash: str | None
    strata: list[InStratumOut]

    @classmethod
    def of(cls, found: Treatment) -> "TreatmentOut":
        """Return the treatment as it is shown."""
        return cls(
            number=found.number,
            considered=found.considered,
            exclusion=found.exclusion,
            salt=None if found.salt is None else found.salt.hex(),
            salted_id=found.salted_id,
            hash=found.hash,
            strata=[InStratumOut.of(each) for each in found.strata],
        )


class ResultOut(BaseModel):
    """What one stratum says of everybody in it, each bound with the confidence that is stated.

    `enough` is the sample in which a rate of failure above the tolerable one would show.
    """

    association: str
    population: int
    size: int
    met: int
    failed: int
    open: int
    withdrawn: int
    least_failing: int
    most_failing: int
    least_meeting_rate: float | None
    advice: Advice
    enough: int

    @classmethod
    def of(cls, result: Result) -> "ResultOut":
        """Return the result as it is shown."""
        return cls(
            association=result.outcomes.association,
            population=result.found.population,
            size=result.size,
            met=result.outcomes.met,
            failed=result.outcomes.failed,
            open=result.outcomes.open,
            withdrawn=result.outcomes.withdrawn,
            least_failing=result.found.least_failing,
            most_failing=result.found.most_failing,
            least_meeting_rate=result.found.least_meeting_rate,
            advice=result.advice,
            enough=result.enough,
        )


class ResultsOut(BaseModel):
    """What an audit found, by association."""

    audit_id: int
    policy_version: str
    confidence: float
    tolerable_rate: float
    strata: list[ResultOut]

    @classmethod
    def of(cls, results: Results) -> "ResultsOut":
        """Return the results as they are shown."""
        return cls(
            audit_id=results.audit_id,
            policy_version=results.policy.version,
            confidence=float(results.policy.confidence),
            tolerable_rate=float(results.policy.tolerable_rate),
            strata=[ResultOut.of(each) for each in results.strata],
        )
