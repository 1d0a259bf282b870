"""Uses of a tracker: the settled past, duties beside the plan, and progress."""
