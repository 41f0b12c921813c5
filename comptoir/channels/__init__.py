"""Connected mailboxes and numbers."""
