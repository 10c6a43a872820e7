"""The rules of notifications, in plain Python: who hears of what, in which words, and a message's life."""
