"""The door to the web's documents: fetches what a Source cites, one at a time, and keeps it. It follows no link."""
