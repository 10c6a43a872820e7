"""Refer someone, in five pages: who they are, who can help, about them, contact and agreement, check.

What was given is kept in a draft row of its writer, so that no page's address holds anything personal, a
link back to any page keeps everything, and an interrupted call is taken up again from the list of drafts.
"""
