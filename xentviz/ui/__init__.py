"""Everything that can be seen."""
