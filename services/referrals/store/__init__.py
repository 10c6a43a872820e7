"""Tables, queries and migrations of the referrals service."""
