"""This service's database, opened on first use."""

from __future__ import annotations

from shared.db import Database

database = Database("referrals")
