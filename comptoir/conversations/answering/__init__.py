"""Around a reply: drafts, the moment in which it can be taken back, forwards, and who it can go to."""
