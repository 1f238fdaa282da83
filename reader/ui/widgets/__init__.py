"""Widgets: they see records and messages, never storage, network or screens."""
