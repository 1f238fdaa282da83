"""Commands about the program itself: its settings, keys, completion and manual.

They know both the shell's commands and the interface's, so they stand above both.
"""
