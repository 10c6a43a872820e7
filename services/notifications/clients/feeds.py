"""The services whose events we must not miss."""

from __future__ import annotations

from shared.http_client import ServiceClient

PRODUCERS = (ServiceClient("notifications", "referrals"), ServiceClient("notifications", "directory"))
