"""Any mailbox that speaks IMAP and SMTP: the one e-mail provider that needs nothing from anybody's cloud console."""
