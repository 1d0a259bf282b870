"""Sign-in and the access policy."""
