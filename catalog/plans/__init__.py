"""Plans as data: the model, its file forms, its checks and its amendments."""
