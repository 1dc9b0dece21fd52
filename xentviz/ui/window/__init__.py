"""The window and what frames its panels."""
