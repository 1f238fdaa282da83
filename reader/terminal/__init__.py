"""The terminal at the other end: what it is and can do, its clipboard, its browsers.

Below the commands and the interface, which both use it; it imports only `records` of ours and
never the toolkit.
"""
