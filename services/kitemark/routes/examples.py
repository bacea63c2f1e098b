"""What stands in the fields of a request when it is tried in the documentation; all schools are made up."""

from types import MappingProxyType

EXAMPLES = MappingProxyType(
    {
        "accreditation_id": "ACCREDITATION-2026-3",
        "asks_of": "providers of the all-age careers service",
        "assessor": "assessor 7",
        "award_id": "AWARD-2026-17",
        "body": "example-body",
        "certificate": "certificate 4711",
        "claim": "registered-advisers",
        "code": "example-standard",
        "conditions": ["The crosswalk of criterion 4 is to be mended."],
        "criteria_version": "eight-titles",
        "edition": "2026",
        "entry_id": "ENTRY-2026-17",
        "evidence": "portfolio in the school's office",
        "for_body": "example-body",
        "keeper": "example-keeper",
        "kept_by": ["example-keeper"],
        "local_authorities": ["Example Council"],
        "name": "Example Careers Company",
        "owner": "Example Standards Board",
        "reason": "The certificate was sent to another school.",
        "reassessment_of": "AWARD-2023-04",
        "rule": "required",
        "scheme": "example-scheme",
        "school": "999901",
        "schools": ["999901", "999902"],
        "source": "minutes of the panel, 12 May 2026",
        "stage": "gold",
        "standard": "matrix",
        "successor": "99990202",
        "title": "Example Standard",
        "trade_name": "Example Careers",
        "ukprn": "99990201",
        "ukprns": ["99990201", "99990202"],
        "urn": "999901",
        "version": "2026-1",
        "work": "Interviews with all of year 11 for the award.",
    }
)
