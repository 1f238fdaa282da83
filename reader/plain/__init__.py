"""The line mode: prompts and plain lines, for screen readers, braille and dumb terminals.

It draws nothing, sends no escape sequence, and imports no Textual.
"""
