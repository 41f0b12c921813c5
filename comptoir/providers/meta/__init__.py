"""WhatsApp through Meta."""
