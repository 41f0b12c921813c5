"""What browsers fetch by its address: the body of a mail in its sandbox, files, uploads."""
