"""The catalogue of hostile inputs: one test a case, named by its number."""
