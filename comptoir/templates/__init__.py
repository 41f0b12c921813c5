"""Ready words: canned replies, and the approved templates of WhatsApp."""
