"""The rules of referrals, in plain Python: no framework, no database, no clock.

Everything here is a frozen value or a pure function; the day (`on`) and the moment (`at`, aware UTC) are
arguments. What cannot be done is raised as one of `shared.errors`.
"""
