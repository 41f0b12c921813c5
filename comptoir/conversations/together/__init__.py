"""Several people in one conversation: who looks at it, who writes, whom a note calls, who does not want to hear of it."""
