"""Where customers and conversations meet: links, the details beside a thread, the profile, merges."""
