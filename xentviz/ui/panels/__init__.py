"""One panel a file: what a person looks at."""
