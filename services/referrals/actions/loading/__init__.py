"""Loading what was open before Linkwork was here."""
