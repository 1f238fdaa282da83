"""The network: asking whether links answer, and saying so fairly."""
