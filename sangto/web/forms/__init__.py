"""What the forms of the pages carry."""
