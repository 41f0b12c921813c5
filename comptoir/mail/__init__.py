"""E-mail as a craft: bytes in, values out, values in, bytes out. No database, no network, no threads, and a limit on everything,
because whoever can send a mail chooses what runs here.
"""
