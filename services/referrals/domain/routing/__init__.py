"""Who can take this person, why, who cannot and why not, and what has to be asked first.

`route.route` is the whole answer; `eligibility.eligibility` is one service's; `docs` and `snapshot` read
the directory's routing snapshot. Nothing here knows whether the person is known to anybody already.
"""
