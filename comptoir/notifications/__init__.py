"""What a member is told of: in the page, on the desktop, on the phone, by mail."""
