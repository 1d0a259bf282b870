"""Prefect flows: the order and the schedule of the deeds in tasks."""
