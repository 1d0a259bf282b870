"""Anchors, time stamps, packs and audit samples."""
