"""What a team does with a conversation besides answering it: how urgent it is, who follows it, what is spam, what is one thing."""
