"""Where a mail belongs and whose it is, when a member knows better."""
