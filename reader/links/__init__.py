"""The network: asking whether links answer, and saying so fairly.

`checker.Checker` for callers without an event loop, `run.check_all` for those with one; both take
`settings.CheckSettings`, which imports nothing of the network.
"""
