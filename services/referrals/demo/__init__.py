"""The demo's referrals: invented people, six months of them, in the invented York and Wakefield."""
