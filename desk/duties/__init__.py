"""One duty on a page: its dossier, its course and the forms of its deeds."""
