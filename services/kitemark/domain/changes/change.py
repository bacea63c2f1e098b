"""Which lines of the journal are changes for whoever follows marks."""

TOLD = frozenset(
    {
        "authority.ended",
        "authority.recorded",
        "award.changed",
        "award.recorded",
        "award.withdrawn",
        "validation.ended",
        "validation.recorded",
    }
)
"""Events after which a school may have another mark than before; all of their facts are public.

Those of a scheme or a body concern every school that holds an award under it, and name none.
"""
