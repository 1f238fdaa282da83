"""Background work of the interface: workers that post messages."""
