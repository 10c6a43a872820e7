"""The page of one referral, and a small page for each act that needs more than a button."""
