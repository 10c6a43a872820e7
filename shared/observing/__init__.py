"""What can be seen of a running service from outside: `/metrics` for Prometheus, `/status` in plain words.

Totals, times and yes or no about the system alone. No name, no id, no organisation, no team, no address:
neither as a label nor as a value.
"""
