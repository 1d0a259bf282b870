"""The history and its packs as pages show them."""
