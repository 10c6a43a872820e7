"""Imports step by step: stage a file, read it, check it, apply it, roll it back."""
