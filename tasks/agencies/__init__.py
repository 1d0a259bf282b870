"""Agencies: their registration, reorganisations, and the bodies of open groups."""
