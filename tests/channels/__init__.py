"""Connected mailboxes: who may connect them, who works in them, how they say that they are well."""
