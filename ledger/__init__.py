"""What is so: the tables, the history and the queries over them."""
