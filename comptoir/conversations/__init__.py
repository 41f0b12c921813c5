"""The heart: conversations and their messages, and every act that changes them."""
