"""The policies of a person's rights as they are listed."""

from datetime import date

from pydantic import BaseModel

from services.register.routes.reference_bodies import Titled


class KeptForOut(BaseModel):
    """How many days a class of record is kept; null is for ever."""

    record_class: str
    days: int | None
    counts_from: str
    source: str


class RetentionTermsOut(BaseModel):
    """How long records are kept; a class that is not named is kept for ever."""

    version: str
    effective_from: date
    classes: list[KeptForOut]


class RetentionPolicyOut(Titled):
    """A version of how long records are kept."""

    status: str
    policy: RetentionTermsOut


class JoiningTermsOut(BaseModel):
    """How many refused attempts to join somebody who has a number are taken in a day."""

    version: str
    effective_from: date
    refused_per_association_and_day: int
    refused_per_number_and_day: int
    source: str


class JoiningPolicyOut(Titled):
    """A version of how many attempts are taken."""

    status: str
    policy: JoiningTermsOut
