"""Sáng Tỏ, the public answers desk."""
