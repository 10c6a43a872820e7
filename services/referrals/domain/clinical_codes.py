"""SNOMED CT UK concepts for social prescribing that a practice writes into its own record.

Only these two are for referrals to link workers; there is none for the link worker themself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClinicalCode:
    """A SNOMED CT concept id, its fully specified name, and when it is recorded."""

    concept_id: str
    name: str
    when: str


REFERRED = ClinicalCode(
    "871731000000106",
    "Referral to social prescribing service (procedure)",
    "When they accept a referral to a link worker: once for each referral, not for what follows.",
)
DECLINED = ClinicalCode(
    "871711000000103",
    "Social prescribing declined (situation)",
    "When they tell you that they do not want it.",
)
CODES = (REFERRED, DECLINED)
