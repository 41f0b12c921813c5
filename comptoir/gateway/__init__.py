"""The only room that talks to providers: what comes in is kept before it is understood, what goes out leaves here."""
