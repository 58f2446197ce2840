"""The slices: one folder, one word, one `build()` each. Slices never import each other."""
