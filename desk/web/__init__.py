"""The web application: requests, rendering, guard and menu."""
