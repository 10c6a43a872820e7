"""The taxonomies the product itself works by, by their codes; others come with lists that are imported."""

from __future__ import annotations

# What a person would like help with.
NEEDS = "needs"
# Eligibility labels: for whom alone a service is; a label may name the one organisation it is meant of.
CIRCUMSTANCES = "circumstances"
# Ways in and around a venue, such as a ramp.
ACCESSIBILITY = "accessibility"

# The taxonomies that referrals are routed by, and what their words are called in the routing snapshot.
ROUTED = {NEEDS: "need", CIRCUMSTANCES: "circumstance"}
# Where a circumstance may name the organisation it is meant of.
ORGANIZATION_HERE = "{organization}"
OF_AN_ORGANIZATION = frozenset({"tenant"})
