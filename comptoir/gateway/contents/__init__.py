"""What a mail holds beyond its words, when somebody looks closer: mails inside it, invitations, its whole envelope."""
