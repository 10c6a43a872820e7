"""What people and systems can do with referrals: one function, one transaction, named with a verb."""
