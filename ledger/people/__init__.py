"""Users, agencies, sign-in and what a person keeps."""
