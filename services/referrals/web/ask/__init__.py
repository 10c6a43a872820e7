"""The public pages on which somebody asks for themself, or for one they know, and the private link.

Open to anybody, with *Exit this page* and who to ring on each. Answers are kept sealed with a secret that
only the browser has (`kept`), are gone within an hour, and nothing personal is in an address.
"""
