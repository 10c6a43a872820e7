"""Working lists: the team's queue, one's own people, the team, unrouted, sent, find."""
