"""Jurisdictions, their keys and the bundles they exchange."""
