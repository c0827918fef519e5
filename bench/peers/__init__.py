"""Stock search engines, and the answering rules of other claim desks, behind one interface: build, search, answer."""
