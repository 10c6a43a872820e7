"""The one-command run: engines and processes of `make run`, its backups, and engines for the tests.

Start reading at `starter.run`. Nothing here knows a service's words; `plan.py` names the three services
and the commands they are started with.
"""
