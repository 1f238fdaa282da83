"""Output for slow lines: only what differs on the terminal's screen is sent, in the fewest bytes.

`picture` holds what the screen should show and what it does show, and writes the difference;
`cells`, `pens` and `moves` are what it writes with. `pace` says how much a line can take, `writer`
sends it from a thread, `driver` and `display` are where the toolkit is hooked.
"""
