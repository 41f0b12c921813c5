"""One act on many conversations: a loop over the act of one."""
