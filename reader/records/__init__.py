"""Records as values: pure, without disk, network or Textual."""
