"""Which conversations of the list: asked for, remembered as views, walked through."""
