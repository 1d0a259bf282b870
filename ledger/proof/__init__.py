"""The history: chain, anchors, replay, verification and evidence files."""
