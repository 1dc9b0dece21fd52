"""A report of a document on paper: what is in it, its pictures, and how it becomes HTML or PDF."""
