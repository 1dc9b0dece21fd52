"""The mathematics of cross-entropy and the immutable data it works on; NumPy alone."""
