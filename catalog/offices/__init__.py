"""Exchange between offices: signed bundles and the duties in them."""
