"""The steps of the setting up as pages show them."""
