"""What offices hand each other: signed bundles and the duties in them."""
