"""Tell the right person, once: from an event to a message that arrived, and who was told what."""
