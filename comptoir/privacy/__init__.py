"""What a person may ask about themselves: all that is held on them, and that it be erased."""
