"""History and evidence packs as pages show them."""
