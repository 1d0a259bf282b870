"""Where people meet duban: the command line, and later the pages and feeds."""
