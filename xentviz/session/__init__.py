"""The one holder of state, undo, and work in the background; no widgets here."""
