"""What personal data is given out for, and to which kind of recipient. The words are closed: a free text
could name somebody."""

from enum import StrEnum

from shared.actor import Actor


class Purpose(StrEnum):
    """What personal data is given out for."""

    MEMBERSHIP = "membership"
    EVIDENCE = "evidence"
    ADMISSION = "admission"
    CONDUCT = "conduct"
    DUPLICATES = "duplicates"
    MATCHING = "matching"
    RECORD = "record"
    VERIFICATION = "verification"
    IMPORT = "import"
    SUBJECT_ACCESS = "subject-access"
    AUDIT = "audit"


class RecipientKind(StrEnum):
    """Who was told, without saying which of them."""

    REGISTRAR = "registrar"
    ASSOCIATION = "association"
    SCHOOL = "school"
    SYSTEM = "system"
    OTHER = "other"


def kind_of(recipient: Actor) -> RecipientKind:
    """Return in which capacity a caller was told."""
    if recipient.may("register:decide"):
        return RecipientKind.REGISTRAR
    if recipient.association is not None:
        return RecipientKind.ASSOCIATION
    return RecipientKind.SYSTEM if recipient.urn is None else RecipientKind.SCHOOL
