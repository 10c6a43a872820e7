"""Who helps whom, where; and who may sign in (the identity service of all three)."""
