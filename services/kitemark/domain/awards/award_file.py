"""A file of awards: its columns, and what else bodies call them."""

from shared.sheets.table import Form

MOST_ROWS = 5_000
FORM = Form(
    columns={
        "award_id": ("id", "award", "award no", "award number", "reference", "our reference"),
        "school": ("urn", "school urn", "establishment"),
        "scheme": (),
        "stage": ("level", "award level"),
        "valid_from": ("awarded on", "date of award", "award date", "from"),
        "valid_to": ("expires on", "expiry date", "to", "valid until"),
        "criteria_version": ("criteria", "edition"),
        "certificate": ("certificate no", "certificate number"),
        "assessor": ("assessed by",),
        "evidence": ("evidence reference",),
        "reassessment_of": ("reassessment of award",),
    },
    needed=("award_id", "school", "scheme", "stage", "valid_from"),
    days=frozenset({"valid_from", "valid_to"}),
)
