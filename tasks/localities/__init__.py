"""Figures of localities: shares handed out, basic data of the evaluation, rewards."""
