"""One duty on a page: its dossier, its lifeline and the forms of its deeds."""
