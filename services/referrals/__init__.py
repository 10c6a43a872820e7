"""Referrals: one person's request for help, from first word to outcome, and who may see it."""
