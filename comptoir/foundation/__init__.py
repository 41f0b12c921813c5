"""What every room stands on: transactions, events, jobs, files, secrets, doors. Knows no word of the product."""
